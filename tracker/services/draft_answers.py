"""Keeps what somebody began to write until it is sent, so that leaving a form loses nothing."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from tracker import clock
from tracker.database import transaction
from tracker.domain.vocabulary import EntryKind
from tracker.errors import NotFound, Refusal, TimelineMoved
from tracker.language import _
from tracker.models import DraftAnswer, Entry, Person
from tracker.queries import addressees, people

LIMIT = 60_000
"""Characters in all fields of a form together: more than its rules let through."""
JUST_NOW = timedelta(minutes=1)
_SENT_AS = {
    "answer": EntryKind.ANSWERED,
    "paper": EntryKind.ANSWERED,
    "finding": EntryKind.ASSESSED,
    "question": EntryKind.RETURNED,
}


def save(
    addressee_id: int,
    form: str,
    fields: Mapping[str, str],
    *,
    seen: int,
    by: Person,
    at: datetime,
    is_by_itself: bool = False,
) -> None:
    """Keep what stands in the fields of `form` in place of what was kept before. Nothing of it is checked."""
    must_fit(fields)
    with transaction() as session:
        _must_be_theirs(addressee_id, form, by)
        if is_by_itself and _was_just_sent(session, addressee_id, form, seen, by, at):
            # A page that saves by itself may be slower than the one who sends.
            raise TimelineMoved(_("You have sent this form meanwhile, so no draft of it is kept."))
        text = json.dumps(dict(fields), ensure_ascii=False)
        values = {"person_id": by.id, "addressee_id": addressee_id, "form": form}
        session.merge(DraftAnswer(**values, fields=text, seen=seen, saved_at=at))


def must_fit(fields: Mapping[str, str]) -> None:
    """Refuse what no rule would let through and no draft keeps."""
    if sum(map(len, fields.values())) > LIMIT:
        raise Refusal(_("This is too long to be kept. Shorten it, or send it now."))


def discard(addressee_id: int, form: str, *, by: Person) -> None:
    """Throw away what this person began to write."""
    with transaction() as session:
        _must_be_theirs(addressee_id, form, by)
        drop(session, addressee_id, form, by)


def drop(session: Session, addressee_id: int, form: str, by: Person) -> None:
    """The same within the transaction that sends it."""
    of_person = (DraftAnswer.person_id == by.id, DraftAnswer.addressee_id == addressee_id)
    session.execute(delete(DraftAnswer).where(*of_person, DraftAnswer.form == form))


def _must_be_theirs(addressee_id: int, form: str, by: Person) -> None:
    row, rights = addressees.row(addressee_id, clock.today()), people.rights(by)
    if form == "answer":
        is_theirs = row.standing.body_id in rights.body_ids
    else:
        is_theirs = row.recommendation.report.issuer_id in rights.coordinates
    if not is_theirs:
        raise NotFound(_("There is no such recommendation."))


def _was_just_sent(session: Session, addressee_id: int, form: str, seen: int, by: Person, at: datetime) -> bool:
    sent = select(Entry.seq).filter_by(addressee_id=addressee_id, kind=_SENT_AS[form], recorded_by_id=by.id)
    lately = sent.where(Entry.position > seen, Entry.recorded_at > at - JUST_NOW)
    return session.scalar(lately.limit(1)) is not None
