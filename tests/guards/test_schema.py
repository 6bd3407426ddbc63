"""The tables, their migrations and what protects them."""

from contextlib import closing

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from tests.databases import Databases, Tamper
from tests.making import BEGIN, Office
from tracker import clock, database, protection
from tracker.domain.acts import Act
from tracker.errors import Misconfigured
from tracker.models import Base, MailAttempt, OutgoingMail
from tracker.resources import resource
from tracker.services import audit, schema

FORBIDDEN = (
    "UPDATE entry SET facts = '{}' WHERE seq = 1",
    "DELETE FROM entry WHERE seq = 1",
    "INSERT INTO entry SELECT 900, recommendation_id, addressee_id, 900, kind, facts, text_commitment, about, "
    "recorded_at, recorded_by_id, counts_on, 'x', 'y' FROM entry WHERE seq = 1",
    "UPDATE entry_text SET text = '{}'",
    "DELETE FROM entry_text",
    "UPDATE chain_head SET seq = seq - 1",
    "UPDATE chain_head SET seq = seq + 1, hash = 'x'",
    "UPDATE chain_head SET hash = 'x'",
    "DELETE FROM chain_head",
    "INSERT INTO chain_head VALUES (2, 0, 'x')",
    "UPDATE mail_attempt SET code = 250",
    "DELETE FROM mail_attempt",
    "UPDATE audit SET act = 'x'",
    "DELETE FROM audit",
)
FORBIDDEN_ON = {
    "sqlite": (
        "INSERT OR REPLACE INTO entry SELECT * FROM entry WHERE seq = 1",
        "INSERT OR REPLACE INTO entry_text SELECT seq, salt, '{}' FROM entry_text LIMIT 1",
        "INSERT OR REPLACE INTO chain_head VALUES (1, 0, 'x')",
        "INSERT OR REPLACE INTO mail_attempt SELECT * FROM mail_attempt",
        "INSERT OR REPLACE INTO audit SELECT * FROM audit",
    ),
    "postgresql": (
        "INSERT INTO entry SELECT * FROM entry WHERE seq = 1 ON CONFLICT (seq) DO UPDATE SET facts = '{}'",
        "INSERT INTO chain_head VALUES (1, 0, 'x') ON CONFLICT (id) DO UPDATE SET hash = 'x'",
        *(f"TRUNCATE {table} CASCADE" for table in ("entry", "entry_text", "chain_head", "mail_attempt", "audit")),
        "ALTER TABLE entry DISABLE TRIGGER ALL",
        "ALTER TABLE entry DISABLE TRIGGER entry_is_never_changed",
        "ALTER TABLE entry DROP COLUMN facts",
        "DROP TABLE entry CASCADE",
        "DROP TRIGGER entry_is_never_changed ON entry",
        "DROP FUNCTION entry_is_never_changed() CASCADE",
        "CREATE OR REPLACE FUNCTION entry_is_never_changed() RETURNS trigger LANGUAGE plpgsql AS "
        "'BEGIN RETURN NEW; END'",
        "SET session_replication_role = replica",
        "UPDATE alembic_version SET version_num = 'x'",
    ),
}


def test_the_models_are_what_the_migrations_make(database_url: str) -> None:
    with database.engine().connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_the_head_file_names_the_newest_migration() -> None:
    scripts = ScriptDirectory(str(resource("migrations")))

    assert scripts.get_heads() == [schema.head()]


def test_each_migration_goes_up_and_down_and_keeps_the_protection(
    followed: Office, databases: Databases, database_url: str
) -> None:
    database.connect(databases.owned(database_url))
    revisions = [one.revision for one in ScriptDirectory(str(resource("migrations"))).walk_revisions()]
    assert protection_holds()

    for revision in [*revisions[1:], "base"]:
        schema.downgrade(revision)
        assert protection_holds()
    for revision in reversed(revisions):
        schema.migrate(revision)
        assert protection_holds()


def protection_holds() -> bool:
    with database.engine().connect() as connection:
        return protection.missing(connection) == []


def test_a_trigger_that_was_changed_is_missed(databases: Databases, database_url: str, tamper: Tamper) -> None:
    assert protection_holds()
    tamper("SELECT 1")
    with database.engine().connect() as connection:
        assert {one.name for one in protection.REFUSALS} <= set(protection.missing(connection))


def test_the_database_itself_refuses_to_change_what_was_said(office: Office) -> None:
    office.ask()
    office.answer(office.addressee("2023/8", "police"), office.police, done="Said once.")
    with database.transaction() as session:
        _add_a_mail_with_an_attempt(session)
        audit.note(session, Act.ALL_MAIL_HELD, at=clock.wall())

    for statement in FORBIDDEN + FORBIDDEN_ON[database.engine().dialect.name]:
        assert is_refused(statement), statement


def is_refused(statement: str) -> bool:
    try:
        with database.engine().execution_options(writes=True).begin() as connection:
            connection.exec_driver_sql(statement)
    except DatabaseError:
        return True
    return False


def _add_a_mail_with_an_attempt(session: Session) -> None:
    times = dict.fromkeys(("created_at", "next_at", "expires_at"), BEGIN)
    mail = OutgoingMail(
        key="x", message_id="<x@x>", kind="digest", lane=1, recipient="x@bodies.test", language="fr", subject="x",
        content=b"", content_digest="x", on_uncertain="hold", state="failed", attempts=1, uncertain_times=0, token=1,
        was_fenced=False, **times,
    )  # fmt: skip
    session.add(mail)
    session.flush()
    attempt = MailAttempt(outgoing_mail_id=mail.id, number=1, phase="rcpt", host="x", started_at=BEGIN, ended_at=BEGIN)
    session.add(attempt)


def test_a_database_of_another_version_is_refused(databases: Databases, database_url: str) -> None:
    database.connect(databases.owned(database_url))
    schema.downgrade("0002_reports")

    with pytest.raises(Misconfigured, match="run `tracker migrate`"):
        schema.require()


def test_the_settings_that_make_a_commit_durable_hold_on_every_connection(database_url: str) -> None:
    if database.engine().dialect.name == "postgresql":
        pytest.skip("the server's own")
    for _again in range(2):
        with closing(database.engine().raw_connection()) as connection:  # as the product prepares it
            cursor = connection.cursor()
            found = {name: cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in ("synchronous", "foreign_keys")}
            assert found == {"synchronous": 2, "foreign_keys": 1}


def test_a_log_that_the_library_may_corrupt_is_not_used() -> None:
    assert not database.wal_is_safe((3, 40, 1))
    assert not database.wal_is_safe((3, 51, 2))
    assert database.wal_is_safe((3, 53, 4))
