"""Adds to the timeline. The only place that writes entries, their texts, the chain and the standings.

Its functions work inside the transaction of the service that calls them.
"""

from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from tracker import clock
from tracker.domain import chain
from tracker.domain.standing import fold
from tracker.domain.vocabulary import EntryKind
from tracker.models import Addressee, Body, ChainHead, Entry, EntryText, Person, Recommendation, StandingRow
from tracker.queries import entries

_ENDS_ALL = (EntryKind.WITHDRAWN, EntryKind.IMPORT_UNDONE)
"""Entries of a recommendation that end the standing of each of its addressees."""


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
    """Add one entry to the timeline of `subject` and bring its standing up to date.

    `text` is what may later be redacted; `about` the seq of the entry this one is about; `by` is None for the
    worker; `counts_on` the day from which it counts, by default the day of `at`.
    """
    head = session.execute(select(ChainHead).with_for_update()).scalar_one()
    addressee = subject if isinstance(subject, Addressee) else None
    recommendation = subject.recommendation if isinstance(subject, Addressee) else subject
    salt, payload = chain.salt(), chain.canonical(text) if text else None
    link = chain.Link(
        seq=head.seq + 1,
        recommendation=recommendation.uid,
        addressee=addressee.uid if addressee else "",
        position=entries.last_position(session, subject) + 1,
        kind=kind.value,
        facts=chain.canonical(facts),
        text_commitment=chain.commitment(salt, payload) if payload else "",
        about=str(about or ""),
        recorded_at=chain.instant(at),
        recorded_by=by.uid if by else "",
        counts_on=(counts_on or clock.day_of(at)).isoformat(),
        previous_hash=head.hash,
    )
    entry = Entry(
        seq=link.seq,
        recommendation_id=recommendation.id,
        addressee_id=addressee.id if addressee else None,
        position=link.position,
        kind=kind,
        facts=link.facts,
        text_commitment=link.text_commitment or None,
        about=about,
        recorded_at=at,
        recorded_by_id=by.id if by else None,
        counts_on=counts_on or clock.day_of(at),
        previous_hash=link.previous_hash,
        hash=link.hash(),
    )
    session.add(entry)
    session.flush()
    head.seq, head.hash = entry.seq, entry.hash
    if payload:
        session.add(EntryText(seq=entry.seq, salt=salt, text=payload))
    session.flush()
    _bring_standings_up_to_date(session, recommendation, addressee, kind)
    return entry


def _bring_standings_up_to_date(
    session: Session, recommendation: Recommendation, addressee: Addressee | None, kind: EntryKind
) -> None:
    if addressee is not None:
        _rewrite_standing(session, addressee)
    elif kind in _ENDS_ALL:
        for one in session.scalars(select(Addressee).where(Addressee.recommendation_id == recommendation.id)):
            _rewrite_standing(session, one)


def _rewrite_standing(session: Session, addressee: Addressee) -> None:
    """Fold all entries of an addressee again: an answer on paper may count on a day in the past."""
    session.execute(delete(StandingRow).where(StandingRow.addressee_id == addressee.id))
    slugs = dict(session.execute(select(Body.slug, Body.id)).all())
    for standing in fold(entries.happenings(session, addressee)):
        values = {name: value for name, value in vars(standing).items() if name != "body"}
        session.add(StandingRow(addressee_id=addressee.id, body_id=slugs[standing.body], **values))
    session.flush()
