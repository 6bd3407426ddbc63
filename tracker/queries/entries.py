"""The timeline, read: entries as rules and pages need them."""

import json
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from tracker import database
from tracker.domain.standing import Happening
from tracker.domain.vocabulary import ENDS, Channel, EntryKind, Implementation, Party, Response
from tracker.models import Addressee, Entry, ExpectedReply
from tracker.queries.portions import portions

_SPOKEN_BY_A_BODY = (EntryKind.ANSWERED,)
_SPOKEN_BY_THE_ISSUER = (EntryKind.ASSESSED, EntryKind.RETURNED, EntryKind.FILED)


Stream = tuple[int, int | None]
"""The numbers of a recommendation, and of the addressee where an entry is about one: positions count within it."""


def last_positions(session: Session, streams: Collection[Stream]) -> Counter[Stream]:
    """The position of the latest entry of each of these streams; 0 where there is none."""
    found: Counter[Stream] = Counter()
    latest = select(Entry.recommendation_id, Entry.addressee_id, func.max(Entry.position))
    latest = latest.group_by(Entry.recommendation_id, Entry.addressee_id)
    for ids in portions(addressee for _recommendation, addressee in streams if addressee is not None):
        found.update(_positions(session, latest.where(Entry.addressee_id.in_(ids))))
    for ids in portions(recommendation for recommendation, addressee in streams if addressee is None):
        found.update(_positions(session, latest.where(Entry.recommendation_id.in_(ids), Entry.addressee_id.is_(None))))
    return found


def _positions(session: Session, latest: Select[int, int | None, int]) -> dict[Stream, int]:
    return {(recommendation, addressee): position for recommendation, addressee, position in session.execute(latest)}


_FOLDED = (Entry.seq, Entry.kind, Entry.facts, Entry.about, Entry.counts_on)


def happenings(session: Session, addressee_ids: Collection[int]) -> dict[int, list[Happening]]:
    """The entries that decide what is true of each of these addressees, as folding sees them."""
    found: dict[int, list[Happening]] = {one: [] for one in addressee_ids}
    own = select(Addressee.id, *_FOLDED).join(Entry, Entry.addressee_id == Addressee.id)
    own = own.where(Addressee.id.in_(addressee_ids))
    of_whole = select(Addressee.id, *_FOLDED).join(Entry, Entry.recommendation_id == Addressee.recommendation_id)
    of_whole = of_whole.where(Addressee.id.in_(addressee_ids), Entry.addressee_id.is_(None), Entry.kind.in_(ENDS))
    for statement in (own, of_whole):
        for addressee_id, seq, kind, facts, about, counts_on in session.execute(statement):
            found[addressee_id].append(Happening(seq, kind, json.loads(facts), about, counts_on))
    return found


def addressees_of(session: Session, recommendation_ids: Collection[int]) -> set[int]:
    """The addressees of these recommendations."""
    found: set[int] = set()
    for ids in portions(recommendation_ids):
        found.update(session.scalars(select(Addressee.id).where(Addressee.recommendation_id.in_(ids))))
    return found


def has_later_answer(session: Session, addressee_id: int, received_on: date | None) -> bool:
    """Whether an answer is on record that counts on a later day than one received on this day."""
    later = select(Entry.seq).where(Entry.addressee_id == addressee_id, Entry.kind == EntryKind.ANSWERED)
    if received_on is None:
        return False
    return session.scalar(later.where(Entry.counts_on > received_on).limit(1)) is not None


def is_question(session: Session, seq: int) -> bool:
    """Whether an entry returned an answer with a question."""
    return session.get_one(Entry, seq).kind is EntryKind.RETURNED


@dataclass(frozen=True)
class Told:
    """An entry as a page tells it."""

    entry: Entry

    @cached_property
    def facts(self) -> dict[str, Any]:
        """Codes and dates as texts; where an entry counts or lists them, numbers, signs and lists too."""
        return dict(json.loads(self.entry.facts))

    @cached_property
    def words(self) -> dict[str, Any]:
        """Its free text; empty where there is none or it was redacted."""
        return dict(json.loads(self.entry.text.text)) if self.entry.text else {}

    @property
    def seq(self) -> int:
        return self.entry.seq

    @property
    def kind(self) -> EntryKind:
        return self.entry.kind

    @property
    def counts_on(self) -> date:
        return self.entry.counts_on

    @property
    def recorded_at(self) -> datetime:
        return self.entry.recorded_at

    @property
    def party(self) -> Party | None:
        """Whose voice it is; None for what merely happened."""
        if self.kind in _SPOKEN_BY_A_BODY:
            return Party.BODY
        return Party.ISSUER if self.kind in _SPOKEN_BY_THE_ISSUER else None

    @property
    def response(self) -> Response | None:
        return Response(self.facts["response"]) if "response" in self.facts else None

    @property
    def reported(self) -> Implementation | None:
        return Implementation(self.facts["reported"]) if self.facts.get("reported") else None

    @property
    def assessed(self) -> Implementation | None:
        return Implementation(self.facts["assessed"]) if "assessed" in self.facts else None

    @property
    def channel(self) -> Channel:
        return Channel(self.facts.get("channel", Channel.FORM))

    @property
    def links(self) -> list[str]:
        return list(self.words.get("links", []))

    @property
    def confirms(self) -> int | None:
        """The entry that an answer confirms as it stands."""
        found = self.facts.get("confirms")
        return int(found) if found else None

    def fact_day(self, name: str) -> date | None:
        """A date among its facts."""
        return date.fromisoformat(self.facts[name]) if self.facts.get(name) else None


def timeline(addressee_id: int) -> list[Told]:
    """Everything that happened to one addressee, newest first by the chain."""
    return timelines([addressee_id])[addressee_id]


def timelines(addressee_ids: Collection[int]) -> dict[int, list[Told]]:
    """The same of several addressees."""
    found: dict[int, list[Told]] = {one: [] for one in addressee_ids}
    of_them = select(Entry).where(Entry.addressee_id.in_(addressee_ids)).order_by(Entry.seq.desc())
    for entry in database.session().scalars(of_them):
        found[entry.addressee_id or 0].append(Told(entry))
    return found


def all_told(seqs: Collection[int]) -> dict[int, Told]:
    """Several entries by their seq."""
    of_them = select(Entry).where(Entry.seq.in_(seqs))
    return {entry.seq: Told(entry) for entry in database.session().scalars(of_them)}


def told(seq: int) -> Told:
    """One entry that is known to exist."""
    return Told(database.session().get_one(Entry, seq))


def last_answer(addressee_id: int) -> Told | None:
    """The latest answer of an addressee by the day it counts on."""
    entry = database.session().scalar(
        select(Entry)
        .where(Entry.addressee_id == addressee_id, Entry.kind == EntryKind.ANSWERED)
        .order_by(Entry.counts_on.desc(), Entry.seq.desc())
        .limit(1)
    )
    return Told(entry) if entry else None


def open_questions(addressee_ids: Collection[int]) -> dict[int, Told]:
    """The questions to which replies of these addressees are expected."""
    found = database.session().scalars(
        select(Entry)
        .join(ExpectedReply, ExpectedReply.asked_seq == Entry.seq)
        .where(ExpectedReply.addressee_id.in_(addressee_ids), ExpectedReply.is_open, Entry.kind == EntryKind.RETURNED)
    )
    return {entry.addressee_id: Told(entry) for entry in found if entry.addressee_id}


def open_replies(round_id: int) -> Select[ExpectedReply]:
    """The replies that a round asked for and still expects; what questions expect is not among them."""
    return (
        select(ExpectedReply)
        .join(Entry, Entry.seq == ExpectedReply.asked_seq)
        .where(ExpectedReply.round_id == round_id, ExpectedReply.is_open, Entry.kind == EntryKind.ASKED)
        .order_by(ExpectedReply.id)
    )


def open_reply(addressee_id: int) -> ExpectedReply | None:
    """The reply that is expected of an addressee."""
    of_it = select(ExpectedReply).where(ExpectedReply.addressee_id == addressee_id, ExpectedReply.is_open)
    return database.session().scalar(of_it)


def position(addressee_id: int) -> int:
    """The position of the latest entry of an addressee: what a page that shows all of them has seen."""
    session = database.session()
    return session.scalar(select(func.max(Entry.position)).where(Entry.addressee_id == addressee_id)) or 0
