"""Addressees with what is true of them on a day: the rows behind lists and figures."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice

from sqlalchemy import Select, case, func, or_, select
from sqlalchemy.orm import Session, aliased

from tracker import database
from tracker.domain.figures import is_disputed, is_overdue
from tracker.domain.vocabulary import Implementation, Role
from tracker.errors import NotFound
from tracker.language import _
from tracker.models import Addressee, Body, ExpectedReply, Recommendation, Report, StandingRow
from tracker.queries.filters import Filters as Filters
from tracker.queries.filters import has_focal_point as has_focal_point
from tracker.queries.filters import holds_on
from tracker.queries.paging import SIZE, Key, beyond
from tracker.queries.portions import portions

MOST_COUNTED = 10_000
"""Counting further would cost more than the page."""
_ORDER = (
    Key(Report.issued_on, is_descending=True),
    Key(Report.id),
    Key(Recommendation.position),
    Key(Addressee.position),
)


@dataclass(frozen=True)
class Row:
    """One addressee with its standing on the day that was asked for."""

    addressee: Addressee
    standing: StandingRow
    body: Body
    """The acting body."""
    today: date
    asked_on: date | None = None
    """When a reply was first asked for of the acting body; None where none was."""
    is_reachable: bool = True
    """Whether its acting body can be written to."""

    @property
    def recommendation(self) -> Recommendation:
        return self.addressee.recommendation

    @property
    def is_overdue(self) -> bool:
        return is_overdue(self.standing.reply_due_on, self.today)

    @property
    def is_silent(self) -> bool:
        """Nothing was ever submitted. Of whom cannot be written to it is told apart."""
        return self.standing.last_answer_on is None

    @property
    def pair(self) -> tuple[Implementation | None, Implementation]:
        """What is drawn in one column of a stave."""
        return self.standing.reported, self.standing.assessed

    @property
    def is_disputed(self) -> bool:
        is_counted = self.addressee.role is Role.IMPLEMENTER
        return is_counted and is_disputed(self.standing.reported, self.standing.assessed)


def standings() -> Select[Addressee, StandingRow, Body]:
    """Every addressee with each of its standings and the body that acted then."""
    return (
        select(Addressee, StandingRow, Body)
        .join(StandingRow, StandingRow.addressee_id == Addressee.id)
        .join(Body, Body.id == StandingRow.body_id)
        .join(Addressee.recommendation)
        .join(Recommendation.report)
        .where(~Recommendation.is_hidden)
    )


def rows(found: Sequence[tuple[Addressee, StandingRow, Body]], day: date) -> list[Row]:
    """These addressees, with since when they are asked and whether anybody can be."""
    asked: dict[int, date] = {}
    begun: dict[tuple[int, int], date] = {}
    reachable: set[int] = set()
    session = database.session()
    for ids in portions(addressee.id for addressee, _standing, _body in found):
        of_them = (ExpectedReply.addressee_id.in_(ids), ExpectedReply.asked_on <= day)
        first = select(ExpectedReply.addressee_id, func.min(ExpectedReply.asked_on)).where(*of_them)
        asked.update(session.execute(first.group_by(ExpectedReply.addressee_id)).all())
        of_body = (StandingRow.addressee_id, StandingRow.body_id)
        runs = select(*of_body, func.min(StandingRow.from_on)).where(StandingRow.addressee_id.in_(ids))
        begun.update({(one, body): on for one, body, on in session.execute(runs.group_by(*of_body))})
        standing = (StandingRow.addressee_id.in_(ids), holds_on(day), has_focal_point(day))
        reachable.update(session.scalars(select(StandingRow.addressee_id).where(*standing)))
    return [
        Row(
            addressee,
            standing,
            body,
            day,
            # Whoever took over is asked since then, whatever had been asked before.
            max(asked[addressee.id], begun[addressee.id, body.id]) if addressee.id in asked else None,
            addressee.id in reachable,
        )
        for addressee, standing, body in found
    ]


@dataclass(frozen=True)
class Page:
    """A page of a list, with where the pages before and after it begin."""

    rows: list[Row]
    total: int
    has_more_than_total: bool
    """Whether counting ended at `total`, with more to count."""
    previous: int | None
    """The id of the addressee before which to look backwards; None on the first page."""
    next: int | None


def page(
    filters: Filters,
    *,
    after: int | None = None,
    before: int | None = None,
    size: int = SIZE,
    count_to: int = MOST_COUNTED,
) -> Page:
    """One page of the addressees that fit, the latest report first, in the order in which it was printed."""
    session = database.session()
    anchor = session.get(Addressee, before or after or 0)
    backwards = before is not None and anchor is not None
    found = rows(list(islice(_from(session, filters, anchor, backwards, size + 1), size + 1)), filters.as_of)
    has_more, found = len(found) > size, found[:size]
    if backwards:
        found.reverse()
    has_previous, has_next = (has_more, True) if backwards else (anchor is not None, has_more)
    counted = standings().where(*filters.conditions()).with_only_columns(Addressee.id).limit(count_to + 1).subquery()
    total = session.scalar(select(func.count()).select_from(counted)) or 0
    return Page(
        found,
        min(total, count_to),
        total > count_to,
        previous=found[0].addressee.id if found and has_previous else None,
        next=found[-1].addressee.id if found and has_next else None,
    )


def _from(
    session: Session, filters: Filters, anchor: Addressee | None, backwards: bool, limit: int
) -> Iterator[tuple[Addressee, StandingRow, Body]]:
    """Those that fit, from an anchor on: a few reports at a time, so that a page costs the same however many follow."""
    fitting = standings().where(*filters.conditions())
    reports = select(Report.id).where(Report.issuer_id.in_(filters.issuer_ids))
    if anchor is not None:
        at = anchor.recommendation
        values = (at.report.issued_on, at.report_id, at.position, anchor.position)
        fitting = fitting.where(beyond(_ORDER, values, backwards=backwards))
        is_next = beyond(_ORDER[:2], values[:2], backwards=backwards)
        reports = reports.where(or_(Report.id == at.report_id, is_next))
    ids = session.scalars(reports.order_by(*(key.order(backwards) for key in _ORDER[:2]))).all()
    fitting = fitting.order_by(*(key.order(backwards) for key in _ORDER)).limit(limit)
    start, n = 0, 1
    while start < len(ids):
        yield from session.execute(fitting.where(Report.id.in_(ids[start : start + n])))
        start, n = start + n, 2 * n


def row(addressee_id: int, today: date) -> Row:
    """One addressee as it stands on a day."""
    statement = standings().where(Addressee.id == addressee_id, holds_on(today))
    found = database.session().execute(statement).one_or_none()
    if found is None:
        raise NotFound(_("There is no such recommendation."))
    return rows([found], today)[0]


def acting_bodies(addressee_ids: Collection[int]) -> dict[int, Body]:
    """The bodies that act today, by the ids of addressees."""
    of_them = StandingRow.addressee_id.in_(addressee_ids), StandingRow.until_on.is_(None)
    found = select(StandingRow.addressee_id, Body).join(Body, Body.id == StandingRow.body_id).where(*of_them)
    return dict(database.session().execute(found).all())


def of_recommendation(recommendation_id: int, today: date) -> list[Row]:
    """The addressees of a recommendation on a day, implementers before relays, each in the order of the annex."""
    statement = standings().where(Addressee.recommendation_id == recommendation_id, holds_on(today))
    found = database.session().execute(statement.order_by(Addressee.role, Addressee.position))
    return rows(found.all(), today)


def ended(recommendation_id: int, today: date) -> list[Row]:
    """The addressees that had ended as duplicates by a day, each as it last stood."""
    standing = aliased(StandingRow)
    goes_on = select(standing.addressee_id).where(
        standing.addressee_id == Addressee.id, or_(standing.until_on.is_(None), standing.until_on > today)
    )
    last = select(func.max(standing.from_on)).where(standing.addressee_id == Addressee.id)
    statement = standings().where(
        Addressee.recommendation_id == recommendation_id,
        StandingRow.until_on <= today,
        StandingRow.from_on == last.correlate(Addressee).scalar_subquery(),
        ~goes_on.correlate(Addressee).exists(),
    )
    found = database.session().execute(statement.order_by(Addressee.role, Addressee.position)).all()
    return [rows([one], one[1].until_on - timedelta(days=1))[0] for one in found if one[1].until_on]


def expected_of(body_ids: frozenset[int], today: date) -> list[Row]:
    """What these bodies are to reply to, by due date."""
    statement = _acted_on_by(body_ids).where(StandingRow.reply_due_on.is_not(None))
    found = database.session().execute(
        statement.order_by(StandingRow.reply_due_on, *(key.order(False) for key in _ORDER))
    )
    return rows(found.all(), today)


def these(ids: Collection[int], body_id: int, today: date) -> list[Row]:
    """Those among these addressees on which this body acts and is to reply to nothing now."""
    of_body = _acted_on_by(frozenset({body_id})).where(StandingRow.reply_due_on.is_(None))
    found: list[tuple[Addressee, StandingRow, Body]] = []
    for some in portions(ids):
        found += database.session().execute(
            of_body.where(Addressee.id.in_(some)).order_by(*(key.order(False) for key in _ORDER))
        )
    return rows(found, today)


@dataclass(frozen=True)
class Others:
    """A page of what is not to be replied to now: what was answered, then what never was; how many of each."""

    rows: list[Row]
    answered: int
    unasked: int
    next: int | None
    """The id of the addressee after which the next page begins."""


def others_of(body_ids: frozenset[int], today: date, *, after: int | None = None, size: int = SIZE) -> Others:
    """What else is addressed to these bodies."""
    session = database.session()
    statement = _acted_on_by(body_ids).where(StandingRow.reply_due_on.is_(None))
    was_answered = StandingRow.last_answer_on.is_not(None)
    each = statement.with_only_columns(func.count(), func.coalesce(func.sum(case((was_answered, 1), else_=0)), 0))
    total, answered = session.execute(each).one()
    order = (Key(case((was_answered, 0), else_=1)), *_ORDER)
    anchor = session.execute(statement.where(Addressee.id == after)).one_or_none() if after else None
    if anchor is not None:
        one, standing, _body = anchor
        report = one.recommendation.report
        place = (report.issued_on, report.id, one.recommendation.position, one.position)
        statement = statement.where(beyond(order, (int(standing.last_answer_on is None), *place), backwards=False))
    found = session.execute(statement.order_by(*(key.order(False) for key in order)).limit(size + 1)).all()
    shown = rows(found[:size], today)
    return Others(shown, answered, total - answered, shown[-1].addressee.id if len(found) > size else None)


def _acted_on_by(body_ids: frozenset[int]) -> Select[Addressee, StandingRow, Body]:
    return standings().where(StandingRow.body_id.in_(body_ids), StandingRow.until_on.is_(None))


def count_to_review(issuer_ids: frozenset[int], today: date) -> int:
    """How many answers wait for the issuer."""
    unreviewed = Filters(today, flag="unreviewed", issuer_ids=issuer_ids)
    statement = standings().where(*unreviewed.conditions()).with_only_columns(func.count())
    return database.session().scalar(statement) or 0
