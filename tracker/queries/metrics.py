"""A few figures about a running installation, for whoever watches it by machine."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from tracker import database
from tracker.models import ChainHead, OutgoingMail
from tracker.queries import backups, mailing


@dataclass(frozen=True)
class Metrics:
    """The figures, at one moment."""

    mails: dict[str, int]
    """How many are in each state."""
    oldest_waiting_seconds: float
    """How long ago the oldest mail should have left; 0 where none waits."""
    tick_age_seconds: dict[str, float]
    """How long ago each duty of the worker last went well."""
    backup_age_seconds: float | None
    is_backup_failed: bool
    is_held: bool
    is_paused: bool
    entries: int


def metrics(now: datetime) -> Metrics:
    """The figures at `now`, by the system's clock."""
    session = database.session()
    health, last = mailing.health(now), backups.last()
    waits = select(func.min(OutgoingMail.next_at)).where(OutgoingMail.state.in_(("queued", "leased")))
    oldest = session.scalar(waits)
    age = last.age(now)
    by_state = select(OutgoingMail.state, func.count()).group_by(OutgoingMail.state)
    return Metrics(
        mails=dict(session.execute(by_state).all()),
        oldest_waiting_seconds=max(0.0, (now - oldest).total_seconds()) if oldest else 0.0,
        tick_age_seconds={name: (now - at).total_seconds() for name, at in health.ticks.items()},
        backup_age_seconds=age.total_seconds() if age is not None else None,
        is_backup_failed=last.failed_at is not None,
        is_held=health.is_held,
        is_paused=bool(health.pause),
        entries=session.scalars(select(ChainHead.seq)).one(),
    )
