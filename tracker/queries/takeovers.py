"""What a succession moves, worked out before anything is written: the same for its preview and for its entries."""

import json
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session, aliased

from tracker.domain import takeovers as rules
from tracker.domain.figures import CLOSED
from tracker.domain.takeovers import Held
from tracker.domain.vocabulary import ENDS, EntryKind, Role
from tracker.models import Addressee, Body, Entry, Recommendation, StandingRow, Succession
from tracker.queries.portions import portions


@dataclass(frozen=True)
class Wanted:
    """One addressee that another body is to take over."""

    addressee: Addressee
    successor: Body
    from_on: date
    is_merger: bool = False
    succession: str = ""
    """The uid of what is on record; empty in a preview."""


@dataclass(frozen=True)
class Move:
    """One addressee that moves, and which of two ends where the successor is asked the same already."""

    wanted: Wanted
    counts_on: date
    ends: Addressee | None = None
    stays: Addressee | None = None

    @property
    def addressee(self) -> Addressee:
        """The one that moves."""
        return self.wanted.addressee


def all_of(session: Session, body_id: int) -> list[Addressee]:
    """Everything for which a body acts today, in printed order."""
    return list(session.scalars(acting(body_id)))


def moving(session: Session, body_id: int, from_on: date) -> list[Addressee]:
    """What moves when a body ends on a day: what is open then or was opened since."""
    return list(session.scalars(moving_from(body_id, from_on)))


def waiting(session: Session, today: date) -> list[Wanted]:
    """What is due to be taken over by a body that is the only successor."""
    found = []
    for one in due(session, today):
        if not one.is_split:
            moves = acting(one.former_id) if one.is_merger else moving_from(one.former_id, one.from_on)
            successor = one.successors[0]
            found += [
                Wanted(addressee, successor, one.from_on, one.is_merger, one.uid)
                for addressee in session.scalars(moves)
            ]
    return found


def due(session: Session, today: date) -> list[Succession]:
    """The successions whose day has come, the earliest first."""
    standing = select(Succession).where(Succession.taken_back_at.is_(None), Succession.from_on <= today)
    return list(session.scalars(standing.order_by(Succession.from_on, Succession.id)))


def plan(session: Session, wanted: Sequence[Wanted]) -> list[Move]:
    """From which day each moves, and what ends where a body would be asked the same twice."""
    there = _there(session, wanted)
    held = _held(session, {one.addressee.id for one in wanted} | {one.id for one in there.values()})
    moves = []
    for one in wanted:
        addressee, key = one.addressee, _key(one.addressee, one.successor.id)
        day = rules.takes_over_on(held[addressee.id], addressee.role, one.from_on, is_merger=one.is_merger)
        if day is None:
            continue
        other = there.setdefault(key, addressee)
        is_better = rules.stays(held[addressee.id][-1], held[other.id][-1]) if other is not addressee else None
        if is_better is None:
            moves.append(Move(one, day))
        elif is_better:
            there[key] = addressee
            moves.append(Move(one, day, ends=other, stays=addressee))
        else:
            moves.append(Move(one, day, ends=addressee, stays=other))
    return moves


@dataclass(frozen=True)
class Takeover:
    """An entry by which a body took over, or by which an addressee ended as a duplicate."""

    seq: int
    addressee_id: int
    addressee: str
    """Its uid."""
    body: str
    """The slug of the body that took over."""
    succession: str
    duplicate_of: str
    """The uid of the addressee for which it ended; empty where it only moved."""


def begun_by(session: Session, succession: str, only: Collection[int] | None = None) -> list[Takeover]:
    """What stands on timelines because of a succession, and what followed from it, in the order of the chain."""
    named = Entry.facts.contains(f'"succession":"{succession}"', autoescape=True)
    ids = session.scalars(select(Entry.recommendation_id).where(Entry.kind == EntryKind.TAKEN_OVER, named).distinct())
    standing = _standing(session, ids.all())
    first: dict[int, Takeover] = {}
    for one in standing:
        if one.succession == succession and (only is None or one.addressee_id in only):
            first.setdefault(one.addressee_id, one)
    since = {begun.addressee: begun.seq for begun in first.values()}
    while revived := _revived(standing, since):
        since |= revived
    return [one for one in standing if one.seq >= since.get(one.addressee, one.seq + 1)]


def _revived(standing: Sequence[Takeover], since: Mapping[str, int]) -> dict[str, int]:
    """Those that ended for one that is taken back, from where they moved to it: they are to be moved anew."""
    found: dict[str, int] = {}
    for end in standing:
        if end.addressee not in since and end.seq >= since.get(end.duplicate_of, end.seq + 1):
            own = (one.seq for one in standing if (one.addressee, one.succession) == (end.addressee, end.succession))
            found[end.addressee] = min(own)
    return found


def moved_by(found: Collection[Takeover], succession: str) -> dict[int, str]:
    """The addressees that a succession moved, with the slug of the body that it moved each to."""
    return {one.addressee_id: one.body for one in found if one.succession == succession and not one.duplicate_of}


def addressees(session: Session, ids: Collection[int]) -> dict[int, Addressee]:
    """Addressees by their ids."""
    rows = (session.scalars(select(Addressee).where(Addressee.id.in_(some))) for some in portions(ids))
    return {one.id: one for some in rows for one in some}


def _standing(session: Session, recommendation_ids: Sequence[int]) -> list[Takeover]:
    """The takeovers in these recommendations that nobody took back, but for what was withdrawn since."""
    correction, end = aliased(Entry), aliased(Entry)
    is_void = select(correction.seq).where(correction.about == Entry.seq, correction.kind == EntryKind.CORRECTED)
    is_over = select(end.seq).where(end.recommendation_id == Entry.recommendation_id, end.kind.in_(ENDS))
    found = []
    for ids in portions(recommendation_ids):
        rows = (
            select(Entry.seq, Addressee.id, Addressee.uid, Entry.facts)
            .join(Addressee, Addressee.id == Entry.addressee_id)
            .where(Entry.recommendation_id.in_(ids), Entry.kind == EntryKind.TAKEN_OVER)
            .where(~is_void.exists(), ~is_over.exists())
        )
        for seq, addressee_id, uid, told in session.execute(rows):
            facts = json.loads(told)
            found.append(
                Takeover(seq, addressee_id, uid, facts["body"], facts["succession"], facts.get("duplicate_of", ""))
            )
    return sorted(found, key=lambda one: one.seq)


def acting(*body_ids: int) -> Select[Addressee]:
    """The addressees for which these bodies act today, in printed order."""
    return (
        select(Addressee)
        .join(StandingRow, StandingRow.addressee_id == Addressee.id)
        .join(Addressee.recommendation)
        .where(StandingRow.until_on.is_(None), StandingRow.body_id.in_(body_ids), ~Recommendation.is_hidden)
        .order_by(Recommendation.report_id, Recommendation.position, Addressee.position)
    )


def moving_from(body_id: int, from_on: date) -> Select[Addressee]:
    """Those of a body that were open on a day or at any time since, as `domain.takeovers.is_open` says."""
    then = aliased(StandingRow)
    was_open = select(then.addressee_id).where(
        then.addressee_id == Addressee.id,
        then.body_id == body_id,
        or_(then.until_on.is_(None), then.until_on > from_on),
        or_(Addressee.role == Role.RELAY, then.assessed.not_in(CLOSED)),
    )
    return acting(body_id).where(was_open.correlate(Addressee).exists())


def _key(addressee: Addressee, body_id: int) -> tuple[int, Role, int]:
    """Addressees with the same key are asked the same; one that acts and one that has others act are not."""
    return addressee.recommendation_id, addressee.role, body_id


def _there(session: Session, wanted: Sequence[Wanted]) -> dict[tuple[int, Role, int], Addressee]:
    """What the successors are asked already in the same recommendations."""
    found: dict[tuple[int, Role, int], Addressee] = {}
    successors = {one.successor.id for one in wanted}
    for ids in portions(one.addressee.recommendation_id for one in wanted):
        rows = acting(*successors).where(Addressee.recommendation_id.in_(ids)).add_columns(StandingRow.body_id)
        found |= {_key(addressee, body_id): addressee for addressee, body_id in session.execute(rows)}
    return found


def _held(session: Session, addressee_ids: Collection[int]) -> dict[int, list[Held]]:
    found: dict[int, list[Held]] = defaultdict(list)
    for ids in portions(addressee_ids):
        rows: Select[Any] = select(StandingRow).where(StandingRow.addressee_id.in_(ids))
        for one in session.scalars(rows.order_by(StandingRow.addressee_id, StandingRow.from_on)):
            found[one.addressee_id].append(
                Held(
                    one.from_on,
                    one.until_on,
                    one.body_id,
                    one.assessed,
                    has_answered=one.last_answer_on is not None,
                    is_unreviewed=one.unreviewed is not None,
                )
            )
    return found
