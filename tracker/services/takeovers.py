"""Writes that one body acts in the place of another, and takes it back. Timelines only ever get longer."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from tracker import clock
from tracker.database import reading, transaction
from tracker.domain.standing import TAKEN_BACK
from tracker.domain.vocabulary import EntryKind
from tracker.models import ExpectedReply, Person
from tracker.queries import entries, takeovers
from tracker.queries.portions import portions
from tracker.queries.takeovers import Move, Wanted
from tracker.services import timeline
from tracker.services.timeline import Addition


def take_over_due(at: datetime) -> int:
    """Have bodies that end today be succeeded, and what was reopened follow; how many addressees. For the worker."""
    today = clock.day_of(at)
    with reading() as session:
        if not takeovers.waiting(session, today):
            return 0
    with transaction() as session:
        return settle(session, by=None, at=at)


def settle(session: Session, *, by: Person | None, at: datetime) -> int:
    """Have everything that is due be taken over, through as many successions as there are; how many moves."""
    n = 0
    while waiting := takeovers.waiting(session, clock.day_of(at)):
        n += len(write(session, waiting, by=by, at=at))
    return n


def write(session: Session, wanted: Sequence[Wanted], *, by: Person | None, at: datetime) -> list[Move]:
    """Put these takeovers on the timelines; of two addressees that ask the same body the same, one ends today."""
    moves, today = takeovers.plan(session, wanted), clock.day_of(at)
    additions: list[Addition] = []
    for move in moves:
        additions += _additions(move, today)
    for entry in timeline.append_all(session, additions, by=by, at=at):
        if "duplicate_of" in entries.Told(entry).facts:
            expected = update(ExpectedReply).where(
                ExpectedReply.addressee_id == entry.addressee_id, ExpectedReply.is_open
            )
            session.execute(expected.values(is_open=False, closed_seq=entry.seq))
    return moves


def _additions(move: Move, today: date) -> list[Addition]:
    facts: dict[str, object] = {"body": move.wanted.successor.slug, "succession": move.wanted.succession}
    found = [Addition(move.addressee, EntryKind.TAKEN_OVER, facts, counts_on=move.counts_on)]
    if move.ends is not None and move.stays is not None:
        facts = {**facts, "duplicate_of": move.stays.uid}
        found.append(Addition(move.ends, EntryKind.TAKEN_OVER, facts, counts_on=max(move.counts_on, today)))
    return found


def take_back(session: Session, uid: str, *, by: Person, at: datetime, only: Collection[int] | None = None) -> int:
    """Have what a succession moved, and what followed from that, be as if it had not; how many it had moved.

    `only` these addressees, or all. What was withdrawn since stays as it is.
    """
    void = takeovers.begun_by(session, uid, only)
    of_it = takeovers.addressees(session, {one.addressee_id for one in void})
    corrections = [
        Addition(of_it[one.addressee_id], EntryKind.CORRECTED, {"takeover": TAKEN_BACK}, about=one.seq) for one in void
    ]
    timeline.append_all(session, corrections, by=by, at=at)
    for seqs in portions(one.seq for one in void):
        again = update(ExpectedReply).where(ExpectedReply.closed_seq.in_(seqs))
        session.execute(again.values(is_open=True, closed_seq=None))
    return len(takeovers.moved_by(void, uid))
