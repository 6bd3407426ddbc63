"""Adds to the timeline. The only place that writes entries, their texts and the chain.

Its functions work inside the transaction of the service that calls them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any, NamedTuple

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session, make_transient_to_detached

from tracker import clock
from tracker.domain import chain
from tracker.domain.vocabulary import ENDS, EntryKind
from tracker.models import Addressee, ChainHead, Entry, EntryText, Person, Recommendation
from tracker.queries import entries
from tracker.services import standings

_ADD, _SAY, _MOVE = insert(Entry), insert(EntryText), update(ChainHead)


class Subject(NamedTuple):
    """Whose timeline an entry is on, by what the chain needs of it: for what was written without models."""

    recommendation_id: int
    recommendation_uid: str
    addressee_id: int | None = None
    addressee_uid: str = ""


@dataclass(frozen=True)
class Addition:
    """One entry that is to be added.

    `text` is what may later be redacted; `about` the seq of the entry this one is about; `counts_on` the day from
    which it counts, by default the day it is recorded.
    """

    subject: Recommendation | Addressee | Subject
    kind: EntryKind
    facts: Mapping[str, object]
    text: Mapping[str, object] | None = None
    about: int | None = None
    counts_on: date | None = None

    @cached_property
    def of(self) -> Subject:
        """Whose timeline it is on; what is new has its number by now."""
        if isinstance(self.subject, Subject):
            return self.subject
        if isinstance(self.subject, Addressee):
            recommendation = self.subject.recommendation
            return Subject(recommendation.id, recommendation.uid, self.subject.id, self.subject.uid)
        return Subject(self.subject.id, self.subject.uid)

    @property
    def stream(self) -> entries.Stream:
        return self.of.recommendation_id, self.of.addressee_id


def append(
    session: Session,
    subject: Recommendation | Addressee,
    kind: EntryKind,
    facts: Mapping[str, object],
    *,
    text: Mapping[str, object] | None = None,
    about: int | None = None,
    by: Person | None,
    at: datetime,
    counts_on: date | None = None,
) -> Entry:
    """Add one entry to the timeline of `subject` and bring its standing up to date; `by` is None for the worker."""
    return append_all(session, [Addition(subject, kind, facts, text, about, counts_on)], by=by, at=at)[0]


def append_all(session: Session, additions: Sequence[Addition], *, by: Person | None, at: datetime) -> list[Entry]:
    """Add many entries, in this order, and bring every standing that they touch up to date once."""
    return [_entry(session, row) for row in append_rows(session, additions, by=by, at=at)]


def append_rows(
    session: Session, additions: Sequence[Addition], *, by: Person | None, at: datetime
) -> list[dict[str, Any]]:
    """The same for very many, as an import has: the entries as rows, which cost a third of models."""
    session.flush()  # what is new has its number
    head = session.execute(select(ChainHead.seq, ChainHead.hash).with_for_update()).one()
    seq, last = head.seq, head.hash
    positions = entries.last_positions(session, {one.stream for one in additions})
    connection, added = session.connection(), []
    for addition in additions:
        positions[addition.stream] += 1
        salt, payload = chain.salt(), chain.canonical(addition.text) if addition.text else None
        commitment = chain.commitment(salt, payload) if payload else ""
        link = _link(addition, seq + 1, last, positions[addition.stream], commitment, by, at)
        row = _row(addition, link, by, at)
        # In the order that the database insists on: the entry, the head after it, its text.
        connection.execute(_ADD, row)
        connection.execute(_MOVE, {"seq": link.seq, "hash": row["hash"]})
        if payload:
            connection.execute(_SAY, {"seq": link.seq, "salt": salt, "text": payload})
        added.append(row)
        seq, last = link.seq, row["hash"]
    standings.rewrite(session, _touched(session, additions))
    return added


def _link(
    addition: Addition,
    seq: int,
    previous: str,
    position: int,
    commitment: str,
    by: Person | None,
    at: datetime,
) -> chain.Link:
    return chain.Link(
        seq=seq,
        recommendation=addition.of.recommendation_uid,
        addressee=addition.of.addressee_uid,
        position=position,
        kind=addition.kind.value,
        facts=chain.canonical(addition.facts),
        text_commitment=commitment,
        about=str(addition.about or ""),
        recorded_at=chain.instant(at),
        recorded_by=by.uid if by else "",
        counts_on=(addition.counts_on or clock.day_of(at)).isoformat(),
        previous_hash=previous,
    )


def _row(addition: Addition, link: chain.Link, by: Person | None, at: datetime) -> dict[str, Any]:
    return {
        "seq": link.seq,
        "recommendation_id": addition.of.recommendation_id,
        "addressee_id": addition.of.addressee_id,
        "position": link.position,
        "kind": addition.kind,
        "facts": link.facts,
        "text_commitment": link.text_commitment or None,
        "about": addition.about,
        "recorded_at": at,
        "recorded_by_id": by.id if by else None,
        "counts_on": date.fromisoformat(link.counts_on),
        "previous_hash": link.previous_hash,
        "hash": link.hash(),
    }


def _entry(session: Session, row: Mapping[str, Any]) -> Entry:
    """What was written past the session's bookkeeping, taken by it as if it had read it."""
    entry = Entry(**row)
    make_transient_to_detached(entry)
    session.add(entry)
    return entry


def _touched(session: Session, additions: Sequence[Addition]) -> set[int]:
    """The addressees about whom something may be true that was not before."""
    ended = [one.of.recommendation_id for one in additions if one.of.addressee_id is None and one.kind in ENDS]
    return {one.of.addressee_id for one in additions if one.of.addressee_id} | entries.addressees_of(session, ended)
