"""What time it is. The only module that asks the system, so that the demo can move its own today forward."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo


def wall() -> datetime:
    """The system's time in UTC: for sessions and sign-in codes, which the demo's moved day must not touch."""
    return datetime.now(UTC)


_source: Callable[[], datetime] = wall


def use(source: Callable[[], datetime]) -> None:
    """Take the product's time from `source` from now on."""
    global _source
    _source = source


@contextmanager
def standing_at(moment: datetime) -> Iterator[None]:
    """Let the product's time stand still inside the block: to tell what happened before."""
    before = _source
    use(lambda: moment)
    try:
        yield
    finally:
        use(before)


def now() -> datetime:
    """The product's time in UTC."""
    return _source()


_timezone = "Europe/Brussels"


def live_in(timezone: str) -> None:
    """Take calendar days in `timezone`, the installation's, from now on."""
    global _timezone
    _timezone = timezone


def day_of(moment: datetime) -> date:
    """The calendar day of a moment in the installation's time zone."""
    return moment.astimezone(ZoneInfo(_timezone)).date()


def moment_on(day: date, hour: time = time()) -> datetime:
    """The moment of an hour, by default midnight, on a day in the installation's time zone."""
    return datetime.combine(day, hour, ZoneInfo(_timezone)).astimezone(UTC)


def today() -> date:
    """The product's present day in the installation's time zone."""
    return day_of(now())


def follow(offset: Path) -> None:
    """Run ahead of the system by the seconds that stand in a file: how all processes of the demo share their day."""

    def ahead() -> datetime:
        return wall() + timedelta(seconds=float(offset.read_text()) if offset.exists() else 0)

    use(ahead)


def move_forward(offset: Path, days: int) -> None:
    """Move the shared day forward, to nine in the morning, by which the day's mail is due."""
    local = now().astimezone(ZoneInfo(_timezone))
    target = (local + timedelta(days=days)).replace(hour=9, minute=0, second=0, microsecond=0)
    written = offset.with_suffix(".new")
    written.write_text(str((target.astimezone(UTC) - wall()).total_seconds()))
    written.replace(offset)
