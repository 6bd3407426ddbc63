"""A policy in plain words: what a body gets, and on which days it would."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tracker.domain.policies import Policy
from tracker.domain.reminders import Expected, steps
from tracker.domain.vocabulary import BodyType
from tracker.language import _, in_words, listed, ngettext
from tracker.queries.policies import Policies


@dataclass(frozen=True)
class Told:
    """What bodies of some types get."""

    types: tuple[BodyType, ...]
    """Empty for all that have no policy of their own."""
    sentence: str
    days: tuple[date, ...]
    """On which they would get a mail for the example."""


def told(policies: Policies, types: Sequence[BodyType], asked_on: date, due_on: date) -> list[Told]:
    """Each policy in words, with the days of a reply that is asked for and due on these days and never comes."""
    own = [one for one in types if one in policies.of_type]
    found = [Told((), sentence(policies.usual), _days(policies.usual, asked_on, due_on))]
    for code in own:
        policy = policies.of(code)
        found.append(Told((code,), sentence(policy), _days(policy, asked_on, due_on)))
    return found


def sentence(policy: Policy) -> str:
    """What leaves, in a sentence or two."""
    ahead = [str(days) for days in sorted(policy.before, reverse=True) if days]
    parts = [_("The question itself leaves when a round is opened.")]
    if ahead and 0 in policy.before:
        parts.append(_("Reminders follow %(days)s days before the due date and on the day itself.", days=listed(ahead)))
    elif ahead:
        parts.append(_("Reminders follow %(days)s days before the due date.", days=listed(ahead)))
    elif 0 in policy.before:
        parts.append(_("One reminder follows on the due date itself."))
    else:
        parts.append(_("Nothing follows before the due date."))
    if policy.at_most:
        parts.append(
            ngettext(
                "After it, one more follows after %(every)s days.",
                "After it, one more follows every %(every)s days, %(most)s at most.",
                policy.at_most,
                every=policy.every,
                most=in_words(policy.at_most),
            )
        )
    else:
        parts.append(_("After it, nobody is reminded."))
    return " ".join(parts)


def _days(policy: Policy, asked_on: date, due_on: date) -> tuple[date, ...]:
    ladder = steps(Expected(0, 0, "", "", asked_on, due_on, policy))
    return tuple(sorted({step.on for step in ladder if not step.is_throttled}))
