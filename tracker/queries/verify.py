"""Proves the timeline: the chain holds, texts fit their commitments, what is kept beside it equals a replay."""

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Row, func, select

from tracker import database, protection
from tracker.domain import chain
from tracker.domain.standing import Happening, Standing, fold
from tracker.domain.vocabulary import ENDS, EntryKind
from tracker.models import Addressee, Body, ChainHead, Entry, EntryText, Person, Recommendation, StandingRow
from tracker.queries import anchors, projections

_AT_ONCE = 5000
_UNREADABLE = "it holds what no entry can hold"
_NO_FACTS = (KeyError, TypeError, ValueError)
"""What reading facts ends with that were never recorded, though somebody gave them a hash that fits."""


@dataclass(frozen=True)
class Verdict:
    """What `tracker verify` found."""

    ok: bool
    entries: int
    first_wrong: int | None = None
    """The seq of the first entry that is not what was recorded."""
    why: str | None = None

    @property
    def sentence(self) -> str:
        """The same in words."""
        if self.ok:
            return f"All {self.entries} entries are as they were recorded."
        if self.first_wrong:
            return f"Entry {self.first_wrong}: {self.why}."
        why = self.why or ""
        return f"{why[:1].upper()}{why[1:]}."

    def as_json(self) -> dict[str, object]:
        """The same for `--json`."""
        return asdict(self)


def verify(against: Path | None = None) -> Verdict:
    """Replay every entry and tell the first thing that is wrong, if any; `against` is a file of anchors."""
    verdict = _replay()
    if against is None or not verdict.ok:
        return verdict
    found = anchors.compare(against)
    return verdict if found.why is None else Verdict(False, verdict.entries, found.first_wrong, found.why)


def verify_latest(n: int) -> Verdict:
    """The same of the last `n` entries alone: that they hold together and end where the head says."""
    session = database.session()
    last = session.scalar(select(func.max(Entry.seq))) or 0
    first = max(1, last - n + 1)
    previous = session.scalar(select(Entry.hash).where(Entry.seq == first - 1)) or chain.GENESIS
    count = first - 1
    for row in _between(first, last + 1):
        wrong = _wrong(row, count + 1, previous)
        if wrong or isinstance(row, Unreadable):
            return Verdict(False, count - first + 1, count + 1, wrong)
        previous, count = row.hash, count + 1
    head = _wrong_head(count, previous)
    return Verdict(head is None, count - first + 1, *(head or ()))


def _replay() -> Verdict:
    happenings: dict[int, list[Happening]] = defaultdict(list)
    given = projections.Given()
    of_recommendation = _addressees_by_recommendation()
    previous, count = chain.GENESIS, 0
    for row in _entries():
        wrong = _wrong(row, count + 1, previous)
        if wrong or isinstance(row, Unreadable):
            return Verdict(False, count, count + 1, wrong)
        previous, count = row.hash, count + 1
        try:
            happening = Happening(row.seq, row.kind, json.loads(row.facts), row.about, row.counts_on)
            given.take(row.recommendation_id, row.addressee_id, row.kind, happening.facts)
        except _NO_FACTS:
            return Verdict(False, count - 1, count, _UNREADABLE)
        if row.addressee_id:
            happenings[row.addressee_id].append(happening)
        elif row.kind in ENDS:
            for addressee_id in of_recommendation[row.recommendation_id]:
                happenings[addressee_id].append(happening)
    head = _wrong_head(count, previous)
    if head:
        return Verdict(False, count, *head)
    why = _wrong_standing(happenings) or projections.wrong(given, happenings) or _unprotected()
    return Verdict(why is None, count, None, why)


@dataclass(frozen=True)
class Unreadable:
    """An entry that holds what no entry can hold, such as a kind that does not exist."""

    seq: int


def _entries() -> Iterator[Row[Any] | Unreadable]:
    """Entries in the order of the chain, with everything that their hash covers."""
    last = database.session().scalar(select(func.max(Entry.seq))) or 0
    for first in range(1, last + 1, _AT_ONCE):
        yield from _between(first, first + _AT_ONCE)


def _between(first: int, end: int) -> list[Row[Any] | Unreadable]:
    """Entries from `first` to before `end`; halves the range to find the one that cannot be read."""
    statement = (
        select(
            Entry.seq,
            Entry.recommendation_id,
            Entry.addressee_id,
            Entry.position,
            Entry.kind,
            Entry.facts,
            Entry.text_commitment,
            Entry.about,
            Entry.recorded_at,
            Entry.counts_on,
            Entry.previous_hash,
            Entry.hash,
            Recommendation.uid.label("recommendation"),
            Addressee.uid.label("addressee"),
            Person.uid.label("recorded_by"),
            EntryText.salt,
            EntryText.text,
        )
        .join(Recommendation, Recommendation.id == Entry.recommendation_id)
        .outerjoin(Addressee, Addressee.id == Entry.addressee_id)
        .outerjoin(Person, Person.id == Entry.recorded_by_id)
        .outerjoin(EntryText, EntryText.seq == Entry.seq)
        .where(Entry.seq >= first, Entry.seq < end)
        .order_by(Entry.seq)
    )
    try:
        return list(database.session().execute(statement))
    except (LookupError, TypeError, ValueError):
        if end - first == 1:
            return [Unreadable(first)]
        middle = (first + end) // 2
        return _between(first, middle) + _between(middle, end)


def _wrong(row: Row[Any] | Unreadable, expected_seq: int, previous: str) -> str | None:
    """What is wrong with one entry, given the one before it."""
    if isinstance(row, Unreadable):
        return _UNREADABLE
    if row.seq != expected_seq:
        return "it is missing"
    if row.previous_hash != previous:
        return "it does not hold the hash of the entry before it"
    link = chain.Link(
        seq=row.seq,
        recommendation=row.recommendation,
        addressee=row.addressee or "",
        position=row.position,
        kind=row.kind.value,
        facts=row.facts,
        text_commitment=row.text_commitment or "",
        about=str(row.about or ""),
        recorded_at=chain.instant(row.recorded_at),
        recorded_by=row.recorded_by or "",
        counts_on=row.counts_on.isoformat(),
        previous_hash=row.previous_hash,
    )
    if link.hash() != row.hash:
        return "its content does not give its hash"
    if row.text is not None and chain.commitment(row.salt, row.text) != row.text_commitment:
        return "its text is not the one that was recorded"
    if row.text is None and row.text_commitment and not _is_redacted(row.seq):
        return "its text is gone without a redaction"
    return None


def _is_redacted(seq: int) -> bool:
    redaction = select(Entry.seq).where(Entry.kind == EntryKind.REDACTED, Entry.about == seq)
    return database.session().scalar(redaction) is not None


def _addressees_by_recommendation() -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    for recommendation_id, addressee_id in database.session().execute(
        select(Addressee.recommendation_id, Addressee.id).order_by(Addressee.id)
    ):
        found[recommendation_id].append(addressee_id)
    return found


def _wrong_head(count: int, last_hash: str) -> tuple[int | None, str] | None:
    """The entry from which chain and head differ, where one can be named, and how."""
    head = database.session().get_one(ChainHead, 1)
    if (head.seq, head.hash) == (count, last_hash):
        return None
    differs_from = min(head.seq, count) + 1 if head.seq != count else None
    return differs_from, f"the chain should end at entry {head.seq}, and ends at {count}"


def _wrong_standing(happenings: dict[int, list[Happening]]) -> str | None:
    """The standings in the table against those that the entries give."""
    session = database.session()
    slugs = dict(session.execute(select(Body.id, Body.slug)).all())
    stored: dict[int, list[Standing]] = defaultdict(list)
    names = [name for name in Standing.__dataclass_fields__ if name != "body"]
    columns = [getattr(StandingRow, name) for name in names]
    rows = select(StandingRow.addressee_id, StandingRow.body_id, *columns)
    for addressee_id, body_id, *values in session.execute(rows.order_by(StandingRow.addressee_id, StandingRow.from_on)):
        stored[addressee_id].append(Standing(body=slugs[body_id], **dict(zip(names, values, strict=True))))
    for addressee_id in sorted(happenings.keys() | stored.keys()):
        try:
            is_given = fold(happenings[addressee_id]) == stored[addressee_id]
        except _NO_FACTS:
            return f"an entry of addressee {addressee_id} holds what no entry can hold"
        if not is_given:
            return f"the standing of addressee {addressee_id} is not what its entries give"
    return None


def _unprotected() -> str | None:
    """Whether the database still refuses to change what may not change."""
    missing = protection.missing(database.session().connection())
    return f"triggers that protect the timeline are gone or changed: {', '.join(missing)}" if missing else None
