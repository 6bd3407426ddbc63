"""When one body takes over from another what it was asked, and which of two like addressees stays."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from tracker.domain.figures import is_closed
from tracker.domain.vocabulary import Implementation, Role


@dataclass(frozen=True)
class Held:
    """What matters here of one standing of an addressee."""

    from_on: date
    until_on: date | None
    body_id: int
    assessed: Implementation
    has_answered: bool
    is_unreviewed: bool

    @property
    def has_spoken(self) -> bool:
        """Whether either voice was heard."""
        return self.has_answered or self.assessed is not Implementation.NOT_ASSESSED


def is_open(assessed: Implementation, role: Role) -> bool:
    """What was done stays with the body that did it; a relay is never done."""
    return role is Role.RELAY or not is_closed(assessed)


def takes_over_on(held: Iterable[Held], role: Role, from_on: date, *, is_merger: bool) -> date | None:
    """The first day from `from_on` on which the present body had it while it was open; in a merger, had it at all."""
    ordered = sorted(held, key=lambda one: one.from_on, reverse=True)
    day = None
    for one in ordered:
        if one.body_id != ordered[0].body_id or (one.until_on is not None and one.until_on <= from_on):
            break
        if is_merger or is_open(one.assessed, role):
            day = max(one.from_on, from_on)
    return day


def stays(coming: Held, there: Held) -> bool | None:
    """Of two addressees of one recommendation and body: whether the one that comes stays; None where both do.

    The one stays of which something was heard; else the one that was there. None ends while its answer waits.
    """
    is_better = coming.has_spoken and not there.has_spoken
    ending = there if is_better else coming
    return None if ending.is_unreviewed else is_better
