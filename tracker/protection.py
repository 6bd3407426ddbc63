"""What the database itself refuses, whoever asks: triggers on both engines, rights of the application on PostgreSQL.

Put in place again after every migration, since SQLite loses a table's triggers without a word when it is rebuilt.
"""

from dataclasses import dataclass

from sqlalchemy import Connection, inspect, text


@dataclass(frozen=True)
class Refusal:
    """One change of one table that is refused: always, or where `when` holds for the row NEW or OLD."""

    name: str
    change: str
    table: str
    message: str
    when: str = ""

    @property
    def on_sqlite(self) -> str:
        """The statement that makes it, as SQLite keeps its text."""
        when = f" WHEN {self.when}" if self.when else ""
        return (
            f"CREATE TRIGGER {self.name} BEFORE {self.change} ON {self.table}{when}"
            f" BEGIN SELECT RAISE(ABORT, '{self.message}'); END"
        )

    @property
    def on_postgresql(self) -> str:
        """The body of its function, as PostgreSQL keeps it."""
        refuse = f"RAISE EXCEPTION '{self.message}' USING ERRCODE = 'integrity_constraint_violation';"
        row = {"DELETE": "OLD", "TRUNCATE": "NULL"}.get(self.change, "NEW")
        return f"BEGIN IF {self.when or 'TRUE'} THEN {refuse} END IF; RETURN {row}; END"

    @property
    def kind(self) -> int:
        """What PostgreSQL keeps as `tgtype`: before, for each row or (TRUNCATE) each statement, of which change."""
        return {"INSERT": 7, "DELETE": 11, "UPDATE": 19, "TRUNCATE": 34}[self.change]


REFUSALS = (
    Refusal("entry_is_never_changed", "UPDATE", "entry", "entries are never changed"),
    Refusal("entry_is_never_deleted", "DELETE", "entry", "entries are never deleted"),
    Refusal(
        "entry_follows_the_head", "INSERT", "entry", "an entry follows the head of the chain",
        "NOT EXISTS (SELECT 1 FROM chain_head WHERE seq + 1 = NEW.seq AND hash = NEW.previous_hash)",
    ),
    Refusal("entry_text_is_never_changed", "UPDATE", "entry_text", "texts of entries are never changed"),
    Refusal(
        "entry_text_goes_by_redaction", "DELETE", "entry_text", "the text of an entry goes by a redaction only",
        "NOT EXISTS (SELECT 1 FROM entry WHERE about = OLD.seq AND kind = 'redacted')",
    ),
    Refusal(
        "entry_text_comes_with_its_entry", "INSERT", "entry_text", "a text comes with its entry",
        "NOT EXISTS (SELECT 1 FROM chain_head WHERE seq = NEW.seq)"
        " OR EXISTS (SELECT 1 FROM entry_text WHERE seq = NEW.seq)"
        " OR NOT EXISTS (SELECT 1 FROM entry WHERE seq = NEW.seq AND text_commitment IS NOT NULL)",
    ),
    Refusal(
        "chain_head_moves_by_one", "UPDATE", "chain_head", "the head of the chain moves by one entry",
        "NEW.id <> OLD.id OR NEW.seq <> OLD.seq + 1"
        " OR NOT EXISTS (SELECT 1 FROM entry WHERE seq = NEW.seq AND hash = NEW.hash)",
    ),
    Refusal("chain_head_is_never_deleted", "DELETE", "chain_head", "the head of the chain stays"),
    Refusal(
        "chain_head_is_the_only_one", "INSERT", "chain_head", "there is one head of the chain",
        "EXISTS (SELECT 1 FROM chain_head)",
    ),
    Refusal("mail_attempt_is_never_changed", "UPDATE", "mail_attempt", "attempts are never changed"),
    Refusal("mail_attempt_is_never_deleted", "DELETE", "mail_attempt", "attempts are never deleted"),
    # INSERT OR REPLACE on SQLite walks past the triggers of UPDATE and DELETE.
    Refusal(
        "mail_attempt_is_never_replaced", "INSERT", "mail_attempt", "attempts are never changed",
        "EXISTS (SELECT 1 FROM mail_attempt WHERE outgoing_mail_id = NEW.outgoing_mail_id AND number = NEW.number)",
    ),
    Refusal("audit_is_never_changed", "UPDATE", "audit", "rows of the audit log are never changed"),
    Refusal(
        "audit_is_kept", "DELETE", "audit", "rows of the audit log go when their time is over",
        "OLD.keep_until > CURRENT_DATE",
    ),
    Refusal(
        "audit_is_never_replaced", "INSERT", "audit", "rows of the audit log are never changed",
        "EXISTS (SELECT 1 FROM audit WHERE id = NEW.id)",
    ),
    Refusal("body_succession_is_never_deleted", "DELETE", "body_succession", "successions are never deleted"),
    Refusal(
        "body_succession_is_only_taken_back", "UPDATE", "body_succession", "a succession is only taken back, once",
        "OLD.taken_back_at IS NOT NULL OR NEW.taken_back_at IS NULL OR NEW.id <> OLD.id OR NEW.uid <> OLD.uid"
        " OR NEW.former_id <> OLD.former_id OR NEW.from_on <> OLD.from_on OR NEW.is_merger <> OLD.is_merger"
        " OR NEW.recorded_at <> OLD.recorded_at OR NEW.recorded_by_id <> OLD.recorded_by_id",
    ),
    Refusal(
        "body_succession_is_never_replaced", "INSERT", "body_succession", "successions are never changed",
        "EXISTS (SELECT 1 FROM body_succession WHERE id = NEW.id OR uid = NEW.uid)",
    ),
    Refusal("body_successor_is_never_changed", "UPDATE", "body_successor", "successors are never changed"),
    Refusal("body_successor_is_never_deleted", "DELETE", "body_successor", "successors are never deleted"),
    Refusal("restatement_is_never_deleted", "DELETE", "restatement", "decisions on lineage are never deleted"),
    Refusal(
        "restatement_is_only_taken_back", "UPDATE", "restatement", "a decision on lineage is only taken back, once",
        "OLD.taken_back_at IS NOT NULL OR NEW.taken_back_at IS NULL OR NEW.id <> OLD.id"
        " OR NEW.recommendation_id <> OLD.recommendation_id OR NEW.earlier_id <> OLD.earlier_id"
        " OR NEW.is_same <> OLD.is_same OR NEW.decided_at <> OLD.decided_at"
        " OR NEW.decided_by_id <> OLD.decided_by_id",
    ),
    Refusal(
        "restatement_is_never_replaced", "INSERT", "restatement", "decisions on lineage are never changed",
        "EXISTS (SELECT 1 FROM restatement WHERE id = NEW.id)",
    ),
)  # fmt: skip
_APPLICATION_MAY = {
    "entry": "SELECT, INSERT",
    "entry_text": "SELECT, INSERT, DELETE",
    "chain_head": "SELECT, UPDATE",
    "mail_attempt": "SELECT, INSERT",
    "audit": "SELECT, INSERT, DELETE",
    "body_succession": "SELECT, INSERT, UPDATE",
    "body_successor": "SELECT, INSERT",
    "restatement": "SELECT, INSERT, UPDATE",
    "alembic_version": "SELECT",
}
"""Its rights on PostgreSQL in tables where it may not do everything; the triggers narrow them further."""


def _refusals(connection: Connection) -> list[Refusal]:
    """Those of the tables that are there, which are fewer on the way up or down."""
    there = set(inspect(connection).get_table_names())
    found = [one for one in REFUSALS if one.table in there]
    if connection.dialect.name == "postgresql":
        tables = sorted({one.table for one in found})
        found += [Refusal(f"{one}_is_never_emptied", "TRUNCATE", one, f"{one} is never emptied") for one in tables]
    return found


def restore(connection: Connection, application: str | None = None) -> None:
    """Put every refusal in place, and on PostgreSQL the rights of the role `application`, where it owns nothing."""
    execute = connection.exec_driver_sql
    refusals = _refusals(connection)
    if connection.dialect.name == "sqlite":
        lift(connection)
        for one in refusals:
            execute(one.on_sqlite)
        return
    schema = connection.scalar(text("SELECT current_schema()"))
    for one in refusals:
        each = "STATEMENT" if one.change == "TRUNCATE" else "ROW"
        # A table of the same name in the caller's temporary schema must not be looked at.
        execute(
            f"CREATE OR REPLACE FUNCTION {one.name}() RETURNS trigger LANGUAGE plpgsql"
            f" SET search_path = {schema}, pg_temp AS $${one.on_postgresql}$$"
        )
        execute(f"DROP TRIGGER IF EXISTS {one.name} ON {one.table}")
        execute(f"CREATE TRIGGER {one.name} BEFORE {one.change} ON {one.table} FOR EACH {each}"
                f" EXECUTE FUNCTION {one.name}()")  # fmt: skip
        execute(f"ALTER TABLE {one.table} ENABLE ALWAYS TRIGGER {one.name}")
    if application and application != connection.scalar(text("SELECT current_user")):
        _grant(connection, str(schema), connection.dialect.identifier_preparer.quote(application))


def lift(connection: Connection) -> None:
    """Take every refusal away while a whole database is put in, within a transaction that ends with `restore`."""
    if connection.dialect.name == "sqlite":
        for name in set(_kept_on_sqlite(connection)):
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        return
    for table in sorted({one.table for one in _refusals(connection)}):
        connection.exec_driver_sql(f"ALTER TABLE {table} DISABLE TRIGGER USER")


def _grant(connection: Connection, schema: str, role: str) -> None:
    execute = connection.exec_driver_sql
    execute(f"GRANT USAGE ON SCHEMA {schema} TO {role}")
    execute(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA {schema} TO {role}")
    for table in inspect(connection).get_table_names():
        rights = _APPLICATION_MAY.get(table, "SELECT, INSERT, UPDATE, DELETE")
        execute(f'REVOKE ALL ON "{table}" FROM {role}')
        execute(f'GRANT {rights} ON "{table}" TO {role}')


def missing(connection: Connection) -> list[str]:
    """The names of refusals that are gone, switched off or not what they should be."""
    kept = _kept_on_sqlite(connection) if connection.dialect.name == "sqlite" else _kept_on_postgresql(connection)
    return [one.name for one in _refusals(connection) if kept.get(one.name) != _expected(one, connection)]


def _expected(one: Refusal, connection: Connection) -> tuple[object, ...]:
    if connection.dialect.name == "sqlite":
        return one.table, one.on_sqlite
    return one.table, one.on_postgresql, one.kind, "A"


def _kept_on_sqlite(connection: Connection) -> dict[str, tuple[object, ...]]:
    kept = connection.execute(text("SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger'"))
    return {name: (table, sql) for name, table, sql in kept}


def _kept_on_postgresql(connection: Connection) -> dict[str, tuple[object, ...]]:
    kept = connection.execute(
        text(
            "SELECT tgname, relname, prosrc, tgtype, tgenabled FROM pg_trigger"
            " JOIN pg_class ON pg_class.oid = tgrelid JOIN pg_proc ON pg_proc.oid = tgfoid"
            " WHERE NOT tgisinternal AND pg_class.relnamespace = current_schema()::regnamespace"
        )
    )
    return {name: (table, body, kind, enabled) for name, table, body, kind, enabled in kept}
