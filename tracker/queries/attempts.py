"""The attempts to hand a mail over."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.models import MailAttempt


def next_number(session: Session, mail_id: int) -> int:
    """The number of the next attempt, counted over the whole life of a mail."""
    of_mail = MailAttempt.outgoing_mail_id == mail_id
    return (session.scalar(select(func.max(MailAttempt.number)).where(of_mail)) or 0) + 1
