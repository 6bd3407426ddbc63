"""Answers that nobody at the issuer has dealt with, the one that has waited longest first."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, select

from tracker import clock, database
from tracker.models import Addressee, Body, Entry, Report, StandingRow
from tracker.queries import addressees, entries
from tracker.queries.addressees import Row
from tracker.queries.entries import Told
from tracker.queries.paging import SIZE


@dataclass(frozen=True)
class Page:
    """A page of the queue. A place in it is the entry of an answer: the chain has them in order of arrival."""

    waiting: list[tuple[Row, Told]]
    total: int
    since: date | None
    """The day on which the first of all arrived."""
    previous: int | None = None
    """The `after` of the page before; None on the first."""
    next: int | None = None


def page(issuer_ids: frozenset[int], today: date, *, after: int = 0, size: int = SIZE) -> Page:
    """The answers that arrived after the one with this entry."""
    session = database.session()
    found = session.execute(_waiting(issuer_ids).where(StandingRow.unreviewed > after).limit(size + 1)).all()
    rows = addressees.rows(found[:size], today)
    answers = entries.all_told([row.standing.unreviewed for row in rows if row.standing.unreviewed])
    first = session.scalar(_waiting(issuer_ids).with_only_columns(StandingRow.unreviewed).limit(1))
    arrived_at = session.scalar(select(Entry.recorded_at).where(Entry.seq == first))
    return Page(
        [(row, answers[row.standing.unreviewed]) for row in rows if row.standing.unreviewed],
        addressees.count_to_review(issuer_ids, today),
        clock.day_of(arrived_at) if arrived_at else None,
        previous=_before(issuer_ids, after, size) if after else None,
        next=rows[-1].standing.unreviewed if len(found) > size else None,
    )


def first(issuer_ids: frozenset[int]) -> int | None:
    """The addressee whose answer has waited longest; None where none waits."""
    return database.session().scalar(_waiting(issuer_ids).with_only_columns(Addressee.id).limit(1))


def _before(issuer_ids: frozenset[int], after: int, size: int) -> int:
    """The place from which a page leads up to `after`; 0 is the beginning."""
    earlier = _waiting(issuer_ids).with_only_columns(StandingRow.unreviewed).where(StandingRow.unreviewed <= after)
    backwards = earlier.order_by(None).order_by(StandingRow.unreviewed.desc())
    return database.session().scalar(backwards.offset(size).limit(1)) or 0


def _waiting(issuer_ids: frozenset[int]) -> Select[Addressee, StandingRow, Body]:
    is_waiting = (StandingRow.until_on.is_(None), StandingRow.unreviewed.is_not(None))
    theirs = addressees.standings().where(*is_waiting, Report.issuer_id.in_(issuer_ids))
    return theirs.order_by(StandingRow.unreviewed)
