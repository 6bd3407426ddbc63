"""Takes over the contacts of a file: all of them, or none; again adds nothing."""

from datetime import datetime

from tracker import clock
from tracker.database import transaction
from tracker.domain.acts import Act
from tracker.errors import NotAccepted
from tracker.language import _
from tracker.models import Person
from tracker.queries import contacts
from tracker.queries.contacts import Checked
from tracker.services import accounts, audit, focal_points, parts


def accept(content: bytes, *, by: Person | None, at: datetime) -> Checked:
    """Name everybody in the file who does not answer yet; what was checked, as it stood before."""
    with transaction() as session:
        parts.must_keep(by)
        checked = contacts.check(content, clock.day_of(at))
        if checked.problems:
            first = checked.problems[0]
            raise NotAccepted(_("Row %(row)s: %(sentence)s", row=first.row, sentence=first.sentence))
        for one in checked.fresh:
            person = accounts.take_in(session, one.email, one.display_name, one.language, by=by)
            focal_points.begin(session, person, one.slug, one.from_on, by=by)
        if checked.fresh:
            audit.note(session, Act.CONTACTS_IMPORTED, by=by, at=at, n=len(checked.fresh))
        return checked
