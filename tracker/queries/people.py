"""People and what each may do here."""

import hashlib
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from tracker import clock, database
from tracker.errors import NotFound
from tracker.language import _
from tracker.models import Body, FocalPoint, Issuer, Membership, Person, SignedInSession

SESSION_IDLE = timedelta(hours=2)
SEEN_AT_MOST_EVERY = timedelta(minutes=1)


def present(today: date) -> ColumnElement[bool]:
    """The condition that a focal point answers for its body on a day."""
    return (FocalPoint.from_on <= today) & or_(FocalPoint.until_on.is_(None), FocalPoint.until_on > today)


@dataclass(frozen=True)
class Rights:
    """What one person may do: asked anew in each request, so that a change counts at once."""

    person: Person
    body_ids: frozenset[int]
    """The bodies they answer for."""
    coordinates: frozenset[int]
    """The issuers they coordinate."""
    reads: frozenset[int]
    """The issuers whose figures and timelines they may read: coordinated ones too, to an administrator all."""

    @property
    def is_coordinator(self) -> bool:
        return bool(self.coordinates)

    @property
    def is_keeper(self) -> bool:
        return self.is_coordinator or self.person.is_admin

    @property
    def is_reader(self) -> bool:
        return bool(self.reads)

    @property
    def is_focal_point(self) -> bool:
        return bool(self.body_ids)


def rights(person: Person) -> Rights:
    """What `person` may do today."""
    session = database.session()
    body_ids = session.scalars(
        select(FocalPoint.body_id).where(FocalPoint.person_id == person.id, present(clock.today()))
    )
    memberships = session.scalars(select(Membership).where(Membership.person_id == person.id)).all()
    everywhere = session.scalars(select(Issuer.id)) if person.is_admin else ()
    return Rights(
        person,
        frozenset(body_ids),
        frozenset(one.issuer_id for one in memberships if one.role == "coordinator"),
        frozenset(one.issuer_id for one in memberships) | frozenset(everywhere),
    )


def by_email(email: str) -> Person | None:
    """The person with this address who may still enter."""
    return database.session().scalar(
        select(Person).where(Person.email == email.strip().lower(), Person.disabled_at.is_(None))
    )


def focal_points(body_id: int, today: date) -> list[FocalPoint]:
    """Who answers for a body on a day and can still be written to."""
    found = database.session().scalars(
        select(FocalPoint)
        .join(FocalPoint.person)
        .where(FocalPoint.body_id == body_id, present(today), Person.disabled_at.is_(None))
        .order_by(Person.display_name)
    )
    return list(found)


def accounts() -> list[Person]:
    """Everyone who may enter, the oldest account first."""
    return list(database.session().scalars(select(Person).where(Person.disabled_at.is_(None)).order_by(Person.id)))


def body_by_slug(session: Session, slug: str) -> Body:
    """A body of the register."""
    body = session.scalar(select(Body).where(Body.slug == slug))
    if body is None:
        raise NotFound(_("There is no body “%(slug)s” in the register.", slug=slug))
    return body


def token_digest(token: str) -> str:
    """What is kept of a session's token: a copy of the database opens no session."""
    return hashlib.sha256(token.encode()).hexdigest()


def roles(person: Person) -> str:
    """What a person is here, but for the bodies they answer for. A session ends when this is another than it was."""
    held = sorted(f"{one.role} of {one.issuer_id}" for one in person.memberships)
    return ", ".join(["administrator", *held] if person.is_admin else held)


@dataclass(frozen=True)
class OpenSession:
    """Whose session a token opens."""

    person: Person
    until: datetime
    """When it ends, where its use is not noted before."""
    is_to_be_noted: bool
    """Whether its use is to be noted again."""


def signed_in(token: str, *, at: datetime) -> OpenSession | None:
    """The session of a token; None where it has ended."""
    row = database.session().get(SignedInSession, token_digest(token))
    if row is None or (until := min(row.expires_at, row.last_seen_at + SESSION_IDLE)) <= at:
        return None
    if row.person.disabled_at or row.roles != roles(row.person):
        return None
    return OpenSession(row.person, until, row.last_seen_at <= at - SEEN_AT_MOST_EVERY)


def who_was(token: str) -> Person | None:
    """Whose session this is or was, while its row is kept; for keeping what they wrote, never for letting them in."""
    row = database.session().get(SignedInSession, token_digest(token))
    return row.person if row and not row.person.disabled_at else None


def by_id(person_id: int) -> Person:
    """A person who may still enter."""
    found = database.session().get(Person, person_id)
    if found is None or found.disabled_at:
        raise NotFound(_("There is no such person."))
    return found


@dataclass(frozen=True)
class Parts:
    """What somebody may do here, in words for a terminal."""

    email: str
    name: str
    parts: tuple[str, ...]


def parts(today: date) -> list[Parts]:
    """Everyone who may enter and as what, by address."""
    answers_for: dict[int, list[str]] = defaultdict(list)
    for one in database.session().scalars(select(FocalPoint).where(present(today)).order_by(FocalPoint.id)):
        answers_for[one.person_id].append(f"answers for {one.body.slug}")
    return [
        Parts(
            person.email,
            person.display_name,
            (
                *(["administrator"] if person.is_admin else []),
                *(f"{one.role} of {one.issuer.slug}" for one in person.memberships),
                *answers_for[person.id],
            ),
        )
        for person in sorted(accounts(), key=lambda one: one.email)
    ]
