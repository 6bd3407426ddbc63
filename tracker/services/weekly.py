"""The coordinators' digest: once a week and issuer, what arrived, what is overdue, and what could not be delivered."""

import logging
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker import clock, language
from tracker.database import reading, transaction
from tracker.domain.policies import Policy
from tracker.domain.reminders import leaves_at, moment_of
from tracker.mail import messages
from tracker.models import Installation, Issuer, Membership, OutgoingMail, Person
from tracker.queries import weekly
from tracker.queries.policies import by_issuer
from tracker.services import outbox
from tracker.settings import Settings

log = logging.getLogger(__name__)
LANE = 3
LIFE = timedelta(days=6)
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class _Due:
    """A digest that has not been written this week."""

    key: str
    person: Person
    issuer: Issuer


def plan(now: datetime, settings: Settings) -> int:
    """Queue this week's digest for each coordinator who does not have it yet. How many it queued.

    It leaves on Monday from the hour of sending on, or on the first working day after it on which the worker runs.
    """
    return sum(_write(one, now, settings) for one in _due(now, settings))


def _due(now: datetime, settings: Settings) -> list[_Due]:
    today = clock.day_of(now)
    monday = today - timedelta(days=today.weekday())
    year, number, _day = monday.isocalendar()
    coordinators = (
        select(Person, Issuer)
        .join(Membership, Membership.person_id == Person.id)
        .join(Issuer, Issuer.id == Membership.issuer_id)
        .where(Membership.role == "coordinator", Person.disabled_at.is_(None))
        .order_by(Person.id, Issuer.id)
    )
    with reading() as session:
        if session.get_one(Installation, 1).is_held:
            return []
        policies = by_issuer(session)
        found = [
            _Due(f"weekly/{person.id}/{issuer.id}/{year}-W{number:02}", person, issuer)
            for person, issuer in session.execute(coordinators)
            if _leaves(monday, now, policies[issuer.id].usual, settings.timezone)
        ]
        keys = [one.key for one in found]
        done = set(session.scalars(select(OutgoingMail.key).where(OutgoingMail.key.in_(keys))))
    return [one for one in found if one.key not in done]


def _leaves(monday: date, now: datetime, policy: Policy, timezone: str) -> bool:
    return moment_of(monday, policy.send_at, timezone) <= now == leaves_at(now, policy, timezone)


def _write(due: _Due, now: datetime, settings: Settings) -> bool:
    """Compose while reading, then keep it: one that cannot be composed, or says nothing, is a row that says so."""
    message_id = outbox.new_message_id(settings)
    composed, failure = None, None
    try:
        with reading() as session:
            composed = compose(session, due.person, due.issuer, message_id=message_id, at=now, settings=settings)
    except Exception as error:  # whatever is wrong with one digest must not stop the others
        log.exception("a weekly digest could not be written for person %s", due.person.id)
        failure = error
    with transaction() as session:
        mail = outbox.queue(
            session,
            composed or messages.Composed("–", b""),
            message_id=message_id,
            key=due.key,
            kind="weekly",
            lane=LANE,
            person=due.person,
            issuer_id=due.issuer.id,
            recipient=due.person.email,
            language=due.person.language,
            at=now,
            expires_at=clock.wall() + LIFE,
            on_uncertain="hold",
        )
        if mail is not None and failure is not None:
            outbox.not_composed(mail, failure)
        elif mail is not None and composed is None:
            outbox.end(mail, "cancelled", "nothing_to_say")
        return mail is not None and composed is not None


def compose(
    session: Session, person: Person, issuer: Issuer, *, message_id: str, at: datetime, settings: Settings
) -> messages.Composed | None:
    """What happened since the last digest, or in the week before `at`; None where there is nothing to say."""
    today = clock.day_of(at)
    since = weekly.last_written(session, person.id, issuer.id) or at - WEEK
    with language.speaking(person.language):
        found = weekly.week(session, issuer.id, since, at, today)
        if found.is_empty:
            return None
        return messages.compose(
            "weekly",
            person.language,
            recipient=person.email,
            sender=settings.mail_from,
            message_id=message_id,
            at=at,
            base_url=settings.base_url,
            review_url=f"{settings.base_url}/review",
            reminders_url=f"{settings.base_url}/reminders",
            issuer=issuer.name,
            week_of=today - timedelta(days=today.weekday()),
            **vars(found),
        )
