"""Writes the whole of an installation into one file, while it runs: an SQLite file, whichever engine it runs on.

On SQLite its pages are copied as they are in one moment; from PostgreSQL its rows, read in one snapshot.
"""

import os
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, select, text
from sqlalchemy.exc import DBAPIError

from tracker import clock, database, protection
from tracker.errors import Refusal
from tracker.models import Backup, Base, ChainHead
from tracker.queries import anchors as of_anchors
from tracker.services import anchors, copying, schema
from tracker.services.copying import Progress
from tracker.settings import Settings

_PAGES_AT_ONCE = 2048
_OWNER_ONLY = 0o600


@dataclass(frozen=True)
class Made:
    """A backup that was checked, and where the chain of entries ends in it."""

    file: Path
    size: int
    seq: int
    hash: str


def backup(settings: Settings, file: Path, *, replace: bool, owner: str, told: Progress) -> Made:
    """Write a backup because somebody asked for it, and note that it was made."""
    begun_at = clock.wall()
    made = write(settings, file, replace=replace, told=told)
    with database.transaction() as session:
        kept_as = str(file.absolute())[-500:]
        session.add(Backup(begun_at=begun_at, ended_at=clock.wall(), file=kept_as, size=made.size, owner=owner))
    return made


def write(settings: Settings, file: Path, *, replace: bool, told: Progress) -> Made:
    """Write a backup beside its place, check it, and put it there, anchored; nothing is left of one that failed."""
    if file.exists() and not replace:
        raise Refusal(f"{file} is there already. Choose another name, or add --force.")
    unfinished = file.with_name(f".{file.name}.{os.getpid()}.unfinished")
    try:
        os.close(os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY, _OWNER_ONLY))
        _fill(unfinished, told)
        seq, hash_ = _checked(unfinished)
        _flush(unfinished)
        unfinished.replace(file)
        _flush(file.parent)
    except (OSError, DBAPIError, database.sqlite_library().Error) as wrong:
        why = getattr(wrong, "strerror", None) or getattr(wrong, "orig", None) or wrong
        raise Refusal(f"{file} cannot be written ({why}). Choose another folder, or free some space.") from None
    finally:
        for suffix in ("", "-journal"):
            Path(f"{unfinished}{suffix}").unlink(missing_ok=True)
    anchors.write(of_anchors.file_of(settings), seq, hash_, "backup")
    return Made(file, file.stat().st_size, seq, hash_)


def _fill(file: Path, told: Progress) -> None:
    if database.engine().dialect.name == "sqlite":
        with database.snapshot() as source:
            source.execute(select(ChainHead.seq))  # from here on one moment, whoever writes meanwhile
            _copy_pages(source, file, told)
        return
    target = database.sqlite_file(file)
    schema.migrate(engine=target)
    with target.connect() as connection, schema.rebuilding(connection), connection.begin():
        protection.lift(connection)
        copying.empty(connection)
        with database.snapshot() as source:
            copying.copy(source, connection, told)
        schema.check_references(connection)
        protection.restore(connection)
    target.dispose()


def _copy_pages(source: Connection, file: Path, told: Progress) -> None:
    driver = source.connection.driver_connection
    assert driver is not None  # noqa: S101  # tells the type checker that the connection is open
    target = database.sqlite_library().connect(file)
    try:
        driver.backup(target, pages=_PAGES_AT_ONCE, progress=lambda _status, left, total: told(total - left, total))
    finally:
        target.close()


def _checked(file: Path) -> tuple[int, str]:
    """Where the chain ends in a finished copy, which is whole and lets nobody in."""
    engine = database.sqlite_file(file)
    with engine.begin() as connection:
        for table in Base.metadata.sorted_tables:
            if table.name in copying.LEFT_BEHIND:
                connection.execute(table.delete())
    with engine.connect() as connection:
        wrong = connection.scalar(text("PRAGMA integrity_check(1)"))
        if wrong != "ok":
            raise Refusal(f"The copy is not whole, so it was thrown away: {wrong}. Run `tracker doctor`.")
        seq, hash_ = connection.execute(select(ChainHead.seq, ChainHead.hash)).one()
    engine.dispose()
    return seq, hash_


def _flush(path: Path) -> None:
    """Wait until the disk has it: a power cut leaves the earlier file or this one."""
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
