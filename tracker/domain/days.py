"""Days as people type them."""

from datetime import date


def day_of(typed: str) -> date | None:
    """A day typed as 2026-11-23 or 23/11/2026; None where it is none."""
    try:
        return date.fromisoformat(typed)
    except ValueError:
        pass
    parts = typed.replace(".", "/").replace("-", "/").split("/")
    try:
        day, month, year = (int(part) for part in parts)
        return date(year, month, day)
    except ValueError:
        return None
