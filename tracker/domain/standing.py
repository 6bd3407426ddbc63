"""From entries to standings: what was true of one addressee from one day to another.

Entries are folded by the day they count on, and within a day in the order of the chain. The table `standing`
holds the result; `tracker verify` folds again and compares.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from tracker.domain.vocabulary import ENDS, EntryKind, Implementation, Response

WITHDRAWN_QUESTION = "withdrawn"
"""As the fact `question` of a correction: no reply to it is expected; what it had taken the place of is again."""


TAKEN_BACK = "taken_back"
"""As the fact `takeover` of a correction: the takeover that it is about never was, whatever day it counts on."""


@dataclass(frozen=True)
class Happening:
    """What folding needs to know of an entry."""

    seq: int
    kind: EntryKind
    facts: Mapping[str, object]
    about: int | None
    counts_on: date


@dataclass(frozen=True)
class Standing:
    """What is true of an addressee from a day (included) to another (excluded; None: still true)."""

    from_on: date
    until_on: date | None
    body: str
    """The acting body's slug."""
    response: Response = Response.AWAITED
    reported: Implementation | None = None
    assessed: Implementation = Implementation.NOT_ASSESSED
    published_response: Response = Response.AWAITED
    published_reported: Implementation | None = None
    published_assessed: Implementation = Implementation.NOT_ASSESSED
    reply_due_on: date | None = None
    """When the open expected reply is due; None where none is open."""
    original_due_on: date | None = None
    last_answer_on: date | None = None
    unreviewed: int | None = None
    """The entry of the latest answer that nobody at the issuer has dealt with yet."""


@dataclass
class _Told:
    """What folding has met so far, beside what is true."""

    by_seq: Mapping[int, Happening]
    replied: set[object] = field(default_factory=set)
    """Rounds and questions to which a reply counts already."""
    waiting: list[Happening] = field(default_factory=list)
    """Answers that nobody at the issuer has dealt with, by the day they count on."""
    void: set[int | None] = field(default_factory=set)
    """Takeovers that were taken back."""
    public: set[int] = field(default_factory=set)
    """Answers and findings that everybody may read."""

    def has_reply_to(self, asked_seq: object) -> bool:
        """Whether what an entry asked has its reply: a question by its own number, anything else by its round."""
        asked = self.by_seq.get(asked_seq) if isinstance(asked_seq, int) else None
        if asked is None:
            return False
        return (asked.seq if asked.kind is EntryKind.RETURNED else asked.facts.get("round")) in self.replied

    def latest_public(self, kind: EntryKind) -> Mapping[str, object]:
        """The facts of the latest public answer or finding; none where none is."""
        found = [self.by_seq[seq] for seq in self.public if self.by_seq[seq].kind is kind]
        return max(found, key=_order).facts if found else {}


def _order(happening: Happening) -> tuple[date, int]:
    return happening.counts_on, happening.seq


def _with(before: Standing, **changes: Any) -> Standing:
    """The same but for some fields; several times as fast as `dataclasses.replace`, which every proof would feel."""
    return Standing(**{**vars(before), **changes})


def fold(happenings: Iterable[Happening]) -> list[Standing]:
    """The standings of one addressee, oldest first; empty before it was issued, ending when it was withdrawn."""
    ordered = sorted(happenings, key=_order)
    told = _Told({happening.seq: happening for happening in ordered}, void=taken_back(ordered))
    standings: list[Standing] = []
    current: Standing | None = None
    for happening in ordered:
        if _is_end(happening, told):
            if current is not None:
                standings.append(_with(current, until_on=happening.counts_on))
            current = None
            break
        changed = _apply(current, happening, told)
        if changed is None:
            continue
        if current is not None and changed != current and current.from_on < happening.counts_on:
            standings.append(_with(current, until_on=happening.counts_on))
            changed = _with(changed, from_on=happening.counts_on)
        current = changed
    if current is not None:
        standings.append(current)
    return [standing for standing in standings if standing.from_on != standing.until_on]


def taken_back(happenings: Iterable[Happening]) -> set[int | None]:
    """The takeovers that corrections take back."""
    corrections = (one for one in happenings if one.kind is EntryKind.CORRECTED)
    return {one.about for one in corrections if one.facts.get("takeover") == TAKEN_BACK}


def is_duplicate(happening: Happening) -> bool:
    """Whether it ends an addressee because another of the same recommendation asks the same body the same."""
    return happening.kind is EntryKind.TAKEN_OVER and "duplicate_of" in happening.facts


def _is_end(happening: Happening, told: _Told) -> bool:
    return happening.kind in ENDS or (is_duplicate(happening) and happening.seq not in told.void)


def _apply(before: Standing | None, happening: Happening, told: _Told) -> Standing | None:
    """The standing after one happening; None before the addressee was issued."""
    facts = happening.facts
    if before is None:
        is_begin = happening.kind is EntryKind.ISSUED and "body" in facts
        return Standing(happening.counts_on, None, str(facts["body"])) if is_begin else None
    match happening.kind:
        case EntryKind.ASKED:
            if facts["round"] in told.replied:  # the letter was received before the round was opened
                return before
            due = date.fromisoformat(str(facts["due_on"]))
            return _with(before, reply_due_on=due, original_due_on=due)
        case EntryKind.ANSWERED:
            told.replied |= {facts[name] for name in ("round", "question") if name in facts}
            told.waiting.append(happening)
            return _with(
                before,
                response=Response(str(facts["response"])),
                reported=_implementation(facts.get("reported")),
                reply_due_on=None,
                original_due_on=None,
                last_answer_on=happening.counts_on,
                unreviewed=happening.seq,
            )
        case EntryKind.RETURNED:
            reviewed = _reviewed(before, happening, told)
            if happening.seq in told.replied:  # the letter was received before the question was asked
                return reviewed
            due = date.fromisoformat(str(facts["due_on"]))
            return _with(reviewed, reply_due_on=due, original_due_on=due)
        case EntryKind.DUE_MOVED:
            if before.reply_due_on is None:  # a letter received before it moved has answered
                return before
            return _with(before, reply_due_on=date.fromisoformat(str(facts["due_on"])))
        case EntryKind.FILED:
            return _reviewed(before, happening, told)
        case EntryKind.ASSESSED:
            return _with(_reviewed(before, happening, told), assessed=Implementation(str(facts["assessed"])))
        case EntryKind.LAPSED:
            told.public -= {seq for seq in told.public if told.by_seq[seq].kind is EntryKind.ASSESSED}
            return _published(_with(before, assessed=Implementation.NOT_ASSESSED), told)
        case EntryKind.PUBLISHED:
            if happening.about is not None and happening.about in told.by_seq:
                change = told.public.discard if facts.get("taken_back") else told.public.add
                change(happening.about)
            return _published(before, told)
        case EntryKind.TAKEN_OVER:
            return before if happening.seq in told.void else _with(before, body=str(facts["body"]))
        case EntryKind.CORRECTED:
            return _corrected(before, facts, told)
        case _:
            return before


def _reviewed(before: Standing, by: Happening, told: _Told) -> Standing:
    """Whoever deals with an answer deals with those it replaced, but not with a letter that was recorded after it."""
    of = told.by_seq.get(by.about or 0)
    if of is None or of.kind is not EntryKind.ANSWERED:
        return before
    told.waiting = [one for one in told.waiting if one.seq > of.seq or one.counts_on > of.counts_on]
    return _with(before, unreviewed=told.waiting[-1].seq if told.waiting else None)


def _published(before: Standing, told: _Told) -> Standing:
    """What is public is the latest answer and finding that are, in whatever order they were published."""
    answer, finding = told.latest_public(EntryKind.ANSWERED), told.latest_public(EntryKind.ASSESSED)
    return _with(
        before,
        published_response=Response(str(answer.get("response", Response.AWAITED))),
        published_reported=_implementation(answer.get("reported")),
        published_assessed=Implementation(str(finding.get("assessed", Implementation.NOT_ASSESSED))),
    )


def _corrected(before: Standing, facts: Mapping[str, object], told: _Told) -> Standing:
    """A correction counts from its own day: figures of earlier days stay as they were told."""
    if "response" in facts:
        before = _with(before, response=Response(str(facts["response"])))
    if "reported" in facts:
        before = _with(before, reported=_implementation(facts["reported"]))
    if "assessed" in facts:
        before = _with(before, assessed=Implementation(str(facts["assessed"])))
    if facts.get("question") == WITHDRAWN_QUESTION:
        again = {} if told.has_reply_to(facts.get("asked_seq")) else facts
        before = _with(before, reply_due_on=_day(again, "reply_due_on"), original_due_on=_day(again, "original_due_on"))
    return before


def _day(facts: Mapping[str, object], name: str) -> date | None:
    return date.fromisoformat(str(facts[name])) if name in facts else None


def _implementation(code: object) -> Implementation | None:
    return Implementation(str(code)) if code else None
