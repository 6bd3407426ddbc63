"""The issuer's voice: file an answer, or assess with reasons."""

from datetime import datetime

from sqlalchemy.orm import Session

from tracker.database import transaction
from tracker.domain import moves
from tracker.domain.vocabulary import EntryKind, Implementation, Role
from tracker.errors import NotAllowed, NotFound, TimelineMoved
from tracker.language import _
from tracker.models import Addressee, Entry, Person, StandingRow
from tracker.queries import entries, people
from tracker.services import answers, timeline


def file(addressee_id: int, *, seen: int, by: Person, at: datetime) -> Entry:
    """Take note of the answer under review without a finding; the assessment stays what it was."""
    with transaction() as session:
        addressee, standing = _reviewable(session, addressee_id, seen, by)
        if standing.unreviewed is None:
            raise NotAllowed(_("There is no answer to file here: it has been dealt with."))
        return timeline.append(session, addressee, EntryKind.FILED, {}, about=standing.unreviewed, by=by, at=at)


def assess(addressee_id: int, assessed: Implementation, reason: str, *, seen: int, by: Person, at: datetime) -> Entry:
    """Record what the issuer finds, with its reasons; an answer under review is dealt with by it."""
    with transaction() as session:
        addressee, standing = _reviewable(session, addressee_id, seen, by)
        if addressee.role is Role.RELAY:
            raise NotAllowed(_("A relay has others act: file its answer, and assess those who carry it out."))
        moves.check(moves.problems_of_assessment(assessed, reason))
        return timeline.append(
            session,
            addressee,
            EntryKind.ASSESSED,
            {"assessed": assessed.value},
            text={"reason": reason} if reason else None,
            about=standing.unreviewed,
            by=by,
            at=at,
        )


def _reviewable(session: Session, addressee_id: int, seen: int, by: Person) -> tuple[Addressee, StandingRow]:
    addressee, standing = answers.answerable(session, addressee_id)
    if addressee.recommendation.report.issuer_id not in people.rights(by).coordinates:
        raise NotFound(_("There is no such recommendation."))
    if entries.last_position(session, addressee) != seen:
        raise TimelineMoved(_("Someone wrote here while you were reading. Look at what is new, then decide again."))
    return addressee, standing
