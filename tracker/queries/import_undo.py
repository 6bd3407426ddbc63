"""What undoing an import would take back, and whether it still can be undone."""

from dataclasses import dataclass

from sqlalchemy import Select, func, or_, select

from tracker import database
from tracker.domain.vocabulary import EntryKind
from tracker.models import Addressee, Entry, ExpectedReply, Import, Recommendation
from tracker.queries.entries import Told


@dataclass(frozen=True)
class Added:
    """What an import put on record and is still there."""

    recommendations: int
    addressees: int
    awaited: int
    """Replies that are expected of these addressees now."""
    texts: int
    """Recommendations that others put on record, and that got a text in another language."""
    first_answered: str | None
    """The code of a recommendation that a body has answered: it can no longer be undone."""


def added(import_id: int) -> Added:
    """What undoing an import would take back."""
    session = database.session()
    of_it = select(Recommendation.id).filter_by(import_id=import_id, is_hidden=False)
    addressed = select(Addressee.id).where(Addressee.recommendation_id.in_(of_it))
    awaited = select(ExpectedReply.id).where(ExpectedReply.addressee_id.in_(addressed), ExpectedReply.is_open)

    def count(of: Select[int]) -> int:
        return session.scalar(select(func.count()).select_from(of.subquery())) or 0

    n_texts = len(texts_added(import_id))
    return Added(count(of_it), count(addressed), count(awaited), n_texts, first_answered(import_id))


def texts_added(import_id: int) -> list[Told]:
    """The entries that tell which texts in another language an import added to what was on record."""
    session = database.session()
    import_ = session.get(Import, import_id)
    if import_ is None or import_.accepted_at is None:
        return []
    # What one act wrote bears its moment; another import of the same document has another one.
    entries = (
        select(Entry)
        .join(Recommendation, Recommendation.id == Entry.recommendation_id)
        .where(
            Entry.kind == EntryKind.TEXT_CORRECTED,
            Entry.recorded_at == import_.accepted_at,
            Recommendation.report_id == import_.report_id,
            ~Recommendation.is_hidden,
        )
        .order_by(Entry.seq)
    )
    told = map(Told, session.scalars(entries))
    return [one for one in told if one.facts.get("document") == import_.digest and one.facts.get("added")]


def first_answered(import_id: int) -> str | None:
    """The code of the recommendation that was answered first since the import, if any was."""
    since = {one.entry.recommendation_id: one.seq for one in texts_added(import_id)}
    may_count = Recommendation.import_id == import_id
    if since:
        may_count = or_(may_count, Entry.seq > min(since.values()))
    answers = (
        select(Entry.recommendation_id, Entry.seq, func.coalesce(Recommendation.code, Recommendation.address))
        .join(Recommendation, Recommendation.id == Entry.recommendation_id)
        .where(
            may_count,
            Recommendation.report_id == select(Import.report_id).filter_by(id=import_id).scalar_subquery(),
            ~Recommendation.is_hidden,
            Entry.kind == EntryKind.ANSWERED,
        )
        .add_columns(Recommendation.import_id)
        .order_by(Entry.seq)
    )
    for recommendation_id, seq, code, its_import in database.session().execute(answers):
        if its_import == import_id or seq > since.get(recommendation_id, seq):
            return str(code)
    return None
