"""The database of this process: one engine, one reading session at a time, one transaction at a time.

Queries use `session()`. A service opens `transaction()`, which ends the reading session first, so that no
snapshot is held while writing, and makes its own session the current one until it commits. On both engines
whoever reads sees one moment, and those who write take turns: what a service checked still holds when it commits.
"""

import random
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from contextvars import ContextVar
from pathlib import Path
from types import ModuleType
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import ExceptionContext, make_url
from sqlalchemy.exc import ArgumentError, DataError, OperationalError
from sqlalchemy.orm import Session, UOWTransaction

from tracker.errors import Misconfigured, NotFound, Refusal, Unavailable
from tracker.language import _

BUSY_SECONDS = 10
"""How long a writer waits for its turn."""
_CONNECT_SECONDS = 4
"""How long anyone waits for a server that is away, so that probes notice within five seconds."""
_TURN = 0x7265706F6E73
"""The advisory lock on PostgreSQL that its holder has the turn to write."""
_OUT_OF_ORDER = ("SQLITE_BUSY", "SQLITE_CANTOPEN", "SQLITE_FULL", "SQLITE_IOERR", "SQLITE_READONLY")
"""Of SQLite's operational errors; on PostgreSQL all are."""
_CHANGED = text("UPDATE installation SET changes = changes + 1")
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
    _engine = engine_at(url)
    return _engine


def engine_at(url: str) -> Engine:
    """An engine of its own, whatever the database of this process is."""
    kinds = {"sqlite": _sqlite_engine, "postgresql": _postgresql_engine}
    kind = kinds.get(_backend(url))
    if kind is None:
        raise Misconfigured("The address of the database must begin with sqlite:/// or postgresql://.")
    found = kind(url)
    event.listen(found, "handle_error", _explain)
    return found


def sqlite_file(path: Path) -> Engine:
    """An SQLite file that is whole by itself, without a log beside it, and that nobody else has open: a backup."""
    return _sqlite_engine(f"sqlite:///{path}", journal="DELETE")


def _explain(context: ExceptionContext) -> None:
    """Tell a database that is out of order, and values that it cannot hold, from mistakes in our own statements."""
    wrong = context.original_exception
    if isinstance(context.sqlalchemy_exception, DataError) or isinstance(wrong, OverflowError):
        if context.connection is not None and context.connection.get_execution_options().get("writes", False):
            raise Refusal(_("Something here is longer or larger than can be kept. Nothing was saved.")) from wrong
        raise NotFound(_("There is nothing of this name or number.")) from wrong
    is_out_of_order = getattr(wrong, "sqlite_errorname", "SQLITE_BUSY").startswith(_OUT_OF_ORDER)
    if isinstance(context.sqlalchemy_exception, OperationalError) and is_out_of_order and not context.is_pre_ping:
        raise Unavailable(_("The database does not answer. Nothing was saved: try again in a minute.")) from wrong


def _backend(url: str) -> str:
    try:
        return make_url(url).get_backend_name()
    except ArgumentError:
        return ""


def sqlite_path(url: str) -> Path | None:
    """The file of an SQLite database; None for another engine."""
    name = make_url(url).database if _backend(url) == "sqlite" else None
    return Path(name).absolute() if name else None


def close() -> None:
    """Let go of every connection: before a fork and at the end."""
    global _engine
    if _engine is not None:
        _engine.dispose()
        _engine = None


def _sqlite_engine(url: str, journal: str = "") -> Engine:
    path = sqlite_path(url)
    if path and not path.parent.is_dir():
        raise Misconfigured(f"The folder {path.parent} does not exist. Make it, or change TRACKER_DATA_DIR.")
    library = sqlite_library()
    engine = create_engine(url, module=library, connect_args={"timeout": BUSY_SECONDS}, hide_parameters=True)
    journal = journal or ("WAL" if wal_is_safe(library.sqlite_version_info) else "TRUNCATE")

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # SQLAlchemy's own BEGIN below, not the library's deferred one
        _keep_journal(connection, journal)
        for pragma in (
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
        if connection.get_execution_options().get("writes", False):
            _wait_for_turn(connection, library)
        else:
            connection.exec_driver_sql("BEGIN")

    return engine


def _wait_for_turn(connection: Connection, library: ModuleType) -> None:
    """Begin to write as soon as nobody else does.

    SQLite's own waiting looks every tenth of a second: where others write without a rest, it misses every gap.
    """
    driver: Any = connection.connection.driver_connection
    until = time.monotonic() + BUSY_SECONDS
    driver.execute("PRAGMA busy_timeout = 0")
    try:
        while _is_busy(driver, library) and time.monotonic() < until:
            time.sleep(random.uniform(0.001, 0.01))  # noqa: S311  # so that those who wait do not march in step
        if not driver.in_transaction:
            connection.exec_driver_sql("BEGIN IMMEDIATE")  # fails as all statements do
    finally:
        driver.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")


def _is_busy(driver: Any, library: ModuleType) -> bool:
    """Try to begin; whether somebody else is writing."""
    try:
        driver.execute("BEGIN IMMEDIATE")
    except library.OperationalError as wrong:
        return bool(wrong.sqlite_errorname.startswith("SQLITE_BUSY"))
    return False


def _keep_journal(connection: Any, wanted: str) -> None:
    """Set the journal; refuse a write-ahead log that this library may corrupt and that is in use elsewhere."""
    library = sqlite_library()
    try:
        (found,) = connection.execute(f"PRAGMA journal_mode={wanted}").fetchone()
    except library.OperationalError as busy:
        if wal_is_safe(library.sqlite_version_info) or "locked" not in str(busy):
            raise
        found = "wal"
    if found == "wal" and wanted == "TRUNCATE":
        raise Misconfigured(
            f"Another process has the database open with a write-ahead log, which the SQLite of this one "
            f"({library.sqlite_version}) may corrupt. Stop the other process, or install pysqlite3 for this one."
        )


def _postgresql_engine(url: str) -> Engine:
    try:
        engine = create_engine(
            make_url(url).set(drivername="postgresql+psycopg"),
            connect_args={
                "options": f"-c lock_timeout={BUSY_SECONDS}s -c timezone=UTC",
                "connect_timeout": _CONNECT_SECONDS,
            },
            pool_pre_ping=True,
            hide_parameters=True,  # no text of a person in a log
        )
    except ImportError as missing:
        raise Misconfigured(
            "PostgreSQL needs its driver. Install it with `pip install 'repons[postgresql]'`."
        ) from missing

    @event.listens_for(engine, "begin")
    def _take_turn(connection: Connection) -> None:
        if connection.get_execution_options().get("writes", False):
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_TURN})")

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


def _reading_engine() -> Engine:
    """SQLite reads one moment in any transaction; PostgreSQL is asked to."""
    if engine().dialect.name == "sqlite":
        return engine()
    return engine().execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


def glance(statement: str) -> tuple[Any, ...]:
    """The one row of a statement without values, past all machinery: for what every request asks again."""
    library = engine().dialect.loaded_dbapi
    try:
        with closing(engine().raw_connection()) as connection:
            cursor = connection.cursor()
            cursor.execute(statement)
            return tuple(cursor.fetchone() or ())
    except library.Error as wrong:
        raise Unavailable(_("The database does not answer. Nothing was saved: try again in a minute.")) from wrong


@contextmanager
def snapshot() -> Iterator[Connection]:
    """A connection that reads one moment, table after table."""
    with _reading_engine().connect() as connection:
        yield connection


@contextmanager
def reading() -> Iterator[Session]:
    """A read-only session for one request, command or tick."""
    with ReadOnly(_reading_engine(), expire_on_commit=False) as reader:
        token = _current.set(reader)
        try:
            yield reader
        finally:
            _current.reset(token)


@contextmanager
def transaction(*, is_told: bool = True) -> Iterator[Session]:
    """One writing transaction: all of the block is committed, or nothing.

    Pages that are kept are built anew after it, unless it writes what none of them tells.
    """
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
                if is_told:
                    writer.execute(_CHANGED)
        finally:
            _current.reset(token)
