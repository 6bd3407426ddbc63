"""What bodies answer, by a form of their own or on paper through a coordinator."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker import clock
from tracker.database import transaction
from tracker.domain import moves
from tracker.domain.acts import Act
from tracker.domain.moves import Answer
from tracker.domain.vocabulary import Channel, EntryKind
from tracker.errors import NotFound
from tracker.language import _
from tracker.models import Addressee, Entry, ExpectedReply, Person, StandingRow
from tracker.queries import entries, people
from tracker.queries.portions import portions
from tracker.services import audit, draft_answers, repeats, timeline


def submit(addressee_id: int, answer: Answer, *, seen: int, by: Person, at: datetime) -> Entry:
    """Append what a body answers; `seen` is the position of the latest entry that its page showed."""
    with transaction() as session:
        addressee, standing = answerable(session, addressee_id)
        rights = people.rights(by)
        if answer.channel is Channel.FORM:
            is_theirs = standing.body_id in rights.body_ids
        else:
            is_theirs = addressee.recommendation.report.issuer_id in rights.coordinates
        if not is_theirs:
            raise NotFound(_("There is no such recommendation."))
        said = timeline.Addition(addressee, EntryKind.ANSWERED, facts_of(answer), text_of(answer))
        moved = _("Someone wrote here while you were writing. Compare both, then send yours again.")
        sent = repeats.earlier(session, addressee.id, said, seen=seen, by=by, moved=moved)
        if sent is not None:
            return sent
        issued_on = addressee.recommendation.report.issued_on
        moves.check(moves.problems_of_answer(answer, today=clock.day_of(at), issued_on=issued_on))
        entry = put(session, [(addressee, answer)], by=by, at=at)[0]
        draft_answers.drop(session, addressee_id, "answer" if answer.channel is Channel.FORM else "paper", by)
        return entry


def put(session: Session, answered: Sequence[tuple[Addressee, Answer]], *, by: Person, at: datetime) -> list[Entry]:
    """Answers that were checked go on the timelines of their addressees, and end what was expected of these."""
    expected: dict[int, ExpectedReply] = {}
    for ids in portions(addressee.id for addressee, _answer in answered):
        of_them = select(ExpectedReply).where(ExpectedReply.addressee_id.in_(ids), ExpectedReply.is_open)
        expected |= {one.addressee_id: one for one in session.scalars(of_them)}
    for addressee, answer in answered:
        if addressee.id in expected and entries.has_later_answer(session, addressee.id, answer.received_on):
            del expected[addressee.id]  # an older letter is no reply to what was asked since
    owed = [expected.pop(addressee.id, None) for addressee, _answer in answered]
    additions = [
        timeline.Addition(
            addressee,
            EntryKind.ANSWERED,
            {**facts_of(answer), **_asked_by(session, reply)},
            text_of(answer),
            counts_on=answer.received_on,
        )
        for (addressee, answer), reply in zip(answered, owed, strict=True)
    ]
    added = timeline.append_all(session, additions, by=by, at=at)
    for (addressee, answer), reply, entry in zip(answered, owed, added, strict=True):
        if reply is not None:
            reply.is_open, reply.answered_seq = False, entry.seq
        if answer.channel is not Channel.FORM:
            audit.note_about(session, Act.ANSWER_RECORDED, addressee.recommendation, by=by, at=at, seq=entry.seq)
    return added


def answerable(session: Session, addressee_id: int) -> tuple[Addressee, StandingRow]:
    """An addressee and what is true of it now; a withdrawn one is not there any more."""
    addressee = session.get(Addressee, addressee_id)
    standing = session.scalar(
        select(StandingRow).where(StandingRow.addressee_id == addressee_id, StandingRow.until_on.is_(None))
    )
    if addressee is None or standing is None:
        raise NotFound(_("There is no such recommendation."))
    return addressee, standing


def followed_up(session: Session, addressee_id: int, by: Person) -> tuple[Addressee, StandingRow]:
    """The same for a coordinator of its issuer; to anybody else it is not there."""
    addressee, standing = answerable(session, addressee_id)
    if addressee.recommendation.report.issuer_id not in people.rights(by).coordinates:
        raise NotFound(_("There is no such recommendation."))
    return addressee, standing


def facts_of(answer: Answer) -> dict[str, object]:
    """What an entry keeps of an answer as codes and days."""
    facts: dict[str, object] = {"response": answer.response.value, "channel": answer.channel.value}
    if answer.reported:
        facts["reported"] = answer.reported.value
    if answer.since:
        facts["since"] = answer.since
    if answer.confirms:
        facts["confirms"] = answer.confirms
    if answer.received_on:
        facts["received_on"] = answer.received_on
    return facts


def _asked_by(session: Session, expected: ExpectedReply | None) -> dict[str, object]:
    """The round and the question that an answer replies to."""
    facts: dict[str, object] = {}
    if expected and expected.round:
        facts["round"] = expected.round.uid
    if expected and entries.is_question(session, expected.asked_seq):
        facts["question"] = expected.asked_seq
    return facts


def text_of(answer: Answer) -> dict[str, object]:
    """What an entry keeps of an answer as words."""
    said = {
        "done": answer.done,
        "reason": answer.reason,
        "links": list(answer.links),
        "answered_by": answer.answered_by,
    }
    return {name: value for name, value in said.items() if value}
