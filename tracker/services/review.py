"""The issuer's voice: file an answer, return it with a question, or assess with reasons."""

from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker import clock
from tracker.database import transaction
from tracker.domain import moves
from tracker.domain.acts import Act
from tracker.domain.vocabulary import EntryKind, Implementation, Role
from tracker.errors import NotAllowed
from tracker.language import _
from tracker.models import Entry, ExpectedReply, Person
from tracker.services import answers, audit, draft_answers, publication, repeats, timeline


def file(addressee_id: int, *, seen: int, by: Person, at: datetime, is_public: bool = False) -> Entry:
    """Take note of the answer under review without a finding; the assessment stays what it was.

    With `is_public` everybody may read the answer at once.
    """
    with transaction() as session:
        addressee, standing = answers.followed_up(session, addressee_id, by)
        filed = timeline.Addition(addressee, EntryKind.FILED, {})
        sent = repeats.earlier(session, addressee_id, filed, seen=seen, by=by)
        if sent is not None:
            return sent
        if standing.unreviewed is None:
            raise NotAllowed(_("There is no answer to file here: it has been dealt with."))
        answer = session.get_one(Entry, standing.unreviewed)
        [entry] = timeline.append_all(session, [replace(filed, about=answer.seq)], by=by, at=at)
        if is_public:
            publication.record(session, addressee, answer, by=by, at=at)
        audit.note_about(session, Act.ANSWER_FILED, addressee.recommendation, by=by, at=at, seq=entry.seq)
        return entry


def assess(
    addressee_id: int,
    assessed: Implementation,
    reason: str,
    *,
    seen: int,
    by: Person,
    at: datetime,
    is_public: bool = False,
) -> Entry:
    """Record what the issuer finds, with its reasons; an answer under review is dealt with by it.

    With `is_public` everybody may read the finding, and the answer that it deals with, at once.
    """
    with transaction() as session:
        addressee, standing = answers.followed_up(session, addressee_id, by)
        text = {"reason": reason} if reason else {}
        found = timeline.Addition(addressee, EntryKind.ASSESSED, {"assessed": assessed.value}, text)
        sent = repeats.earlier(session, addressee_id, found, seen=seen, by=by)
        if sent is not None:
            return sent
        if addressee.role is Role.RELAY:
            raise NotAllowed(_("A relay has others act: file its answer, and assess those who carry it out."))
        moves.check(moves.problems_of_assessment(assessed, reason))
        draft_answers.drop(session, addressee_id, "finding", by)
        answer = session.get_one(Entry, standing.unreviewed) if standing.unreviewed else None
        [entry] = timeline.append_all(session, [replace(found, about=standing.unreviewed)], by=by, at=at)
        for told in (answer, entry) if is_public else ():
            if told is not None:
                publication.record(session, addressee, told, by=by, at=at)
        audit.note_about(session, Act.ASSESSED, addressee.recommendation, by=by, at=at, seq=entry.seq)
        return entry


def return_(addressee_id: int, question: str, due_on: date, *, seen: int, by: Person, at: datetime) -> Entry:
    """Send the answer under review back with a question; a reply to it is expected by `due_on`."""
    with transaction() as session:
        addressee, standing = answers.followed_up(session, addressee_id, by)
        asked = timeline.Addition(addressee, EntryKind.RETURNED, {"due_on": due_on}, {"question": question})
        sent = repeats.earlier(session, addressee_id, asked, seen=seen, by=by)
        if sent is not None:
            return sent
        if standing.unreviewed is None:
            raise NotAllowed(_("There is no answer to return here: it has been dealt with."))
        moves.check(moves.problems_of_question(question, due_on, today=clock.day_of(at)))
        [entry] = timeline.append_all(session, [replace(asked, about=standing.unreviewed)], by=by, at=at)
        _expect(session, entry, due_on, answer=standing.unreviewed)
        audit.note_about(session, Act.ANSWER_RETURNED, addressee.recommendation, by=by, at=at, seq=entry.seq)
        draft_answers.drop(session, addressee_id, "question", by)
        return entry


def _expect(session: Session, entry: Entry, due_on: date, *, answer: int) -> None:
    """The reply to a question is expected within the round that the answer came in, in place of any other."""
    of_addressee = select(ExpectedReply).where(ExpectedReply.addressee_id == entry.addressee_id)
    answered = session.scalar(of_addressee.where(ExpectedReply.answered_seq == answer))
    other = session.scalar(of_addressee.where(ExpectedReply.is_open))
    if other is not None:
        other.is_open, other.closed_seq = False, entry.seq
        session.flush()
    round_id = answered.round_id if answered else other.round_id if other else None
    session.add(
        ExpectedReply(
            round_id=round_id,
            addressee_id=entry.addressee_id,
            asked_on=entry.counts_on,
            due_on=due_on,
            original_due_on=due_on,
            asked_seq=entry.seq,
        )
    )
