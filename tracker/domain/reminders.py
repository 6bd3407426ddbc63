"""Which reminders are due: a pure plan from the moment, the expected replies and the decisions already taken.

Each expected reply has a ladder of steps: asked, or told that the due date moved; days before that date; the day
itself; then every so many days.
A step falls on a working day from the hour of sending on; one that was missed waits for such an hour too. Of all steps
that are due, each person gets the newest; older ones are noted as superseded, so that a worker that slept for a month
sends one mail and not four.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from types import MappingProxyType
from zoneinfo import ZoneInfo

from tracker.domain.policies import Policy

BETWEEN_ADVANCE_STEPS = 7
"""Days: a step before the due date that follows closer on the one before is left out."""
OPEN_FOR = timedelta(hours=10)
"""How long after the hour of sending reminders may leave: what comes up later waits for the next working day."""


@dataclass(frozen=True)
class Expected:
    """An expected reply as planning sees it. `recipients` are the focal points of the acting body."""

    id: int
    addressee: int
    body: str
    code: str
    asked_on: date
    due_on: date
    policy: Policy = field(default_factory=Policy)
    recipients: tuple[int, ...] = ()
    suppressed: frozenset[int] = frozenset()
    """Those of the recipients whose address is refused for good."""
    answered_on: date | None = None
    is_question: bool = False
    """Asked by returning an answer, not by a round."""
    is_moved: bool = False
    """Its due date moved since it was asked."""


@dataclass(frozen=True)
class Step:
    """One rung of the ladder."""

    kind: str
    """before, due, overdue or question."""
    name: str
    on: date
    """The working day on which it is sent."""
    is_throttled: bool = False


@dataclass(frozen=True)
class Decision:
    """To remind one person of one expected reply, or not to and why."""

    key: str
    expected: Expected
    step: Step
    person: int | None
    why: str | None = None
    is_final: bool = True
    """Whether it is kept: what merely waits is decided again at the next tick."""


@dataclass(frozen=True)
class Plan:
    """Everything that one tick decides."""

    planned: tuple[Decision, ...] = ()
    superseded: tuple[Decision, ...] = ()
    skipped: tuple[Decision, ...] = ()

    def by_day(self, now: datetime, timezone: str) -> "Plan":
        """The same without what may not leave at this hour: a step that was missed waits for a morning too."""
        by_night = {one for one in self.planned if leaves_at(now, one.expected.policy, timezone) > now}
        waiting = (replace(one, why="quiet", is_final=False) for one in self.planned if one in by_night)
        leaving = tuple(one for one in self.planned if one not in by_night)
        return replace(self, planned=leaving, skipped=(*waiting, *self.skipped))

    def held(self) -> "Plan":
        """The same while the installation is held: nothing is planned."""
        kept = tuple(replace(one, why="held", is_final=False) for one in self.planned)
        return Plan(skipped=kept + self.skipped)


def key_of(expected: Expected, step: Step, person: int | None, why: str | None = None) -> str:
    """The name of a decision: the same one is never taken twice. A skip leaves the reminder itself possible."""
    parts = (step.kind, expected.id, expected.due_on.isoformat(), step.name, person or "-", *([why] if why else []))
    return "/".join(str(part) for part in parts)


def due_on_of(key: str) -> date:
    """The due date for which a decision was taken."""
    return date.fromisoformat(key.split("/")[2])


def steps(expected: Expected) -> tuple[Step, ...]:
    """The ladder of an expected reply, in order; steps that came too close are marked as throttled."""
    kind, first = "question" if expected.is_question else "before", "moved" if expected.is_moved else "ask"
    return _ladder(expected.policy, expected.asked_on, expected.due_on, kind, first)


@lru_cache(maxsize=4096)
def _ladder(policy: Policy, asked_on: date, due_on: date, kind: str, first: str) -> tuple[Step, ...]:
    """Worked out once for all replies that were asked for together."""
    asked = policy.working_day(asked_on)
    ladder = [Step(kind, first, asked)]
    last = asked
    for days in policy.before:
        day = policy.working_day(due_on - timedelta(days=days))
        if day <= asked:
            continue  # the ladder began later than this rung
        if days == 0:
            ladder.append(Step("due", "due", day))
        elif (day - last).days < BETWEEN_ADVANCE_STEPS:
            ladder.append(Step("before", f"before-{days}", day, is_throttled=True))
        else:
            ladder.append(Step("before", f"before-{days}", day))
            last = day
    for n in range(1, policy.at_most + 1):
        day = policy.working_day(due_on + timedelta(days=policy.every * n))
        if day > asked:
            ladder.append(Step("overdue", f"overdue-{n}", day))
    return tuple(ladder)


def missed(expected: Expected) -> Step | None:
    """The step that an answer made needless; None where it came after all of them."""
    answered_on = expected.answered_on or date.max
    return next((step for step in steps(expected) if step.on >= answered_on and not step.is_throttled), None)


@lru_cache(maxsize=4096)
def moment_of(day: date, at: time, timezone: str) -> datetime:
    """When clocks in `timezone` first show `at` on `day`; where they skip it, when they jumped over it."""
    zone = ZoneInfo(timezone)
    wanted = datetime.combine(day, at)
    first = wanted.replace(tzinfo=zone).astimezone(UTC)
    if first.astimezone(zone).replace(tzinfo=None) == wanted:
        return first
    before, after = wanted.replace(tzinfo=zone, fold=1).astimezone(UTC), first
    while after - before > timedelta(seconds=1):
        middle = before + (after - before) / 2
        is_before = middle.astimezone(zone).replace(tzinfo=None) < wanted
        before, after = (middle, after) if is_before else (before, middle)
    return after.replace(microsecond=0)


def sending_day(now: datetime, policy: Policy, timezone: str) -> date:
    """The working day whose hour of sending was the last to come."""
    day = now.astimezone(ZoneInfo(timezone)).date()
    while not policy.works_on(day) or moment_of(day, policy.send_at, timezone) > now:
        day -= timedelta(days=1)
    return day


def next_sending(now: datetime, policy: Policy, timezone: str) -> datetime:
    """When the hour of sending comes next, on a working day."""
    day = now.astimezone(ZoneInfo(timezone)).date()
    while (moment := moment_of(policy.working_day(day), policy.send_at, timezone)) <= now:
        day += timedelta(days=1)
    return moment


def leaves_at(now: datetime, policy: Policy, timezone: str) -> datetime:
    """When what is due at `now` leaves: at once by day, on a working day; never at night or at a weekend."""
    began = moment_of(sending_day(now, policy, timezone), policy.send_at, timezone)
    return now if now - began < OPEN_FOR else next_sending(now, policy, timezone)


def was_written_to(last_digest: date | None, now: datetime, policy: Policy, timezone: str) -> bool:
    """Whether a person got a digest since the last hour of sending, and so hears the rest at the next one."""
    return last_digest is not None and last_digest >= sending_day(now, policy, timezone)


def plan(
    now: datetime,
    timezone: str,
    expected: Iterable[Expected],
    existing: Collection[str],
    last_digests: Mapping[int, date] = MappingProxyType({}),
) -> Plan:
    """What to do at `now`, given the keys of earlier decisions and the day of each person's last digest."""
    found: dict[str, list[Decision]] = {"planned": [], "superseded": [], "skipped": []}
    for one in expected:
        for outcome, decision in _decide(one, now, timezone, existing, last_digests):
            if decision.key not in existing:
                found[outcome].append(decision)
    return Plan(*(tuple(decisions) for decisions in found.values()))


def _decide(
    one: Expected, now: datetime, timezone: str, existing: Collection[str], last_digests: Mapping[int, date]
) -> Iterator[tuple[str, Decision]]:
    ladder = steps(one)
    is_due = {step: moment_of(step.on, one.policy.send_at, timezone) <= now for step in ladder}
    if one.answered_on is not None:
        needless = missed(one)
        if needless is not None and is_due[needless]:
            yield _skip(one, needless, None, "answered")
        return
    for step in ladder:
        if step.is_throttled and is_due[step]:
            yield _skip(one, step, None, "throttled")
    kept = [step for step in ladder if not step.is_throttled]
    due = [step for step in kept if is_due[step]]
    yield from _waiting(one, kept[len(due) :], now, timezone)
    if not due:
        return
    newest = due[-1]
    if not one.recipients:
        yield _skip(one, newest, None, "no_focal_point")
    for person in one.recipients:
        for step in due[:-1]:
            yield "superseded", Decision(key_of(one, step, person), one, step, person)
        if person in one.suppressed:
            yield _skip(one, newest, person, "suppressed")
        elif key_of(one, newest, person) not in existing and was_written_to(
            last_digests.get(person), now, one.policy, timezone
        ):
            yield _skip(one, newest, person, "throttled", is_final=False)
        else:
            yield "planned", Decision(key_of(one, newest, person), one, newest, person)


def _waiting(one: Expected, later: list[Step], now: datetime, timezone: str) -> Iterator[tuple[str, Decision]]:
    """The next step, where only the hour or the weekend is in its way."""
    today = now.astimezone(ZoneInfo(timezone)).date()
    if later and later[0].on == one.policy.working_day(today):
        yield _skip(one, later[0], None, "quiet", is_final=False)


def _skip(one: Expected, step: Step, person: int | None, why: str, *, is_final: bool = True) -> tuple[str, Decision]:
    return "skipped", Decision(key_of(one, step, person, why), one, step, person, why, is_final)


def next_moment(now: datetime, timezone: str, expected: Iterable[Expected]) -> datetime | None:
    """When the next step of any of these falls due; None where none is left."""
    moments = (
        moment_of(step.on, one.policy.send_at, timezone)
        for one in expected
        if one.answered_on is None
        for step in steps(one)
        if not step.is_throttled
    )
    return min((moment for moment in moments if moment > now), default=None)
