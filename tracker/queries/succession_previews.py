"""What a succession would move, before it is on record."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from tracker.models import Addressee, Body, ExpectedReply, FocalPoint, OutgoingMail, Person, Reminder
from tracker.queries import takeovers
from tracker.queries.portions import portions
from tracker.queries.takeovers import Move, Wanted

_NOT_LEFT = ("queued", "held")


@dataclass(frozen=True)
class Preview:
    """Everything that moves and everything that stays."""

    former: Body
    successors: tuple[Body, ...]
    from_on: date
    is_merger: bool
    moving: tuple[Addressee, ...]
    """What the former body is asked and another is to be; of a split, somebody says which."""
    duplicates: tuple[Move, ...]
    """Where the successor is asked the same already, so that one of two ends."""
    staying: int
    """Closed: they stay with the body that closed them."""
    due: Mapping[int, date]
    """When a reply is due, by the ids of addressees: from the successor, as it was from the former body."""
    reminders: int
    """Reminders to the people of the former body that have not left."""
    people: tuple[FocalPoint, ...]
    """Who answers for the former body."""
    receiving: tuple[tuple[Body, tuple[FocalPoint, ...]], ...]
    """Who answers for each successor."""
    seen: str
    """The fingerprint of what is shown, which confirming compares with what would move then."""

    @property
    def is_split(self) -> bool:
        """Several take over."""
        return len(self.successors) > 1


def of_succession(
    session: Session, former: Body, successors: Sequence[Body], from_on: date, today: date, *, is_merger: bool
) -> Preview:
    """What would move if it were on record now."""
    all_ = takeovers.all_of(session, former.id)
    moving = all_ if is_merger else takeovers.moving(session, former.id, from_on)
    moves: list[Move] = []
    if len(successors) == 1:
        moves = takeovers.plan(session, [Wanted(one, successors[0], from_on, is_merger) for one in moving])
    people = lasting_focal_points(session, former.id, today)
    told = [
        *(f"{one.id}" for one in moving),
        *(f"{move.ends.id} ends" for move in moves if move.ends),
        *(f"{one.person_id} answers" for one in people),
        *(one.slug for one in successors),
        f"{from_on} {is_merger} {len(all_)}",
    ]
    return Preview(
        former,
        tuple(successors),
        from_on,
        is_merger,
        tuple(moving),
        tuple(move for move in moves if move.ends),
        len(all_) - len(moving),
        _due(session, moving),
        _reminders(session, moving),
        tuple(people),
        tuple((one, tuple(lasting_focal_points(session, one.id, today))) for one in successors),
        sha256(",".join(told).encode()).hexdigest()[:32],
    )


def lasting_focal_points(session: Session, body_id: int, today: date) -> list[FocalPoint]:
    """Who answers for a body today or will from a later day."""
    lasts = or_(FocalPoint.until_on.is_(None), FocalPoint.until_on > today)
    rows = select(FocalPoint).join(FocalPoint.person).where(FocalPoint.body_id == body_id, lasts)
    return list(session.scalars(rows.where(Person.disabled_at.is_(None)).order_by(FocalPoint.id)))


def _due(session: Session, moving: Sequence[Addressee]) -> dict[int, date]:
    found: dict[int, date] = {}
    awaited = select(ExpectedReply.addressee_id, ExpectedReply.due_on).where(ExpectedReply.is_open)
    for ids in portions(one.id for one in moving):
        found.update(session.execute(awaited.where(ExpectedReply.addressee_id.in_(ids))).all())
    return found


def _reminders(session: Session, moving: Sequence[Addressee]) -> int:
    counted = (
        select(func.count(Reminder.id))
        .join(OutgoingMail, OutgoingMail.id == Reminder.outgoing_mail_id)
        .where(Reminder.state == "planned", OutgoingMail.state.in_(_NOT_LEFT))
    )
    return sum(
        session.scalar(counted.where(Reminder.addressee_id.in_(ids))) or 0 for ids in portions(one.id for one in moving)
    )
