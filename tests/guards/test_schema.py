"""The tables, their migrations and what protects them."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from tests.making import Office
from tracker import database
from tracker.models import Base
from tracker.resources import resource
from tracker.services import schema

TRIGGERS = text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name")
FORBIDDEN = (
    "UPDATE entry SET facts = '{}' WHERE seq = 1",
    "DELETE FROM entry WHERE seq = 1",
    "INSERT OR REPLACE INTO entry SELECT * FROM entry WHERE seq = 1",
    "INSERT INTO entry SELECT 900, recommendation_id, addressee_id, 900, kind, facts, text_commitment, about, "
    "recorded_at, recorded_by_id, counts_on, 'x', 'y' FROM entry WHERE seq = 1",
    "UPDATE entry_text SET text = '{}'",
    "DELETE FROM entry_text",
    "INSERT OR REPLACE INTO entry_text SELECT seq, salt, '{}' FROM entry_text LIMIT 1",
    "UPDATE chain_head SET seq = seq - 1",
    "UPDATE chain_head SET hash = 'x'",
    "DELETE FROM chain_head",
    "INSERT OR REPLACE INTO chain_head VALUES (1, 0, 'x')",
)


def test_the_models_are_what_the_migrations_make(database_url: str) -> None:
    with database.engine().connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_the_head_file_names_the_newest_migration() -> None:
    scripts = ScriptDirectory(str(resource("migrations")))

    assert scripts.get_heads() == [schema.head()]


def test_up_down_and_up_again_gives_the_same_protection(database_url: str) -> None:
    with database.engine().connect() as connection:
        before = connection.execute(TRIGGERS).all()

    schema.downgrade("base")
    schema.migrate()

    with database.engine().connect() as connection:
        assert connection.execute(TRIGGERS).all() == before
    assert len(before) >= 10


@pytest.mark.parametrize("statement", FORBIDDEN)
def test_the_database_itself_refuses_to_change_what_was_said(office: Office, statement: str) -> None:
    office.ask()
    office.answer(office.addressee("2023/8", "police"), office.police, done="Said once.")

    with pytest.raises(DatabaseError), database.engine().execution_options(writes=True).begin() as connection:
        connection.execute(text(statement))


def test_a_database_of_another_version_is_refused(database_url: str) -> None:
    schema.downgrade("0002_reports")

    with pytest.raises(Exception, match="run `tracker migrate`"):
        schema.require()


def test_the_settings_that_make_a_commit_durable_hold_on_every_connection(database_url: str) -> None:
    for _again in range(2):
        with database.engine().connect() as connection:
            found = {
                name: connection.execute(text(f"PRAGMA {name}")).scalar() for name in ("synchronous", "foreign_keys")
            }
            assert found == {"synchronous": 2, "foreign_keys": 1}


def test_a_log_that_the_library_may_corrupt_is_not_used() -> None:
    assert not database.wal_is_safe((3, 40, 1))
    assert not database.wal_is_safe((3, 51, 2))
    assert database.wal_is_safe((3, 53, 4))
