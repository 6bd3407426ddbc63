"""The coordinators' digest: once a week, what arrived, what is overdue, and what could not be delivered."""

from datetime import datetime, timedelta

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from tracker import clock, language
from tracker.database import reading, transaction
from tracker.domain.reminders import moment_of
from tracker.mail import messages
from tracker.models import Installation, Issuer, Membership, OutgoingMail, Person
from tracker.queries import weekly
from tracker.queries.reminders import policy_of
from tracker.services import outbox
from tracker.settings import Settings

LANE = 3
LIFE = timedelta(days=6)
WEEK = timedelta(days=7)


def plan(now: datetime, settings: Settings) -> int:
    """Queue this week's digest for each coordinator who does not have it yet. How many it queued.

    It leaves on Monday from the hour of sending on, or on the first day after it on which the worker runs.
    """
    today = clock.day_of(now, settings.timezone)
    monday = today - timedelta(days=today.weekday())
    with reading() as session:
        if session.get_one(Installation, 1).is_held:
            return 0
        issuers = {issuer.id: issuer for issuer in session.scalars(select(Issuer))}
        begins = {id_: moment_of(monday, policy_of(one).send_at, settings.timezone) for id_, one in issuers.items()}
        due: dict[int, list[int]] = {}
        for person_id, issuer_id in session.execute(_coordinators()):
            if begins[issuer_id] <= now:
                due.setdefault(person_id, []).append(issuer_id)
        year, number, _day = monday.isocalendar()
        keys = {person_id: f"weekly/{person_id}/{year}-W{number:02}" for person_id in due}
        done = set(session.scalars(select(OutgoingMail.key).where(OutgoingMail.key.in_(keys.values()))))
    return sum(
        _write(person_id, [issuers[one] for one in issuer_ids], keys[person_id], now, settings)
        for person_id, issuer_ids in due.items()
        if keys[person_id] not in done
    )


def _coordinators() -> Select[int, int]:
    return (
        select(Membership.person_id, Membership.issuer_id)
        .join(Person, Person.id == Membership.person_id)
        .where(Membership.role == "coordinator", Person.disabled_at.is_(None))
        .order_by(Membership.person_id)
    )


def _write(person_id: int, issuers: list[Issuer], key: str, now: datetime, settings: Settings) -> bool:
    with transaction() as session:
        person = session.get_one(Person, person_id)
        message_id = outbox.new_message_id(settings)
        composed = compose(session, person, issuers, message_id=message_id, at=now, settings=settings)
        if composed is None:
            return False
        mail = outbox.queue(
            session,
            composed,
            message_id=message_id,
            key=key,
            kind="weekly",
            lane=LANE,
            person=person,
            recipient=person.email,
            language=person.language,
            at=now,
            expires_at=clock.wall() + LIFE,
            on_uncertain="hold",
        )
        return mail is not None


def compose(
    session: Session, person: Person, issuers: list[Issuer], *, message_id: str, at: datetime, settings: Settings
) -> messages.Composed | None:
    """The digest of the seven days before `at`; None where there is nothing to say. Stores nothing."""
    today = clock.day_of(at, settings.timezone)
    with language.speaking(person.language):
        found = weekly.week(session, [issuer.id for issuer in issuers], at - WEEK, today)
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
            issuer=", ".join(issuer.name for issuer in issuers),
            week_of=today - timedelta(days=today.weekday()),
            **vars(found),
        )
