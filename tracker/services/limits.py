"""How often something may be done: counted in one table, exact over any number of processes and restarts.

Writers take turns, so what is counted here still holds when it commits.
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from tracker import language
from tracker.database import transaction
from tracker.errors import TooOften
from tracker.language import N_, _
from tracker.models import LimitedAct
from tracker.settings import Settings


@dataclass(frozen=True)
class Limit:
    """At most so many acts of one kind within any stretch of so much time."""

    what: str
    at_most: int
    within: timedelta
    sentence: str
    """What the person reads; `time` is when it may be done again."""


CODES_TO_AN_ADDRESS = Limit(
    "codes to an address",
    5,
    timedelta(hours=1),
    N_(
        "Five codes were asked for this address within an hour. If one arrived, type the newest; ask again at %(time)s."
    ),
)
CODES_FROM_A_CLIENT = Limit(
    "codes from a client",
    60,
    timedelta(hours=1),
    N_("Very many codes were asked for from your network within an hour. Ask again at %(time)s."),
)
WRONG_CODES = timedelta(minutes=5)
WRONG_CODES_FOR_AN_ADDRESS = Limit(
    "wrong codes for an address",
    10,
    WRONG_CODES,
    N_("Ten wrong codes were typed for this address within five minutes. Try again at %(time)s."),
)
WRONG_CODES_FROM_A_CLIENT = Limit(
    "wrong codes from a client",
    10,
    WRONG_CODES,
    N_("Ten wrong codes were typed in your network within five minutes. Try again at %(time)s."),
)
FORMS_OF_A_PERSON = Limit(
    "forms of a person",
    300,
    timedelta(minutes=5),
    N_(
        "Very many forms were sent in your name within five minutes. Nothing of this one was saved: "
        "send it again at %(time)s."
    ),
)
FORMS_HANDED_ON = Limit(
    "forms handed on",
    20,
    timedelta(hours=1),
    N_("The form was handed on twenty times within an hour. Do so again at %(time)s."),
)
LONGEST = timedelta(hours=1)


def send_a_form(person_uid: str, settings: Settings, *, at: datetime) -> None:
    """Count a form that a person sends; `TooOften` where it is one too many."""
    with transaction(is_told=False) as session:
        take(session, FORMS_OF_A_PERSON, person_uid, settings, at=at)


def take(session: Session, limit: Limit, whose: str, settings: Settings, *, at: datetime) -> None:
    """Do one of what is limited: counted, or refused and not counted."""
    require(session, limit, whose, settings, at=at)
    count(session, limit, whose, settings, at=at)


def require(session: Session, limit: Limit, whose: str, settings: Settings, *, at: datetime) -> None:
    """Refuse what was done as often as it may be; `TooOften` says when it may be done again."""
    times = session.scalars(
        select(LimitedAct.at)
        .where(LimitedAct.whose == _digest(limit, whose, settings), LimitedAct.at > at - limit.within)
        .order_by(LimitedAct.at.desc())
        .limit(limit.at_most)
    ).all()
    if len(times) == limit.at_most:
        again_at = times[-1] + limit.within
        # Clocks are read without their seconds: the first whole minute in which it is not refused.
        told = language.time_of_day(again_at + timedelta(seconds=59, microseconds=999_999), settings.timezone)
        raise TooOften(_(limit.sentence, time=told), again_at)


def count(session: Session, limit: Limit, whose: str, settings: Settings, *, at: datetime) -> None:
    """Count one act against a limit."""
    session.add(LimitedAct(whose=_digest(limit, whose, settings), at=at))


def _digest(limit: Limit, whose: str, settings: Settings) -> str:
    key = settings.secret_key.get_secret_value().encode()
    return hmac.new(key, f"{limit.what} {whose}".encode(), hashlib.sha256).hexdigest()


def forget(*, at: datetime) -> None:
    """Drop what counts no more."""
    with transaction(is_told=False) as session:
        session.execute(delete(LimitedAct).where(LimitedAct.at <= at - LONGEST))
