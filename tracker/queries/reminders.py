"""What reminders are decided from: expected replies, who answers for them, and what was decided already."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session, aliased, lazyload

from tracker import clock
from tracker.domain import reminders as planner
from tracker.domain.vocabulary import BodyType, EntryKind
from tracker.models import (
    Addressee,
    AddressState,
    Body,
    Entry,
    ExpectedReply,
    FocalPoint,
    OutgoingMail,
    Person,
    Recommendation,
    Reminder,
    Report,
    StandingRow,
)
from tracker.queries import concerned
from tracker.queries import ladders as of_ladders
from tracker.queries.ladders import Ladders
from tracker.queries.people import present
from tracker.queries.policies import ByIssuer, by_issuer
from tracker.queries.portions import portions


def expected(
    session: Session, today: date, only: Collection[int] | None = None, policies: ByIssuer | None = None
) -> list[planner.Expected]:
    """Open expected replies with the present focal points of their acting body, and those answered lately.

    `only` some of them, by their ids, or all; by `policies` that are supposed, or by those that hold.
    """
    asked_of = [_replies(today)]
    if only is not None:
        asked_of = [_replies(today).where(ExpectedReply.id.in_(ids)) for ids in portions(only)]
    rows = [row for statement in asked_of for row in session.execute(statement)]
    recipients = _recipients(session, today)
    refused = refused_people(session)
    policies = policies or by_issuer(session)
    found = []
    for reply, body_id, slug, type_, code, issuer_id, asked_by, answered_on in rows:
        people = recipients.get(body_id, ())
        found.append(
            planner.Expected(
                id=reply.id,
                addressee=reply.addressee_id,
                body=slug,
                code=code,
                asked_on=reply.asked_on,
                due_on=reply.due_on,
                policy=policies[issuer_id].of(type_),
                recipients=people,
                suppressed=refused.intersection(people),
                answered_on=answered_on,
                is_question=asked_by is EntryKind.RETURNED,
                is_moved=reply.due_on != reply.original_due_on,
            )
        )
    return found


def _replies(today: date) -> Select[ExpectedReply, int, str, BodyType, str, int, EntryKind, date]:
    asked, answered = aliased(Entry), aliased(Entry)
    code = func.coalesce(Recommendation.code, Recommendation.address)
    return (
        select(ExpectedReply, Body.id, Body.slug, Body.type, code, Report.issuer_id, asked.kind, answered.counts_on)
        .options(lazyload("*"))
        .join(Addressee, Addressee.id == ExpectedReply.addressee_id)
        .join(Recommendation, Recommendation.id == Addressee.recommendation_id)
        .join(Report, Report.id == Recommendation.report_id)
        .join(StandingRow, (StandingRow.addressee_id == Addressee.id) & StandingRow.until_on.is_(None))
        .join(Body, Body.id == StandingRow.body_id)
        .join(asked, asked.seq == ExpectedReply.asked_seq)
        .outerjoin(answered, answered.seq == ExpectedReply.answered_seq)
        .where(
            ~Recommendation.is_hidden,
            ExpectedReply.asked_on <= today,
            or_(
                ExpectedReply.is_open,
                ExpectedReply.answered_seq.is_not(None) & (ExpectedReply.due_on >= today - of_ladders.ANSWERED_LATELY),
            ),
        )
        .order_by(ExpectedReply.id)
    )


def ladders(
    session: Session,
    now: datetime,
    timezone: str,
    issuer_ids: concerned.Issuers = None,
    policies: ByIssuer | None = None,
) -> Ladders:
    """What these issuers expect at `now`, by its ladders; by `policies` that are supposed, or by those that hold."""
    today = clock.day_of(now)
    return of_ladders.ladders(session, today, timezone, policies or by_issuer(session), issuer_ids)


def _recipients(session: Session, today: date) -> dict[int, tuple[int, ...]]:
    """The people who answer for each body today and can enter."""
    found: dict[int, list[int]] = defaultdict(list)
    rows = session.execute(
        select(FocalPoint.body_id, FocalPoint.person_id)
        .join(Person, Person.id == FocalPoint.person_id)
        .where(present(today), Person.disabled_at.is_(None))
        .distinct()
        .order_by(FocalPoint.body_id, FocalPoint.person_id)
    )
    for body_id, person_id in rows:
        found[body_id].append(person_id)
    return {body_id: tuple(people) for body_id, people in found.items()}


def refused_people(session: Session) -> frozenset[int]:
    """The people whose address a mail server refused for good."""
    refused = select(AddressState.address).where(AddressState.suppressed_at.is_not(None))
    return frozenset(session.scalars(select(Person.id).where(Person.email.in_(refused))))


def decided(session: Session, replies: Collection[int]) -> set[str]:
    """The keys of every decision about these expected replies."""
    found: set[str] = set()
    for portion in portions(replies):
        found.update(session.scalars(select(Reminder.key).where(Reminder.expected_reply_id.in_(portion))))
    return found


def written_on(session: Session, day: date, ids: Iterable[int]) -> set[int]:
    """Those of these people who already have a digest of this day."""
    of_day = OutgoingMail.key.like(f"digest/%/{day.isoformat()}/%")
    found: set[int | None] = set()
    for portion in portions(ids):
        mails = select(OutgoingMail.person_id).where(OutgoingMail.person_id.in_(portion), of_day)
        found.update(session.scalars(mails))
    return {person for person in found if person is not None}


def last_digests(session: Session, now: datetime, ids: Iterable[int]) -> dict[int, date]:
    """The day of the last digest to each of these people; of the last week, which is longer than any weekend."""
    found: dict[int, date] = {}
    for portion in portions(ids):
        mails = (
            select(OutgoingMail.person_id, func.max(OutgoingMail.created_at))
            .where(
                OutgoingMail.person_id.in_(portion),
                OutgoingMail.kind == "digest",
                OutgoingMail.created_at > now - timedelta(days=7),
            )
            .group_by(OutgoingMail.person_id)
        )
        for person_id, written_at in session.execute(mails):
            if person_id is not None:
                found[person_id] = clock.day_of(written_at)
    return found


def plan_at(session: Session, now: datetime, timezone: str, *, is_whole: bool = False) -> planner.Plan:
    """What is decided at this hour, as if the installation were released; the whole tells what merely waits, too."""
    only = None if is_whole else ladders(session, now, timezone).undecided(session, now, is_any_hour=False)
    replies = expected(session, clock.day_of(now), only)
    keys = decided(session, [one.id for one in replies])
    recipients = {person for one in replies for person in one.recipients}
    found = planner.plan(now, timezone, replies, keys, last_digests(session, now, recipients))
    return found.by_day(now, timezone)


def people(session: Session, ids: Iterable[int]) -> dict[int, Person]:
    """People by their number."""
    return {
        person.id: person
        for portion in portions(ids)
        for person in session.scalars(select(Person).options(lazyload("*")).where(Person.id.in_(portion)))
    }
