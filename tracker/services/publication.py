"""What everybody may read: a report by decision, and of it the answers and findings that were reviewed."""

from datetime import datetime

from sqlalchemy.orm import Session

from tracker import clock
from tracker.database import transaction
from tracker.domain.acts import Act
from tracker.domain.vocabulary import EntryKind
from tracker.errors import NotAllowed, NotFound
from tracker.language import _
from tracker.models import Addressee, Entry, Person, Publication, Report
from tracker.queries import people
from tracker.queries import publication as published
from tracker.queries.entries import Told
from tracker.queries.publication import Openness
from tracker.services import answers, audit, timeline


def publish_report(report_id: int, public_from: datetime, *, by: Person, at: datetime) -> Publication:
    """Let everybody read a report from a moment on, now where that is past; an embargo may be moved."""
    with transaction() as session:
        report = _report(session, report_id, by)
        standing = published.decision(report.id)
        if standing is not None and standing.public_from <= at:
            raise NotAllowed(_("This report is public already."))
        if standing is not None:
            standing.ended_at, standing.ended_by_id = at, by.id
            session.flush()
        decision = Publication(
            report_id=report.id, public_from=max(public_from, at), decided_at=at, decided_by_id=by.id
        )
        session.add(decision)
        about, of = ("report", report.slug), report.issuer_id
        day = clock.day_of(decision.public_from)
        audit.note(session, Act.REPORT_PUBLISHED, about, by=by, issuer_id=of, at=at, from_on=day)
        return decision


def take_back_report(report_id: int, *, by: Person, at: datetime) -> None:
    """Show nothing of a report any more, or not from the moment that was decided."""
    with transaction() as session:
        report = _report(session, report_id, by)
        standing = published.decision(report.id)
        if standing is None:
            raise NotAllowed(_("This report is not public."))
        standing.ended_at, standing.ended_by_id = at, by.id
        about, of = ("report", report.slug), report.issuer_id
        audit.note(session, Act.REPORT_TAKEN_BACK, about, by=by, issuer_id=of, at=at)


def publish_reviewed(report_id: int, *, up_to: int, by: Person, at: datetime) -> int:
    """Publish whatever of a report was reviewed up to the entry `up_to` and was never public; how many."""
    with transaction() as session:
        found = published.reviewed(_report(session, report_id, by).id, up_to=up_to)
        additions = [_addition(one.addressee, one.told.entry) for one in found]
        for one, entry in zip(found, timeline.append_all(session, additions, by=by, at=at), strict=True):
            of = one.addressee.recommendation
            audit.note_about(session, Act.PUBLISHED, of, by=by, at=at, seq=entry.seq)
        return len(found)


def publish(addressee_id: int, seq: int, *, by: Person, at: datetime) -> None:
    """Publish one answer or finding that was reviewed; what is public already stays so."""
    with transaction() as session:
        addressee, told, openness = _spoken(session, addressee_id, seq, by)
        if openness is Openness.PUBLIC:
            return
        if openness not in (Openness.REVIEWED, Openness.TAKEN_BACK):
            raise NotAllowed(_("Only what was reviewed can be published."))
        record(session, addressee, told.entry, by=by, at=at)


def take_back(addressee_id: int, seq: int, *, by: Person, at: datetime) -> None:
    """Show one answer or finding no more; what was public before it counts again."""
    with transaction() as session:
        addressee, told, openness = _spoken(session, addressee_id, seq, by)
        if openness is Openness.PUBLIC:
            record(session, addressee, told.entry, by=by, at=at, is_taken_back=True)


def record(
    session: Session, addressee: Addressee, told: Entry, *, by: Person, at: datetime, is_taken_back: bool = False
) -> None:
    """Put on the timeline that an answer or finding is public, or no more; inside the caller's transaction."""
    addition = _addition(addressee, told, is_taken_back=is_taken_back)
    [entry] = timeline.append_all(session, [addition], by=by, at=at)
    act = Act.TAKEN_BACK if is_taken_back else Act.PUBLISHED
    audit.note_about(session, act, addressee.recommendation, by=by, at=at, seq=entry.seq)


def _addition(addressee: Addressee, told: Entry, *, is_taken_back: bool = False) -> timeline.Addition:
    facts = {"what": told.kind.value, **({"taken_back": True} if is_taken_back else {})}
    return timeline.Addition(addressee, EntryKind.PUBLISHED, facts, about=told.seq)


def _report(session: Session, report_id: int, by: Person) -> Report:
    report = session.get(Report, report_id)
    if report is None or report.issuer_id not in people.rights(by).coordinates:
        raise NotFound(_("There is no such report."))
    return report


def _spoken(session: Session, addressee_id: int, seq: int, by: Person) -> tuple[Addressee, Told, Openness]:
    addressee, _standing = answers.followed_up(session, addressee_id, by)
    found = next((one for one in published.spoken(addressee_id) if one[0].seq == seq), None)
    if found is None:
        raise NotFound(_("There is no such recommendation."))
    return addressee, *found
