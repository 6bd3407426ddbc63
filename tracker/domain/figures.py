"""The definitions behind every figure, one place for pages, mails and exports.

A relay counts in response figures; only implementers count in implementation figures. A body that cannot be
written to is counted as such, apart from silence.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from tracker.domain.vocabulary import NOTHING, SEVEN, Implementation, Response, Role

STALE_MONTHS = 13
CLOSED = (Implementation.FULLY, Implementation.OVERTAKEN, Implementation.CONTINUING)
"""A finding that has lapsed is `not_assessed` again, so that `continuing` here has not."""
_ALIKE = frozenset({Implementation.FULLY, Implementation.CONTINUING})


def is_overdue(reply_due_on: date | None, today: date) -> bool:
    """An open expected reply whose due date is past; submitting an answer ends the expected reply."""
    return reply_due_on is not None and reply_due_on < today


def is_closed(assessed: Implementation) -> bool:
    """The issuer found it done, continuing or overtaken."""
    return assessed in CLOSED


def is_disputed(reported: Implementation | None, assessed: Implementation) -> bool:
    """Both voices have spoken and differ, other than between fully and continuing."""
    if reported not in SEVEN or assessed not in SEVEN or reported == assessed:
        return False
    return {reported, assessed} != _ALIKE


def is_stale(last_answer_on: date | None, today: date) -> bool:
    """The last submission is more than 13 months old."""
    return last_answer_on is not None and months_after(last_answer_on, STALE_MONTHS) < today


def stale_until(today: date) -> date:
    """The latest day whose submission is stale: months have different lengths, so it is looked for."""
    day = months_after(today, -STALE_MONTHS)
    while is_stale(day, today):
        day += timedelta(days=1)
    while not is_stale(day, today):
        day -= timedelta(days=1)
    return day


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or the last of a shorter month."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    first_of_next = date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)
    last = (first_of_next - timedelta(days=1)).day
    return date(year, month + 1, min(day.day, last))


@dataclass(frozen=True)
class Counted:
    """One addressee as figures see it on one day."""

    role: Role
    response: Response
    reported: Implementation | None
    assessed: Implementation
    reply_due_on: date | None
    last_answer_on: date | None
    has_focal_point: bool


@dataclass
class Figures:
    """Counts over addressees: of one body, report or section, or of all."""

    key: str
    name: str
    addressees: int = 0
    implementers: int = 0
    response: dict[str, int] = field(default_factory=lambda: {code.value: 0 for code in Response})
    reported: dict[str, int] = field(default_factory=lambda: {**{code.value: 0 for code in SEVEN}, NOTHING: 0})
    assessed: dict[str, int] = field(default_factory=lambda: {code.value: 0 for code in Implementation})
    closed: int = 0
    disputed: int = 0
    overdue: int = 0
    no_reply: int = 0
    no_focal_point: int = 0

    def count(self, one: Counted, today: date, times: int = 1) -> None:
        """Count `times` addressees that look like `one` on `today`."""
        self.addressees += times
        self.response[one.response] += times
        self.overdue += times * is_overdue(one.reply_due_on, today)
        self.no_focal_point += times * (not one.has_focal_point)
        self.no_reply += times * (one.last_answer_on is None and one.has_focal_point)
        if one.role is Role.IMPLEMENTER:
            self.implementers += times
            self.reported[one.reported or NOTHING] += times
            self.assessed[one.assessed] += times
            self.closed += times * is_closed(one.assessed)
            self.disputed += times * is_disputed(one.reported, one.assessed)

    def as_json(self) -> dict[str, object]:
        """The row of `tracker figures --json`."""
        return {
            "key": self.key,
            "name": self.name,
            "addressees": self.addressees,
            "response": self.response,
            "reported": self.reported,
            "assessed": self.assessed,
            "closed": self.closed,
            "disputed": self.disputed,
            "overdue": self.overdue,
            "no_reply": self.no_reply,
            "no_focal_point": self.no_focal_point,
        }


def total(rows: Mapping[str, Figures]) -> Figures:
    """The sum over disjoint rows."""
    whole = Figures("total", "")
    for row in rows.values():
        for name in ("addressees", "implementers", "closed", "disputed", "overdue", "no_reply", "no_focal_point"):
            setattr(whole, name, getattr(whole, name) + getattr(row, name))
        for name in ("response", "reported", "assessed"):
            counts = getattr(whole, name)
            for code, n in getattr(row, name).items():
                counts[code] += n
    return whole
