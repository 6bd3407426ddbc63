"""What is public and what could be: decisions on reports, and the answers and findings that were reviewed."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from tracker import clock, database
from tracker.domain.vocabulary import EntryKind
from tracker.errors import NotFound
from tracker.language import _
from tracker.models import Addressee, ChainHead, Entry, Publication, Recommendation, Report, StandingRow
from tracker.queries import entries
from tracker.queries.entries import Told

VOICES = (EntryKind.ANSWERED, EntryKind.ASSESSED)
"""What can be published."""
_REVIEWS = (EntryKind.FILED, EntryKind.ASSESSED)


class Openness(StrEnum):
    """How far an answer or a finding is from everybody's eyes."""

    WAITING = "waiting"
    REPLACED = "replaced"
    """By a later answer, before anybody dealt with it."""
    RETURNED = "returned"
    REVIEWED = "reviewed"
    PUBLIC = "public"
    TAKEN_BACK = "taken_back"


def is_public(moment: datetime) -> ColumnElement[bool]:
    """The condition that everybody may read a report at a moment; an embargo ends by itself."""
    decision = aliased(Publication)
    stands = or_(decision.ended_at.is_(None), decision.ended_at > moment)
    return exists().where(decision.report_id == Report.id, decision.public_from <= moment, stands)


def moment_of(day: date) -> datetime:
    """The moment at which what is public is asked for on a day: now, or the end of a day that is past."""
    return min(clock.now(), clock.moment_on(day + timedelta(days=1)) - timedelta(microseconds=1))


def decision(report_id: int) -> Publication | None:
    """The decision on a report that stands, even where its moment is still to come."""
    return decisions([report_id]).get(report_id)


def decisions(report_ids: Collection[int]) -> dict[int, Publication]:
    """The decisions that stand, by the id of the report."""
    standing = select(Publication).where(Publication.report_id.in_(report_ids), Publication.ended_at.is_(None))
    return {one.report_id: one for one in database.session().scalars(standing)}


def is_report_public(report_id: int, now: datetime) -> bool:
    """Whether everybody may read a report now."""
    standing = decision(report_id)
    return standing is not None and standing.public_from <= now


def report(slug: str, issuer_ids: Collection[int]) -> Report:
    """A report of these issuers, public or not."""
    found = database.session().scalar(select(Report).where(Report.slug == slug, Report.issuer_id.in_(issuer_ids)))
    if found is None:
        raise NotFound(_("There is no such report."))
    return found


def last_seq() -> int:
    """The latest entry of the installation: what a page that is built now has seen."""
    return database.session().scalars(select(ChainHead.seq)).one()


@dataclass(frozen=True)
class Reviewed:
    """An answer or finding that could be published."""

    told: Told
    addressee: Addressee


def reviewed(report_id: int, *, up_to: int | None = None) -> list[Reviewed]:
    """What of a report was reviewed, by an entry up to `up_to`, and was never public; the oldest first."""
    found = database.session().execute(_reviewed(up_to).where(Recommendation.report_id == report_id))
    return [Reviewed(Told(entry), addressee) for entry, addressee in found]


def count_reviewed(report_ids: Collection[int]) -> dict[int, int]:
    """How much was reviewed and was never public, by the id of the report."""
    found = _reviewed(None).where(Recommendation.report_id.in_(report_ids)).order_by(None)
    counted = found.with_only_columns(Recommendation.report_id, func.count()).group_by(Recommendation.report_id)
    return dict(database.session().execute(counted).all())


def _reviewed(up_to: int | None) -> Select[Entry, Addressee]:
    other = aliased(Entry)
    is_about = other.about == Entry.seq
    limit = up_to if up_to is not None else last_seq()
    was_reviewed = exists().where(is_about, other.kind.in_(_REVIEWS), other.seq <= limit)
    return (
        select(Entry, Addressee)
        .join(Addressee, Addressee.id == Entry.addressee_id)
        .join(Recommendation, Recommendation.id == Entry.recommendation_id)
        .join(StandingRow, and_(StandingRow.addressee_id == Addressee.id, StandingRow.until_on.is_(None)))
        .where(
            ~Recommendation.is_hidden,
            Entry.seq <= limit,
            or_(Entry.kind == EntryKind.ASSESSED, and_(Entry.kind == EntryKind.ANSWERED, was_reviewed)),
            ~exists().where(is_about, other.kind == EntryKind.PUBLISHED),
        )
        .order_by(Entry.counts_on, Entry.seq)
    )


def spoken(addressee_id: int) -> list[tuple[Told, Openness]]:
    """The answers and findings of an addressee, newest first, each with how far it is from public."""
    told = entries.timeline(addressee_id)
    return [(one, openness(one, told)) for one in told if one.kind in VOICES]


def openness(one: Told, timeline: Collection[Told]) -> Openness:
    """How far an answer or finding is from public, by the entries of its addressee, newest first."""
    about = [other for other in timeline if other.entry.about == one.seq]
    publication = next((other for other in about if other.kind is EntryKind.PUBLISHED), None)
    if publication is not None:
        return Openness.TAKEN_BACK if publication.facts.get("taken_back") else Openness.PUBLIC
    if one.kind is EntryKind.ASSESSED or any(other.kind in _REVIEWS for other in about):
        return Openness.REVIEWED
    if any(other.kind is EntryKind.RETURNED for other in about):
        return Openness.RETURNED
    dealt_with = {other.entry.about for other in timeline if other.kind in (*_REVIEWS, EntryKind.RETURNED)}
    later = (other for other in timeline if other.kind is EntryKind.ANSWERED and other.seq in dealt_with)
    is_replaced = any(other.seq > one.seq and other.counts_on >= one.counts_on for other in later)
    return Openness.REPLACED if is_replaced else Openness.WAITING
