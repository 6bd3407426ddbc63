"""Whether the reminders in a mail are still wanted: asked just before the mail leaves."""

import typing
from dataclasses import dataclass
from datetime import date

from sqlalchemy import BindParameter, ColumnElement, String, and_, cast, literal, or_, select
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
    """answered, withdrawn, due_moved, reassigned, newer, disabled, suppressed or address_changed."""


def is_wanted(today: BindParameter[date]) -> ColumnElement[bool]:
    """The condition that all of a mail is still to be said to its address: one look for the usual case."""
    refused = select(AddressState.address).where(
        AddressState.address == OutgoingMail.recipient, AddressState.suppressed_at.is_not(None)
    )
    there = select(Person.id).where(
        Person.id == OutgoingMail.person_id, Person.disabled_at.is_(None), Person.email == OutgoingMail.recipient
    )
    focal_point = select(FocalPoint.id).where(
        StandingRow.addressee_id == Reminder.addressee_id,
        StandingRow.until_on.is_(None),
        FocalPoint.body_id == StandingRow.body_id,
        FocalPoint.person_id == Reminder.person_id,
        present(typing.cast(date, today)),
    )
    later = aliased(Reminder)
    newer = select(later.id).where(*_newer(later, Reminder))
    fallen = (
        select(Reminder.id)
        .join(ExpectedReply, ExpectedReply.id == Reminder.expected_reply_id)
        .where(
            Reminder.outgoing_mail_id == OutgoingMail.id,
            Reminder.state == "planned",
            or_(
                ~ExpectedReply.is_open,
                Reminder.key != _key_now(),
                ~focal_point.correlate(Reminder).exists(),
                newer.correlate(Reminder).exists(),
            ),
        )
    )
    return and_(
        or_(OutgoingMail.kind == "code", ~refused.exists()),
        or_(OutgoingMail.person_id.is_(None), there.exists()),
        ~fallen.correlate(OutgoingMail).exists(),
    )


def _key_now() -> ColumnElement[str]:
    """The key that a reminder would have with its present due date, as `domain.reminders.key_of` writes it."""
    parts = (
        Reminder.kind,
        cast(Reminder.expected_reply_id, String),
        cast(ExpectedReply.due_on, String),
        Reminder.step,
        cast(Reminder.person_id, String),
    )
    key: ColumnElement[str] = literal("").concat(parts[0])
    for part in parts[1:]:
        key = key.concat("/").concat(part)
    return key


def _newer(later: type[Reminder], earlier: type[Reminder] | Reminder) -> tuple[ColumnElement[bool], ...]:
    """The conditions that one reminder takes the place of another."""
    return (
        later.expected_reply_id == earlier.expected_reply_id,
        later.person_id == earlier.person_id,
        later.state == "planned",
        later.id > earlier.id,
        later.outgoing_mail_id != earlier.outgoing_mail_id,
    )


def wanted(session: Session, mail: OutgoingMail, today: date) -> Wanted:
    """What of a mail is still to be said to whom it is addressed."""
    person = mail.person
    state = session.get(AddressState, mail.recipient)
    if mail.kind != "code" and state is not None and state.suppressed_at is not None:
        return Wanted(False, why="suppressed")
    if person is not None and person.disabled_at is not None:
        return Wanted(False, why="disabled")
    if person is None:
        return Wanted(True)
    if mail.kind != "digest":  # a code, or the week of a coordinator: nothing to say in other words
        return Wanted(True) if person.email == mail.recipient else Wanted(False, why="address_changed")
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
        select(ExpectedReply.is_open, ExpectedReply.answered_seq, ExpectedReply.due_on, FocalPoint.id)
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
    is_open, answered, due_on, focal_point = row
    if not is_open:
        return "answered" if answered else "withdrawn"
    if due_on != due_on_of(reminder.key):
        return "due_moved"
    if focal_point is None:
        return "reassigned"
    return "newer" if _has_newer(session, reminder) else ""


def _has_newer(session: Session, reminder: Reminder) -> bool:
    later = aliased(Reminder)
    return bool(session.scalar(select(later.id).where(*_newer(later, reminder)).limit(1)))
