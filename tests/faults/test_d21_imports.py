"""An annex is imported whole or not at all, wherever its import is killed; imported again it adds nothing."""

import os
import signal
import time
from dataclasses import dataclass
from datetime import date

import pytest
from sqlalchemy import event, func, select

from tests.databases import Databases
from tests.faults.together import in_processes
from tests.making import BEGIN, Office
from tests.measuring import Measure
from tracker import database
from tracker.models import Addressee, ChainHead, Entry, Import, Recommendation, RecommendationText, Report, StandingRow
from tracker.queries.verify import verify
from tracker.services import imports

FEW, MANY = 12, 5_000
"""Rows of an annex: killed at every statement, and at moments spread over all of it."""
TABLES = (Report, Recommendation, RecommendationText, Addressee, Entry, StandingRow)


@dataclass(frozen=True)
class Annex:
    """A sheet with some rows, read by the issuer of a database."""

    rows: int
    issuer_id: int

    @property
    def content(self) -> bytes:
        """A sheet in which every second row has two addressees."""
        lines = (
            f"2024/{n};Former les équipes numéro {n} à la détection.;{'Police, magistrats' if n % 2 else 'Police'}\n"
            for n in range(1, self.rows + 1)
        )
        return f"Cote;Recommandation;Destinataire\n{''.join(lines)}".encode()

    def take(self) -> imports.Accepted:
        """Read it and accept it."""
        of_report = {"report": "myria-2024", "title": "Rapport 2024", "issued_on": date(2024, 9, 18)}
        import_ = imports.read(self.issuer_id, self.content, "annex.csv", **of_report, by=None, at=BEGIN)  # type: ignore[arg-type]
        return imports.accept(import_.id, by=None, at=BEGIN)


def take_and_die(url: str, annex: Annex, at: int) -> None:
    """Import, and be killed at a statement, or at one of the commits."""
    database.connect(url)
    count = 0

    def step(*_told: object) -> None:
        nonlocal count
        count += 1
        if count == at:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(database.engine(), "before_cursor_execute", step)
    event.listen(database.engine(), "commit", step)
    annex.take()


def steps_of(url: str, annex: Annex) -> int:
    """How many statements and commits an import is."""
    database.connect(url)
    done: list[object] = []
    event.listen(database.engine(), "before_cursor_execute", lambda *_told: done.append(0))
    event.listen(database.engine(), "commit", lambda *_told: done.append(0))
    annex.take()
    database.close()
    return len(done)


def rows() -> tuple[int, ...]:
    with database.reading() as session:
        return tuple(session.scalar(select(func.count()).select_from(table)) or 0 for table in TABLES)


def is_whole(annex: Annex) -> bool:
    """Nothing is on record, or everything and the import says so; and the chain proves it."""
    with database.reading() as session:
        accepted = session.scalar(select(func.count()).select_from(Import).filter_by(state="accepted")) or 0
        entries = session.scalars(select(ChainHead.seq)).one()
        links = annex.rows + (annex.rows + 1) // 2
        expected = (1, annex.rows, annex.rows, links, annex.rows + links, links) if accepted else (0,) * len(TABLES)
        return (rows(), entries) == (expected, expected[4]) and verify().ok


@pytest.mark.proves("D21")
@pytest.mark.parametrize("n", [FEW, MANY])
def test_an_import_that_is_killed_leaves_all_or_nothing(
    n: int, databases: Databases, migrated: str, database_url: str, is_full: bool, measure: Measure
) -> None:
    if n == MANY and not is_full:
        pytest.skip("at full size only")
    database.close()
    database.connect(databases.copy(migrated, "before"))
    annex = Annex(n, Office.set_up(is_imported=False).issuer.id)
    database.close()
    steps = steps_of(databases.copy("before", "test"), annex)
    parts = 8 if n == FEW else 5
    moments = range(1, steps + 1) if n == FEW and is_full else {max(1, steps * at // parts) for at in range(parts + 1)}
    killed, halves, doubled, slowest = 0, 0, 0, 0.0

    for at in moments:
        url = databases.copy("before", "test")
        killed += in_processes(take_and_die, [(url, annex, at)]) == [-signal.SIGKILL]
        database.connect(url)
        halves += not is_whole(annex)
        begun = time.monotonic()
        annex.take()
        slowest = max(slowest, time.monotonic() - begun)
        before = rows()
        doubled += annex.take().added + (rows() != before) + (not is_whole(annex))
        database.close()
    database.connect(database_url)

    size = f"{n} rows"
    assert killed == len(moments)
    measure("D21", "imports of which a part was kept", halves, f"of {killed} kills", "= 0", size)
    measure("D21", "rows that a second import added", doubled, "rows", "= 0", size)
    measure("D21", "the slowest import afterwards, read and accepted", round(slowest, 1), "s", size=size)
