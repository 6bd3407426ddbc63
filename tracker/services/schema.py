"""Brings the tables of a database to the form that this version needs."""

from collections.abc import Iterator
from contextlib import contextmanager

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine
from sqlalchemy.engine import make_url

from tracker import database, protection
from tracker.errors import Misconfigured
from tracker.models import Base
from tracker.resources import resource
from tracker.settings import Settings


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(resource("migrations")).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["target_metadata"] = Base.metadata
    return config


def head() -> str:
    """The revision that this version needs."""
    return (resource("migrations") / "HEAD").read_text().strip()


def revisions() -> list[str]:
    """Every revision that this version knows, the newest first."""
    return [one.revision for one in ScriptDirectory(str(resource("migrations"))).walk_revisions()]


def current(engine: Engine | None = None) -> str | None:
    """The revision of a database; None where it is empty."""
    with (engine or database.engine()).connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def bring_up_to_date(settings: Settings) -> str | None:
    """Migrate an installation as the owner of its tables; the revision that was found."""
    database.connect(settings.migration_url or settings.database)
    before = current()
    if before not in (None, *revisions()):
        raise Misconfigured(
            f"The database is at {before}, which this version does not know: install the newer one again."
        )
    migrate(application=make_url(settings.database).username)
    return before


def migrate(revision: str = "head", *, application: str | None = None, engine: Engine | None = None) -> None:
    """Upgrade a database, all of it or nothing; on PostgreSQL the role `application` gets its rights."""
    with _changing(engine or database.engine()) as (connection, config):
        command.upgrade(config, revision)
        _finish(connection, application)


def downgrade(revision: str) -> None:
    """Take the connected database back to an earlier revision."""
    with _changing(database.engine()) as (connection, config):
        command.downgrade(config, revision)
        _finish(connection)


def _finish(connection: Connection, application: str | None = None) -> None:
    check_references(connection)
    protection.restore(connection, application)


def check_references(connection: Connection) -> None:
    """What `rebuilding` put off."""
    if connection.dialect.name == "sqlite" and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
        raise RuntimeError("a row refers to nothing")


@contextmanager
def _changing(engine: Engine) -> Iterator[tuple[Connection, Config]]:
    config = _config()
    with engine.execution_options(writes=True).connect() as connection, rebuilding(connection), connection.begin():
        config.attributes["connection"] = connection
        yield connection, config


@contextmanager
def rebuilding(connection: Connection) -> Iterator[None]:
    """On SQLite a changed column is a table made anew, which foreign keys refuse: they are checked at the end."""
    if connection.dialect.name != "sqlite":
        yield
        return
    driver = connection.connection.driver_connection
    assert driver is not None  # noqa: S101  # tells the type checker that the connection is open
    driver.execute("PRAGMA foreign_keys = OFF")  # is heard outside a transaction only
    try:
        yield
    finally:
        driver.execute("PRAGMA foreign_keys = ON")


def require() -> None:
    """Refuse to go on with a database that this version does not know."""
    found = current()
    if found != head():
        raise Misconfigured(
            f"The database is at {found or 'no revision'}, this version needs {head()}: run `tracker migrate`."
        )
