"""Copies every table of one database into another of the same revision, whichever engines they are on."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Integer, LargeBinary, Table, func, insert, select, text

from tracker.errors import NotFound, Refusal
from tracker.models import Base

Progress = Callable[[int, int], None]
"""Is told how much is done, and of how much."""
LEFT_BEHIND = frozenset({"session", "sign_in_code", "limited_act", "tick", "backup"})
"""Tables about a running installation: whoever was signed in signs in again."""
_AT_ONCE, _AT_ONCE_OF_FILES = 1000, 10
"""Rows in memory: fewer where one may hold a document."""


def tables() -> list[Table]:
    """The tables that a backup holds, those that others refer to first."""
    return [table for table in Base.metadata.sorted_tables if table.name not in LEFT_BEHIND]


def copy(source: Connection, target: Connection, told: Progress) -> None:
    """Copy every row. Triggers of the target are lifted, and its references checked, by the caller."""
    total = sum(source.scalar(select(func.count()).select_from(table)) or 0 for table in tables())
    done = 0
    for table in tables():
        for rows in _chunks(source, table):
            try:
                target.execute(insert(table), rows)
            except NotFound as wrong:
                detail = " ".join(str(wrong.__cause__).split())[:200]
                raise Refusal(f"The table {table.name} holds what this database cannot hold: {detail}") from None
            done += len(rows)
            told(done, total)


def _chunks(source: Connection, table: Table) -> Iterator[list[dict[str, object]]]:
    is_heavy = any(isinstance(column.type, LargeBinary) for column in table.columns)
    statement = select(table).order_by(*table.primary_key)
    found = source.execute(statement.execution_options(yield_per=_AT_ONCE_OF_FILES if is_heavy else _AT_ONCE))
    for rows in found.mappings().partitions():
        yield [dict(row) for row in rows]


def empty(target: Connection) -> None:
    """Take every row of every table away."""
    if target.dialect.name == "postgresql":
        target.execute(text(f"TRUNCATE {', '.join(_quoted(target, one) for one in Base.metadata.sorted_tables)}"))
        return
    for table in reversed(Base.metadata.sorted_tables):
        target.execute(table.delete())


@contextmanager
def in_any_order(target: Connection) -> Iterator[None]:
    """Inside the block a row may refer to one of its own table that comes later; on SQLite `rebuilding` allows it."""
    if target.dialect.name == "sqlite":
        yield
        return
    keys = [
        (_quoted(target, table), key.name)
        for table in tables()
        for key in table.foreign_key_constraints
        if key.referred_table is table
    ]
    for table, name in keys:
        target.execute(text(f"ALTER TABLE {table} ALTER CONSTRAINT {name} DEFERRABLE INITIALLY DEFERRED"))
    yield
    target.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    for table, name in keys:
        target.execute(text(f"ALTER TABLE {table} ALTER CONSTRAINT {name} NOT DEFERRABLE"))


def count_on(target: Connection) -> None:
    """On PostgreSQL numbers go on after the highest that came in; SQLite looks by itself."""
    if target.dialect.name != "postgresql":
        return
    for table in tables():
        column = table.autoincrement_column
        if column is not None and isinstance(column.type, Integer):
            name = f"pg_get_serial_sequence('{_quoted(target, table)}', '{column.name}')"
            highest = f"(SELECT max({column.name}) FROM {_quoted(target, table)})"  # noqa: S608  # our own names
            target.execute(text(f"SELECT setval({name}, coalesce({highest}, 1), {highest} IS NOT NULL)"))


def _quoted(connection: Connection, table: Table) -> str:
    return connection.dialect.identifier_preparer.format_table(table)
