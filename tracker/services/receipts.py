"""Receipts: after each submission the focal points of the body read what was said in its name."""

import json
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from tracker import clock, language
from tracker.mail import messages
from tracker.models import AnswerLink, Person, Submission
from tracker.queries import entries, people, receipts
from tracker.services import outbox
from tracker.settings import Settings

LANE = 1
LIFE = timedelta(days=30)


def write(session: Session, link: AnswerLink, submission: Submission, *, at: datetime, settings: Settings) -> None:
    """Queue a receipt to each focal point and to whoever sent, within the caller's transaction."""
    told = list(entries.all_told(json.loads(submission.entries)).values())
    points = [one.person for one in people.focal_points(link.body_id, clock.day_of(at))]
    for person in {one.id: one for one in (*points, link.person)}.values():
        _queue(session, person, link, submission, receipts.said(told, person.language), at, settings)


def _queue(
    session: Session,
    person: Person,
    link: AnswerLink,
    submission: Submission,
    said: list[receipts.Said],
    at: datetime,
    settings: Settings,
) -> None:
    message_id = outbox.new_message_id(settings)
    with language.speaking(person.language):
        body = link.body.name(language.current())
    composed = messages.compose(
        "receipt",
        person.language,
        recipient=person.email,
        sender=settings.mail_from,
        message_id=message_id,
        at=at,
        base_url=settings.base_url,
        issuer=link.issuer.name,
        body=body,
        sent_on=clock.day_of(at),
        answered_by=messages.one_line(said[0].answered_by),
        said=said,
    )
    outbox.queue(
        session,
        composed,
        message_id=message_id,
        key=f"receipt/{submission.uid}/{person.id}",
        kind="receipt",
        lane=LANE,
        person=person,
        issuer_id=link.issuer_id,
        recipient=person.email,
        language=person.language,
        at=at,
        expires_at=clock.wall() + LIFE,
        on_uncertain="resend",
    )
