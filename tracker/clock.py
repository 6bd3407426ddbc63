"""What time it is. The only module that asks the system, so that the demo can move its own today forward."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo


def wall() -> datetime:
    """The system's time in UTC: for sessions and sign-in codes, which the demo's moved day must not touch."""
    return datetime.now(UTC)


_source: Callable[[], datetime] = wall


def use(source: Callable[[], datetime]) -> None:
    """Take the product's time from `source` from now on."""
    global _source
    _source = source


def now() -> datetime:
    """The product's time in UTC."""
    return _source()


def day_of(moment: datetime, timezone: str) -> date:
    """The calendar day of a moment in the installation's time zone."""
    return moment.astimezone(ZoneInfo(timezone)).date()
