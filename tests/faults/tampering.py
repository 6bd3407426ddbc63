"""What somebody with the files of a database might change, each with the first entry that proof must name."""

import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, insert, select, text, update

from tracker import protection
from tracker.domain import chain
from tracker.domain.vocabulary import EntryKind
from tracker.models import Entry, EntryText

HEX = "f" * 64


@dataclass(frozen=True)
class Tamper:
    """One change, done; `first_wrong` where an entry can be named."""

    what: str
    first_wrong: int | None = None


Change = Callable[[Connection, random.Random, int], Tamper]


def unguarded(connection: Connection) -> None:
    """Put every guard of this transaction out of the way, foreign keys included."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        for one in protection.REFUSALS:
            connection.exec_driver_sql(f"DROP TRIGGER {one.name}")
        return
    connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
    for table in sorted({one.table for one in protection.REFUSALS}):
        connection.exec_driver_sql(f"ALTER TABLE {table} DISABLE TRIGGER USER")


def _entry(connection: Connection, chance: random.Random, last: int, *, with_text: bool = False) -> Any:
    chosen = select(Entry.__table__).where(Entry.seq >= chance.randint(1, last)).order_by(Entry.seq)
    if with_text:
        last_with_text = select(Entry.seq).where(Entry.text_commitment.is_not(None)).order_by(Entry.seq.desc()).limit(1)
        seq = chance.randint(1, connection.scalar(last_with_text) or 1)
        chosen = select(Entry.__table__).where(Entry.seq >= seq, Entry.text_commitment.is_not(None)).order_by(Entry.seq)
    return connection.execute(chosen.limit(1)).one()


_VALUES = {
    "kind": "'noted'",
    "facts": "'{}'",
    "position": "position + 900",
    "recorded_at": "'2001-01-01 00:00:00.000001'",
    "counts_on": "'2001-01-01'",
    "recorded_by_id": "CASE WHEN recorded_by_id = 1 THEN 2 ELSE 1 END",
    "recommendation_id": "CASE WHEN recommendation_id = 1 THEN 2 ELSE 1 END",
    "addressee_id": "CASE WHEN addressee_id IS NULL THEN 1 ELSE NULL END",
    "text_commitment": f"'{HEX}'",
    "about": "CASE WHEN about IS NULL THEN 1 ELSE NULL END",
    "previous_hash": f"'{HEX}'",
    "hash": f"'{HEX}'",
}


def column(connection: Connection, chance: random.Random, last: int) -> Tamper:
    """One column of one entry."""
    seq, name = chance.randint(1, last), chance.choice(list(_VALUES))
    position = ", position = position + 900" if name in ("recommendation_id", "addressee_id") else ""
    connection.exec_driver_sql(f"UPDATE entry SET {name} = {_VALUES[name]}{position} WHERE seq = {seq}")
    return Tamper(f"{name} of entry {seq}", seq)


def rehashed(connection: Connection, chance: random.Random, last: int) -> Tamper:
    """Facts with the hash that fits them: the next entry holds another."""
    row = _entry(connection, chance, last - 1)
    uids = connection.execute(
        text(
            "SELECT r.uid, coalesce(a.uid, ''), coalesce(p.uid, '') FROM entry e"
            " JOIN recommendation r ON r.id = e.recommendation_id LEFT JOIN addressee a ON a.id = e.addressee_id"
            " LEFT JOIN person p ON p.id = e.recorded_by_id WHERE e.seq = :seq"
        ),
        {"seq": row.seq},
    ).one()
    is_garbage = row.kind is EntryKind.ISSUED and chance.random() < 0.5
    facts = chain.canonical({"forged": row.seq} if is_garbage else {**json.loads(row.facts), "forged": row.seq})
    link = chain.Link(
        row.seq, uids[0], uids[1], row.position, row.kind.value, facts, row.text_commitment or "", str(row.about or ""),
        chain.instant(row.recorded_at), uids[2], row.counts_on.isoformat(), row.previous_hash,
    )  # fmt: skip
    connection.execute(update(Entry).where(Entry.seq == row.seq).values(facts=facts, hash=link.hash()))
    return Tamper(f"facts and hash of entry {row.seq}", row.seq if is_garbage else row.seq + 1)


def swapped(connection: Connection, chance: random.Random, last: int) -> Tamper:
    """The facts and kinds of two entries, exchanged."""
    first = _entry(connection, chance, last // 2)
    second = connection.execute(
        select(Entry.__table__).where(Entry.seq > first.seq, Entry.facts != first.facts).limit(1)
    ).one()
    for row, other in ((first, second), (second, first)):
        connection.execute(update(Entry).where(Entry.seq == row.seq).values(facts=other.facts, kind=other.kind))
    return Tamper(f"entries {first.seq} and {second.seq} exchanged", first.seq)


def removed(connection: Connection, chance: random.Random, last: int) -> Tamper:
    """An entry in the middle or the last ones."""
    if chance.random() < 0.5:
        seq = chance.randint(1, last - 1)
        connection.exec_driver_sql(f"DELETE FROM entry WHERE seq = {seq}")
        return Tamper(f"entry {seq} removed", seq)
    seq = chance.randint(max(last - 5, 1), last)
    connection.exec_driver_sql(f"DELETE FROM entry WHERE seq >= {seq}")
    return Tamper(f"entries from {seq} removed", seq)


def added(connection: Connection, chance: random.Random, last: int) -> Tamper:
    """A copy of an entry at the end, behind the head."""
    row = dict(_entry(connection, chance, last)._mapping)
    head = connection.exec_driver_sql("SELECT hash FROM chain_head").scalar_one()
    row |= {"seq": last + 1, "position": row["position"] + 900, "previous_hash": head, "hash": HEX}
    connection.execute(insert(Entry), row)
    return Tamper("an entry added behind the head", last + 1)


def words(connection: Connection, chance: random.Random, last: int) -> Tamper:
    """The free text of an entry, its salt, or all of it."""
    seq = _entry(connection, chance, last, with_text=True).seq
    how = chance.choice(("text = text || ' '", "text = '{}'", "salt = substr(salt, 2)", "gone"))
    if how == "gone":
        connection.exec_driver_sql(f"DELETE FROM entry_text WHERE seq = {seq}")
    else:
        connection.exec_driver_sql(f"UPDATE entry_text SET {how} WHERE seq = {seq}")
    return Tamper(f"text of entry {seq}: {how}", seq)


def words_invented(connection: Connection, chance: random.Random, _last: int) -> Tamper:
    """A text for an entry that had none."""
    silent = select(Entry.seq).where(Entry.text_commitment.is_(None))
    seq = chance.choice(connection.scalars(silent).all())
    connection.execute(insert(EntryText), {"seq": seq, "salt": b"x" * 32, "text": '{"done":"Never said."}'})
    return Tamper(f"text invented for entry {seq}", seq)


def head(connection: Connection, chance: random.Random, last: int) -> Tamper:
    """The head, rewound, moved on or with another hash."""
    seq, back = chance.choice([("seq", 0), ("seq + 1", 0), ("seq - 1", 1)])
    what = f"hash = '{HEX}'" if seq == "seq" else f"seq = {seq}"
    if back and chance.random() < 0.5:
        what += f", hash = (SELECT hash FROM entry WHERE seq = {last - 1})"
    connection.exec_driver_sql(f"UPDATE chain_head SET {what}")
    return Tamper(f"head: {what}", {"seq": None, "seq + 1": last + 1, "seq - 1": last}[seq])


def identity(connection: Connection, chance: random.Random, last: int) -> Tamper:
    """The identifier by which entries know a recommendation, an addressee or a person."""
    row = _entry(connection, chance, last)
    table, key = chance.choice(
        [("recommendation", "recommendation_id"), ("addressee", "addressee_id"), ("person", "recorded_by_id")]
    )
    number = row._mapping[key] or 1
    connection.exec_driver_sql(f"UPDATE {table} SET uid = '{'z' * 26}' WHERE id = {number}")
    first = connection.exec_driver_sql(f"SELECT min(seq) FROM entry WHERE {key} = {number}").scalar_one()
    return Tamper(f"identifier of {table} {number}", first)


_STANDING = {
    "response": "CASE WHEN response = 'accepted' THEN 'awaited' ELSE 'accepted' END",
    "reported": "CASE WHEN reported = 'fully' THEN NULL ELSE 'fully' END",
    "assessed": "CASE WHEN assessed = 'fully' THEN 'partially' ELSE 'fully' END",
    "published_response": "CASE WHEN published_response = 'accepted' THEN 'awaited' ELSE 'accepted' END",
    "published_reported": "CASE WHEN published_reported = 'fully' THEN NULL ELSE 'fully' END",
    "published_assessed": "CASE WHEN published_assessed = 'fully' THEN 'partially' ELSE 'fully' END",
    "reply_due_on": "CASE WHEN reply_due_on IS NULL THEN '2030-01-01' ELSE NULL END",
    "original_due_on": "CASE WHEN original_due_on IS NULL THEN '2030-01-01' ELSE NULL END",
    "last_answer_on": "CASE WHEN last_answer_on IS NULL THEN '2010-01-01' ELSE NULL END",
    "unreviewed": "CASE WHEN unreviewed IS NULL THEN 1 ELSE NULL END",
    "body_id": "CASE WHEN body_id = 1 THEN 2 ELSE 1 END",
    "from_on": "'2001-01-01'",
    "until_on": "CASE WHEN until_on IS NULL THEN '2035-01-01' ELSE NULL END",
}
_DATES = ("reply_due_on", "original_due_on", "last_answer_on", "until_on", "from_on")


def standing(connection: Connection, chance: random.Random, _last: int) -> Tamper:
    """One column of what is true of an addressee, or the row itself."""
    name = chance.choice([*_STANDING, "gone"])
    key = "SELECT addressee_id, from_on FROM standing WHERE until_on IS NULL"
    rows = connection.exec_driver_sql(key).all()
    addressee_id, from_on = chance.choice(rows)
    where = f"addressee_id = {addressee_id} AND from_on = '{from_on}'"
    if name == "gone":
        connection.exec_driver_sql(f"DELETE FROM standing WHERE {where}")
    else:
        value = _STANDING[name]
        if connection.dialect.name == "postgresql" and name in _DATES:
            value = f"({value})::date"
        connection.exec_driver_sql(f"UPDATE standing SET {name} = {value} WHERE {where}")
    return Tamper(f"standing of addressee {addressee_id}: {name}")


CHANGES: tuple[Change, ...] = (
    column, column, rehashed, swapped, removed, added, words, words_invented, head, identity, standing, standing,
)  # fmt: skip


def guard(connection: Connection, chance: random.Random, _last: int) -> Tamper:
    """A trigger that is gone, switched off, or made to refuse nothing; to be done after all guards are back."""
    one = chance.choice(protection.REFUSALS)
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"DROP TRIGGER {one.name}")
        if chance.random() < 0.5:
            connection.exec_driver_sql(one.on_sqlite.replace(" BEGIN ", " WHEN 0 BEGIN ") if not one.when
                                       else one.on_sqlite.replace("WHEN ", "WHEN 0 AND ", 1))  # fmt: skip
            return Tamper(f"trigger {one.name} refuses nothing")
        return Tamper(f"trigger {one.name} gone")
    how = chance.choice([
        f"DROP TRIGGER {one.name} ON {one.table}",
        f"ALTER TABLE {one.table} DISABLE TRIGGER {one.name}",
        f"ALTER TABLE {one.table} ENABLE TRIGGER {one.name}",
        f"CREATE OR REPLACE FUNCTION {one.name}() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
    ])  # fmt: skip
    connection.exec_driver_sql(how)
    return Tamper(how)
