"""What was said in public: answers and findings that were published, and the facts between them."""

import json
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased

from tracker import clock, database
from tracker.domain.vocabulary import Channel, EntryKind, Implementation, Response
from tracker.models import Addressee, Body, Entry, Publication, Recommendation, Report, StandingRow
from tracker.queries.publication import VOICES, is_public

_FACTS = (EntryKind.ISSUED, EntryKind.ASKED, EntryKind.TAKEN_OVER)
_WORDS = {EntryKind.ANSWERED: ("done", "reason"), EntryKind.ASSESSED: ("reason",)}
"""The texts that are published; who wrote or signed is not."""


@dataclass(frozen=True)
class Spoken:
    """One line of a public timeline."""

    kind: EntryKind
    day: date
    response: Response | None = None
    reported: Implementation | None = None
    assessed: Implementation | None = None
    words: Sequence[str] = ()
    links: Sequence[str] = ()
    since: date | None = None
    """Since when, as the body tells it."""
    channel: Channel = Channel.FORM
    due_on: date | None = None
    body: str = ""
    """The slug of the body that took over."""
    is_removed: bool = False
    """Its text was redacted."""


def exchanges(recommendation_id: int) -> dict[int, list[Spoken]]:
    """The public timeline of each addressee of a recommendation, newest first."""
    kinds = (*_FACTS, *VOICES, EntryKind.PUBLISHED, EntryKind.LAPSED, EntryKind.CORRECTED)
    of_it = (Entry.recommendation_id == recommendation_id, Entry.addressee_id.is_not(None), Entry.kind.in_(kinds))
    found: dict[int, list[Entry]] = defaultdict(list)
    for entry in database.session().scalars(select(Entry).where(*of_it).order_by(Entry.seq)):
        found[entry.addressee_id or 0].append(entry)
    return {addressee_id: _public(timeline) for addressee_id, timeline in found.items()}


def _public(timeline: Collection[Entry]) -> list[Spoken]:
    public: set[int | None] = set()
    for entry in timeline:
        if entry.kind is EntryKind.PUBLISHED:
            change = public.discard if json.loads(entry.facts).get("taken_back") else public.add
            change(entry.about)
    # A succession that was entered by mistake never was: nobody outside is to read that it was taken back.
    void = {entry.about for entry in timeline if entry.kind is EntryKind.CORRECTED}
    findings = {entry.seq for entry in timeline if entry.seq in public and entry.kind is EntryKind.ASSESSED}
    shown = [
        entry
        for entry in timeline
        if entry.seq in public
        or (entry.kind in _FACTS and not (entry.kind is EntryKind.TAKEN_OVER and entry.seq in void))
        or (entry.kind is EntryKind.LAPSED and any(seq < entry.seq for seq in findings))
    ]
    shown.sort(key=lambda entry: (entry.counts_on, entry.seq), reverse=True)
    return [_spoken(entry) for entry in shown]


def _spoken(entry: Entry) -> Spoken:
    facts = json.loads(entry.facts)
    words = json.loads(entry.text.text) if entry.text else {}
    return Spoken(
        entry.kind,
        entry.counts_on,
        response=Response(facts["response"]) if "response" in facts else None,
        reported=Implementation(facts["reported"]) if facts.get("reported") else None,
        assessed=Implementation(facts["assessed"]) if "assessed" in facts else None,
        words=[words[name] for name in _WORDS.get(entry.kind, ()) if words.get(name)],
        links=words.get("links", []) if entry.kind is EntryKind.ANSWERED else [],
        since=_day(facts.get("since")),
        channel=Channel(facts.get("channel", Channel.FORM)),
        due_on=_day(facts.get("due_on")),
        body=facts["body"] if entry.kind is EntryKind.TAKEN_OVER else "",
        is_removed=entry.kind in VOICES and bool(entry.text_commitment) and entry.text is None,
    )


def _day(told: str | None) -> date | None:
    return date.fromisoformat(told) if told else None


@dataclass
class Change:
    """What became public of one addressee on one day: its answer, the finding, or both."""

    day: date
    recommendation: Recommendation
    body: Body
    said: list[Spoken] = field(default_factory=list)


def changes(now: datetime, *, at_most: int) -> list[Change]:
    """What became public lately, the latest first."""
    found: dict[tuple[date, int], Change] = {}
    for publication, entry, addressee, body, public_from in database.session().execute(_publications(now, at_most * 4)):
        if json.loads(publication.facts).get("taken_back"):
            continue
        day = max(publication.counts_on, clock.day_of(public_from))
        change = found.setdefault((day, addressee.id), Change(day, addressee.recommendation, body))
        change.said.insert(0, _spoken(entry))
    return sorted(found.values(), key=lambda change: change.day, reverse=True)[:at_most]


def _publications(now: datetime, at_most: int) -> Any:
    """Entries by which something became public, or no more, that no later one has overtaken."""
    told, later = aliased(Entry), aliased(Entry)
    is_overtaken = select(later.seq).where(
        later.about == Entry.about, later.kind == EntryKind.PUBLISHED, later.seq > Entry.seq
    )
    return (
        select(Entry, told, Addressee, Body, Publication.public_from)
        .join(told, told.seq == Entry.about)
        .join(Addressee, Addressee.id == Entry.addressee_id)
        .join(StandingRow, (StandingRow.addressee_id == Addressee.id) & StandingRow.until_on.is_(None))
        .join(Body, Body.id == StandingRow.body_id)
        .join(Addressee.recommendation)
        .join(Recommendation.report)
        .join(Publication, (Publication.report_id == Report.id) & Publication.ended_at.is_(None))
        .where(Entry.kind == EntryKind.PUBLISHED, is_public(now), ~Recommendation.is_hidden, ~is_overtaken.exists())
        .order_by(Entry.recorded_at.desc(), Entry.seq.desc())
        .limit(at_most)
    )
