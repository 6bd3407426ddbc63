"""Brings the tables of a database to the form that this version needs."""

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext

from tracker import database
from tracker.errors import Misconfigured
from tracker.models import Base
from tracker.resources import resource


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(resource("migrations")).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["target_metadata"] = Base.metadata
    return config


def head() -> str:
    """The revision that this version needs."""
    return (resource("migrations") / "HEAD").read_text().strip()


def current() -> str | None:
    """The revision of the connected database; None where it is empty."""
    with database.engine().connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def migrate(revision: str = "head") -> None:
    """Upgrade the connected database, all of it or nothing."""
    config = _config()
    with database.engine().execution_options(writes=True).begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def downgrade(revision: str) -> None:
    """Take the connected database back to an earlier revision."""
    config = _config()
    with database.engine().execution_options(writes=True).begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, revision)


def require() -> None:
    """Refuse to go on with a database that this version does not know."""
    found = current()
    if found != head():
        raise Misconfigured(
            f"The database is at {found or 'no revision'}, this version needs {head()}: run `tracker migrate`."
        )
