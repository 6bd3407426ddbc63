"""Writers take turns: nothing is lost, nothing forks, and nobody is turned away."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from bench import loading
from tests.faults.together import at_once, in_processes
from tests.measuring import Measure
from tracker import database
from tracker.domain.vocabulary import EntryKind
from tracker.models import Addressee, Entry, Issuer
from tracker.queries.verify import verify
from tracker.services import timeline

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.mark.proves("D06")
def test_what_each_thread_reads_changes_and_writes_is_kept(filled: str, is_full: bool, measure: Measure) -> None:
    threads, times = 8, 50 if is_full else 10

    def count() -> int:
        for _again in range(times):
            with database.transaction() as session:
                issuer = session.get_one(Issuer, 1)
                issuer.remind_at_most += 1
        return times

    with database.reading() as session:
        before = session.get_one(Issuer, 1).remind_at_most
    at_once(*[count] * threads)  # a writer that is turned away raises

    with database.reading() as session:
        kept = session.get_one(Issuer, 1).remind_at_most - before
    measure("D06", "read-modify-write by 8 threads, kept", kept, "updates", f"= {threads * times}")


def append(url: str, addressee_id: int, times: int) -> None:
    """What one process adds to the timeline of one addressee."""
    database.connect(url)
    for _again in range(times):
        with database.transaction() as session:
            subject = session.get_one(Addressee, addressee_id)
            timeline.append(session, subject, EntryKind.NOTED, {}, text={"note": "x"}, by=None, at=AT)
    database.close()


@pytest.mark.proves("D12")
def test_processes_that_append_make_one_chain(filled: str, is_full: bool, size: loading.Size, measure: Measure) -> None:
    writers, times = 4, 250 if is_full else 10

    database.close()
    ended = in_processes(append, [(filled, one, times) for one in (1, 1, 2, 3)])
    database.connect(filled)

    assert ended == [0] * writers
    with database.reading() as session:
        count, last = session.execute(select(func.count(Entry.seq), func.max(Entry.seq))).one()
        followed = session.scalar(select(func.count(Entry.previous_hash.distinct()))) or 0
        verdict = verify()
    measure("D12", "appended by 4 processes", count - size.entries, "entries", f"= {writers * times}", size.name)
    measure("D12", "forks of the chain", count - followed, "forks", "= 0", size.name)
    measure("D12", "gaps in the chain", last - count, "gaps", "= 0", size.name)
    measure("D12", "the chain verifies afterwards", int(verdict.ok), "", "= 1", size.name)
