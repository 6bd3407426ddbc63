"""Who may enter: accounts, roles and focal points."""

import re
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.database import transaction
from tracker.errors import NotFound, Refusal
from tracker.language import LANGUAGES, _
from tracker.models import FocalPoint, Issuer, Membership, Person
from tracker.queries import people

_ADDRESS = re.compile(r"[^@\s<>,;:\"()\[\]\\]+@[a-z0-9]([a-z0-9.-]*[a-z0-9])?")


def add(
    email: str,
    display_name: str,
    language: str,
    *,
    is_admin: bool = False,
    coordinates: str = "",
    reads: str = "",
    answers_for: str = "",
    from_on: date,
) -> Person:
    """Give someone an account, or the one they have another part to play.

    `coordinates` and `reads` are slugs of issuers, `answers_for` the slug of a body.
    """
    address = email.strip().lower()
    if not is_address(address):
        raise Refusal(_("“%(address)s” is not a mail address.", address=address))
    if language not in LANGUAGES:
        raise Refusal(_("Choose one of these languages: %(languages)s.", languages=", ".join(LANGUAGES)))
    with transaction() as session:
        person = session.scalar(select(Person).where(Person.email == address))
        if person is None:
            person = Person(email=address, display_name=display_name, language=language)
            session.add(person)
            session.flush()
        person.is_admin = person.is_admin or is_admin
        for slug, role in ((coordinates, "coordinator"), (reads, "reader")):
            if slug:
                _make_member(session, person, slug, role)
        if answers_for:
            _make_focal_point(session, person, answers_for, from_on)
        return person


def is_address(address: str) -> bool:
    """Whether this can be a mail address in lower case."""
    return len(address) <= 254 and _ADDRESS.fullmatch(address) is not None


def _make_member(session: Session, person: Person, issuer_slug: str, role: str) -> None:
    issuer = session.scalar(select(Issuer).where(Issuer.slug == issuer_slug))
    if issuer is None:
        raise NotFound(_("There is no issuer “%(name)s” here.", name=issuer_slug))
    held = session.scalar(select(Membership).filter_by(person_id=person.id, issuer_id=issuer.id))
    if held is None:
        session.add(Membership(person_id=person.id, issuer_id=issuer.id, role=role))
    else:
        held.role = role


def _make_focal_point(session: Session, person: Person, slug: str, from_on: date) -> None:
    body = people.body_by_slug(session, slug)
    is_one = session.scalar(select(FocalPoint.id).filter_by(person_id=person.id, body_id=body.id, until_on=None))
    if is_one is None:
        session.add(FocalPoint(person_id=person.id, body_id=body.id, from_on=from_on))
