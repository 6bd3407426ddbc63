"""What ends recommendations: the withdrawal of one with a reason, and the undoing of a whole import."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.database import transaction
from tracker.domain.acts import Act
from tracker.domain.vocabulary import EntryKind
from tracker.errors import NotAllowed, NotFound
from tracker.language import _
from tracker.models import Addressee, Entry, ExpectedReply, Import, Person, Recommendation
from tracker.queries import entries, import_undo, people
from tracker.queries.portions import portions
from tracker.services import added_texts, audit, timeline


def withdraw(recommendation_id: int, reason: str, *, by: Person, at: datetime) -> Entry:
    """It is asked of nobody any more from today; its page, its timeline and earlier figures stay."""
    with transaction() as session:
        recommendation = session.get(Recommendation, recommendation_id)
        if recommendation is None or recommendation.report.issuer_id not in people.rights(by).coordinates:
            raise NotFound(_("There is no such recommendation."))
        before = _withdrawal(session, recommendation)
        if before is not None and before.entry.recorded_by_id == by.id and before.words == {"reason": reason}:
            return before.entry  # the second of two clicks
        if before is not None and before.facts.get("parts"):
            raise NotAllowed(_("This recommendation was split. Withdraw its parts one by one."))
        if recommendation.is_hidden or before is not None:
            raise NotAllowed(_("This recommendation was withdrawn before."))
        if not reason:
            raise NotAllowed(_("Say why it is withdrawn; the reason stands on its timeline."))
        entry = end(session, [recommendation], EntryKind.WITHDRAWN, {"reason": reason}, by, at)[0]
        audit.note_about(session, Act.WITHDRAWN, recommendation, by=by, at=at, seq=entry.seq)
        return entry


def undo_import(import_id: int, *, by: Person, at: datetime) -> int:
    """Take back what an import put on record, until a first answer; how many recommendations it concerned.

    They are hidden and their codes free again; texts that it added to others in another language go, and stay
    readable on the timeline.
    """
    with transaction() as session:
        import_ = session.get(Import, import_id)
        if import_ is None or import_.issuer_id not in people.rights(by).coordinates:
            raise NotFound(_("There is no such import."))
        if import_.state != "accepted":
            raise NotAllowed(_("Only an import that was accepted can be undone."))
        if import_undo.first_answered(import_id) is not None:
            raise NotAllowed(_("A body has answered already: withdraw single recommendations instead."))
        found = session.scalars(select(Recommendation).filter_by(import_id=import_id, is_hidden=False)).all()
        texts = import_undo.texts_added(import_id)
        if not found and not texts:
            raise NotAllowed(_("This import added nothing: there is nothing to take back."))
        end(session, found, EntryKind.IMPORT_UNDONE, None, by, at)
        added_texts.take_back(session, texts, by, at)
        for recommendation in found:
            recommendation.is_hidden = True
        import_.state = "undone"
        about, of = ("import", import_.id), import_.issuer_id
        audit.note(session, Act.IMPORT_UNDONE, about, by=by, issuer_id=of, at=at, n=len(found) + len(texts))
        return len(found) + len(texts)


def _withdrawal(session: Session, recommendation: Recommendation) -> entries.Told | None:
    found = select(Entry).filter_by(recommendation_id=recommendation.id, kind=EntryKind.WITHDRAWN)
    entry = session.scalar(found.limit(1))
    return entries.Told(entry) if entry else None


def end(
    session: Session,
    recommendations: Sequence[Recommendation],
    kind: EntryKind,
    text: dict[str, object] | None,
    by: Person,
    at: datetime,
    *,
    facts: Mapping[str, object] | None = None,
) -> list[Entry]:
    """In the caller's transaction: standings end by the entries, replies that are still expected are not any more."""
    ends = [timeline.Addition(one, kind, facts or {}, text) for one in recommendations]
    added = timeline.append_all(session, ends, by=by, at=at)
    ended_by = {entry.recommendation_id: entry.seq for entry in added}
    for ids in portions(ended_by):
        expected = select(ExpectedReply).join(ExpectedReply.addressee)
        for reply in session.scalars(expected.where(Addressee.recommendation_id.in_(ids), ExpectedReply.is_open)):
            reply.is_open, reply.closed_seq = False, ended_by[reply.addressee.recommendation_id]
    return added
