"""From entries to standings: what was true of one addressee from one day to another.

Entries are folded by the day they count on, and within a day in the order of the chain. The table `standing`
holds the result; `tracker verify` folds again and compares.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from tracker.domain.vocabulary import ENDS, EntryKind, Implementation, Response


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
    """The entry of the answer that nobody at the issuer has dealt with yet."""


def fold(happenings: Iterable[Happening]) -> list[Standing]:
    """The standings of one addressee, oldest first; empty before it was issued, ending when it was withdrawn."""
    ordered = sorted(happenings, key=lambda happening: (happening.counts_on, happening.seq))
    by_seq = {happening.seq: happening for happening in ordered}
    answered: set[object] = set()
    standings: list[Standing] = []
    current: Standing | None = None
    for happening in ordered:
        if happening.kind in ENDS:
            if current is not None:
                standings.append(replace(current, until_on=happening.counts_on))
            current = None
            break
        changed = _apply(current, happening, by_seq, answered)
        if changed is None:
            continue
        if current is not None and changed != current and current.from_on < happening.counts_on:
            standings.append(replace(current, until_on=happening.counts_on))
            changed = replace(changed, from_on=happening.counts_on)
        current = changed
    if current is not None:
        standings.append(current)
    return [standing for standing in standings if standing.from_on != standing.until_on]


def _apply(
    before: Standing | None, happening: Happening, by_seq: Mapping[int, Happening], answered: set[object]
) -> Standing | None:
    """The standing after one happening; None before the addressee was issued.

    `answered` collects the rounds and questions to which a reply counts already.
    """
    facts = happening.facts
    if before is None:
        is_begin = happening.kind is EntryKind.ISSUED and "body" in facts
        return Standing(happening.counts_on, None, str(facts["body"])) if is_begin else None
    match happening.kind:
        case EntryKind.ASKED:
            if facts["round"] in answered:  # the letter was received before the round was opened
                return before
            due = date.fromisoformat(str(facts["due_on"]))
            return replace(before, reply_due_on=due, original_due_on=due)
        case EntryKind.ANSWERED:
            answered |= {facts.get("round"), facts.get("question")}
            return replace(
                before,
                response=Response(str(facts["response"])),
                reported=_implementation(facts.get("reported")),
                reply_due_on=None,
                original_due_on=None,
                last_answer_on=happening.counts_on,
                unreviewed=happening.seq,
            )
        case EntryKind.RETURNED:
            reviewed = _reviewed(before, happening)
            if happening.seq in answered:  # the letter was received before the question was asked
                return reviewed
            due = date.fromisoformat(str(facts["due_on"]))
            return replace(reviewed, reply_due_on=due, original_due_on=due)
        case EntryKind.DUE_MOVED:
            return replace(before, reply_due_on=date.fromisoformat(str(facts["due_on"])))
        case EntryKind.FILED:
            return _reviewed(before, happening)
        case EntryKind.ASSESSED:
            return replace(_reviewed(before, happening), assessed=Implementation(str(facts["assessed"])))
        case EntryKind.LAPSED:
            return replace(before, assessed=Implementation.NOT_ASSESSED)
        case EntryKind.PUBLISHED:
            return _published(before, by_seq.get(happening.about or 0))
        case EntryKind.TAKEN_OVER:
            return replace(before, body=str(facts["body"]))
        case EntryKind.CORRECTED:
            return _corrected(before, facts)
        case _:
            return before


def _reviewed(before: Standing, by: Happening) -> Standing:
    return replace(before, unreviewed=None) if before.unreviewed == by.about else before


def _published(before: Standing, of: Happening | None) -> Standing:
    if of is None:
        return before
    if of.kind is EntryKind.ANSWERED:
        return replace(
            before,
            published_response=Response(str(of.facts["response"])),
            published_reported=_implementation(of.facts.get("reported")),
        )
    if of.kind is EntryKind.ASSESSED:
        return replace(before, published_assessed=Implementation(str(of.facts["assessed"])))
    return before


def _corrected(before: Standing, facts: Mapping[str, object]) -> Standing:
    """A correction counts from its own day: figures of earlier days stay as they were told."""
    if "response" in facts:
        before = replace(before, response=Response(str(facts["response"])))
    if "reported" in facts:
        before = replace(before, reported=_implementation(facts["reported"]))
    if "assessed" in facts:
        before = replace(before, assessed=Implementation(str(facts["assessed"])))
    return before


def _implementation(code: object) -> Implementation | None:
    return Implementation(str(code)) if code else None
