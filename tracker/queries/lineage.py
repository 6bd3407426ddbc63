"""What was asked before a recommendation and after it, as coordinators decided, and what became of it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select

from tracker import database
from tracker.domain.vocabulary import Implementation, Response, Role
from tracker.models import Body, Person, Recommendation, Report, Restatement
from tracker.queries import addressees, likeness, public, splits
from tracker.queries.likeness import Alike
from tracker.queries.paging import SIZE
from tracker.queries.publication import is_public


@dataclass(frozen=True)
class Said:
    """What one body answered to an earlier recommendation, and what was found."""

    body: Body
    role: Role
    response: Response
    reported: Implementation | None
    assessed: Implementation


@dataclass(frozen=True)
class Before:
    """An earlier recommendation that asked the same, with what was answered."""

    recommendation: Recommendation
    said: list[Said]


def earlier(recommendation_id: int) -> list[Recommendation]:
    """Everything that it restates, and that those restated in their turn, the first asked first."""
    return sorted(_line(recommendation_id, later=False), key=_asked)


def later(recommendation_id: int) -> list[Recommendation]:
    """Everything in which it was asked again."""
    return sorted(_line(recommendation_id, later=True), key=_asked)


def _asked(one: Recommendation) -> tuple[date, int, int]:
    return one.report.issued_on, one.report_id, one.position


def _line(recommendation_id: int, *, later: bool) -> list[Recommendation]:
    session, row = database.session(), Restatement
    from_, to = (row.earlier_id, row.recommendation_id) if later else (row.recommendation_id, row.earlier_id)
    found: dict[int, Recommendation] = {}
    around = {recommendation_id}
    while around:
        beyond = select(Recommendation).join(row, to == Recommendation.id).where(from_.in_(around), row.is_same)
        standing = beyond.where(row.taken_back_at.is_(None), ~Recommendation.is_hidden)
        met = {one.id: one for one in session.scalars(standing)}
        around = met.keys() - found.keys()
        found |= met
    return list(found.values())


def told(recommendations: Sequence[Recommendation], today: date, *, to: Collection[int] | None = None) -> list[Before]:
    """What issuers see of earlier ones; `to` narrows it to what these bodies were asked, and leaves out the rest.

    What was withdrawn is told as it last stood.
    """
    ended = public.withdrawn_on([one.id for one in recommendations])
    found = []
    for one in recommendations:
        day = ended[one.id] - timedelta(days=1) if one.id in ended else today
        of_it = [one, *splits.parts(one.id)]
        rows = [row for each in of_it for row in addressees.of_recommendation(each.id, day)]
        seen = [row for row in rows if to is None or row.standing.body_id in to]
        if seen or to is None:
            said = [
                Said(row.body, row.addressee.role, row.standing.response, row.standing.reported, row.standing.assessed)
                for row in seen
            ]
            found.append(Before(one, said))
    return found


def told_to_all(recommendations: Sequence[Recommendation], now: datetime) -> list[Before]:
    """Those of public reports, with what was published of them."""
    ended = public.withdrawn_on([one.id for one in recommendations])
    found = []
    for one in published(recommendations, now):
        on = ended[one.id] - timedelta(days=1) if one.id in ended else None
        voices = public.voices([one.id, *(part.id for part in splits.parts(one.id))], now, on=on)
        said = [Said(each.body, each.role, each.response, each.reported, each.assessed) for each in voices]
        found.append(Before(one, said))
    return found


def published(recommendations: Sequence[Recommendation], now: datetime) -> list[Recommendation]:
    """Those of them whose report is public."""
    reports = {one.report_id for one in recommendations}
    public_ids = set(database.session().scalars(select(Report.id).where(Report.id.in_(reports), is_public(now))))
    return [one for one in recommendations if one.report_id in public_ids]


@dataclass(frozen=True)
class Decided:
    """What was decided of a recommendation and an earlier one."""

    restatement: Restatement

    @property
    def earlier(self) -> Recommendation:
        return self.restatement.earlier

    @property
    def by(self) -> Person:
        return self.restatement.decided_by


def decided(recommendation_id: int) -> list[Decided]:
    """What stands decided of a recommendation and earlier ones, the latest first."""
    standing = select(Restatement).filter_by(recommendation_id=recommendation_id, taken_back_at=None)
    found = database.session().scalars(standing.order_by(Restatement.id.desc()))
    return [Decided(one) for one in found if not one.earlier.is_hidden]


def standing(recommendation_id: int, earlier_id: int) -> Restatement | None:
    """The decision on these two that stands."""
    of_pair = select(Restatement).filter_by(recommendation_id=recommendation_id, earlier_id=earlier_id)
    return database.session().scalar(of_pair.where(Restatement.taken_back_at.is_(None)))


def proposed(of: Recommendation, *, at_most: int = likeness.AT_MOST) -> list[Alike]:
    """The earlier ones most like it of which nothing was decided."""
    done = {one.earlier.id for one in decided(of.id)}
    texts = {text.language: text.text for text in of.texts}
    return likeness.like(of.report.issuer_id, of.report.issued_on, texts, but=done, at_most=at_most)


@dataclass(frozen=True)
class Compared:
    """A recommendation of a report with what is decided of it and the likeliest of what is proposed."""

    recommendation: Recommendation
    decided: list[Decided]
    proposed: list[Alike]


@dataclass(frozen=True)
class Page:
    """A page of a report's recommendations, compared with earlier ones."""

    compared: list[Compared]
    next: int | None
    """The position after which the next page begins."""


def page(report: Report, *, after: int = -1, size: int = SIZE) -> Page:
    """Recommendations of a report in printed order, each with earlier ones that are like it."""
    of_report = select(Recommendation).where(Recommendation.report_id == report.id, ~Recommendation.is_hidden)
    found = list(
        database.session().scalars(
            of_report.where(Recommendation.position > after).order_by(Recommendation.position).limit(size + 1)
        )
    )
    compared = [Compared(one, decided(one.id), proposed(one, at_most=1)) for one in found[:size]]
    return Page(compared, found[size - 1].position if len(found) > size else None)


def has_earlier(report: Report) -> bool:
    """Whether the issuer published anything before a report."""
    before = select(Report.id).where(Report.issuer_id == report.issuer_id, Report.issued_on < report.issued_on)
    issued = before.join(Recommendation, Recommendation.report_id == Report.id).where(~Recommendation.is_hidden)
    return database.session().scalar(issued.limit(1)) is not None
