"""Reminders: decides what is due, and writes the decisions with the digests that carry them."""

import time
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from tracker import clock, database
from tracker.database import reading, transaction
from tracker.domain.references import code_order
from tracker.domain.reminders import Decision, Plan
from tracker.errors import NotFound
from tracker.language import _
from tracker.mail import messages
from tracker.models import Installation, Person, Reminder
from tracker.queries import concerned
from tracker.queries import reminders as queries
from tracker.queries.digests import Asked
from tracker.services import digests, outbox
from tracker.settings import Settings

PEOPLE_PER_TURN, ROWS_PER_TURN = 25, 500
TURN, PAUSE = 0.25, 0.1
"""Seconds for which one turn to write is kept, and for which others then get theirs."""
Decided = tuple[int | None, list[tuple[str, Decision]]]
"""A person and what was decided for them: whole, for it becomes one mail. What is decided for nobody comes in parts."""


def plan(now: datetime, settings: Settings) -> int:
    """Write what is due at `now`: every decision once, one digest per person, issuer and day. How many it queued.

    Any number of planners may run at once: a decision belongs to whoever inserts its key.
    """
    with reading() as session:
        if session.get_one(Installation, 1).is_held:
            return 0
        found = queries.plan_at(session, now, settings.timezone)
    by_person: dict[int | None, list[tuple[str, Decision]]] = defaultdict(list)
    for state, decisions in (("planned", found.planned), ("superseded", found.superseded), ("skipped", found.skipped)):
        for decision in decisions:
            if decision.is_final:
                by_person[decision.person].append((state, decision))
    nobody = by_person.pop(None, [])
    waiting: list[Decided] = [*by_person.items()]
    waiting += [(None, nobody[n : n + ROWS_PER_TURN]) for n in range(0, len(nobody), ROWS_PER_TURN)]
    queued = 0
    while waiting:
        done, written = _write(waiting[:PEOPLE_PER_TURN], now, settings)
        queued, waiting = queued + written, waiting[done:]
        if waiting:
            time.sleep(PAUSE)
    return queued


def _write(some: Sequence[Decided], now: datetime, settings: Settings) -> tuple[int, int]:
    """Write what is decided, as far as one turn goes: for how many of these, and how many digests it queued."""
    queued, done = 0, 0
    with transaction() as session:
        until = time.monotonic() + TURN
        ids = [person for person, _decisions in some if person is not None]
        people = queries.people(session, ids)
        written = queries.written_on(session, clock.day_of(now), ids)
        for person_id, decisions in some:
            if done and time.monotonic() > until:
                break
            done += 1
            if person_id in written:  # another planner was faster: the rest waits until tomorrow
                continue
            rows = [_row(state, decision, now) for state, decision in decisions]
            new = set(outbox.insert_new(session, Reminder, rows))
            planned = [one for state, one in decisions if state == "planned" and one.key in new]
            if person_id is not None:
                for issuer_id, of_issuer in _by_issuer(session, planned).items():
                    queued += _write_digest(session, people[person_id], issuer_id, of_issuer, now, settings)
    return done, queued


def _by_issuer(session: Session, planned: Collection[Decision]) -> dict[int, list[Decision]]:
    """A mail speaks for one issuer: its coordinators read the ledger, and no other office's correspondence."""
    issuer_of = concerned.issuer_of(session, {one.expected.addressee for one in planned})
    found: dict[int, list[Decision]] = defaultdict(list)
    for one in planned:
        found[issuer_of[one.expected.addressee]].append(one)
    return found


def _row(state: str, decision: Decision, now: datetime) -> dict[str, object]:
    return {
        "key": decision.key,
        "kind": decision.step.kind,
        "step": decision.step.name,
        "step_on": decision.step.on,
        "expected_reply_id": decision.expected.id,
        "addressee_id": decision.expected.addressee,
        "person_id": decision.person,
        "state": state,
        "why": decision.why if state == "skipped" else None,
        "planned_at": now,
    }


def _write_digest(
    session: Session, person: Person, issuer_id: int, planned: Collection[Decision], now: datetime, settings: Settings
) -> bool:
    is_new = all(one.step.name == "ask" for one in planned)
    replies = [one.expected.id for one in planned]
    mail = digests.write(session, person, issuer_id, replies, is_new=is_new, at=now, settings=settings)
    if mail is None:
        return False
    of_these = Reminder.key.in_([one.key for one in planned])
    session.execute(update(Reminder).where(of_these).values(outgoing_mail_id=mail.id))
    return True


def preview(now: datetime, settings: Settings) -> dict[str, list[dict[str, object]]]:
    """What a tick at `now` would plan and skip, in the form of `tracker remind --dry-run --json`; writes nothing."""
    with reading() as session:
        found = queries.plan_at(session, now, settings.timezone, is_whole=True)
        if session.get_one(Installation, 1).is_held:
            found = found.held()
        people = queries.people(session, [one.person for one in found.planned if one.person is not None])
        emails = {number: person.email for number, person in people.items()}
    return _as_json(found, emails)


def _as_json(found: Plan, emails: dict[int, str]) -> dict[str, list[dict[str, object]]]:
    planned: dict[tuple[str, str, str, str], list[Decision]] = defaultdict(list)
    for one in found.planned:
        recipient = emails[one.person or 0]
        planned[recipient, one.expected.body, one.step.kind, one.expected.due_on.isoformat()].append(one)
    skipped: dict[tuple[str, str, str], list[Decision]] = defaultdict(list)
    for one in found.skipped:
        skipped[one.expected.body, one.step.kind, one.why or ""].append(one)
    return {
        "planned": [
            {"person": person, "body": body, "kind": kind, "due_on": due_on, "items": _codes(decisions)}
            for (person, body, kind, due_on), decisions in sorted(planned.items())
        ],
        "skipped": [
            {"body": body, "kind": kind, "why": why, "items": _codes(decisions)}
            for (body, kind, why), decisions in sorted(skipped.items())
        ],
    }


def _codes(decisions: Iterable[Decision]) -> list[str]:
    return sorted({one.expected.code for one in decisions}, key=code_order)


def sample(person: Person, due_on: Mapping[int, date], *, at: datetime, settings: Settings) -> messages.Composed:
    """The first mail that `person` would get; `due_on` has a due date per id of an addressee. Stores nothing."""
    if not due_on:
        raise NotFound(_("There is nothing to ask."))
    today = clock.day_of(at)
    asked = [Asked(addressee_id, today, day) for addressee_id, day in due_on.items()]
    message_id = outbox.new_message_id(settings)
    session = database.session()
    return digests.compose(session, person, asked, is_new=True, message_id=message_id, at=at, settings=settings)
