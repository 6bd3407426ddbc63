"""The outbox: mails are written here in the transaction that wants them, and claimed here by senders.

Retries and leases run on the system's clock (`now`); what a person reads as the day of a mail is the product's
time (`at`). Handing over is in `handover`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parseaddr
from hashlib import sha256

from sqlalchemy import ColumnElement, Table, and_, bindparam, false, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, lazyload

from tracker import clock
from tracker.database import reading, transaction
from tracker.domain.acts import Act
from tracker.errors import NotAllowed, NotFound
from tracker.language import N_, _
from tracker.mail.messages import Composed, one_line
from tracker.models import AddressState, Base, Installation, MailAttempt, OutgoingMail, Person
from tracker.models.base import new_uid
from tracker.queries import attempts, concerned, people
from tracker.services import audit
from tracker.settings import Settings

LEASE = timedelta(minutes=3)
AT_ONCE = 25
"""Mails in one claim."""
UNFINISHED = ("queued", "held")
_REFUSALS = {
    "queued": N_("This mail waits already: it leaves by itself."),
    "held": N_("This mail is held already."),
    "leased": N_("This mail is being handed over just now. Look again in a minute."),
    "accepted": N_("This mail was delivered; nobody gets the same mail twice. The next reminder says what is missing."),
    "failed": N_("This mail has failed: it does not leave unless you send it again."),
}
"""What is said of a mail in a state in which something cannot be done with it."""
_OVER = N_("This mail has found its end, and does not leave any more.")


@dataclass(frozen=True)
class Claimed:
    """A mail that a sender has in hand, with the token that proves it."""

    id: int
    token: int
    recipient: str
    content: bytes
    secret_of: str | None
    links: str | None


LEASED = (
    OutgoingMail.id == bindparam("this_mail"),
    OutgoingMail.token == bindparam("this_token"),
    OutgoingMail.state == "leased",
)
"""The conditions that a sender still has the mail that it claimed."""
_CLAIMED = (
    OutgoingMail.id,
    OutgoingMail.token,
    OutgoingMail.recipient,
    OutgoingMail.content,
    OutgoingMail.secret_of,
    OutgoingMail.links,
)


def new_message_id(settings: Settings) -> str:
    """A Message-ID in the domain that the mails come from."""
    domain = parseaddr(settings.mail_from)[1].rpartition("@")[2]
    return f"<{new_uid()}@{re.sub(r'[^A-Za-z0-9.-]', '', domain) or 'localhost'}>"


def insert_new(session: Session, model: type[Base], rows: Sequence[dict[str, object]]) -> list[str]:
    """Insert rows with a `key`; the keys that were new. Two planners at once add each row once."""
    if not rows:
        return []
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    table = model.__table__
    assert isinstance(table, Table)  # noqa: S101  # tells the type checker that mapped classes have tables
    statement = insert(table).on_conflict_do_nothing(index_elements=["key"]).returning(table.c.key)
    return list(session.scalars(statement, list(rows)))


def queue(
    session: Session,
    composed: Composed,
    *,
    message_id: str,
    key: str,
    kind: str,
    lane: int,
    person: Person | None,
    recipient: str,
    language: str,
    at: datetime,
    expires_at: datetime,
    issuer_id: int | None = None,
    secret_of: str | None = None,
    links: Sequence[str] = (),
    on_uncertain: str,
) -> OutgoingMail | None:
    """Put a mail into the outbox within the caller's transaction; None where its `key` is there already."""
    row: dict[str, object] = {
        "key": key,
        "message_id": message_id,
        "kind": kind,
        "lane": lane,
        "person_id": person.id if person else None,
        "issuer_id": issuer_id,
        "recipient": recipient,
        "language": language,
        "subject": composed.subject,
        "content": composed.content,
        "content_digest": sha256(composed.content).hexdigest(),
        "secret_of": secret_of,
        "links": " ".join(links) or None,
        "on_uncertain": on_uncertain,
        "state": "queued",
        "created_at": at,
        "next_at": clock.wall(),
        "expires_at": expires_at,
        "attempts": 0,
        "uncertain_times": 0,
        "token": 0,
        "was_fenced": False,
    }
    if not insert_new(session, OutgoingMail, [row]):
        return None
    return session.scalars(select(OutgoingMail).where(OutgoingMail.key == key)).one()


def is_anything_waiting(now: datetime, *, only_codes: bool = False) -> bool:
    """Whether a claim could find work: asked every second, so it only reads."""
    with reading() as session:
        lost = and_(OutgoingMail.state == "leased", OutgoingMail.lease_until <= now)
        return bool(
            session.scalar(select(OutgoingMail.id).where(or_(lost, _may_leave(session, now, only_codes))).limit(1))
        )


def claim(owner: str, now: datetime, limit: int = AT_ONCE, *, only_codes: bool = False) -> list[Claimed]:
    """Lease the next mails to `owner` for three minutes: codes first, then by lane and time.

    While the installation is held only codes leave; during a pause nothing does.
    """
    with transaction() as session:
        _take_back_lost(session, now)
        ready = select(OutgoingMail.id).where(_may_leave(session, now, only_codes))
        ready = ready.order_by(OutgoingMail.lane, OutgoingMail.next_at, OutgoingMail.id).limit(limit)
        leased = (
            update(OutgoingMail)
            .where(OutgoingMail.id.in_(ready.with_for_update(skip_locked=True).scalar_subquery()))
            .values(
                state="leased",
                lease_owner=owner,
                lease_until=now + LEASE,
                token=OutgoingMail.token + 1,
                attempts=OutgoingMail.attempts + 1,
                fenced_at=None,
            )
            .execution_options(synchronize_session=False)
            .returning(*_CLAIMED, OutgoingMail.lane, OutgoingMail.next_at)
        )
        found = sorted(session.execute(leased), key=lambda row: (row.lane, row.next_at, row.id))
        return [Claimed(row.id, row.token, row.recipient, row.content, row.secret_of, row.links) for row in found]


def _may_leave(session: Session, now: datetime, only_codes: bool) -> ColumnElement[bool]:
    """The condition that a mail may leave at `now`: while all is held only a code, during a pause none."""
    is_held, paused_until = session.execute(select(Installation.is_held, Installation.paused_until)).one()
    if paused_until is not None and paused_until > now:
        return false()
    waits = and_(OutgoingMail.state == "queued", OutgoingMail.next_at <= now)
    return and_(waits, OutgoingMail.lane == 0) if is_held or only_codes else waits


def _take_back_lost(session: Session, now: datetime) -> None:
    """Mails whose sender is gone: certainly not sent before the fence, possibly sent after it."""
    is_lost = and_(OutgoingMail.state == "leased", OutgoingMail.lease_until <= now)
    lost = select(OutgoingMail).options(lazyload("*")).where(is_lost)
    for mail in session.scalars(lost.with_for_update(skip_locked=True)):
        session.add(
            MailAttempt(
                outgoing_mail_id=mail.id,
                number=attempts.next_number(session, mail.id),
                phase="dot" if mail.fenced_at else "connect",
                host="",
                started_at=mail.fenced_at or (mail.lease_until or now) - LEASE,
                ended_at=now,
                text=f"the sender {mail.lease_owner or ''} stopped in the middle",
            )
        )
        if mail.fenced_at:
            doubt(mail, now)
        else:
            mail.state, mail.next_at = "queued", now
        mail.lease_owner = mail.lease_until = None


def doubt(mail: OutgoingMail, next_at: datetime) -> None:
    """A mail may have arrived: send it once more where that is the lesser evil, and never a third time."""
    mail.uncertain_times += 1
    if mail.on_uncertain == "resend" and mail.uncertain_times == 1:
        mail.state, mail.next_at = "queued", next_at
    else:
        mail.state = "held"
    mail.why = "uncertain"


def end(mail: OutgoingMail, state: str, why: str | None) -> None:
    """A lease ends and the mail is in another state."""
    mail.state, mail.why = state, why
    mail.lease_owner = mail.lease_until = None


def not_composed(mail: OutgoingMail, error: Exception) -> None:
    """A mail that could not be written fails with its reason, so that the others leave."""
    end(mail, "failed", "not_composed")
    mail.smtp_text = one_line(f"{type(error).__name__}: {error}")[:500]


def give_back(mails: Sequence[Claimed]) -> None:
    """Return mails that were claimed and certainly did not leave: the attempt does not count."""
    if not mails:
        return
    with transaction() as session:
        for one in mails:
            session.execute(
                update(OutgoingMail)
                .where(
                    OutgoingMail.id == one.id,
                    OutgoingMail.token == one.token,
                    OutgoingMail.state == "leased",
                    OutgoingMail.fenced_at.is_(None),
                )
                .values(state="queued", attempts=OutgoingMail.attempts - 1, lease_owner=None, lease_until=None)
            )


def hold(mail_id: int, *, by: Person) -> None:
    """Keep one waiting mail back until someone releases it."""
    with transaction() as session:
        mail = _mail(session, mail_id, ("queued",), by)
        mail.state = "held"
        audit.note(session, Act.MAIL_HELD, ("mail", mail_id), by=by, issuer_id=mail.issuer_id)


def release(mail_id: int, *, by: Person) -> None:
    """Let one held mail go."""
    _again(mail_id, Act.MAIL_RELEASED, ("held",), by)


def resend(mail_id: int, *, by: Person) -> None:
    """Try a mail again that failed, or of which nobody knows whether it arrived. The bytes stay the same.

    One that was delivered is never sent a second time: the next reminder says what is still missing.
    """
    _again(mail_id, Act.MAIL_RESENT, ("failed", "held", "expired"), by)


def cancel(mail_id: int, *, by: Person) -> None:
    """Give a mail up that waits or is held: it never leaves, and what it reminds of is not said in its place."""
    with transaction() as session:
        mail = _mail(session, mail_id, UNFINISHED, by)
        mail.state, mail.why = "cancelled", "left" if mail.was_fenced else "by_hand"
        audit.note(session, Act.MAIL_CANCELLED, ("mail", mail_id), by=by, issuer_id=mail.issuer_id)


def _again(mail_id: int, act: Act, states: tuple[str, ...], by: Person) -> None:
    now = clock.wall()
    with transaction() as session:
        mail = _mail(session, mail_id, states, by)
        mail.state, mail.next_at, mail.attempts, mail.why = "queued", now, 0, None
        mail.expires_at = max(mail.expires_at, now + timedelta(days=3))
        audit.note(session, act, ("mail", mail_id), by=by, issuer_id=mail.issuer_id)


def trust_again(address: str, *, by: Person) -> None:
    """Write to an address again that a mail server had refused."""
    with transaction() as session:
        theirs = concerned.mail(concerned.narrowed(session, people.rights(by).coordinates))
        if session.scalar(select(OutgoingMail.id).where(OutgoingMail.recipient == address, theirs).limit(1)) is None:
            raise NotFound(_("There is no such mail."))
        row = session.get(AddressState, address)
        if row is not None:
            row.suppressed_at = row.reason = None


def _mail(session: Session, mail_id: int, states: tuple[str, ...], by: Person) -> OutgoingMail:
    """A mail of theirs in one of these states; of any other a sentence says why this cannot be done with it."""
    mail = session.get(OutgoingMail, mail_id, with_for_update={"of": OutgoingMail})
    issuer_ids = concerned.narrowed(session, people.rights(by).coordinates)
    is_it = select(OutgoingMail.id).where(OutgoingMail.id == mail_id)
    if mail is None or mail.kind == "code" or session.scalar(is_it.where(concerned.mail(issuer_ids))) is None:
        raise NotFound(_("There is no such mail."))
    if mail.state not in states:
        raise NotAllowed(_(_REFUSALS.get(mail.state, _OVER)))
    if not mail.content:
        raise NotAllowed(_("The text of this mail is not kept any more, so it cannot be sent."))
    return mail
