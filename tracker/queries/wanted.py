"""Whether the reminders in a mail are still wanted: asked just before the mail leaves."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased, lazyload

from tracker.domain.reminders import due_on_of
from tracker.models import AddressState, ExpectedReply, FocalPoint, OutgoingMail, Person, Reminder, StandingRow
from tracker.queries.people import present


@dataclass(frozen=True)
class Wanted:
    """What remains of a mail, and why the rest fell away."""

    is_all: bool
    rest: tuple[Reminder, ...] = ()
    """The reminders still wanted, where some are not."""
    why: str = ""
    """answered, due_moved, reassigned, newer, disabled, suppressed or address_changed."""


def wanted(session: Session, mail: OutgoingMail, today: date) -> Wanted:
    """What of a mail is still to be said to whom it is addressed."""
    person = mail.person
    state = session.get(AddressState, mail.recipient)
    if mail.kind != "code" and state is not None and state.suppressed_at is not None:
        return Wanted(False, why="suppressed")
    if person is not None and person.disabled_at is not None:
        return Wanted(False, why="disabled")
    if mail.kind != "digest" or person is None:
        return Wanted(True)
    reminders = session.scalars(
        select(Reminder).options(lazyload("*")).where(Reminder.outgoing_mail_id == mail.id, Reminder.state == "planned")
    ).all()
    reasons = {reminder.id: _why_not(session, reminder, person, today) for reminder in reminders}
    rest = tuple(reminder for reminder in reminders if not reasons[reminder.id])
    if len(rest) == len(reminders):
        is_same_address = person.email == mail.recipient
        return Wanted(True) if is_same_address else Wanted(False, rest, "address_changed")
    return Wanted(False, rest, next(why for why in reasons.values() if why))


def _why_not(session: Session, reminder: Reminder, person: Person, today: date) -> str:
    """Why a reminder is not wanted any more; empty where it is."""
    row = session.execute(
        select(ExpectedReply.is_open, ExpectedReply.due_on, FocalPoint.id)
        .outerjoin(
            StandingRow, (StandingRow.addressee_id == ExpectedReply.addressee_id) & StandingRow.until_on.is_(None)
        )
        .outerjoin(
            FocalPoint,
            (FocalPoint.body_id == StandingRow.body_id) & (FocalPoint.person_id == person.id) & present(today),
        )
        .where(ExpectedReply.id == reminder.expected_reply_id)
        .limit(1)
    ).one()
    is_open, due_on, focal_point = row
    if not is_open:
        return "answered"
    if due_on != due_on_of(reminder.key):
        return "due_moved"
    if focal_point is None:
        return "reassigned"
    return "newer" if _has_newer(session, reminder) else ""


def _has_newer(session: Session, reminder: Reminder) -> bool:
    later = aliased(Reminder)
    return bool(
        session.scalar(
            select(later.id).where(
                later.expected_reply_id == reminder.expected_reply_id,
                later.person_id == reminder.person_id,
                later.state == "planned",
                later.id > reminder.id,
                later.outgoing_mail_id != reminder.outgoing_mail_id,
            )
        )
    )
