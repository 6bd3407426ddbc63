"""Who may enter: accounts and what they may do at issuers."""

from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.database import transaction
from tracker.domain.acts import Act
from tracker.errors import NotAllowed, NotFound, Refusal
from tracker.language import _
from tracker.models import Issuer, Person
from tracker.services import accounts, answer_links, audit, focal_points, parts, sign_in


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
    """Give someone an account, or the one they have another part to play: for whoever is at the terminal.

    `coordinates` and `reads` are slugs of issuers, `answers_for` the slug of a body.
    """
    with transaction() as session:
        person = accounts.take_in(session, email, display_name, language)
        if is_admin and not person.is_admin:
            person.is_admin = True
            audit.note(session, Act.ROLE_CHANGED, ("person", person.id), what="admin")
        for slug, role in ((coordinates, "coordinator"), (reads, "reader")):
            if slug:
                parts.give(session, person, _issuer(session, slug), role)
        if answers_for and not focal_points.answers(session, person, answers_for, from_on):
            focal_points.begin(session, person, answers_for, from_on)
        return person


def create(
    email: str,
    display_name: str,
    language: str,
    roles: Mapping[int, str],
    *,
    is_admin: bool = False,
    by: Person,
) -> Person:
    """Give somebody new an account and their parts at issuers."""
    with transaction() as session:
        _free(session, accounts.checked_address(email), None)
        person = accounts.take_in(session, email, display_name, language, by=by)
        parts.set_all(session, person, roles, is_admin, by)
        return person


def change(person_id: int, email: str, display_name: str, language: str, *, by: Person, at: datetime) -> Person:
    """Change who somebody is; with another address they sign in anew, and codes to the old one are void."""
    with transaction() as session:
        person = parts.kept(session, person_id, by)
        address = accounts.checked_address(email)
        wanted = {
            "email": address,
            "display_name": accounts.checked_name(display_name),
            "language": accounts.checked_language(language),
        }
        changed = [name for name, value in wanted.items() if getattr(person, name) != value]
        if "email" in changed:
            _free(session, address, person)
            sign_in.end_all(session, person, at=at)
            answer_links.end_all(session, person, at=at)
        for name in changed:
            setattr(person, name, wanted[name])
        if changed:
            audit.note(session, Act.PERSON_CHANGED, ("person", person.id), by=by, what=changed)
        return person


def speak(person_id: int, language: str) -> None:
    """Take up the language that somebody chose for their own mails and pages."""
    with transaction() as session:
        session.get_one(Person, person_id).language = accounts.checked_language(language)


def disable(person_id: int, *, by: Person | None, at: datetime) -> Person:
    """Close an account: its sessions end at once, and nothing is sent to it. What they wrote stays.

    Without `by` whoever is at the terminal does it.
    """
    with transaction() as session:
        person = parts.kept(session, person_id, by) if by else session.get_one(Person, person_id)
        if by and person.id == by.id:
            raise NotAllowed(_("You cannot close your own account. Ask a colleague."))
        if not person.disabled_at:
            parts.leave_an_admin(session, person)
            for one in person.memberships:
                parts.leave_a_coordinator(session, person, one.issuer)
            person.disabled_at = at
            sign_in.end_all(session, person, at=at)
            audit.note(session, Act.PERSON_DISABLED, ("person", person.id), by=by)
        return person


def enable(person_id: int, *, by: Person) -> Person:
    """Open a closed account again, with the parts that it had."""
    with transaction() as session:
        person = parts.kept(session, person_id, by)
        if person.disabled_at:
            person.disabled_at = None
            audit.note(session, Act.PERSON_ENABLED, ("person", person.id), by=by)
        return person


def end_sessions(person_id: int, *, by: Person, at: datetime) -> int:
    """Sign somebody out everywhere: oneself, or whom one may change; how many browsers it was."""
    with transaction() as session:
        person = session.get_one(Person, by.id) if person_id == by.id else parts.kept(session, person_id, by)
        ended = sign_in.end_all(session, person, at=at)
        audit.note(session, Act.SESSIONS_ENDED, ("person", person.id), by=by, n=ended)
        return ended


def _issuer(session: Session, slug: str) -> Issuer:
    issuer = session.scalar(select(Issuer).where(Issuer.slug == slug))
    if issuer is None:
        raise NotFound(_("There is no issuer “%(name)s” here.", name=slug))
    return issuer


def _free(session: Session, address: str, person: Person | None) -> None:
    holder = session.scalar(select(Person).where(Person.email == address))
    if holder is not None and holder is not person:
        raise Refusal(
            _("Somebody here has the address %(address)s already. Look for it among the people.", address=address)
        )
