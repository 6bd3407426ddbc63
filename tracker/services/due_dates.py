"""Due dates that move, with a reason and the original kept, and questions that are withdrawn."""

from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker import clock
from tracker.database import transaction
from tracker.domain import moves
from tracker.domain.acts import Act
from tracker.domain.standing import WITHDRAWN_QUESTION
from tracker.domain.vocabulary import EntryKind
from tracker.errors import NotAllowed, NotFound
from tracker.language import _
from tracker.models import Addressee, Entry, ExpectedReply, Person, Round
from tracker.queries import entries, people
from tracker.services import answers, audit, repeats, timeline


def move(addressee_id: int, due_on: date, reason: str, *, seen: int, by: Person, at: datetime) -> Entry:
    """Expect the reply of one addressee by another day."""
    with transaction() as session:
        addressee, _standing = answers.followed_up(session, addressee_id, by)
        said = timeline.Addition(addressee, EntryKind.DUE_MOVED, {"due_on": due_on}, {"reason": reason})
        sent = repeats.earlier(session, addressee_id, said, seen=seen, by=by)
        if sent is not None:
            return sent
        expected = _expected(addressee)
        moves.check(moves.problems_of_due_date(due_on, reason, today=clock.day_of(at)))
        if expected.due_on == due_on:
            raise NotAllowed(_("The reply is due on this day already."))
        return _move(session, expected, due_on, reason, by, at)


def move_round(round_id: int, due_on: date, reason: str, *, by: Person, at: datetime) -> int:
    """Expect every reply of a round that is still open by another day; how many. Its questions keep their own."""
    with transaction() as session:
        round_ = session.get(Round, round_id)
        if round_ is None or round_.issuer_id not in people.rights(by).coordinates:
            raise NotFound(_("There is no such round."))
        moves.check(moves.problems_of_due_date(due_on, reason, today=clock.day_of(at)))
        found = session.scalars(entries.open_replies(round_.id)).all()
        moved = [_move(session, one, due_on, reason, by, at) for one in found if one.due_on != due_on]
        if not moved:
            raise NotAllowed(_("No reply of this round is expected by another day."))
        return len(moved)


def withdraw_question(addressee_id: int, reason: str, *, seen: int, by: Person, at: datetime) -> Entry:
    """Expect no reply to the open question any more; a reply whose place it had taken is expected again."""
    with transaction() as session:
        addressee, _standing = answers.followed_up(session, addressee_id, by)
        said = timeline.Addition(addressee, EntryKind.CORRECTED, {}, {"reason": reason} if reason else {})
        sent = repeats.earlier(session, addressee_id, said, seen=seen, by=by)
        if sent is not None:
            return sent
        expected = _expected(addressee)
        if not entries.is_question(session, expected.asked_seq):
            raise NotAllowed(_("No question waits for a reply here."))
        of_it = select(ExpectedReply).where(ExpectedReply.closed_seq == expected.asked_seq)
        replaced = session.scalar(of_it.where(ExpectedReply.addressee_id == addressee.id))
        facts: dict[str, object] = {"question": WITHDRAWN_QUESTION}
        if replaced:
            facts |= {
                "asked_seq": replaced.asked_seq,
                "reply_due_on": replaced.due_on,
                "original_due_on": replaced.original_due_on,
            }
        corrected = replace(said, facts=facts, about=expected.asked_seq)
        [entry] = timeline.append_all(session, [corrected], by=by, at=at)
        expected.is_open, expected.closed_seq = False, entry.seq
        audit.note_about(session, Act.QUESTION_WITHDRAWN, addressee.recommendation, by=by, at=at, seq=entry.seq)
        session.flush()  # only one reply of an addressee is open at a time
        if replaced:
            replaced.is_open, replaced.closed_seq = True, None
        return entry


def _move(session: Session, expected: ExpectedReply, due_on: date, reason: str, by: Person, at: datetime) -> Entry:
    facts = {"due_on": due_on, "before": expected.due_on}
    about = expected.asked_seq
    text = {"reason": reason}
    kind = EntryKind.DUE_MOVED
    entry = timeline.append(session, expected.addressee, kind, facts, text=text, about=about, by=by, at=at)
    expected.due_on = due_on
    audit.note_about(session, Act.DUE_DATE_MOVED, expected.addressee.recommendation, by=by, at=at, seq=entry.seq)
    return entry


def _expected(addressee: Addressee) -> ExpectedReply:
    expected = entries.open_reply(addressee.id)
    if expected is None:
        raise NotAllowed(_("No reply is expected here, so no due date can move."))
    return expected
