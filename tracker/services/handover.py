"""Handing mails over: the round that sends, and what each outcome means for the mail, its address and the queue."""

import random
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from email.utils import parseaddr
from functools import cache

from sqlalchemy import bindparam, insert, update
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import ReturningUpdate

from tracker import clock
from tracker.database import transaction
from tracker.mail import messages, smtp
from tracker.mail.smtp import Line, Outcome, Timeouts
from tracker.models import AddressState, Installation, MailAttempt, OutgoingMail
from tracker.queries import attempts
from tracker.services import fencing, outbox
from tracker.services.outbox import Claimed
from tracker.services.sign_in import code_digits
from tracker.settings import Settings

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


def settle(mail_id: int, token: int, outcome: Outcome, *, host: str, started_at: datetime, now: datetime) -> bool:
    """Write down how an attempt ended and what follows from it. Whether the server can take further mails."""
    with transaction() as session:
        is_taken = outcome.is_accepted and _accept(session, mail_id, token, outcome)
        number = attempts.next_number(session, mail_id)
        attempt = {
            "outgoing_mail_id": mail_id,
            "number": number,
            "phase": outcome.phase,
            "host": host,
            "started_at": started_at,
            "ended_at": now,
            "code": outcome.code,
            "text": outcome.text or None,
        }
        session.execute(insert(MailAttempt), attempt)
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
        return _follow(session, mail, outcome, number, now)


def _accept(session: Session, mail_id: int, token: int, outcome: Outcome) -> bool:
    """The usual case in one statement: the lease still holds."""
    said = {"this_code": outcome.code, "this_text": outcome.text or None, "this_now": clock.now()}
    return session.scalar(_accepting(), {"this_mail": mail_id, "this_token": token, **said}) is not None


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
        .execution_options(synchronize_session=False)
        .returning(OutgoingMail.id)
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
            _suppress(session, mail, outcome, now)
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
    if outcome.phase == "to" and outcome.code is not None and _refuses_for_days(session, mail, now):
        outbox.end(mail, "failed", "refused")
        _suppress(session, mail, outcome, now)
    return outcome.code is not None  # a line that broke in the middle: this mail may be why, others go first


def _refuses_for_days(session: Session, mail: OutgoingMail, now: datetime) -> bool:
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


def _suppress(session: Session, mail: OutgoingMail, outcome: Outcome, now: datetime) -> None:
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


def send_waiting(
    settings: Settings,
    owner: str,
    *,
    stopping: Callable[[], bool] = lambda: False,
    after_each: Callable[[], None] = lambda: None,
    timeouts: Timeouts | None = None,
    limit: int = smtp.MAILS_PER_CONNECTION,
) -> int:
    """Hand over what waits, at most `limit` mails over one connection. How many attempts it made.

    A dead or refusing server is an outcome, not an error.
    """
    line = Line(smtp.server(settings.smtp_url), hello=_own_name(settings), timeouts=timeouts)
    tried = 0
    try:
        while tried < limit and not stopping() and (claimed := outbox.claim(owner, clock.wall())):
            done = 0
            try:
                for mail in claimed:
                    can_go_on = _send(settings, line, mail)
                    done += 1
                    after_each()
                    if not can_go_on or stopping():
                        return tried + done
            finally:
                outbox.give_back(claimed[done:])
            tried += done
    finally:
        line.close()
    return tried


def _send(settings: Settings, line: Line, mail: Claimed) -> bool:
    started_at = clock.wall()
    content = mail.content
    if mail.secret_of:
        key = settings.secret_key.get_secret_value()
        content = messages.with_secret(content, code_digits(key, mail.secret_of))
    sender = parseaddr(settings.mail_from)[1]
    outcome = line.hand_over(
        sender, mail.recipient, content, lambda: fencing.fence(settings, mail.id, mail.token, clock.wall())
    )
    host = f"{line.server.host}:{line.server.port}"
    return settle(mail.id, mail.token, outcome, host=host, started_at=started_at, now=clock.wall())


def _own_name(settings: Settings) -> str:
    return parseaddr(settings.mail_from)[1].rpartition("@")[2] or "localhost"
