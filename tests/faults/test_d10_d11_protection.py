"""What may never change is refused by the database itself, whoever asks and however."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, select, text
from sqlalchemy.exc import DatabaseError, IntegrityError

from tests.databases import APPLICATION, OWNER
from tests.making import BEGIN, Office
from tests.measuring import Measure
from tracker import database, protection
from tracker.models import Base, Body, MailAttempt, OutgoingMail, Succession
from tracker.services import lineage

TABLES = sorted({one.table for one in protection.REFUSALS})
_NOT_ALLOWED = "42501"
"""What PostgreSQL answers to whoever lacks the right."""


@pytest.fixture
def lived(followed: Office) -> Office:
    """An office with a row in every protected table."""
    times = dict.fromkeys(("created_at", "next_at", "expires_at"), BEGIN)
    with database.transaction() as session:
        mail = OutgoingMail(
            key="x", message_id="<x@x>", kind="digest", lane=1, recipient="x@bodies.test", language="fr", subject="x",
            content=b"", content_digest="x", on_uncertain="hold", state="failed", attempts=1, uncertain_times=0,
            token=1, was_fenced=False, **times,
        )  # fmt: skip
        session.add(mail)
        session.flush()
        session.add(
            MailAttempt(outgoing_mail_id=mail.id, number=1, phase="rcpt", host="x", started_at=BEGIN, ended_at=BEGIN)
        )
        former, successor = session.scalars(select(Body).order_by(Body.id).limit(2))
        session.add(
            Succession(
                former=former, successors=[successor], from_on=BEGIN.date(), is_merger=False, recorded_at=BEGIN,
                recorded_by_id=followed.coordinator.id,
            )
        )  # fmt: skip
    later, earlier = (
        followed.addressee(*one).recommendation_id for one in (("2023/8", "police"), ("2018/36", "police"))
    )
    lineage.decide(later, earlier, is_same=True, by=followed.coordinator, at=BEGIN)
    return followed


def changes(table: str) -> Iterator[str]:
    """Every way to change what is in a table."""
    columns = [column.name for column in Base.metadata.tables[table].columns]
    keys = ", ".join(column.name for column in Base.metadata.tables[table].primary_key)
    listed = ", ".join(columns)
    yield from (f"UPDATE {table} SET {one} = {one}" for one in columns)
    yield f"DELETE FROM {table}"
    yield f"INSERT INTO {table} ({listed}) SELECT {listed} FROM {table}"
    for one in columns:
        upsert = f"INSERT INTO {table} ({listed}) SELECT {listed} FROM {table} WHERE true"
        yield f"{upsert} ON CONFLICT ({keys}) DO UPDATE SET {one} = excluded.{one}"
    if database.engine().dialect.name == "sqlite":
        yield f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}"
        yield f"REPLACE INTO {table} SELECT * FROM {table} LIMIT 1"
        yield f"UPDATE OR REPLACE {table} SET {columns[-1]} = {columns[-1]}"
    else:
        yield f"TRUNCATE {table} CASCADE"


_COPIED = (
    "recommendation_id, addressee_id, position + 900, kind, facts, text_commitment, about, recorded_at, recorded_by_id,"
    " counts_on"
)
OUT_OF_ORDER = {
    "a gap in the chain": f"INSERT INTO entry SELECT 9000, {_COPIED}, 'x', 'y' FROM entry WHERE seq = 1",
    "a second last entry": f"INSERT INTO entry SELECT (SELECT seq FROM chain_head), {_COPIED}, 'x', 'y' FROM entry"
    " WHERE seq = 1",
    "a fork": f"INSERT INTO entry SELECT (SELECT seq + 1 FROM chain_head), {_COPIED}, previous_hash, 'y' FROM entry"
    " WHERE seq = 5",
    "a head rewound by one": "UPDATE chain_head SET seq = seq - 1",
    "a head rewound with the right hash": "UPDATE chain_head SET seq = seq - 1, hash = (SELECT hash FROM entry"
    " WHERE seq = chain_head.seq - 1)",
    "a head beyond the chain": "UPDATE chain_head SET seq = seq + 1, hash = 'x'",
    "a second head": "INSERT INTO chain_head VALUES (2, 0, 'x')",
    "a text for an entry of long ago": "INSERT INTO entry_text (seq, salt, text) SELECT 1, salt, text FROM entry_text"
    " LIMIT 1",
}


def switches(connection: Connection) -> Iterator[str]:
    """Every way in which the application's role on PostgreSQL might put the protection out of its way."""
    for table in TABLES:
        column = Base.metadata.tables[table].columns.values()[-1].name
        for action in (
            "DISABLE TRIGGER ALL", "DISABLE TRIGGER USER", f"DROP COLUMN {column} CASCADE", f"RENAME TO {table}_old",
            f"OWNER TO {APPLICATION}", f"ALTER COLUMN {column} DROP NOT NULL", "ENABLE ROW LEVEL SECURITY",
            "SET SCHEMA pg_temp",
        ):  # fmt: skip
            yield f"ALTER TABLE {table} {action}"
        yield f"DROP TABLE {table} CASCADE"
        yield f"CREATE RULE quiet AS ON UPDATE TO {table} DO INSTEAD NOTHING"
        yield (
            f"CREATE TRIGGER mine BEFORE INSERT ON {table} FOR EACH ROW"
            " EXECUTE FUNCTION suppress_redundant_updates_trigger()"
        )
    for one in protection._refusals(connection):
        yield f"ALTER TABLE {one.table} DISABLE TRIGGER {one.name}"
        yield f"ALTER TABLE {one.table} ENABLE REPLICA TRIGGER {one.name}"
        yield f"DROP TRIGGER {one.name} ON {one.table}"
        yield f"DROP FUNCTION {one.name}() CASCADE"
        yield f"ALTER FUNCTION {one.name}() SET search_path = pg_temp"
        yield f"CREATE OR REPLACE FUNCTION {one.name}() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'"
    yield from (
        "SET session_replication_role = replica",
        "SET LOCAL session_replication_role = replica",
        f"ALTER ROLE {APPLICATION} SUPERUSER",
        f"ALTER ROLE {APPLICATION} SET session_replication_role = replica",
        f"SET ROLE {OWNER}",
        f"SET SESSION AUTHORIZATION {OWNER}",
        f"GRANT {OWNER} TO {APPLICATION}",
        "DROP SCHEMA public CASCADE",
        "CREATE EVENT TRIGGER mine ON ddl_command_start EXECUTE FUNCTION now()",
        "UPDATE pg_trigger SET tgenabled = 'D'",
        "DELETE FROM alembic_version",
    )


def is_refused(statement: str) -> bool:
    """Whether the database refuses it for what it is: not for how it is written."""
    try:
        with database.engine().execution_options(writes=True).begin() as connection:
            connection.exec_driver_sql(statement)
    except IntegrityError:
        return True
    except DatabaseError as error:
        if getattr(error.orig, "sqlstate", "") != _NOT_ALLOWED:
            raise
        return True
    return False


def contents() -> dict[str, list[tuple[object, ...]]]:
    with database.engine().connect() as connection:
        return {
            one: [tuple(row) for row in connection.execute(text(f"SELECT * FROM {one} ORDER BY 1, 2"))]
            for one in TABLES
        }


def allowed(statements: list[str]) -> list[str]:
    return [statement for statement in statements if not is_refused(statement)]


@pytest.mark.proves("D10")
def test_no_row_of_a_protected_table_can_be_changed(lived: Office, measure: Measure) -> None:
    before = contents()
    assert all(before.values()), "a protected table is empty: put a row into it above, or nothing is proved"
    statements = [statement for table in TABLES for statement in changes(table)] + list(OUT_OF_ORDER.values())

    got_through = allowed(statements)

    assert got_through == []
    assert contents() == before
    measure(
        "D10", "forbidden changes refused", len(statements) - len(got_through), "statements", f"= {len(statements)}"
    )


@pytest.mark.proves("D11")
def test_the_application_cannot_put_its_guards_out_of_the_way(lived: Office, measure: Measure) -> None:
    if database.engine().dialect.name == "sqlite":
        pytest.skip("whoever opens the file may drop its triggers, which `tracker verify` then tells")
    with database.engine().connect() as connection:
        statements = list(switches(connection))

    got_through = allowed(statements)

    assert got_through == []
    with database.engine().connect() as connection:
        assert protection.missing(connection) == []
    measure(
        "D11",
        "switches refused to the application",
        len(statements) - len(got_through),
        "statements",
        f"= {len(statements)}",
    )
