"""How old the last backup is, and whether the last attempt failed."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from tracker import database
from tracker.models import Backup

OLD = timedelta(days=2)


@dataclass(frozen=True)
class LastBackup:
    """What is known of the backups of this installation."""

    made_at: datetime | None
    """When the last whole one was begun: what it holds is as of then."""
    file: str
    failed_at: datetime | None
    """When an attempt failed, where none went well since."""
    why: str

    def age(self, now: datetime) -> timedelta | None:
        """How long ago; None where there is none."""
        return now - self.made_at if self.made_at else None

    def is_old(self, now: datetime) -> bool:
        """Whether there is none, or the last is older than two days."""
        return self.made_at is None or now - self.made_at > OLD


def last() -> LastBackup:
    """The last backup, and the last failure after it."""
    newest = select(Backup).order_by(Backup.begun_at.desc()).limit(1)
    session = database.session()
    made = session.scalar(newest.where(Backup.size.is_not(None)))
    failed = session.scalar(newest.where(Backup.why.is_not(None)))
    if failed and made and failed.begun_at < made.begun_at:
        failed = None
    return LastBackup(
        made.begun_at if made else None,
        made.file if made else "",
        failed.begun_at if failed else None,
        (failed.why or "") if failed else "",
    )
