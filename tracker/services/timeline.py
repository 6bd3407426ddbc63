"""Adds to the timeline. The only place that writes entries, their texts and the chain.

Its functions work inside the transaction of the service that calls them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session, make_transient_to_detached

from tracker import clock
from tracker.domain import chain
from tracker.domain.vocabulary import ENDS, EntryKind
from tracker.models import Addressee, ChainHead, Entry, EntryText, Person, Recommendation
from tracker.queries import entries
from tracker.services import standings

_ADD, _SAY, _MOVE = insert(Entry), insert(EntryText), update(ChainHead)


@dataclass(frozen=True)
class Addition:
    """One entry that is to be added.

    `text` is what may later be redacted; `about` the seq of the entry this one is about; `counts_on` the day from
    which it counts, by default the day it is recorded.
    """

    subject: Recommendation | Addressee
    kind: EntryKind
    facts: Mapping[str, object]
    text: Mapping[str, object] | None = None
    about: int | None = None
    counts_on: date | None = None

    @property
    def recommendation(self) -> Recommendation:
        return self.subject.recommendation if isinstance(self.subject, Addressee) else self.subject

    @property
    def addressee(self) -> Addressee | None:
        return self.subject if isinstance(self.subject, Addressee) else None

    @property
    def stream(self) -> entries.Stream:
        return self.recommendation.id, self.addressee.id if self.addressee else None


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
    session.flush()  # what is new has its number
    head = session.execute(select(ChainHead.seq, ChainHead.hash).with_for_update()).one()
    seq, last = head.seq, head.hash
    positions = entries.last_positions(session, {one.stream for one in additions})
    added = []
    for addition in additions:
        positions[addition.stream] += 1
        salt, payload = chain.salt(), chain.canonical(addition.text) if addition.text else None
        commitment = chain.commitment(salt, payload) if payload else ""
        link = _link(addition, seq + 1, last, positions[addition.stream], commitment, by, at)
        added.append(_write(session, addition, link, by, at))
        if payload:
            session.connection().execute(_SAY, {"seq": link.seq, "salt": salt, "text": payload})
        seq, last = link.seq, added[-1].hash
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
        recommendation=addition.recommendation.uid,
        addressee=addition.addressee.uid if addition.addressee else "",
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


def _write(session: Session, addition: Addition, link: chain.Link, by: Person | None, at: datetime) -> Entry:
    """One row and the head after it, in the order that the database insists on, without the session's bookkeeping."""
    row = {
        "seq": link.seq,
        "recommendation_id": addition.recommendation.id,
        "addressee_id": addition.addressee.id if addition.addressee else None,
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
    connection = session.connection()
    connection.execute(_ADD, row)
    connection.execute(_MOVE, {"seq": link.seq, "hash": row["hash"]})
    entry = Entry(**row)
    make_transient_to_detached(entry)  # it is in the database: the session takes it as if it had read it
    session.add(entry)
    return entry


def _touched(session: Session, additions: Sequence[Addition]) -> set[int]:
    """The addressees about whom something may be true that was not before."""
    ended = [one.recommendation.id for one in additions if one.addressee is None and one.kind in ENDS]
    return {one.addressee.id for one in additions if one.addressee} | entries.addressees_of(session, ended)
