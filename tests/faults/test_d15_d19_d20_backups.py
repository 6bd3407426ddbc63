"""Backups while others write, and restores into the other engine."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select, text

from bench import loading
from tests.databases import Databases
from tests.measuring import Measure
from tests.services.test_backup import everything, put
from tracker import clock, database
from tracker.domain.vocabulary import EntryKind
from tracker.models import Addressee, ChainHead, Entry
from tracker.queries import verify
from tracker.services import backup, installation, outbox, restore, timeline
from tracker.settings import Settings

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@contextmanager
def somebody_writing() -> Iterator[None]:
    """Inside the block entries are added one after the other."""
    stop = threading.Event()

    def write() -> None:
        while not stop.is_set():
            with database.transaction() as session:
                subject = session.get_one(Addressee, 1)
                timeline.append(session, subject, EntryKind.NOTED, {}, text={"note": "x"}, by=None, at=AT)
            time.sleep(0.002)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        yield
    finally:
        stop.set()
        writer.join()


def head() -> int:
    with database.reading() as session:
        return session.scalars(select(ChainHead.seq)).one()


@pytest.mark.proves("D19")
def test_backups_under_load_are_whole_and_miss_nothing(
    filled: str, settings: Settings, is_full: bool, size: loading.Size, measure: Measure, tmp_path: Path
) -> None:
    times, whole, missing, seconds = 40 if is_full else 4, 0, 0, list[float]()
    with somebody_writing():
        for n in range(times):
            committed, begun = head(), time.monotonic()
            made = backup.write(settings, tmp_path / f"{n}.sqlite", replace=False, told=lambda _done, _of: None)
            seconds.append(time.monotonic() - begun)
            with database.sqlite_file(made.file).connect() as copy:
                whole += copy.scalar(text("PRAGMA integrity_check")) == "ok"
                kept = set(copy.scalars(select(Entry.seq)))
            missing += len(set(range(1, committed + 1)) - kept)
            made.file.unlink()

    measure("D19", "backups under load that are whole", whole, "backups", f"= {times}", size.name)
    measure("D19", "rows committed before a backup that it misses", missing, "rows", "= 0", size.name)
    measure("D19", "the slowest of them", round(max(seconds), 1), "s", size=size.name)


@pytest.mark.proves("D15", "D20")
def test_an_installation_moves_to_the_other_engine_and_is_the_same(
    filled: str, settings: Settings, databases: Databases, migrated: str, size: loading.Size, measure: Measure,
    tmp_path: Path,
) -> None:  # fmt: skip
    silently = {"told": lambda _done, _of: None, "replace": False}
    installation.release(at=clock.wall())
    for state in ("queued", "leased"):
        put(state)
    before = everything()
    first = backup.write(settings, tmp_path / "first.sqlite", **silently)
    on_file = settings.model_copy(update={"database_url": f"sqlite:///{tmp_path / 'there.sqlite'}"})
    restore.restore(on_file, first.file, **silently)
    second = backup.write(settings, tmp_path / "second.sqlite", **silently)
    database.close()
    url = databases.copy(migrated, "moved")
    moved = settings.model_copy(update={"database_url": url, "migration_url": databases.owned(url)})

    begun = time.monotonic()
    restored = restore.restore(moved, second.file, **silently)
    with database.reading():
        verdict = verify.verify()
    took = time.monotonic() - begun

    after = everything()
    differing = sum(
        a != b
        for name in before
        if name not in ("installation", "outgoing_mail")
        for a, b in zip(before[name], after[name], strict=True)
    )
    measure("D15", "rows that differ after a move to SQLite and back", differing, "rows", "= 0", size.name)
    measure("D15", "the chain ends with the same hash", int(restored.hash == first.hash), "", "= 1", size.name)
    measure("D20", "a restore, verified", round(took, 1), "s", "≤ 900", size.name)
    measure("D20", "it verifies", int(verdict.ok), "", "= 1", size.name)
    left = len(outbox.claim("test", clock.wall()))
    measure("D20", "mails that would leave before a release", left, "mails", "= 0", size.name)
    database.close()
