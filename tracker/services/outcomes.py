"""How an attempt to hand a mail over ended: what that means for the mail, its address and the queue as a whole."""

import random
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import bindparam, func, insert, select, update
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import ReturningInsert, ReturningUpdate

from tracker import clock
from tracker.mail.smtp import Outcome
from tracker.models import AddressState, Installation, MailAttempt, OutgoingMail
from tracker.queries import attempts
from tracker.services import outbox

RETRIES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60))
THEN_EVERY = timedelta(hours=2)
GIVE_UP = timedelta(hours=72)
JITTER = 0.2
UNREACHABLE = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5))
REFUSED = timedelta(minutes=15)
SLOW_DOWN = (421, 432)
"""Codes that ask us to send more slowly; the extended codes 4.7.x do too."""
SOFT_DAYS, SOFT_WITHIN = 5, timedelta(days=30)
"""An address that refuses for now on so many days within so long is refused for good."""


@dataclass(frozen=True)
class Attempt:
    """One attempt to hand over a mail that was claimed, and how it ended."""

    mail_id: int
    token: int
    outcome: Outcome
    host: str
    started_at: datetime
    ended_at: datetime


def settle(session: Session, attempt: Attempt) -> bool:
    """Write down how an attempt ended and what follows from it. Whether the server can take further mails."""
    mail_id, token, outcome = attempt.mail_id, attempt.token, attempt.outcome
    # Past the machinery of mapped objects: this is done for every mail, and costs four times as much through it.
    connection = session.connection()
    usual = {"this_mail": mail_id, "this_token": token, "this_now": clock.now()}
    usual |= {"this_code": outcome.code, "this_text": outcome.text or None}
    is_taken = outcome.is_accepted and connection.scalar(_accepting(), usual) is not None
    number = attempted(session, attempt)
    if is_taken:
        return True
    mail = session.get_one(OutgoingMail, mail_id, with_for_update={"of": OutgoingMail})
    is_ours = mail.token == token and mail.state == "leased"
    # A sender that was slower than its lease still knows that the mail arrived: no second copy then.
    is_known_at_last = mail.token == token and outcome.is_accepted and mail.state in outbox.UNFINISHED
    if not is_ours and not is_known_at_last:
        return True
    mail.smtp_code, mail.smtp_text = outcome.code, outcome.text or None
    outbox.end(mail, "queued", mail.why)
    return _follow(session, mail, outcome, number, attempt.ended_at)


def attempted(session: Session, attempt: Attempt) -> int:
    """Keep that an attempt was made, under the next number of its mail."""
    outcome = attempt.outcome
    how = {"this_mail": attempt.mail_id, "phase": outcome.phase, "host": attempt.host}
    how |= {"started": attempt.started_at, "ended": attempt.ended_at}
    how |= {"this_code": outcome.code, "this_text": outcome.text or None}
    return session.connection().scalar(_attempted(), how) or 1


@cache
def _accepting() -> ReturningUpdate[int]:
    return (
        update(OutgoingMail)
        .where(*outbox.LEASED)
        .values(
            state="accepted",
            why=None,
            lease_owner=None,
            lease_until=None,
            accepted_at=bindparam("this_now"),
            smtp_code=bindparam("this_code"),
            smtp_text=bindparam("this_text"),
        )
        .returning(OutgoingMail.id)
    )


@cache
def _attempted() -> ReturningInsert[int]:
    """The next attempt of a mail, numbered over its whole life."""
    last = select(func.max(MailAttempt.number)).where(MailAttempt.outgoing_mail_id == bindparam("this_mail"))
    return (
        insert(MailAttempt)
        .values(
            outgoing_mail_id=bindparam("this_mail"),
            number=func.coalesce(last.scalar_subquery(), 0) + 1,
            phase=bindparam("phase"),
            host=bindparam("host"),
            started_at=bindparam("started"),
            ended_at=bindparam("ended"),
            code=bindparam("this_code"),
            text=bindparam("this_text"),
        )
        .returning(MailAttempt.number)
    )


def _follow(session: Session, mail: OutgoingMail, outcome: Outcome, number: int, now: datetime) -> bool:
    """What an outcome means for the mail, its address and the queue as a whole."""
    if outcome.is_accepted:
        outbox.end(mail, "accepted", None)
        mail.accepted_at = clock.now()
        return True
    if outcome.is_uncertain:
        outbox.doubt(mail, now + _jittered(RETRIES[0]))
        return False
    is_final = outcome.code is not None and outcome.code >= 500
    if is_final and outcome.phase in ("to", "data", "dot"):
        outbox.end(mail, "failed", "refused")
        if outcome.phase == "to" and not re.search(r"\b5\.7\.\d", outcome.text):  # 5.7: we are refused, not they
            suppress(session, mail, outcome, now)
        return True
    if is_final or outcome.phase in ("tls", "login"):  # it is about us: no mail is to blame
        mail.attempts -= 1
        _pause(session, outcome, REFUSED, now)
        return False
    _retry(mail, now)
    if outcome.phase in ("connect", "hello"):
        _pause(session, outcome, UNREACHABLE[min(number, len(UNREACHABLE)) - 1], now)
        return False
    if outcome.code in SLOW_DOWN or re.match(r"4\.7\.\d", outcome.text):
        _pause(session, outcome, UNREACHABLE[0], now)
        return False
    if outcome.phase == "to" and outcome.code is not None and refuses_for_days(session, mail, now):
        outbox.end(mail, "failed", "refused")
        suppress(session, mail, outcome, now)
    return outcome.code is not None  # a line that broke in the middle: this mail may be why, others go first


def refuses_for_days(session: Session, mail: OutgoingMail, now: datetime) -> bool:
    """A full mailbox counts once a day, and not at all once it takes a mail again."""
    return len(attempts.days_of_refusal(session, mail.recipient, now - SOFT_WITHIN)) >= SOFT_DAYS


def _retry(mail: OutgoingMail, now: datetime) -> None:
    """Later again by the table, until 72 hours have gone into it."""
    waits = [*RETRIES, *[THEN_EVERY] * int(GIVE_UP / THEN_EVERY)]
    if sum(waits[: mail.attempts], timedelta()) > GIVE_UP:
        outbox.end(mail, "failed", "gave_up")
    else:
        mail.next_at = now + _jittered(waits[mail.attempts - 1])


def _jittered(wait: timedelta) -> timedelta:
    """Not all at once after an outage."""
    return wait * random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311  # not a secret


def suppress(session: Session, mail: OutgoingMail, outcome: Outcome, now: datetime) -> None:
    """Write to an address no more: it takes no mail."""
    state = session.get(AddressState, mail.recipient)
    if state is None:
        state = AddressState(address=mail.recipient)
        session.add(state)
    state.suppressed_at, state.reason = now, f"{outcome.code} {outcome.text}"[:500]


def _pause(session: Session, outcome: Outcome, wait: timedelta, now: datetime) -> None:
    """The server cannot be reached or refuses us as a whole: nothing is tried for a while."""
    installation = session.get_one(Installation, 1)
    installation.paused_until = now + wait
    installation.paused_why = f"{outcome.phase}: {outcome.code or ''} {outcome.text}".replace(":  ", ": ")
