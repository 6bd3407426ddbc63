"""The database: whether it answers, is ours, has the form that this version needs, and defends itself."""

import os
from datetime import timedelta
from pathlib import Path

from sqlalchemy import func, inspect, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from tracker import clock, database, protection
from tracker.errors import Misconfigured, Unavailable
from tracker.models import Entry, Tick
from tracker.queries import verify
from tracker.services import schema
from tracker.services.checkup.findings import Finding, fine, warning, wrong
from tracker.settings import Settings

_SKEW = timedelta(seconds=30)
_LATEST = 1000


def library(settings: Settings) -> Finding:
    """Which SQLite is used, where one is."""
    if make_url(settings.database).get_backend_name() != "sqlite":
        return fine("The database is PostgreSQL.")
    found = database.sqlite_library()
    if database.wal_is_safe(found.sqlite_version_info):
        return fine(f"SQLite {found.sqlite_version} keeps a write-ahead log.")
    return warning(
        f"SQLite {found.sqlite_version} may damage a write-ahead log, so a rollback journal (TRUNCATE) is kept "
        "instead: whoever reads waits while somebody saves.",
        "Run `pip install pysqlite3` in the environment of tracker, and start it again.",
    )


def connection(settings: Settings) -> Finding:
    """Whether the database can be opened, and is one of ours. Without it nothing else can be checked."""
    url = make_url(settings.database)
    file = Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None
    if file is not None and not file.exists():
        return wrong(f"There is no database yet in {file}.", "Run `tracker migrate`.")
    if file is not None and not os.access(file, os.R_OK | os.W_OK):
        return wrong(
            f"The database file {file} cannot be read and written by this user.",
            "Give it to the user that runs tracker (chown), and run every command as that user.",
        )
    try:
        database.connect(settings.database)
        with database.engine().connect() as opened:
            tables = set(inspect(opened).get_table_names())
    except Misconfigured as refusal:
        return wrong(str(refusal), "Do what the sentence says, then run `tracker doctor` again.")
    except Unavailable as away:
        return wrong(f"The database does not answer: {_reason(away.__cause__)}.", _SERVER)
    except DBAPIError as broken:
        return wrong(f"{file or 'The database'} is not a database that can be read: {_reason(broken.orig)}.", _FILE)
    if tables and "alembic_version" not in tables:
        return wrong(
            f"The database holds tables of something else: {', '.join(sorted(tables)[:5])}.",
            "Set TRACKER_DATABASE_URL to a database of its own.",
        )
    return fine("The database answers.")


_SERVER = "See that the server runs, that this machine may reach it, and that TRACKER_DATABASE_URL is right."
_FILE = "Set TRACKER_DATABASE_URL to the right file, or put a backup in its place with `tracker restore`."


def _reason(error: BaseException | None) -> str:
    return " ".join(str(error).split())[:300].rstrip(".")


def revision(_settings: Settings) -> Finding:
    """Whether code and tables are of the same version."""
    found, needed = schema.current(), schema.head()
    if found == needed:
        return fine(f"The tables are those of this version ({needed}).")
    if found is None or found in schema.revisions():
        return wrong(f"The database is at {found or 'no revision'}, this version needs {needed}.",
                     "Run `tracker backup FILE` with the version before, then `tracker migrate`.")  # fmt: skip
    return wrong(
        f"The database is at {found}, which this version does not know: it was used by a newer one.",
        "Install the newer version again, or restore a backup from before the upgrade.",
    )


def triggers(_settings: Settings) -> Finding:
    """Whether the database still refuses to change what is on record."""
    missing = protection.missing(database.session().connection())
    if missing:
        return wrong(
            f"Triggers that protect the timeline are gone or changed: {', '.join(missing)}.",
            "Run `tracker verify --anchors` to see whether anything was changed; `tracker migrate` puts them back.",
        )
    return fine("The database itself refuses to change what is on record.")


def roles(_settings: Settings) -> Finding:
    """Whether the role of the application could take the protection away."""
    session = database.session()
    if session.get_bind().dialect.name != "postgresql":
        return fine("SQLite has no roles: whoever has the file can change it.")
    owner = session.scalar(text("SELECT tableowner = current_user FROM pg_tables WHERE tablename = 'entry'"
                                " AND schemaname = current_schema()"))  # fmt: skip
    is_superuser = session.scalar(text("SELECT rolsuper FROM pg_roles WHERE rolname = current_user"))
    if owner or is_superuser:
        return warning(
            "One role owns the tables and runs the application: it could switch the protection of the timeline off.",
            "Make a second role, put the owner into TRACKER_MIGRATION_URL and the other into TRACKER_DATABASE_URL, "
            "then run `tracker migrate`.",
        )
    return fine("The application's role owns nothing and cannot switch the protection off.")


def clocks(_settings: Settings) -> Finding:
    """Whether the clock of this machine agrees with the database's, and with what was recorded."""
    session, now = database.session(), clock.wall()
    if session.get_bind().dialect.name == "postgresql":
        difference = abs(session.scalar(text("SELECT clock_timestamp()")) - now)
        if difference > _SKEW:
            return wrong(
                f"The clock of this machine differs from the database's by {difference.seconds} seconds.", _NTP
            )
    latest = [session.scalar(select(func.max(column))) for column in (Entry.recorded_at, Tick.last_ok_at)]
    ahead = max((one - now for one in latest if one is not None), default=timedelta())
    if ahead > _SKEW:
        return wrong(
            "Something was recorded in the future: the clock of this machine went back, or another is fast.", _NTP
        )
    return fine("The clock agrees with what was recorded.")


_NTP = "Set the clock by the network (timedatectl set-ntp true) on every machine that runs tracker or its database."


def chain(_settings: Settings) -> Finding:
    """Whether the latest entries hold together; `tracker verify` proves all of them."""
    verdict = verify.verify_latest(_LATEST)
    if not verdict.ok:
        return wrong(
            verdict.sentence, "Keep a copy of everything, run `tracker verify --anchors`, and restore a backup."
        )
    return fine(f"The latest {verdict.entries} entries are as they were recorded.")
