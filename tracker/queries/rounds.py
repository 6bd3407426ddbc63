"""What a coordinator sees before a round is opened, and the rounds that were."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, and_, exists, func, select
from sqlalchemy.orm import Session

from tracker import database
from tracker.domain.figures import CLOSED, months_after
from tracker.models import (
    Addressee,
    AddressState,
    Body,
    ExpectedReply,
    Issuer,
    Person,
    Recommendation,
    Report,
    Round,
    StandingRow,
)
from tracker.queries import people

SHORTEST_NOTICE = timedelta(days=30)
"""A proposed due date leaves the bodies at least this long."""


def _askable() -> ColumnElement[bool]:
    """Open addressees of whom no reply is expected yet."""
    is_asked = exists().where(ExpectedReply.addressee_id == Addressee.id, ExpectedReply.is_open)
    return and_(StandingRow.until_on.is_(None), StandingRow.assessed.not_in(CLOSED), ~is_asked)


def askable(session: Session, report_id: int) -> list[tuple[Addressee, int]]:
    """The addressees of a report that a round would ask, each with the id of its acting body."""
    found = session.execute(
        select(Addressee, StandingRow.body_id)
        .join(StandingRow, StandingRow.addressee_id == Addressee.id)
        .join(Recommendation, Recommendation.id == Addressee.recommendation_id)
        .where(Recommendation.report_id == report_id, ~Recommendation.is_hidden, _askable())
        .order_by(Recommendation.position, Addressee.position)
    )
    return list(found.all())


@dataclass(frozen=True)
class Askable:
    """A report with addressees that can be asked."""

    report: Report
    addressees: int
    proposed_due_on: date


def proposals(issuer: Issuer, today: date) -> list[Askable]:
    """The reports that a round can be opened for, each with the due date that the issuer's settings give."""
    found = []
    for report in database.session().scalars(
        select(Report).filter_by(issuer_id=issuer.id).order_by(Report.issued_on.desc())
    ):
        count = len(askable(database.session(), report.id))
        if count:
            found.append(Askable(report, count, _proposed(report, issuer, today)))
    return found


def _proposed(report: Report, issuer: Issuer, today: date) -> date:
    asked = database.session().scalar(
        select(func.max(ExpectedReply.original_due_on))
        .join(Addressee, Addressee.id == ExpectedReply.addressee_id)
        .join(Recommendation, Recommendation.id == Addressee.recommendation_id)
        .where(Recommendation.report_id == report.id)
    )
    first = months_after(report.issued_on, issuer.first_reply_months)
    wanted = months_after(asked, issuer.next_reply_months) if asked else first
    return max(wanted, today + SHORTEST_NOTICE)


@dataclass(frozen=True)
class Recipient:
    """One body within a round that is about to be opened."""

    body: Body
    items: tuple[Addressee, ...]
    persons: tuple[Person, ...]
    """Who would be written to."""
    why_not: tuple[tuple[Person | None, str], ...]
    """Who cannot be written to, each with the reason's code: no_focal_point or suppressed."""


def recipients(report_ids: list[int], today: date) -> list[Recipient]:
    """Everyone whom a round over these reports concerns, by body."""
    session = database.session()
    items: dict[int, list[Addressee]] = {}
    for report_id in report_ids:
        for addressee, body_id in askable(session, report_id):
            items.setdefault(body_id, []).append(addressee)
    suppressed = set(session.scalars(select(AddressState.address).where(AddressState.suppressed_at.is_not(None))))
    found = []
    for body_id, of_body in items.items():
        persons = [one.person for one in people.focal_points(body_id, today)]
        why_not: list[tuple[Person | None, str]] = [(one, "suppressed") for one in persons if one.email in suppressed]
        if not persons:
            why_not.append((None, "no_focal_point"))
        reached = tuple(one for one in persons if one.email not in suppressed)
        found.append(Recipient(session.get_one(Body, body_id), tuple(of_body), reached, tuple(why_not)))
    return sorted(found, key=lambda one: (-len(one.items), one.body.slug))


@dataclass(frozen=True)
class Opened:
    """A round that was opened, with its counts."""

    round: Round
    asked: int
    answered: int
    overdue: int
    due_on: date | None
    """The first due date still open, else the last there was."""


def opened(issuer_id: int, today: date) -> list[Opened]:
    """The rounds of an issuer, the latest first."""
    session = database.session()
    found = []
    for one in session.scalars(select(Round).filter_by(issuer_id=issuer_id).order_by(Round.opened_at.desc())):
        replies = session.scalars(select(ExpectedReply).filter_by(round_id=one.id)).all()
        waiting = [reply.due_on for reply in replies if reply.is_open]
        found.append(
            Opened(
                one,
                asked=len(replies),
                answered=sum(reply.answered_seq is not None for reply in replies),
                overdue=sum(day < today for day in waiting),
                due_on=min(waiting, default=max((reply.due_on for reply in replies), default=None)),
            )
        )
    return found
