"""What a notice that a mail did not arrive means for the mail and its address."""

import logging
from datetime import datetime

from sqlalchemy import select

from tracker.database import transaction
from tracker.mail import bounces, mailbox
from tracker.mail.smtp import Outcome
from tracker.models import OutgoingMail
from tracker.services import outbox, outcomes
from tracker.services.outcomes import Attempt
from tracker.settings import Settings

log = logging.getLogger("tracker.worker")


def look(settings: Settings, *, at: datetime) -> int:
    """Read what came back; how many messages there were. Without a place to look, nothing."""
    if not settings.bounces_url.get_secret_value():
        return 0
    where = mailbox.place(settings.bounces_url.get_secret_value())
    return mailbox.look(where, lambda content: take(content, at=at))


def take(content: bytes, *, at: datetime) -> bool:
    """Take one message in; whether it told of a mail of ours something that was not known.

    A forged notice quotes no Message-ID that we gave, and one that was read already tells nothing new.
    """
    notice = bounces.read(content)
    if notice is None:
        return False
    with transaction() as session:
        is_quoted = OutgoingMail.message_id == notice.message_id
        mail = session.scalar(select(OutgoingMail).where(is_quoted).with_for_update(of=OutgoingMail))
        if mail is None:
            log.warning("bounces: a notice quotes a Message-ID that is none of ours")
            return False
        may_have_arrived = mail.state == "accepted" or (
            mail.was_fenced and mail.state in ("leased", *outbox.UNFINISHED)
        )
        if not may_have_arrived:
            return False
        code = 550 if notice.is_final else 450
        said = f"{notice.status} {notice.text}".strip()
        outcome = Outcome("bounce", code, said)
        number = outcomes.attempted(session, Attempt(mail.id, mail.token, outcome, notice.host, at, at))
        mail.smtp_code, mail.smtp_text = None, said[:500]
        outbox.end(mail, "failed", "bounced")
        if notice.is_final or outcomes.refuses_for_days(session, mail, at):
            outcomes.suppress(session, mail, outcome, at)
        log.info("bounces: mail %s came back at attempt %s: %s", mail.id, number, notice.status)
        return True
