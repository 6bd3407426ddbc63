"""Writes anchors: where the chain ends, once a day, with each backup and after each restore."""

import os
from pathlib import Path

from sqlalchemy import select

from tracker import clock, database
from tracker.domain import chain
from tracker.models import ChainHead
from tracker.queries import anchors
from tracker.queries.anchors import Anchor
from tracker.settings import Settings


def write_daily(settings: Settings) -> bool:
    """Anchor the chain unless that was done today; whether it was done now."""
    file = anchors.file_of(settings)
    written = anchors.anchors(file)
    if written and written[-1].at[:10] == chain.instant(clock.wall())[:10]:
        return False
    with database.reading() as session:
        head = session.scalars(select(ChainHead)).one()
    write(file, head.seq, head.hash, "day")
    return True


def write_restored(settings: Settings, seq: int, hash_: str) -> None:
    """Anchor the chain as a restore left it, and up to where it agrees with the anchors before."""
    file = anchors.file_of(settings)
    with database.reading():
        first_wrong = anchors.disagreement(anchors.anchors(file)).first_wrong
    write(file, seq, hash_, "restore", kept=seq if first_wrong is None else min(seq, first_wrong - 1))


def write(file: Path, seq: int, hash_: str, why: str, *, kept: int | None = None) -> None:
    """Add one anchor, and wait until the disk has it."""
    line = Anchor(chain.instant(clock.wall()), seq, hash_, why, kept).as_line()
    is_torn = file.exists() and file.stat().st_size > 0 and not file.read_bytes().endswith(b"\n")
    number = os.open(file, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o640)
    try:
        os.write(number, (b"\n" if is_torn else b"") + line.encode() + b"\n")
        os.fsync(number)
    finally:
        os.close(number)
