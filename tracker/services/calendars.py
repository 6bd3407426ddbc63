"""The address at which somebody's calendar program reads due dates."""

from tracker.database import transaction
from tracker.models import Person


def renew(person_id: int) -> None:
    """Open a calendar at a new address; an earlier one opens nothing any more."""
    with transaction() as session:
        person = session.get_one(Person, person_id, with_for_update={"of": Person})
        person.has_calendar, person.calendar_number = True, person.calendar_number + 1


def close(person_id: int) -> None:
    """Show due dates at no address."""
    with transaction() as session:
        session.get_one(Person, person_id).has_calendar = False
