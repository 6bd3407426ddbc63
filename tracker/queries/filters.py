"""What a list or a figure is narrowed to, as conditions on addressees and their standings of one day."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import ColumnElement, and_, or_, select

from tracker.domain.figures import CLOSED, stale_until
from tracker.domain.vocabulary import NOTHING, SEVEN, Implementation, Response, Role
from tracker.models import Addressee, Body, FocalPoint, Person, Recommendation, RecommendationTerm, Report, StandingRow

FLAGS = (
    "overdue",
    "no_reply",
    "no_focal_point",
    "answered",
    "recent",
    "unreviewed",
    "disputed",
    "closed",
    "open",
    "stale",
)
RECENT = timedelta(days=14)
DONE = "done"
"""As `reported` or `assessed`: fully implemented or continuing."""
NO_SECTION = "none"
_DONE = (Implementation.FULLY, Implementation.CONTINUING)


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
    return and_(
        Addressee.role == Role.IMPLEMENTER,
        StandingRow.reported.in_(SEVEN),
        StandingRow.assessed.in_(SEVEN),
        StandingRow.reported != StandingRow.assessed,
        ~and_(StandingRow.reported.in_(_DONE), StandingRow.assessed.in_(_DONE)),
    )


def answered() -> ColumnElement[bool]:
    """The condition that something was ever submitted."""
    return StandingRow.last_answer_on.is_not(None)


def answered_lately(day: date) -> ColumnElement[bool]:
    """The condition that an answer counts on one of the last fourteen days."""
    return StandingRow.last_answer_on > day - RECENT


def _id(typed: str) -> int:
    """An id that stood in an address; one that no row has where it is none."""
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else -1


def _is_of(term: str) -> ColumnElement[bool]:
    return Recommendation.id.in_(select(RecommendationTerm.recommendation_id).filter_by(term_id=_id(term)))


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
    role: str = ""
    theme: str = ""
    group: str = ""
    priority: str = ""
    """Of the issuer's lists, by their ids."""
    issuer_ids: frozenset[int] = field(default_factory=frozenset)
    """Only these issuers' reports."""

    def conditions(self) -> list[ColumnElement[bool]]:
        """The same as SQL."""
        found = [holds_on(self.as_of), Report.issuer_id.in_(self.issuer_ids)]
        if self.report:
            found.append(Report.slug == self.report)
        if self.section == NO_SECTION:
            found.append(Recommendation.section_id.is_(None))
        elif self.section:
            found.append(Recommendation.section_id == _id(self.section))
        if self.body:
            found.append(Body.slug == self.body)
        if self.response in set(Response):
            found.append(StandingRow.response == Response(self.response))
        for column, wanted in ((StandingRow.reported, self.reported), (StandingRow.assessed, self.assessed)):
            if wanted == DONE:
                found += [column.in_(_DONE), Addressee.role == Role.IMPLEMENTER]
            elif wanted == NOTHING:
                found += [column.is_(None), Addressee.role == Role.IMPLEMENTER]
            elif wanted in set(Implementation):
                found += [column == Implementation(wanted), Addressee.role == Role.IMPLEMENTER]
        if self.role in set(Role):
            found.append(Addressee.role == Role(self.role))
        found += [_is_of(wanted) for wanted in (self.theme, self.group, self.priority) if wanted]
        if self.flag in FLAGS:
            found.append(self._flag())
        return found

    def _flag(self) -> ColumnElement[bool]:
        closed = and_(Addressee.role == Role.IMPLEMENTER, StandingRow.assessed.in_(CLOSED))
        return {
            "overdue": StandingRow.reply_due_on < self.as_of,
            "no_reply": and_(~answered(), has_focal_point(self.as_of)),
            "no_focal_point": ~has_focal_point(self.as_of),
            "answered": answered(),
            "recent": answered_lately(self.as_of),
            "unreviewed": StandingRow.unreviewed.is_not(None),
            "disputed": disputed(),
            "closed": closed,
            "open": ~closed,
            "stale": StandingRow.last_answer_on <= stale_until(self.as_of),
        }[self.flag]
