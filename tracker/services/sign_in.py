"""Ways in: one-time codes by mail and the sessions that they open. There are no passwords.

These run on the system's clock, never on the demo's moved day.
"""

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from tracker.database import transaction
from tracker.domain.acts import Act
from tracker.errors import NotAllowed
from tracker.language import _
from tracker.mail import messages
from tracker.models import OutgoingMail, Person, SignedInSession, SignInCode
from tracker.queries import people
from tracker.services import audit, limits, outbox
from tracker.settings import Settings

CODE_DIGITS = 6
CODE_LIFE = timedelta(minutes=10)
CODE_TRIES = 5
SESSION_LIFE = timedelta(hours=12)


def code_digits(secret_key: str, uid: str) -> str:
    """The digits of a code. They are kept nowhere: only who holds the secret key can tell them."""
    digest = hmac.new(secret_key.encode(), b"sign-in code " + uid.encode(), hashlib.sha256).digest()
    return str(int.from_bytes(digest[:8], "big") % 10**CODE_DIGITS).zfill(CODE_DIGITS)


def send_code(email: str, settings: Settings, *, client: str = "", at: datetime) -> None:
    """Mail a code to whoever has this address here; `client` is where the wish came from.

    Says nothing about whether someone has the address: neither in words nor by the time it takes.
    """
    address = email.strip().lower()
    with transaction() as session:
        limits.take(session, limits.CODES_TO_AN_ADDRESS, address, settings, at=at)
        if client:
            limits.take(session, limits.CODES_FROM_A_CLIENT, client, settings, at=at)
        person = _who_may_enter(session, address)
        somebody = person or session.scalar(select(Person).order_by(Person.id).limit(1))
        if somebody is None:
            return
        # For nobody the same is done, and undone.
        with session.begin_nested() as done:
            _mail_code(session, somebody, settings, at)
            if person is None:
                done.rollback()


def _mail_code(session: Session, person: Person, settings: Settings, at: datetime) -> None:
    code = _new_code(session, person, at)
    message_id = outbox.new_message_id(settings)
    composed = messages.compose(
        "code",
        person.language,
        recipient=person.email,
        sender=settings.mail_from,
        message_id=message_id,
        at=at,
        code=messages.PLACEHOLDER,
        minutes=CODE_LIFE.seconds // 60,
        base_url=settings.base_url,
    )
    _cancel_waiting(session, person)
    outbox.queue(
        session,
        composed,
        message_id=message_id,
        key=f"code/{code.uid}",
        kind="code",
        lane=0,
        person=person,
        recipient=person.email,
        language=person.language,
        at=at,
        expires_at=code.expires_at,
        secret_of=code.uid,
        on_uncertain="hold",
    )


def _cancel_waiting(session: Session, person: Person) -> None:
    """Codes that have not left are of no use once a newer one is asked for, or the person is in."""
    waits = (OutgoingMail.person_id == person.id, OutgoingMail.kind == "code", OutgoingMail.state == "queued")
    session.execute(update(OutgoingMail).where(*waits).values(state="cancelled", why="needless"))


def code_for(email: str, settings: Settings, *, at: datetime) -> str:
    """A code told to the administrator at the terminal, for when mail is dead."""
    with transaction() as session:
        person = _who_may_enter(session, email.strip().lower())
        if person is None:
            raise NotAllowed(_("Nobody with this address may enter."))
        return code_digits(settings.secret_key.get_secret_value(), _new_code(session, person, at).uid)


def _who_may_enter(session: Session, address: str) -> Person | None:
    return session.scalar(select(Person).where(Person.email == address, Person.disabled_at.is_(None)))


def _new_code(session: Session, person: Person, at: datetime) -> SignInCode:
    code = SignInCode(person_id=person.id, created_at=at, expires_at=at + CODE_LIFE)
    session.add(code)
    session.flush()
    return code


def enter(email: str, digits: str, settings: Settings, *, client: str = "", at: datetime) -> str:
    """Exchange a code for the token of a new session. Wrong ones count, right ones never keep others out."""
    counted = [(limits.WRONG_CODES_FOR_AN_ADDRESS, email.strip().lower())]
    if client:
        counted.append((limits.WRONG_CODES_FROM_A_CLIENT, client))
    with transaction() as session:
        for limit, whose in counted:
            limits.require(session, limit, whose, settings, at=at)
        person = _spend(session, email, "".join(digits.split()), settings.secret_keys, at)
        token = _open_session(session, person, at) if person else None
        for limit, whose in counted if token is None else ():
            limits.count(session, limit, whose, settings, at=at)
        if token is None:
            audit.note(session, Act.SIGN_IN_REFUSED, _meant(session, email), at=at)
    if token is None:  # outside the transaction: the try that was counted stays counted
        raise NotAllowed(_("This code does not fit, or it is no longer valid. Check it, or ask for a new one."))
    return token


def _spend(session: Session, email: str, digits: str, keys: Sequence[str], at: datetime) -> Person | None:
    """The person whose newest unspent code these digits are; every open code counts the try."""
    codes = session.scalars(
        select(SignInCode)
        .join(Person, Person.id == SignInCode.person_id)
        .where(
            Person.email == email.strip().lower(),
            Person.disabled_at.is_(None),
            SignInCode.used_at.is_(None),
            SignInCode.expires_at > at,
            SignInCode.tries < CODE_TRIES,
        )
    ).all()
    for code in codes:
        code.tries += 1
        if any(hmac.compare_digest(code_digits(key, code.uid).encode(), digits.encode()) for key in keys):
            code.used_at = at
            person = session.get_one(Person, code.person_id)
            _cancel_waiting(session, person)
            return person
    return None


def _meant(session: Session, email: str) -> tuple[str, object] | None:
    """Who was meant, where somebody has this address; an address of nobody is not kept."""
    person_id = session.scalar(select(Person.id).where(Person.email == email.strip().lower()))
    return ("person", person_id) if person_id else None


def enter_as(person_id: int, *, at: datetime) -> str:
    """Open a session without a code: for the doors of the demo alone."""
    with transaction() as session:
        return _open_session(session, session.get_one(Person, person_id), at)


def _open_session(session: Session, person: Person, at: datetime) -> str:
    session.execute(delete(SignedInSession).where(SignedInSession.expires_at <= at))
    token = secrets.token_urlsafe(32)
    session.add(
        SignedInSession(
            token_digest=people.token_digest(token),
            person_id=person.id,
            created_at=at,
            last_seen_at=at,
            expires_at=at + SESSION_LIFE,
            roles=people.roles(person),
        )
    )
    audit.note(session, Act.SIGNED_IN, by=person, at=at)
    return token


def seen(token: str, *, at: datetime) -> None:
    """Note that a session is in use; callers do so at most once a minute."""
    of_token = SignedInSession.token_digest == people.token_digest(token)
    with transaction(is_told=False) as session:
        session.execute(update(SignedInSession).where(of_token).values(last_seen_at=at))


def leave(token: str, *, at: datetime) -> None:
    """End a session at once."""
    with transaction() as session:
        row = session.get(SignedInSession, people.token_digest(token))
        if row is not None:
            audit.note(session, Act.SIGNED_OUT, by=row.person, at=at)
            session.delete(row)


def end_all(session: Session, person: Person, *, at: datetime) -> int:
    """End every session of a person and spend the codes that are open, within the caller's transaction."""
    session.execute(
        update(SignInCode).where(SignInCode.person_id == person.id, SignInCode.used_at.is_(None)).values(used_at=at)
    )
    ended = delete(SignedInSession).where(SignedInSession.person_id == person.id)
    return len(session.scalars(ended.returning(SignedInSession.token_digest)).all())
