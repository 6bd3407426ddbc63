"""When an issuer reminds: the steps of a ladder, the hour of sending, and the days on which nothing leaves."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import cache

BEFORE, BEFORE_STEPS, EVERY, AT_MOST = 365, 6, (3, 90), 12
"""Limits: days before the due date and how many such steps; days between reminders; reminders after the due date."""
QUIET_DAYS, QUIET_PERIODS = 92, 12
_SATURDAY = 5


@dataclass(frozen=True)
class Quiet:
    """Days on which nothing leaves, the first and the last of them."""

    from_on: date
    to_on: date


@dataclass(frozen=True)
class Policy:
    """How one kind of body is reminded."""

    before: tuple[int, ...] = (30, 7, 0)
    """Days before the due date; 0 is the day itself."""
    every: int = 14
    at_most: int = 4
    """Reminders after the due date."""
    send_at: time = time(8, 30)
    country: str = ""
    """Whose public holidays are kept, such as BE; empty for nobody's."""
    quiet: tuple[Quiet, ...] = ()

    def works_on(self, day: date) -> bool:
        """Whether mail may leave on a day."""
        if day.weekday() >= _SATURDAY or any(one.from_on <= day <= one.to_on for one in self.quiet):
            return False
        return not self.country or day not in _holidays(self.country, day.year)

    def working_day(self, day: date) -> date:
        """The day itself, or the next on which mail may leave."""
        while not self.works_on(day):
            day += timedelta(days=1)
        return day


@cache
def _holidays(country: str, year: int) -> frozenset[date]:
    import holidays  # the tables of a hundred countries, for one of them

    return frozenset(holidays.country_holidays(country, years=year))


def days_before(typed: str) -> tuple[int, ...] | None:
    """Steps before the due date as people type them, such as “30, 7, 0”; None where that is none."""
    parts = typed.replace(";", ",").replace(",", " ").split()
    if not all(part.isascii() and part.isdigit() and int(part) <= BEFORE for part in parts):
        return None
    days = {int(part) for part in parts}
    return tuple(sorted(days, reverse=True)) if len(days) <= BEFORE_STEPS else None


def is_sound(periods: Iterable[Quiet]) -> bool:
    """Whether quiet periods end after they begin and leave most of the year to write in."""
    found = list(periods)
    longest = timedelta(days=QUIET_DAYS)
    return len(found) <= QUIET_PERIODS and all(
        one.from_on <= one.to_on and one.to_on - one.from_on < longest for one in found
    )
