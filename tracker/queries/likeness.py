"""The earlier recommendations of an issuer whose wording is most like another one."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from sqlalchemy import case, func, select

from tracker import database
from tracker.domain import likeness
from tracker.models import Recommendation, RecommendationStem, RecommendationText, Report

AT_MOST = 3
"""Earlier recommendations that are proposed of one: whoever gets more reads none."""
_COMMON = 1_000
"""Wordings that have a stem, above which nothing is looked for by it: everybody says it."""
_CLOSE = 40
"""Wordings that are compared word by word, after the stems by which they were found."""


@dataclass(frozen=True)
class Alike:
    """An earlier recommendation, and what makes it like another."""

    recommendation: Recommendation
    language: str
    """In which both say it."""
    text: str
    """The wording of the earlier one."""
    shared: list[tuple[str, bool]]
    """Its pieces, each with whether the later one has the word too."""
    likeness: float

    @property
    def percent(self) -> int:
        return round(100 * self.likeness)


def like(
    issuer_id: int, before: date, texts: Mapping[str, str], *, but: Collection[int] = (), at_most: int = AT_MOST
) -> list[Alike]:
    """Those most like a recommendation with these `texts` by language, the likest first; none of `but`."""
    found: dict[int, _Measured] = {}
    for language, text in texts.items():
        for one in _in(issuer_id, before, language, text):
            if one.id not in but and (one.id not in found or found[one.id].likeness < one.likeness):
                found[one.id] = one
    best = sorted(found.values(), key=lambda one: (-one.likeness, -one.id))[:at_most]
    session = database.session()
    return [
        Alike(
            session.get_one(Recommendation, one.id),
            one.language,
            one.text,
            likeness.shared(one.text, texts[one.language]),
            one.likeness,
        )
        for one in best
    ]


class _Measured(NamedTuple):
    id: int
    language: str
    text: str
    likeness: float


def _in(issuer_id: int, before: date, language: str, text: str) -> list[_Measured]:
    weights = _weights(language, likeness.telling(text))
    ids = _close(issuer_id, before, {likeness.key(language, one): said for one, said in weights.items() if said > 0})
    of_them = (RecommendationText.recommendation_id.in_(ids), RecommendationText.language == language)
    wordings = select(RecommendationText.recommendation_id, RecommendationText.text).where(*of_them)
    found = [
        _Measured(id_, language, earlier, likeness.likeness(text, earlier, weights))
        for id_, earlier in database.session().execute(wordings)
    ]
    return [one for one in found if one.likeness >= likeness.LIKELY]


def _weights(language: str, stems: list[str]) -> dict[str, float]:
    """How much each of these stems says; nothing where very many wordings have it."""
    session, row = database.session(), RecommendationStem
    some = select(RecommendationText.recommendation_id).where(RecommendationText.language == language).limit(_COMMON)
    among = session.scalar(select(func.count()).select_from(some.subquery())) or 0
    weights = {}
    for one in stems:
        having = select(row.recommendation_id).where(row.stem == likeness.key(language, one)).limit(_COMMON)
        found = session.scalar(select(func.count()).select_from(having.subquery())) or 0
        weights[one] = likeness.weight(found, among) if found < _COMMON else 0.0
    return weights


def _close(issuer_id: int, before: date, weights: Mapping[int, float]) -> list[int]:
    """The earlier recommendations that share most of these stems, by what those say."""
    if not weights:
        return []
    row, said = RecommendationStem, func.sum(case(weights, value=RecommendationStem.stem, else_=0.0))
    closest = (
        select(row.recommendation_id)
        .join(Recommendation, Recommendation.id == row.recommendation_id)
        .join(Report, Report.id == Recommendation.report_id)
        .where(row.stem.in_(weights), Report.issuer_id == issuer_id, Report.issued_on < before)
        .where(~Recommendation.is_hidden)
        .group_by(row.recommendation_id)
        .order_by(said.desc(), row.recommendation_id.desc())
    )
    return list(database.session().scalars(closest.limit(_CLOSE)))
