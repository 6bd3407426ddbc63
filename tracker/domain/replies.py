"""From entries to expected replies: what was asked of one addressee, and which entry ended it.

Entries are taken in the order of the chain, as they were recorded. The table `expected_reply` holds the result;
`tracker verify` works it out again and compares.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from tracker.domain.standing import TAKEN_BACK, Happening, is_duplicate
from tracker.domain.vocabulary import EntryKind


@dataclass(frozen=True)
class Reply:
    """A reply that is or was expected, by the seqs of the entries that asked, answered or closed it."""

    asked: int
    asked_on: date
    due_on: date
    original_due_on: date
    round: str | None
    answered: int | None = None
    closed: int | None = None

    @property
    def is_open(self) -> bool:
        """Whether it is still expected."""
        return self.answered is None and self.closed is None


def replay(happenings: Iterable[Happening]) -> list[Reply]:
    """Every reply that was expected of one addressee, in the order in which they were asked for."""
    replies: dict[int, Reply] = {}
    for happening in happenings:
        last = next((one for one in replies.values() if one.is_open), None)
        if last is not None:
            replies[last.asked] = _after(last, happening)
        match happening.kind:
            case EntryKind.ASKED:
                replies[happening.seq] = _asked(happening, str(happening.facts["round"]))
            case EntryKind.RETURNED:
                answered = next((one for one in replies.values() if one.answered == happening.about), last)
                replies[happening.seq] = _asked(happening, answered.round if answered else None)
            case EntryKind.CORRECTED if last is not None and happening.about == last.asked:
                replaced = [one for one in replies.values() if one.closed == last.asked]
                replies |= {one.asked: replace(one, closed=None) for one in replaced}
            case EntryKind.CORRECTED if happening.facts.get("takeover") == TAKEN_BACK:
                ended = [one for one in replies.values() if one.closed == happening.about]
                replies |= {one.asked: replace(one, closed=None) for one in ended}
    return list(replies.values())


def _asked(by: Happening, round_: str | None) -> Reply:
    due_on = date.fromisoformat(str(by.facts["due_on"]))
    return Reply(by.seq, by.counts_on, due_on, due_on, round_)


def _after(last: Reply, happening: Happening) -> Reply:
    """What becomes of the open reply."""
    match happening.kind:
        case EntryKind.ANSWERED if _is_reply(last, happening):
            return replace(last, answered=happening.seq)
        case EntryKind.DUE_MOVED:
            return replace(last, due_on=date.fromisoformat(str(happening.facts["due_on"])))
        case EntryKind.CORRECTED if happening.about == last.asked:  # the question is taken back
            return replace(last, closed=happening.seq)
        case EntryKind.RETURNED | EntryKind.WITHDRAWN | EntryKind.IMPORT_UNDONE:
            return replace(last, closed=happening.seq)
        case EntryKind.TAKEN_OVER if is_duplicate(happening):
            return replace(last, closed=happening.seq)
    return last


def _is_reply(last: Reply, answer: Happening) -> bool:
    """An answer names what it replies to; a letter that is older than what was asked about names nothing."""
    is_of_round = last.round is not None and answer.facts.get("round") == last.round
    return is_of_round or answer.facts.get("question") == last.asked
