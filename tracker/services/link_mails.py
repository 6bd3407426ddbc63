"""The mail by which a form is handed on to a colleague."""

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker import clock, language
from tracker.mail import messages
from tracker.models import AnswerLink, OutgoingMail, Person
from tracker.services import outbox
from tracker.settings import Settings

LANE = 1
LIFE = timedelta(days=7)


def write(
    session: Session,
    link: AnswerLink,
    given: AnswerLink,
    colleague: Person,
    note: str,
    *,
    at: datetime,
    settings: Settings,
) -> None:
    """Queue the mail with the colleague's link, within the caller's transaction."""
    message_id = outbox.new_message_id(settings)
    with language.speaking(colleague.language):
        body = link.body.name(language.current())
    composed = messages.compose(
        "link",
        colleague.language,
        recipient=colleague.email,
        sender=settings.mail_from,
        message_id=message_id,
        at=at,
        base_url=settings.base_url,
        issuer=link.issuer.name,
        body=body,
        giver=messages.one_line(link.person.display_name),
        note=note,
        url=f"{settings.base_url}/answer?link={messages.placeholder_of(given.uid)}",
        expires_on=clock.day_of(given.expires_at),
    )
    before = session.scalar(select(func.count(OutgoingMail.id)).where(OutgoingMail.links == given.uid)) or 0
    outbox.queue(
        session,
        composed,
        message_id=message_id,
        key=f"link/{given.uid}/{before + 1}",
        kind="link",
        lane=LANE,
        person=colleague,
        issuer_id=link.issuer_id,
        recipient=colleague.email,
        language=colleague.language,
        at=at,
        expires_at=clock.wall() + LIFE,
        links=[given.uid],
        on_uncertain="resend",
    )
