"""The attempts to hand a mail over."""

from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.models import MailAttempt, OutgoingMail


def next_number(session: Session, mail_id: int) -> int:
    """The number of the next attempt, counted over the whole life of a mail."""
    of_mail = MailAttempt.outgoing_mail_id == mail_id
    return (session.scalar(select(func.max(MailAttempt.number)).where(of_mail)) or 0) + 1


def days_of_refusal(session: Session, recipient: str, since: datetime) -> set[date]:
    """The days since then on which an address refused mail for now and took none, as the server said at the address."""
    rows = session.execute(
        select(MailAttempt.ended_at, MailAttempt.phase, MailAttempt.code)
        .join(OutgoingMail, OutgoingMail.id == MailAttempt.outgoing_mail_id)
        .where(OutgoingMail.recipient == recipient, MailAttempt.ended_at > since, MailAttempt.code.is_not(None))
        .order_by(MailAttempt.ended_at)
    )
    days: set[date] = set()
    for ended_at, phase, code in rows:
        if phase == "dot" and (code or 0) < 300:
            days.clear()
        elif phase in ("to", "bounce") and (code or 0) < 500:
            days.add(ended_at.date())
    return days
