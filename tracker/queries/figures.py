"""Counts behind every page of figures, of today or of any earlier day, by the same statement."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import case, func, null, select

from tracker import database
from tracker.domain.figures import Counted, Figures, total
from tracker.domain.vocabulary import Implementation, Response, Role
from tracker.language import current, order_of
from tracker.models import Addressee, Body, Recommendation, Report, Section, StandingRow
from tracker.queries.addressees import standings
from tracker.queries.filters import Filters, answered, has_focal_point
from tracker.queries.publication import is_public, moment_of


class By(StrEnum):
    """What figures are told apart by."""

    BODY = "body"
    REPORT = "report"
    SECTION = "section"


_KEYS: dict[By, tuple[Any, Any]] = {
    By.BODY: (Body, StandingRow.body_id),
    By.REPORT: (Report, Recommendation.report_id),
    By.SECTION: (Section, Recommendation.section_id),
}


@dataclass
class Told:
    """The figures of one body, report or section, with what its drawing is made of."""

    figures: Figures
    subject: Body | Report | Section | None
    pairs: Counter[tuple[str | None, str]] = field(default_factory=Counter)
    """What implementers report and what is found, with how often the two meet."""
    relayed: Counter[str] = field(default_factory=Counter)
    """The responses of relays."""

    @property
    def answered(self) -> int:
        """Addressees that a reply was received of."""
        return self.figures.addressees - self.figures.response[Response.AWAITED]

    @property
    def is_silent(self) -> bool:
        """Nothing was ever submitted by any of its addressees, though each can be written to."""
        return self.figures.no_reply == self.figures.addressees


def figures(by: By, filters: Filters, *, public: bool = False) -> tuple[list[Figures], Figures]:
    """Figures per body, report or section on the day of `filters`, most addressees first, and their total.

    `public` counts what was published of public reports; otherwise what was submitted counts, reviewed or not.
    """
    rows, whole = overview(by, filters, public=public)
    return [row.figures for row in rows], whole


def overview(by: By, filters: Filters, *, public: bool = False) -> tuple[list[Told], Figures]:
    """The same figures with what a page needs to draw them, out of the same statement."""
    session = database.session()
    voice = (
        (StandingRow.published_response, StandingRow.published_reported, StandingRow.published_assessed)
        if public
        else (StandingRow.response, StandingRow.reported, StandingRow.assessed)
    )
    overdue_since = case((StandingRow.reply_due_on < filters.as_of, StandingRow.reply_due_on), else_=null())
    model, key = _KEYS[by]
    shape = (key, Addressee.role, *voice, overdue_since, answered(), has_focal_point(filters.as_of))
    conditions = filters.conditions() + ([is_public(moment_of(filters.as_of))] if public else [])
    counted = session.execute(
        standings().where(*conditions).with_only_columns(*shape, func.count()).group_by(*shape)
    ).all()
    named = {one.id: one for one in session.scalars(select(model).where(model.id.in_({row[0] for row in counted})))}
    found: dict[str, Told] = {}
    for key_id, role, response, reported, assessed, due_on, has_answered, is_reachable, times in counted:
        subject = named.get(key_id)
        slug, name = _named(subject, filters.as_of)
        one = Counted(
            role=role,
            response=Response(response),
            reported=Implementation(reported) if reported else None,
            assessed=Implementation(assessed),
            reply_due_on=due_on,
            last_answer_on=filters.as_of if has_answered else None,
            has_focal_point=bool(is_reachable),
        )
        told = found.setdefault(slug, Told(Figures(slug, name), subject))
        told.figures.count(one, filters.as_of, times)
        if role is Role.RELAY:
            told.relayed[one.response] += times
        else:
            told.pairs[one.reported, one.assessed] += times
    rows = sorted(found.values(), key=lambda row: (-row.figures.addressees, order_of(row.figures.name)))
    return rows, total({slug: row.figures for slug, row in found.items()})


def _named(one: Body | Report | Section | None, day: date) -> tuple[str, str]:
    if isinstance(one, Body):
        return one.slug, one.name(current(), day)
    if isinstance(one, Report):
        return one.slug, one.title
    return (str(one.id), one.title) if one else ("", "")


def as_json(as_of: date, rows: list[Figures], whole: Figures) -> dict[str, object]:
    """What `tracker figures --json` prints."""
    summed = {name: value for name, value in whole.as_json().items() if name not in ("key", "name")}
    return {"as_of": as_of.isoformat(), "rows": [row.as_json() for row in rows], "total": summed}
