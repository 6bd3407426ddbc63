"""The database of this process: one engine, one reading session at a time, one transaction at a time.

Queries use `session()`. A service opens `transaction()`, which ends the reading session first, so that no
snapshot is held while writing, and makes its own session the current one until it commits.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from types import ModuleType
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session, UOWTransaction

from tracker.errors import Misconfigured

BUSY_SECONDS = 10
_engine: Engine | None = None
_current: ContextVar[Session | None] = ContextVar("session", default=None)


def sqlite_library() -> ModuleType:
    """The bundled SQLite where there is a wheel of it, else Python's own."""
    try:
        import pysqlite3
    except ImportError:
        return sqlite3
    return pysqlite3  # type: ignore[no-any-return]  # the package is untyped


def wal_is_safe(version: tuple[int, ...]) -> bool:
    """SQLite 3.7.0 to 3.51.2 may corrupt a write-ahead log that two processes reset at once."""
    return not (3, 7, 0) <= version <= (3, 51, 2)


def connect(url: str) -> Engine:
    """Make the database at `url` the one of this process, leaving any earlier one."""
    global _engine
    close()
    _engine = _sqlite_engine(url) if url.startswith("sqlite") else create_engine(url)
    return _engine


def close() -> None:
    """Let go of every connection: before a fork and at the end."""
    global _engine
    if _engine is not None:
        _engine.dispose()
        _engine = None


def _sqlite_engine(url: str) -> Engine:
    path = make_url(url).database
    if path and not Path(path).parent.is_dir():
        raise Misconfigured(f"The folder {Path(path).parent} does not exist. Make it, or change TRACKER_DATA_DIR.")
    library = sqlite_library()
    engine = create_engine(url, module=library, connect_args={"timeout": BUSY_SECONDS})
    journal = "WAL" if wal_is_safe(library.sqlite_version_info) else "TRUNCATE"

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # SQLAlchemy's own BEGIN below, not the library's deferred one
        for pragma in (
            f"journal_mode={journal}",
            "synchronous=FULL",
            "foreign_keys=ON",
            "recursive_triggers=ON",
            f"busy_timeout={BUSY_SECONDS * 1000}",
            "secure_delete=ON",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # A deferred transaction that turns into a write fails at once when another writer was faster.
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def engine() -> Engine:
    """The engine of this process."""
    if _engine is None:
        raise RuntimeError("no database is connected: call tracker.database.connect first")
    return _engine


def session() -> Session:
    """The current session: the transaction's inside one, else the reading one of this request or command."""
    current = _current.get()
    if current is None:
        raise RuntimeError("no session is open: use tracker.database.reading or transaction")
    return current


class ReadOnly(Session):
    """A session that refuses to write: only services write, in a transaction of their own."""


@event.listens_for(ReadOnly, "before_flush")
def _refuse(session: Session, _context: UOWTransaction, _instances: object) -> None:
    if session.new or session.dirty or session.deleted:
        raise RuntimeError("a reading session was asked to write: use a service")


@contextmanager
def reading() -> Iterator[Session]:
    """A read-only session for one request, command or tick."""
    with ReadOnly(engine(), expire_on_commit=False) as reader:
        token = _current.set(reader)
        try:
            yield reader
        finally:
            _current.reset(token)


@contextmanager
def transaction() -> Iterator[Session]:
    """One writing transaction: all of the block is committed, or nothing."""
    outer = _current.get()
    if outer is not None and not isinstance(outer, ReadOnly):
        raise RuntimeError("a transaction inside a transaction: a service calls rules and queries, not another service")
    if outer is not None:
        outer.close()  # ends its snapshot; it begins a new one at its next query
    with Session(engine().execution_options(writes=True), expire_on_commit=False) as writer:
        token = _current.set(writer)
        try:
            with writer.begin():
                yield writer
        finally:
            _current.reset(token)
