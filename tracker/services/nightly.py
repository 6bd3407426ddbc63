"""The nightly backup: one a night whatever the number of workers, fourteen kept, a failure tried again."""

import logging
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from tracker import clock
from tracker.database import transaction
from tracker.errors import Refusal
from tracker.models import Backup
from tracker.services import backup
from tracker.settings import Settings

FROM_HOUR = 2
"""In the installation's time zone; a worker that was not running by then makes it as soon as it runs."""
KEPT = 14
AGAIN_AFTER = timedelta(hours=1)
LOST_AFTER = timedelta(hours=6)
"""A backup that never ended was killed."""
log = logging.getLogger("tracker.worker")


def back_up(settings: Settings, owner: str, *, at: datetime) -> bool:
    """Make tonight's backup where it is due and nobody else makes it; whether it was made."""
    night = clock.day_of(at)
    is_early = at.astimezone(ZoneInfo(settings.timezone)).hour < FROM_HOUR
    if not settings.nightly_backup or is_early or not _claim(night, owner, at):
        return False
    try:
        made = _make(settings, night)
    except Exception as wrong:
        _note(night, why=" ".join(str(wrong).split())[:500] or type(wrong).__name__)
        raise
    _note(night, made=made)
    log.info("backup: %s, %d entries, %d bytes", made.file, made.seq, made.size)
    return True


def _claim(night: date, owner: str, at: datetime) -> bool:
    """Take on the backup of a night: it is new, it failed a while ago, or whoever made it was killed."""
    with transaction() as session:
        row = session.scalar(select(Backup).where(Backup.night == night))
        if row is None:
            session.add(Backup(night=night, begun_at=at, file="", owner=owner))
            return True
        is_free = row.begun_at <= at - (AGAIN_AFTER if row.why else LOST_AFTER)
        if row.size is not None or not is_free:
            return False
        row.begun_at, row.ended_at, row.why, row.owner = at, None, None, owner
        return True


def _make(settings: Settings, night: date) -> backup.Made:
    try:
        settings.backups.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as wrong:
        raise Refusal(f"The folder {settings.backups} cannot be made ({wrong.strerror}).") from None
    file = settings.backups / f"repons-{night.isoformat()}.sqlite"
    made = backup.write(settings, file, replace=True, told=lambda _done, _of: None)
    for old in sorted(settings.backups.glob("repons-????-??-??.sqlite"))[:-KEPT]:
        old.unlink()
    return made


def _note(night: date, *, made: backup.Made | None = None, why: str | None = None) -> None:
    with transaction() as session:
        row = session.scalars(select(Backup).where(Backup.night == night)).one()
        row.ended_at, row.why = clock.wall(), why
        if made is not None:
            row.file, row.size = str(made.file.absolute())[-500:], made.size
