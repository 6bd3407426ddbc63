"""Parts of recommendations that held several demands, and whether one may still be split."""

from collections.abc import Sequence

from sqlalchemy import select

from tracker import database
from tracker.domain.vocabulary import EntryKind
from tracker.models import Entry, Recommendation

_SPOKEN = (EntryKind.ANSWERED, EntryKind.ASSESSED, EntryKind.RETURNED)


def parts(recommendation_id: int) -> list[Recommendation]:
    """The parts of a recommendation, in order; none of one that was not split."""
    of_it = select(Recommendation).filter_by(parent_id=recommendation_id, is_hidden=False)
    return list(database.session().scalars(of_it.order_by(Recommendation.position)))


def whole(of: Recommendation) -> Recommendation | None:
    """What a part is a part of."""
    return database.session().get(Recommendation, of.parent_id) if of.parent_id is not None else None


def was_spoken_of(recommendation_id: int) -> bool:
    """Whether a body ever answered it, or the issuer assessed it."""
    return _has(recommendation_id, _SPOKEN)


def is_withdrawn(recommendation_id: int) -> bool:
    """Whether it was withdrawn, or split."""
    return _has(recommendation_id, (EntryKind.WITHDRAWN,))


def _has(recommendation_id: int, kinds: Sequence[EntryKind]) -> bool:
    of_it = select(Entry.seq).where(Entry.recommendation_id == recommendation_id, Entry.kind.in_(kinds))
    return database.session().scalar(of_it.limit(1)) is not None


def taken(report_id: int, addresses: Sequence[str]) -> bool:
    """Whether a report has a recommendation at one of these addresses."""
    of_report = select(Recommendation.id).where(Recommendation.report_id == report_id, ~Recommendation.is_hidden)
    return database.session().scalar(of_report.where(Recommendation.address.in_(addresses)).limit(1)) is not None
