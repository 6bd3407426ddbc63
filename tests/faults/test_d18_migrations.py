"""Migrations go up, down and up on a filled database, and finish after being killed at any step."""

import os
import signal
import time
from itertools import pairwise

import pytest
from sqlalchemy import event, func, inspect, select

from bench import loading
from tests.databases import Databases
from tests.faults.together import in_processes
from tests.measuring import Measure
from tracker import database, protection
from tracker.models import Base, ChainHead
from tracker.queries.verify import verify
from tracker.services import schema

STEPS = list(pairwise(schema.revisions()))
"""Each revision with the one before it, the newest first."""
_TIMELINE = schema.revisions().index("0003_timeline")
KEEPING = STEPS[:_TIMELINE]
"""Those that go up with a timeline already there."""


def rows() -> dict[str, int]:
    """How many rows are in each table that is there."""
    with database.engine().connect() as connection:
        there = set(inspect(connection).get_table_names())
        return {
            table.name: connection.scalar(select(func.count()).select_from(table)) or 0
            for table in Base.metadata.sorted_tables
            if table.name in there
        }


def head() -> tuple[int, str]:
    with database.engine().connect() as connection:
        return tuple(connection.execute(select(ChainHead.seq, ChainHead.hash)).one())


def is_protected() -> bool:
    with database.engine().connect() as connection:
        return protection.missing(connection) == []


def is_proved() -> bool:
    with database.reading():
        return verify().ok


@pytest.mark.proves("D10", "D18")
def test_every_migration_goes_up_down_and_up_on_a_filled_database(
    filled_once: str, databases: Databases, database_url: str, is_full: bool, size: loading.Size, measure: Measure
) -> None:
    wrong, unguarded, longest, steps = [], 0, 0.0, STEPS if is_full else STEPS[:2]

    for revision, previous in steps:
        database.close()
        database.connect(databases.owned(databases.copy(filled_once, "test")))
        before, end = rows(), head()
        schema.downgrade(previous)
        kept = rows()
        is_kept_safe = is_protected()
        begun = time.monotonic()
        schema.migrate(revision)
        longest = max(longest, time.monotonic() - begun)
        schema.migrate()
        after = rows()
        unguarded += not (is_kept_safe and is_protected())
        wrong += [f"{revision}: {one}" for one in kept if kept[one] != before[one] or after[one] != before[one]]
        if (revision, previous) in KEEPING and not (head() == end and is_proved()):
            wrong.append(f"{revision}: the chain is another")

    assert wrong == []
    measure("D10", "migrations down or up after which a trigger was missing", unguarded, f"of {len(steps)}", "= 0")
    measure("D18", "migrations up, down and up without a lost row, trigger or entry", len(steps), "migrations",
            f"= {len(steps)}", size.name)  # fmt: skip
    measure("D18", "the longest migration, during which others wait", round(longest, 2), "s", "≤ 5", size.name)


def migrate_and_die(url: str, revision: str, at: int) -> None:
    """Upgrade, and be killed at a statement, or at the commit that follows the last."""
    database.connect(url)
    engine, count = database.engine(), 0

    def step(*_told: object) -> None:
        nonlocal count
        count += 1
        if count == at:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(engine, "before_cursor_execute", step)
    event.listen(engine, "commit", step)
    schema.migrate(revision)


def steps_of(url: str, revision: str) -> int:
    """How many statements and commits an upgrade is."""
    database.connect(url)
    done: list[object] = []
    event.listen(database.engine(), "before_cursor_execute", lambda *_told: done.append(0))
    event.listen(database.engine(), "commit", lambda *_told: done.append(0))
    schema.migrate(revision)
    database.close()
    return len(done)


@pytest.fixture(scope="session")
def small(databases: Databases, migrated: str) -> str:
    """The name of a small filled database, whatever the size of the others."""
    database.connect(databases.owned(databases.copy(migrated, "small")))
    loading.load(loading.XS)
    database.close()
    return "small"


@pytest.mark.proves("D18")
def test_a_migration_that_was_killed_is_run_again(
    small: str, databases: Databases, database_url: str, is_full: bool, measure: Measure
) -> None:
    wrong, killed = [], 0

    for revision, previous in KEEPING if is_full else KEEPING[:1]:
        database.close()
        database.connect(databases.owned(databases.copy(small, "before")))
        schema.downgrade(previous)
        before = rows()
        database.close()
        steps = steps_of(databases.owned(databases.copy("before", "test")), revision)
        for at in range(1, steps + 1) if is_full else (2, steps // 2, steps):
            url = databases.owned(databases.copy("before", "test"))
            killed += in_processes(migrate_and_die, [(url, revision, at)]) == [-signal.SIGKILL]
            database.connect(url)
            is_whole = schema.current() in (previous, revision) and is_protected()
            schema.migrate()
            after = rows()
            if not (is_whole and is_protected() and all(after[one] == before[one] for one in before) and is_proved()):
                wrong.append(f"{revision} killed at step {at} of {steps}")
            database.close()
    database.connect(database_url)

    assert killed > 0
    measure("D18", "migrations that did not finish when run again, killed at every step", len(wrong),
            f"of {killed} kills", "= 0", "XS")  # fmt: skip
