"""Who answers for bodies, from a day to a day. Reminders go to those who do on the day."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from tracker import clock
from tracker.database import transaction
from tracker.domain.acts import Act
from tracker.errors import NotFound, Refusal
from tracker.language import _
from tracker.models import FocalPoint, Person
from tracker.queries import people
from tracker.services import accounts, audit, parts


@dataclass(frozen=True)
class Contact:
    """Somebody who is to answer for a body; of somebody who is here already, the address is enough."""

    email: str
    display_name: str
    language: str


def name(slug: str, contact: Contact, from_on: date, *, by: Person) -> FocalPoint:
    """Have somebody answer for a body from a day on."""
    with transaction() as session:
        parts.must_keep(by)
        return begin(session, _person(session, contact, by), slug, from_on, by=by)


def end(focal_point_id: int, until_on: date, *, by: Person, at: datetime) -> FocalPoint:
    """Have somebody answer for a body no more from a day on; who never did is taken off the list."""
    with transaction() as session:
        parts.must_keep(by)
        row = _row(session, focal_point_id)
        _end(session, row, until_on, clock.day_of(at), by)
        return row


def hand_over(focal_point_id: int, contact: Contact, on: date, *, by: Person, at: datetime) -> FocalPoint:
    """One leaves and another comes, on the same day."""
    with transaction() as session:
        parts.must_keep(by)
        row = _row(session, focal_point_id)
        successor = _person(session, contact, by)
        if successor.id == row.person_id:
            raise Refusal(_("This is the person who answers now. Enter the address of the one who comes."))
        _end(session, row, on, clock.day_of(at), by)
        return begin(session, successor, row.body.slug, on, by=by)


def begin(session: Session, person: Person, slug: str, from_on: date, *, by: Person | None = None) -> FocalPoint:
    """Within the caller's transaction: `person` answers from a day on."""
    if answers(session, person, slug, from_on):
        raise Refusal(_("%(name)s answers for this body already.", name=person.display_name))
    row = FocalPoint(person=person, body=people.body_by_slug(session, slug), from_on=from_on)
    session.add(row)
    session.flush()
    audit.note(session, Act.FOCAL_POINT_NAMED, ("body", slug), by=by, person=person.id, from_on=from_on)
    return row


def answers(session: Session, person: Person, slug: str, from_on: date) -> bool:
    """Whether somebody answers for a body on a day, or will from a later one."""
    body = people.body_by_slug(session, slug)
    goes_on = or_(FocalPoint.until_on.is_(None), FocalPoint.until_on > from_on)
    held = select(FocalPoint.id).filter_by(person_id=person.id, body_id=body.id).where(goes_on)
    return session.scalar(held.limit(1)) is not None


def _person(session: Session, contact: Contact, by: Person) -> Person:
    return accounts.take_in(session, contact.email, contact.display_name, contact.language, by=by)


def _row(session: Session, focal_point_id: int) -> FocalPoint:
    row = session.get(FocalPoint, focal_point_id)
    if row is None:
        raise NotFound(_("There is no such focal point. It may have been ended meanwhile."))
    return row


def _end(session: Session, row: FocalPoint, until_on: date, today: date, by: Person) -> None:
    if row.until_on is not None and row.until_on <= today:
        raise Refusal(_("%(name)s answers for this body no more already.", name=row.person.display_name))
    if until_on <= row.from_on and row.from_on >= today:
        session.delete(row)  # named by mistake or for later: nobody was written to before today
    elif until_on < today:
        raise Refusal(_("%(name)s was written to until today: end it today or later.", name=row.person.display_name))
    else:
        row.until_on = until_on
    facts = {"person": row.person_id, "until_on": until_on}
    audit.note(session, Act.FOCAL_POINT_ENDED, ("body", row.body.slug), by=by, **facts)  # type: ignore[arg-type]
