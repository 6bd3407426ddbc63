"""Addressees with what is true of them on a day: the rows behind lists and figures."""

from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from tracker import database
from tracker.domain.figures import CLOSED, STALE_MONTHS, is_disputed, is_overdue, months_after
from tracker.domain.vocabulary import NOTHING, SEVEN, Implementation, Response, Role
from tracker.errors import NotFound
from tracker.language import _
from tracker.models import Addressee, Body, Entry, FocalPoint, Person, Recommendation, Report, StandingRow
from tracker.queries.paging import SIZE, Key, beyond

FLAGS = ("overdue", "no_reply", "no_focal_point", "disputed", "closed", "open", "unreviewed", "stale")
_ORDER = (
    Key(Report.issued_on, is_descending=True),
    Key(Report.id),
    Key(Recommendation.position),
    Key(Addressee.position),
)


def holds_on(day: date) -> ColumnElement[bool]:
    """The condition that a standing holds on a day."""
    return and_(StandingRow.from_on <= day, or_(StandingRow.until_on.is_(None), StandingRow.until_on > day))


def has_focal_point(day: date) -> ColumnElement[bool]:
    """The condition that the acting body of a standing can be written to on a day."""
    present = and_(FocalPoint.from_on <= day, or_(FocalPoint.until_on.is_(None), FocalPoint.until_on > day))
    return (
        select(FocalPoint.id)
        .join(Person, Person.id == FocalPoint.person_id)
        .where(FocalPoint.body_id == StandingRow.body_id, present, Person.disabled_at.is_(None))
        .exists()
    )


def disputed() -> ColumnElement[bool]:
    """The condition of `domain.figures.is_disputed`: both have spoken and differ."""
    alike = (Implementation.FULLY, Implementation.CONTINUING)
    return and_(
        Addressee.role == Role.IMPLEMENTER,
        StandingRow.reported.in_(SEVEN),
        StandingRow.assessed.in_(SEVEN),
        StandingRow.reported != StandingRow.assessed,
        ~and_(StandingRow.reported.in_(alike), StandingRow.assessed.in_(alike)),
    )


@dataclass(frozen=True)
class Filters:
    """What a list is narrowed to; empty text narrows nothing."""

    as_of: date
    report: str = ""
    section: str = ""
    body: str = ""
    response: str = ""
    reported: str = ""
    assessed: str = ""
    flag: str = ""
    issuer_ids: frozenset[int] = field(default_factory=frozenset)
    """Only these issuers' reports."""

    def conditions(self) -> list[ColumnElement[bool]]:
        """The same as SQL."""
        found = [holds_on(self.as_of), Report.issuer_id.in_(self.issuer_ids)]
        if self.report:
            found.append(Report.slug == self.report)
        if self.section:
            found.append(Recommendation.section_id == (int(self.section) if self.section.isdigit() else -1))
        if self.body:
            found.append(Body.slug == self.body)
        if self.response in set(Response):
            found.append(StandingRow.response == Response(self.response))
        if self.reported == NOTHING:
            found += [StandingRow.reported.is_(None), Addressee.role == Role.IMPLEMENTER]
        elif self.reported in set(Implementation):
            found += [StandingRow.reported == Implementation(self.reported), Addressee.role == Role.IMPLEMENTER]
        if self.assessed in set(Implementation):
            found += [StandingRow.assessed == Implementation(self.assessed), Addressee.role == Role.IMPLEMENTER]
        if self.flag in FLAGS:
            found.append(self._flag())
        return found

    def _flag(self) -> ColumnElement[bool]:
        stale_before = months_after(self.as_of, -STALE_MONTHS)
        closed = and_(Addressee.role == Role.IMPLEMENTER, StandingRow.assessed.in_(CLOSED))
        return {
            "overdue": StandingRow.reply_due_on < self.as_of,
            "no_reply": and_(StandingRow.last_answer_on.is_(None), has_focal_point(self.as_of)),
            "no_focal_point": ~has_focal_point(self.as_of),
            "disputed": disputed(),
            "closed": closed,
            "open": ~closed,
            "unreviewed": StandingRow.unreviewed.is_not(None),
            "stale": StandingRow.last_answer_on < stale_before,
        }[self.flag]


@dataclass(frozen=True)
class Row:
    """One addressee with its standing on the day that was asked for."""

    addressee: Addressee
    standing: StandingRow
    body: Body
    """The acting body."""
    today: date

    @property
    def recommendation(self) -> Recommendation:
        return self.addressee.recommendation

    @property
    def is_overdue(self) -> bool:
        return is_overdue(self.standing.reply_due_on, self.today)

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


@dataclass(frozen=True)
class Page:
    """A page of a list, with where the pages before and after it begin."""

    rows: list[Row]
    total: int
    previous: int | None
    """The id of the addressee before which to look backwards; None on the first page."""
    next: int | None


def page(filters: Filters, *, after: int | None = None, before: int | None = None, size: int = SIZE) -> Page:
    """One page of the addressees that fit, the latest report first, in the order in which it was printed."""
    session, backwards = database.session(), before is not None
    statement = fitting = standings().where(*filters.conditions())
    anchor = session.get(Addressee, before or after or 0)
    if anchor is not None:
        at = anchor.recommendation
        values = (at.report.issued_on, at.report_id, at.position, anchor.position)
        statement = statement.where(beyond(_ORDER, values, backwards=backwards))
    ordered = statement.order_by(*(key.order(backwards) for key in _ORDER)).limit(size + 1)
    found = [Row(*row, filters.as_of) for row in session.execute(ordered)]
    has_more, found = len(found) > size, found[:size]
    if backwards:
        found.reverse()
    has_previous, has_next = (has_more, True) if backwards else (anchor is not None, has_more)
    return Page(
        found,
        session.scalar(select(func.count()).select_from(fitting.with_only_columns(Addressee.id).subquery())) or 0,
        previous=found[0].addressee.id if found and has_previous else None,
        next=found[-1].addressee.id if found and has_next else None,
    )


def row(addressee_id: int, today: date) -> Row:
    """One addressee as it stands on a day."""
    statement = standings().where(Addressee.id == addressee_id, holds_on(today))
    found = database.session().execute(statement).one_or_none()
    if found is None:
        raise NotFound(_("There is no such recommendation."))
    return Row(*found, today)


def of_recommendation(recommendation_id: int, today: date) -> list[Row]:
    """The addressees of a recommendation on a day, implementers before relays, each in the order of the annex."""
    statement = standings().where(Addressee.recommendation_id == recommendation_id, holds_on(today))
    found = database.session().execute(statement.order_by(Addressee.role, Addressee.position))
    return [Row(*one, today) for one in found]


def asked_of(body_ids: frozenset[int], today: date) -> list[Row]:
    """What these bodies were asked: what is expected first, by due date, then the rest."""
    statement = standings().where(StandingRow.body_id.in_(body_ids), StandingRow.until_on.is_(None))
    due = (StandingRow.reply_due_on.is_(None), StandingRow.reply_due_on)
    found = database.session().execute(statement.order_by(*due, *(key.order(False) for key in _ORDER)))
    return [Row(*one, today) for one in found]


def to_review(issuer_ids: frozenset[int], today: date) -> list[Row]:
    """Answers that nobody at the issuer has dealt with, the one that has waited longest first."""
    statement = standings().join(Entry, Entry.seq == StandingRow.unreviewed)
    statement = statement.where(StandingRow.until_on.is_(None), Report.issuer_id.in_(issuer_ids))
    found = database.session().execute(statement.order_by(Entry.recorded_at, Entry.seq))
    return [Row(*one, today) for one in found]


def count_to_review(issuer_ids: frozenset[int], today: date) -> int:
    """How many answers wait for the issuer."""
    unreviewed = Filters(today, flag="unreviewed", issuer_ids=issuer_ids)
    statement = standings().where(*unreviewed.conditions()).with_only_columns(func.count())
    return database.session().scalar(statement) or 0
