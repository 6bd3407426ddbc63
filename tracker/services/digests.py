"""Digests of reminders: one mail per person, issuer and day, holding everything that is due for them."""

import logging
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker import clock, language
from tracker.mail import messages
from tracker.models import AnswerLink, OutgoingMail, Person
from tracker.queries import digests
from tracker.services import answer_links, outbox
from tracker.settings import Settings

log = logging.getLogger(__name__)
LANE_DUE = 1
LIFE = timedelta(days=30)
"""A digest that could not leave for so long says nothing true any more."""


def write(
    session: Session,
    person: Person,
    issuer_id: int | None,
    replies: Collection[int],
    *,
    is_new: bool,
    at: datetime,
    settings: Settings,
) -> OutgoingMail | None:
    """Queue the digest of a person's day, within the caller's transaction.

    One that cannot be written becomes a failed mail with its reason, so that the others leave.
    """
    message_id = outbox.new_message_id(settings)
    failure: Exception | None = None
    links: list[AnswerLink] = []
    try:
        asked = digests.asked(session, replies)
        links = [
            answer_links.of_form(session, person, form, at=at, settings=settings)
            for form in digests.forms(session, replies)
        ]
        composed = compose(
            session, person, asked, is_new=is_new, message_id=message_id, at=at, settings=settings, links=links
        )
    except Exception as error:  # whatever is wrong with one mail must not stop the others
        log.exception("a digest could not be written for person %s", person.id)
        failure = error
        composed = messages.Composed("–", b"")
    mail = outbox.queue(
        session,
        composed,
        message_id=message_id,
        key=_next_key(session, person, at, settings),
        kind="digest",
        lane=LANE_DUE,
        person=person,
        issuer_id=issuer_id,
        recipient=person.email,
        language=person.language,
        at=at,
        expires_at=clock.wall() + LIFE,
        links=[one.uid for one in links],
        on_uncertain="resend",
    )
    if mail is not None and failure:
        outbox.not_composed(mail, failure)
    return mail


def _next_key(session: Session, person: Person, at: datetime, settings: Settings) -> str:
    prefix = f"digest/{person.id}/{clock.day_of(at).isoformat()}"
    of_day = (OutgoingMail.key > f"{prefix}/", OutgoingMail.key < f"{prefix}0")  # “0” follows “/”: the index finds them
    before = session.scalar(select(func.count(OutgoingMail.id)).where(*of_day)) or 0
    return f"{prefix}/{before + 1}"


def compose(
    session: Session,
    person: Person,
    asked: Collection[digests.Asked],
    *,
    is_new: bool,
    message_id: str,
    at: datetime,
    settings: Settings,
    links: Sequence[AnswerLink] = (),
) -> messages.Composed:
    """The digest about what is asked, in the person's language. Stores nothing.

    Without `links`, as for a sample, its button leads to where one signs in.
    """
    with language.speaking(person.language):
        items = digests.items(session, asked, clock.day_of(at))
        if not items:
            raise ValueError("a digest about nothing")
        items = [
            replace(one, text=messages.one_line(one.text), question=messages.one_line(one.question)) for one in items
        ]
        bodies = {one.body for one in items}
        return messages.compose(
            "digest",
            person.language,
            recipient=person.email,
            sender=settings.mail_from,
            message_id=message_id,
            at=at,
            base_url=settings.base_url,
            answers_url=f"{settings.base_url}/answers",
            forms=_forms(items, links, settings),
            expires_on=clock.day_of(min(one.expires_at for one in links)) if links else None,
            issuer=", ".join(sorted({one.issuer for one in items})),
            groups=digests.groups(items),
            only_body=bodies.pop() if len(bodies) == 1 else "",
            n=len(items),
            n_overdue=sum(one.days_late > 0 for one in items),
            n_questions=sum(bool(one.question) for one in items),
            may_confirm=any(one.answered_on and not one.question for one in items),
            is_new=is_new,
            asked_on=min(one.asked_on for one in items),
            first_due_on=min(one.due_on for one in items),
        )


def _forms(items: Sequence[digests.Item], links: Sequence[AnswerLink], settings: Settings) -> list[dict[str, str]]:
    """The buttons of a mail: one a body, in the order of their most urgent items."""
    urls = {one.body_id: answer_links.url_of(messages.placeholder_of(one.uid), settings) for one in links}
    bodies = {one.body_id: one.body for one in items}
    return [
        {"body": body, "url": urls.get(body_id, f"{settings.base_url}/answers")} for body_id, body in bodies.items()
    ]
