"""What happened to the recommendations of a made-up installation: five entries each, of every kind that is usual."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from tracker.domain import chain
from tracker.domain.vocabulary import EntryKind, Implementation, Response

TODAY = date(2026, 11, 23)
_IMPLEMENTATIONS = ("not_started", "in_progress", "partially", "fully", "continuing", "not_implemented")
_RESPONSES = ("accepted", "accepted_in_part", "under_consideration", "not_accepted")
_WORDS = (
    "enquête", "police", "victimes", "formation", "circulaire", "parquet", "inspection", "accueil", "mineurs", "budget",
    "données", "contrôle",
)  # fmt: skip


@dataclass(frozen=True)
class Event:
    """One entry of a life, before it has its place in the chain."""

    kind: EntryKind
    facts: dict[str, object]
    text: dict[str, object] | None
    about: int | None
    """Which event of the same life it is about, counted from 0."""
    at: datetime
    is_by_body: bool = False


def life(number: int, issued_on: date, body: str, round_: str) -> list[Event]:
    """Five events: issued as a recommendation and to a body, asked, and two more that depend on the number."""
    asked_on = issued_on + timedelta(days=60)
    due_on = asked_on + timedelta(days=180)
    return [
        Event(EntryKind.ISSUED, {"texts": {"fr": chain.digest(wording(number))}}, None, None, _at(issued_on, 0)),
        Event(EntryKind.ISSUED, _addressee(body), None, None, _at(issued_on, 0)),
        Event(EntryKind.ASKED, {"round": round_, "due_on": due_on}, None, None, _at(asked_on, 0)),
        *_ENDINGS[number % len(_ENDINGS)](number, round_, asked_on, due_on),
    ]


def _addressee(body: str) -> dict[str, object]:
    return {"body": body, "role": "implementer", "wording": {"fr": chain.digest(addressed(body))}}


def wording(number: int) -> str:
    """The text of a recommendation."""
    return f"{words(number, 18).capitalize()} {number}."


def addressed(body: str) -> str:
    """How an annex writes a body."""
    return body.replace("-", " ").capitalize()


def _at(day: date, minute: int) -> datetime:
    return datetime(day.year, day.month, day.day, 8, minute % 60, tzinfo=UTC)


def words(number: int, count: int) -> str:
    """Some words, the same for the same number."""
    return " ".join(_WORDS[(number * 7 + place * (1 + number % 5)) % len(_WORDS)] for place in range(count))


def _answered(number: int, round_: str, asked_on: date, after: int) -> Event:
    response = Response(_RESPONSES[number // 5 % len(_RESPONSES)])
    facts: dict[str, object] = {"response": response.value, "channel": "form", "round": round_}
    if response is not Response.NOT_ACCEPTED:
        facts["reported"] = _IMPLEMENTATIONS[number // 7 % len(_IMPLEMENTATIONS)]
    text: dict[str, object] = {"done": f"{words(number, 20)}.", "reason": f"{words(number + 1, 12)}."}
    return Event(EntryKind.ANSWERED, facts, text, None, _at(asked_on + timedelta(days=after), number), is_by_body=True)


def _assessed(number: int, round_: str, asked_on: date, _due_on: date) -> list[Event]:
    answered = _answered(number, round_, asked_on, 20 + number % 150)
    assessed = Implementation(_IMPLEMENTATIONS[number // 11 % len(_IMPLEMENTATIONS)])
    text: dict[str, object] = {"reason": f"{words(number, 9)}."}
    at = answered.at + timedelta(days=9)
    return [answered, Event(EntryKind.ASSESSED, {"assessed": assessed.value}, text, 3, at)]


def _filed(number: int, round_: str, asked_on: date, _due_on: date) -> list[Event]:
    answered = _answered(number, round_, asked_on, 30 + number % 120)
    return [answered, Event(EntryKind.FILED, {}, None, 3, answered.at + timedelta(days=3))]


def _answered_again(number: int, round_: str, asked_on: date, _due_on: date) -> list[Event]:
    """The second came unasked and waits for review."""
    first, second = (_answered(number + more, round_, asked_on, 40 + more) for more in (0, 1))
    facts = {name: value for name, value in second.facts.items() if name != "round"}
    return [first, Event(second.kind, facts, second.text, None, second.at, is_by_body=True)]


def _silent(number: int, _round: str, _asked_on: date, due_on: date) -> list[Event]:
    """Two moves of the due date, and still no word."""
    moves = [due_on + timedelta(days=days) for days in (30, 60)]
    return [
        Event(EntryKind.DUE_MOVED, {"due_on": moved}, None, None, _at(due_on - timedelta(days=20 - step), number))
        for step, moved in enumerate(moves)
    ]


def _returned(number: int, round_: str, asked_on: date, _due_on: date) -> list[Event]:
    answered = _answered(number, round_, asked_on, 50)
    due_on = answered.at.date() + timedelta(days=40)
    text: dict[str, object] = {"question": f"{words(number, 6)}?"}
    return [answered, Event(EntryKind.RETURNED, {"due_on": due_on}, text, 3, answered.at + timedelta(days=2))]


_ENDINGS = (_assessed, _filed, _answered_again, _silent, _returned, _assessed)
