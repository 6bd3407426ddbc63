"""The form of one body for one round: what is asked of it, what it said last, what it is about to say."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker import database
from tracker.domain.moves import Answer, Problem, problems_of_answer
from tracker.domain.typed import answer_of
from tracker.domain.vocabulary import EntryKind, Role
from tracker.errors import NotFound
from tracker.language import _
from tracker.models import AnswerLink, ExpectedReply, SharedDraft, Submission
from tracker.queries import addressees, entries
from tracker.queries.addressees import Row
from tracker.queries.entries import Told
from tracker.queries.portions import portions


@dataclass(frozen=True)
class Kept:
    """What the body is about to answer."""

    version: int
    is_unchanged: bool
    fields: dict[str, str] | None
    seen: int
    saved_at: datetime
    saved_by: str

    @property
    def is_begun(self) -> bool:
        return self.is_unchanged or self.fields is not None


@dataclass(frozen=True)
class Item:
    """One recommendation in the form."""

    row: Row
    told: list[Told]
    """Its timeline, newest first."""
    draft: Kept | None
    question: Told | None
    is_expected: bool
    """Whether a reply is expected; else it was given in this round."""

    @property
    def id(self) -> int:
        return self.row.addressee.id

    @property
    def code(self) -> str:
        return self.row.recommendation.code or self.row.recommendation.address

    @property
    def position(self) -> int:
        """Of the latest entry."""
        return self.told[0].entry.position if self.told else 0

    @property
    def version(self) -> int:
        return self.draft.version if self.draft else 0

    @cached_property
    def last(self) -> Told | None:
        """The latest answer by the day it counts on."""
        given = (one for one in self.told if one.kind is EntryKind.ANSWERED)
        return max(given, key=lambda one: (one.counts_on, one.seq), default=None)

    @property
    def last_answer(self) -> Answer | None:
        """The same, as the rules take it."""
        return confirmed(self.last) if self.last else None

    @property
    def may_confirm(self) -> bool:
        """Whether “nothing has changed” says something here: a question asks for more."""
        return self.last is not None and self.question is None

    @property
    def is_begun(self) -> bool:
        return self.draft is not None and self.draft.is_begun

    @property
    def newer(self) -> list[Told]:
        """What was written on its timeline since its draft was begun."""
        draft = self.draft
        return [one for one in self.told if draft and draft.is_begun and one.entry.position > draft.seen]

    @cached_property
    def answer(self) -> Answer | None:
        """What would be sent; None where nothing is begun."""
        if self.draft is None or not self.draft.is_begun:
            return None
        if self.draft.is_unchanged:
            return confirmed(self.last) if self.last else None
        return answer_of(self.draft.fields or {}, is_relay=self.row.addressee.role is Role.RELAY)

    def problems(self, today: date) -> list[Problem]:
        """What keeps its draft from being sent; empty where it may be."""
        if self.answer is None:
            return []
        found = problems_of_answer(self.answer, today=today, issued_on=self.row.recommendation.report.issued_on)
        typed = (self.draft.fields or {}).get("since", "").strip() if self.draft else ""
        if typed and self.answer.since is None:
            found.append(Problem("since", _("“%(typed)s” is not a date. Write it as 2026-11-23.", typed=typed[:30])))
        return found


def confirmed(last: Told) -> Answer:
    """The answer that says an earlier one again."""
    words = last.words
    return Answer(
        response=last.response or answer_of({}).response,
        reported=last.reported,
        done=words.get("done", ""),
        reason=words.get("reason", ""),
        since=last.fact_day("since"),
        links=tuple(last.links),
        confirms=last.confirms or last.seq,
    )


def items(link: AnswerLink, today: date) -> list[Item]:
    """Everything in the form of a link: questions first, then what is overdue and due; what was sent comes last."""
    session = database.session()
    expected = _of_issuer(addressees.expected_of(frozenset({link.body_id}), today), link)
    sent = _of_issuer(addressees.these(_sent_in(session, link), link.body_id, today), link)
    ids = [row.addressee.id for row in (*expected, *sent)]
    told, drafts = entries.timelines(ids), _drafts(session, ids)
    questions = entries.open_questions(ids)
    found = [
        Item(
            row,
            told[row.addressee.id],
            drafts.get(row.addressee.id),
            questions.get(row.addressee.id),
            row.standing.reply_due_on is not None,
        )
        for row in (*expected, *sent)
    ]
    return sorted(found, key=lambda one: (not one.is_expected, one.question is None))


def item(link: AnswerLink, addressee_id: int, today: date) -> Item:
    """One of them; what is not in this form is not there."""
    found = next((one for one in items(link, today) if one.id == addressee_id), None)
    if found is None:
        raise NotFound(_("There is no such recommendation in this form."))
    return found


def _of_issuer(rows: Collection[Row], link: AnswerLink) -> list[Row]:
    return [row for row in rows if row.recommendation.report.issuer_id == link.issuer_id]


def _sent_in(session: Session, link: AnswerLink) -> set[int]:
    """The addressees that answered in the round of a link."""
    if link.round_id is None:
        return set()
    of_round = (ExpectedReply.round_id == link.round_id, ExpectedReply.answered_seq.is_not(None))
    return set(session.scalars(select(ExpectedReply.addressee_id).where(*of_round)))


def _drafts(session: Session, ids: Collection[int]) -> dict[int, Kept]:
    found: dict[int, Kept] = {}
    for some in portions(ids):
        for one in session.scalars(select(SharedDraft).where(SharedDraft.addressee_id.in_(some))):
            found[one.addressee_id] = Kept(
                one.version,
                one.is_unchanged,
                json.loads(one.fields) if one.fields is not None else None,
                one.seen,
                one.saved_at,
                one.saved_by.display_name,
            )
    return found


def submission(link: AnswerLink, submission_id: int) -> Submission:
    """What was sent from a form at once, by anybody who holds a link to it."""
    found = database.session().get(Submission, submission_id)
    if found is None or (found.link.body_id, found.link.issuer_id) != (link.body_id, link.issuer_id):
        raise NotFound(_("There is no such receipt."))
    return found


def sent(of: Submission) -> list[Told]:
    """Its answers, in the order in which they were sent."""
    seqs = json.loads(of.entries)
    told = entries.all_told(seqs)
    return [told[seq] for seq in seqs]
