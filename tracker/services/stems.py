"""By which stems wordings are found that are like another one: kept with each text, whoever puts it on record."""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from tracker.domain import likeness
from tracker.models import RecommendationStem

Wordings = Sequence[tuple[int, Mapping[str, str]]]
"""The numbers of recommendations, each with texts by language."""


def keep(session: Session, wordings: Wordings) -> None:
    """Keep the stems of recommendations that are new."""
    _insert(session, _rows(wordings))


def keep_more(session: Session, wordings: Wordings) -> None:
    """Keep the stems of texts that recommendations have now too."""
    for id_, texts in wordings:
        rows = _rows([(id_, texts)])
        of_it = select(RecommendationStem.stem).filter_by(recommendation_id=id_)
        there = set(session.scalars(of_it.where(RecommendationStem.stem.in_([stem for stem, _id in rows]))))
        _insert(session, {row for row in rows if row[0] not in there})


def forget(session: Session, recommendation_id: int, texts: Mapping[str, str]) -> None:
    """Forget the stems of texts that a recommendation has no more."""
    stems = [stem for stem, _id in _rows([(recommendation_id, texts)])]
    of_it = delete(RecommendationStem).where(RecommendationStem.recommendation_id == recommendation_id)
    session.execute(of_it.where(RecommendationStem.stem.in_(stems)))


def _rows(wordings: Wordings) -> set[tuple[int, int]]:
    return {
        (likeness.key(language, stem), id_)
        for id_, texts in wordings
        for language, text in texts.items()
        for stem in likeness.telling(text)
    }


def _insert(session: Session, rows: Iterable[tuple[int, int]]) -> None:
    found = [{"stem": stem, "recommendation_id": id_} for stem, id_ in sorted(rows)]
    if found:
        session.execute(insert(RecommendationStem), found)
