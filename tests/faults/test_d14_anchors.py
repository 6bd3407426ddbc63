"""What the chain alone cannot tell: that its end was cut off, or that an older database was put in its place."""

import random
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection, delete, select, update

from bench import loading
from tests.databases import Databases
from tests.faults import tampering
from tests.measuring import Measure
from tracker import database, protection
from tracker.domain.vocabulary import EntryKind
from tracker.models import Addressee, ChainHead, Entry, EntryText
from tracker.queries import anchors as of_anchors
from tracker.queries.verify import verify
from tracker.services import anchors, timeline

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


class Undone(Exception):
    """Ends a transaction in which something was tampered with."""


def anchored(file: Path) -> int:
    """Anchor the chain as it ends now; where that is."""
    with database.reading() as session:
        head = session.scalars(select(ChainHead)).one()
    anchors.write(file, head.seq, head.hash, "day")
    return head.seq


def add(entries: int) -> None:
    for _again in range(entries):
        with database.transaction() as session:
            subject = session.get_one(Addressee, 1)
            timeline.append(session, subject, EntryKind.NOTED, {}, text={"note": "x"}, by=None, at=AT)


def cut(connection: Connection, last: int) -> None:
    """Take everything after an entry away and let the head say that the chain always ended there."""
    for table in (EntryText, Entry):
        connection.execute(delete(table).where(table.seq > last))
    ending = select(Entry.hash).where(Entry.seq == last).scalar_subquery()
    connection.execute(update(ChainHead).values(seq=last, hash=ending))


def told_of_cut(file: Path, last: int) -> tuple[bool, int | None]:
    """Whether the chain alone looks whole with its end cut off, and what the anchors say to it."""
    told: list[tuple[bool, int | None]] = []
    try:
        with database.transaction() as session:
            tampering.unguarded(session.connection())
            cut(session.connection(), last)
            protection.restore(session.connection())
            told.append((verify().ok, of_anchors.compare(file).first_wrong))
            raise Undone
    except Undone:
        return told[0]


@pytest.mark.proves("D14")
def test_an_end_that_was_cut_off_is_missed(
    filled: str, databases: Databases, database_url: str, is_full: bool, measure: Measure, tmp_path: Path
) -> None:
    database.connect(databases.almighty(filled))
    file, chance, noted = tmp_path / "anchors.jsonl", random.Random(14), 40  # noqa: S311
    begin = anchored(file)
    add(noted)
    end = anchored(file)
    times = 40 if is_full else 5

    told = [told_of_cut(file, chance.randrange(begin, end)) for _again in range(times)]

    with database.reading():
        assert verify(file).ok, "a cut was not undone"
    detected = [first_wrong for _is_whole, first_wrong in told if first_wrong == end]
    assert any(is_whole for is_whole, _first_wrong in told), "the chain alone tells it: nothing is proved of anchors"
    measure("D14", "ends cut off that anchors miss", times - len(detected), f"of {times}, 1 to {noted} entries", "= 0")


@pytest.mark.proves("D14")
def test_an_older_database_in_its_place_is_noticed(
    filled: str, databases: Databases, size: loading.Size, is_full: bool, measure: Measure, tmp_path: Path
) -> None:
    file, weeks, unnoticed = tmp_path / "anchors.jsonl", 8 if is_full else 2, list[int]()
    for week in range(weeks):
        anchored(file)
        database.close()
        databases.copy("test", f"week_{week}")
        database.connect(filled)
        add(1 + week)
    newest = anchored(file)

    for week in range(weeks):
        database.close()
        url = databases.copy(f"week_{week}", "test")
        database.connect(url)
        with database.reading():
            assert verify().ok, "an older database is whole in itself"
            verdict = verify(file)
        if verdict.ok or not (verdict.first_wrong or 0) <= newest:
            unnoticed.append(week)
        databases.drop(f"week_{week}")

    measure("D14", "older databases in its place that anchors miss", len(unnoticed), f"of {weeks}", "= 0", size.name)
