"""The fence: a commit of its own before the final dot, so that after a crash the row tells what may have arrived.

It also looks one last time whether a mail is still wanted: what was answered an hour ago is not asked again.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import Date, bindparam, or_, select, update
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import ReturningUpdate

from tracker import clock
from tracker.models import Installation, OutgoingMail, Reminder
from tracker.queries.wanted import is_wanted, wanted
from tracker.services import digests, outbox
from tracker.settings import Settings

FENCED_LEASE = timedelta(minutes=15)
_CANCELLED = ("answered", "withdrawn", "due_moved", "reassigned", "disabled", "address_changed")


def fence(session: Session, settings: Settings, mail_id: int, token: int, now: datetime) -> bool:
    """Whether this mail may leave once this is committed; on yes it is marked as possibly arrived from then on.

    On no the mail is where it belongs already: another sender has it, or what it says is not wanted any more.
    """
    moments = {"this_now": now, "this_lease": now + FENCED_LEASE, "today": clock.today()}
    # The usual case in one statement, past the machinery of mapped objects: all of the mail is wanted.
    if session.connection().scalar(_fencing(), {"this_mail": mail_id, "this_token": token, **moments}) is not None:
        return True
    mail = session.get_one(OutgoingMail, mail_id, with_for_update={"of": OutgoingMail})
    if mail.token != token or mail.state != "leased":
        return False
    if mail.expires_at <= now:
        outbox.end(mail, "expired", "expired")
        return False
    installation = session.get_one(Installation, 1)
    if mail.lane and installation.is_held:
        outbox.end(mail, "queued", None)
        mail.attempts -= 1
        return False
    found = wanted(session, mail, clock.today())
    if found.is_all or (mail.was_fenced and found.rest):  # what may have arrived is never said in other words
        mail.fenced_at, mail.was_fenced, mail.lease_until = now, True, now + FENCED_LEASE
        return True
    if found.rest:
        _say_the_rest(session, mail, found.rest, settings)
    state = "superseded" if found.rest or found.why == "newer" else found.why
    outbox.end(mail, "cancelled" if state in _CANCELLED else state, found.why)
    return False


@cache
def _fencing() -> ReturningUpdate[int]:
    """Built once: building costs more than running."""
    is_held = select(Installation.is_held).scalar_subquery()
    return (
        update(OutgoingMail)
        .where(
            *outbox.LEASED,
            OutgoingMail.expires_at > bindparam("this_now"),
            or_(OutgoingMail.lane == 0, ~is_held),
            is_wanted(bindparam("today", type_=Date)),
        )
        .values(fenced_at=bindparam("this_now"), was_fenced=True, lease_until=bindparam("this_lease"))
        .returning(OutgoingMail.id)
    )


def _say_the_rest(session: Session, mail: OutgoingMail, rest: Sequence[Reminder], settings: Settings) -> None:
    """A new mail with what is still wanted: nobody is asked again for what they answered."""
    if mail.person is None:
        return
    replies = [reminder.expected_reply_id for reminder in rest]
    is_new = all(reminder.step == "ask" for reminder in rest)
    about = (mail.person, mail.issuer_id, replies)
    follower = digests.write(session, *about, is_new=is_new, at=clock.now(), settings=settings)
    if follower is not None:
        for reminder in rest:
            reminder.outgoing_mail_id = follower.id
