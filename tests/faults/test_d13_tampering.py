"""Whoever has the files can change everything; the proof tells that they did, and where it begins."""

import random
from collections import Counter

import pytest

from tests.databases import Databases
from tests.faults import tampering
from tests.faults.tampering import Tamper
from tests.making import Office
from tests.measuring import Measure
from tracker import database, protection
from tracker.models import ChainHead
from tracker.queries.verify import Verdict, verify


class Undone(Exception):
    """Ends a transaction in which something was tampered with."""


def tampered(change: tampering.Change, chance: random.Random) -> tuple[Tamper, Verdict]:
    """What a change did and what the proof says to it, inside a transaction that is undone."""
    found: list[tuple[Tamper, Verdict]] = []
    try:
        with database.transaction() as session:
            connection, last = session.connection(), session.get_one(ChainHead, 1).seq
            session.expire_all()
            if change is not tampering.guard:
                tampering.unguarded(connection)
            done = change(connection, chance, last)
            if change is not tampering.guard:
                protection.restore(connection)
            found.append((done, verify()))
            raise Undone
    except Undone:
        return found[0]


@pytest.mark.proves("D13")
def test_every_change_is_told_and_the_first_wrong_entry_named(
    followed: Office, databases: Databases, database_url: str, is_full: bool, measure: Measure
) -> None:
    database.connect(databases.almighty(database_url))
    chance = random.Random(13)  # noqa: S311
    times, missed, misplaced, kinds = 400 if is_full else 60, [], [], Counter[str]()
    with database.reading():
        assert verify().ok

    for turn in range(times):
        changes = (*tampering.CHANGES, tampering.guard)
        change = changes[turn % len(changes)]
        done, verdict = tampered(change, chance)
        kinds[change.__name__] += 1
        if verdict.ok:
            missed.append(done.what)
        elif verdict.first_wrong != done.first_wrong:
            misplaced.append(f"{done.what}: {verdict.first_wrong}, not {done.first_wrong} ({verdict.why})")

    assert (missed, misplaced) == ([], [])
    with database.reading():
        assert verify().ok, "a tamper was not undone"
    measure("D13", "random tampers detected", times - len(missed), f"tampers of {len(kinds)} kinds", f"= {times}")
    measure("D13", "tampers of which another first wrong entry was named", len(misplaced), "tampers", "= 0")
