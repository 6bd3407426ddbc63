"""Everybody with an account, as those who keep the list of people see it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, func, or_, select, true

from tracker import clock, database
from tracker.errors import NotFound
from tracker.language import _, current
from tracker.models import FocalPoint, Membership, Person, SignedInSession
from tracker.queries.people import SESSION_IDLE, Rights, present

SIZE = 50


@dataclass(frozen=True)
class Listed:
    """One person, and what they may do in words."""

    person: Person
    parts: tuple[str, ...]


@dataclass(frozen=True)
class Page:
    """People in the order of their mail addresses, and the one after which the next page begins."""

    people: list[Listed]
    next: str | None
    total: int


def page(rights: Rights, *, search: str = "", part: str = "", after: str = "", size: int = SIZE) -> Page:
    """Those whom this person may see, narrowed by words of their name or address and by the part they play."""
    session = database.session()
    narrowed = (sees(rights), _plays(part), *(_says(word) for word in search.split()))
    people = select(Person).where(*narrowed, Person.email > after).order_by(Person.email).limit(size + 1)
    found = session.scalars(people).all()
    total = session.scalar(select(func.count(Person.id)).where(*narrowed)) or 0
    return Page(_listed(found[:size]), found[size - 1].email if len(found) > size else None, total)


def sees(rights: Rights) -> ColumnElement[bool]:
    """Administrators see all; coordinators whoever is not at an issuer of others alone."""
    if rights.person.is_admin:
        return true()
    member = select(Membership.id).where(Membership.person_id == Person.id)
    of_ours = member.where(Membership.issuer_id.in_(rights.coordinates))
    answers = select(FocalPoint.id).where(FocalPoint.person_id == Person.id)
    return or_(Person.is_admin, ~member.exists(), of_ours.exists(), answers.exists())


def keeps(rights: Rights, person: Person) -> bool:
    """Whether they may change this person: an administrator anyone, a coordinator nobody who has a say elsewhere."""
    if rights.person.is_admin:
        return True
    is_ours = all(one.issuer_id in rights.coordinates for one in person.memberships)
    return rights.is_coordinator and is_ours and not person.is_admin


def _plays(part: str) -> ColumnElement[bool]:
    is_open = Person.disabled_at.is_(None)
    answers = select(FocalPoint.id).where(FocalPoint.person_id == Person.id, present(clock.today()))
    member = select(Membership.id).where(Membership.person_id == Person.id)
    parts = {
        "focal_points": and_(is_open, answers.exists()),
        "office": and_(is_open, or_(Person.is_admin, member.exists())),
        "closed": Person.disabled_at.is_not(None),
    }
    return parts.get(part, true())


def _says(word: str) -> ColumnElement[bool]:
    return or_(Person.email.icontains(word, autoescape=True), Person.display_name.icontains(word, autoescape=True))


def _listed(people: Sequence[Person]) -> list[Listed]:
    bodies: dict[int, list[str]] = defaultdict(list)
    answering = FocalPoint.person_id.in_([one.id for one in people])
    for one in database.session().scalars(select(FocalPoint).where(answering, present(clock.today()))):
        bodies[one.person_id].append(one.body.name(current()))
    return [Listed(one, _parts(one, sorted(bodies[one.id], key=str.casefold))) for one in people]


def _parts(person: Person, bodies: list[str]) -> tuple[str, ...]:
    parts = [_("Administrator")] if person.is_admin else []
    for one in person.memberships:
        sentence = _("Coordinator, %(issuer)s") if one.role == "coordinator" else _("Reader, %(issuer)s")
        parts.append(sentence % {"issuer": one.issuer.name})
    return (*parts, *(_("Focal point, %(body)s", body=body) for body in bodies))


def parts_of(person: Person) -> tuple[str, ...]:
    """What somebody may do here today, in words."""
    return _listed([person])[0].parts


def person(person_id: int, rights: Rights) -> Listed:
    """One person whom they may see, whether their account is open or closed."""
    found = database.session().scalar(select(Person).where(Person.id == person_id, sees(rights)))
    if found is None:
        raise NotFound(_("There is no such person."))
    return _listed([found])[0]


def answers_for(person_id: int) -> list[FocalPoint]:
    """The bodies that a person answers, answered or will answer for, the latest first."""
    of_person = select(FocalPoint).where(FocalPoint.person_id == person_id)
    return list(database.session().scalars(of_person.order_by(FocalPoint.from_on.desc(), FocalPoint.id.desc())))


def open_sessions(person_id: int, *, at: datetime) -> int:
    """In how many browsers a person is signed in, by the system's clock."""
    is_open = (SignedInSession.expires_at > at) & (SignedInSession.last_seen_at > at - SESSION_IDLE)
    of_person = select(func.count()).where(SignedInSession.person_id == person_id, is_open)
    return database.session().scalar(of_person) or 0


@dataclass(frozen=True)
class Answering:
    """Who answers for a body on a day, who will, and who did."""

    present: list[FocalPoint]
    later: list[FocalPoint]
    earlier: list[FocalPoint]


def answering(body_id: int, day: date) -> Answering:
    """The focal points of a body, closed accounts among the earlier ones."""
    of_body = select(FocalPoint).where(FocalPoint.body_id == body_id)
    rows = list(database.session().scalars(of_body.order_by(FocalPoint.from_on, FocalPoint.id)))
    alive = [one for one in rows if not one.person.disabled_at and (one.until_on is None or one.until_on > day)]
    return Answering(
        present=[one for one in alive if one.from_on <= day],
        later=[one for one in alive if one.from_on > day],
        earlier=[one for one in reversed(rows) if one not in alive],
    )
