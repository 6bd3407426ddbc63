"""The rounds of an issuer: what can be asked now, and what became of the rounds that were opened."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, select
from sqlalchemy.orm import Session

from tracker import clock, database
from tracker.domain.figures import CLOSED, months_after
from tracker.errors import NotFound
from tracker.language import _
from tracker.models import Addressee, ExpectedReply, Issuer, Person, Recommendation, Report, Round, StandingRow
from tracker.queries import entries

SHORTEST_NOTICE = timedelta(days=30)
"""A proposed due date leaves the bodies at least this long."""


def _askable() -> ColumnElement[bool]:
    """Open addressees of whom no reply is expected yet."""
    is_asked = exists().where(ExpectedReply.addressee_id == Addressee.id, ExpectedReply.is_open)
    return and_(
        StandingRow.until_on.is_(None), StandingRow.assessed.not_in(CLOSED), ~is_asked, ~Recommendation.is_hidden
    )


def askable(session: Session, report_id: int) -> list[tuple[Addressee, int]]:
    """The addressees of a report that a round would ask, each with the id of its acting body."""
    found = session.execute(
        select(Addressee, StandingRow.body_id)
        .join(StandingRow, StandingRow.addressee_id == Addressee.id)
        .join(Recommendation, Recommendation.id == Addressee.recommendation_id)
        .where(Recommendation.report_id == report_id, _askable())
        .order_by(Recommendation.position, Addressee.position)
    )
    return list(found.all())


def fingerprint(asked: Iterable[tuple[Addressee, int]]) -> str:
    """Tells whether the addressees that a page showed are still the ones that a round would ask."""
    told = sorted(f"{addressee.id}:{body_id}" for addressee, body_id in asked)
    return sha256(",".join(told).encode()).hexdigest()[:32]


@dataclass(frozen=True)
class Askable:
    """A report, and what a round over it would ask."""

    report: Report
    addressees: int
    bodies: int
    waiting: int
    """Replies that are expected already."""
    asked_until: date | None
    """The last due date there was; None where nothing was ever asked."""
    by_rule_on: date
    """The due date by the issuer's settings."""
    proposed_on: date
    """The same, or later where it leaves too little time."""


def proposals(issuer: Issuer, today: date) -> list[Askable]:
    """Every report of an issuer, the latest first, with what can be asked about it and by when."""
    session = database.session()
    asked = {row[0]: row for row in session.execute(_asked_so_far(issuer.id))}
    open_ = {row[0]: row for row in session.execute(_can_be_asked(issuer.id))}
    reports = select(Report).filter_by(issuer_id=issuer.id).order_by(Report.issued_on.desc(), Report.id)
    found = []
    for report in session.scalars(reports):
        _report, until, awaited = asked.get(report.id, (report.id, None, 0))
        _report, addressees, bodies = open_.get(report.id, (report.id, 0, 0))
        rule = months_after(until or report.issued_on, issuer.next_reply_months if until else issuer.first_reply_months)
        proposed = max(rule, today + SHORTEST_NOTICE)
        found.append(Askable(report, addressees, bodies, awaited, until, rule, proposed))
    return found


def _asked_so_far(issuer_id: int) -> Select[int, date, int]:
    return (
        select(
            Recommendation.report_id,
            func.max(ExpectedReply.original_due_on),
            func.sum(case((ExpectedReply.is_open, 1), else_=0)),
        )
        .join(Addressee, Addressee.id == ExpectedReply.addressee_id)
        .join(Recommendation, Recommendation.id == Addressee.recommendation_id)
        .join(Report, Report.id == Recommendation.report_id)
        .where(Report.issuer_id == issuer_id, ~Recommendation.is_hidden)
        .group_by(Recommendation.report_id)
    )


def _can_be_asked(issuer_id: int) -> Select[int, int, int]:
    return (
        select(Recommendation.report_id, func.count(Addressee.id), func.count(StandingRow.body_id.distinct()))
        .join(Addressee, Addressee.recommendation_id == Recommendation.id)
        .join(StandingRow, StandingRow.addressee_id == Addressee.id)
        .join(Report, Report.id == Recommendation.report_id)
        .where(Report.issuer_id == issuer_id, _askable())
        .group_by(Recommendation.report_id)
    )


@dataclass(frozen=True)
class Part:
    """One report within a round."""

    report: Report
    asked: int
    answered: int
    overdue: int
    is_all_overdue: bool
    """Whether nothing else of the report is overdue, so that the report's list shows just these."""


@dataclass(frozen=True)
class Opened:
    """A round that was opened, with its counts."""

    round: Round
    by: Person | None
    parts: tuple[Part, ...]
    due_on: date | None
    """The first due date still open, else the last there was."""

    @property
    def opened_on(self) -> date:
        """The day on which it was opened."""
        return clock.day_of(self.round.opened_at)

    @property
    def asked(self) -> int:
        """How many addressees were asked."""
        return sum(part.asked for part in self.parts)

    @property
    def answered(self) -> int:
        """How many of them answered."""
        return sum(part.answered for part in self.parts)

    @property
    def overdue(self) -> int:
        """How many replies are expected since a day that is past."""
        return sum(part.overdue for part in self.parts)


def opened(issuer_id: int, today: date) -> list[Opened]:
    """The rounds of an issuer, the latest first."""
    session = database.session()
    reports = {one.id: one for one in session.scalars(select(Report).filter_by(issuer_id=issuer_id))}
    rows = session.execute(_counts(issuer_id, today)).all()
    overdue: Counter[int] = Counter()
    by_round = defaultdict(list)
    for row in rows:
        overdue[row.report_id] += row.overdue
        by_round[row.round_id].append(row)
    rounds = select(Round).filter_by(issuer_id=issuer_id).order_by(Round.opened_at.desc(), Round.id.desc())
    found = []
    for one in session.scalars(rounds).all():
        of_round = by_round[one.id]
        parts = [
            Part(reports[row.report_id], row.asked, row.answered, row.overdue, row.overdue == overdue[row.report_id])
            for row in sorted(of_round, key=lambda row: reports[row.report_id].issued_on, reverse=True)
        ]
        by = session.get(Person, one.opened_by_id) if one.opened_by_id else None
        open_until = min((row.open_until for row in of_round if row.open_until), default=None)
        last = max((row.last_due_on for row in of_round), default=None)
        found.append(Opened(one, by, tuple(parts), open_until or last))
    return found


def of_issuers(issuer_ids: Collection[int]) -> list[Round]:
    """The rounds of these issuers, the latest first."""
    found = select(Round).where(Round.issuer_id.in_(issuer_ids)).order_by(Round.opened_at.desc(), Round.id.desc())
    return list(database.session().scalars(found))


def by_id(round_id: int, issuer_ids: Collection[int]) -> Round:
    """A round of one of these issuers."""
    found = database.session().scalar(select(Round).where(Round.id == round_id, Round.issuer_id.in_(issuer_ids)))
    if found is None:
        raise NotFound(_("There is no such round."))
    return found


def waiting(round_id: int) -> list[ExpectedReply]:
    """The replies that a round still expects."""
    return list(database.session().scalars(entries.open_replies(round_id)))


def _counts(issuer_id: int, today: date) -> Select[int, int, int, int, int, date, date]:
    """What was asked, answered and is overdue, by round and report."""
    is_overdue = and_(ExpectedReply.is_open, ExpectedReply.due_on < today)
    answered = case((ExpectedReply.answered_seq.is_not(None), ExpectedReply.addressee_id))
    return (
        select(
            Round.id.label("round_id"),
            Recommendation.report_id,
            func.count(ExpectedReply.addressee_id.distinct()).label("asked"),
            func.count(answered.distinct()).label("answered"),
            func.sum(case((is_overdue, 1), else_=0)).label("overdue"),
            func.min(case((ExpectedReply.is_open, ExpectedReply.due_on))).label("open_until"),
            func.max(ExpectedReply.due_on).label("last_due_on"),
        )
        .join(Round, Round.id == ExpectedReply.round_id)
        .join(Addressee, Addressee.id == ExpectedReply.addressee_id)
        .join(Recommendation, Recommendation.id == Addressee.recommendation_id)
        .where(Round.issuer_id == issuer_id, ~Recommendation.is_hidden)
        .group_by(Round.id, Recommendation.report_id)
    )
