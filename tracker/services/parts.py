"""The parts that people play at issuers and in the installation, and who may give them."""

from collections.abc import Mapping

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.database import transaction
from tracker.domain.acts import Act
from tracker.errors import NotAllowed, NotFound
from tracker.language import _
from tracker.models import Issuer, Membership, Person
from tracker.queries import directory, people
from tracker.services import audit

ROLES = ("coordinator", "reader")


def set_(person_id: int, roles: Mapping[int, str], *, is_admin: bool, by: Person) -> Person:
    """Say what somebody is at issuers, by the id of each: coordinator, reader, or nothing for an empty text."""
    with transaction() as session:
        person = kept(session, person_id, by)
        set_all(session, person, roles, is_admin, by)
        return person


def set_all(session: Session, person: Person, roles: Mapping[int, str], is_admin: bool, by: Person) -> None:
    """The same within the caller's transaction."""
    rights = people.rights(by)
    # What is taken away first, so that a coordinator can pass from one issuer to another.
    for issuer_id, role in sorted(roles.items(), key=lambda one: one[1] == "coordinator"):
        issuer = session.get(Issuer, issuer_id)
        if issuer is None or not (by.is_admin or issuer_id in rights.coordinates):
            raise NotFound(_("There is no such issuer."))
        give(session, person, issuer, role, by=by)
    if by.is_admin and person.is_admin != is_admin:
        if not is_admin:
            leave_an_admin(session, person)
        person.is_admin = is_admin
        what = "admin" if is_admin else "not_admin"
        audit.note(session, Act.ROLE_CHANGED, ("person", person.id), by=by, what=what)


def give(session: Session, person: Person, issuer: Issuer, role: str, *, by: Person | None = None) -> None:
    """Give one part at one issuer, or take it for an empty text."""
    held = session.scalar(select(Membership).filter_by(person_id=person.id, issuer_id=issuer.id))
    if (held.role if held else "") == role:
        return
    if role and role not in ROLES:
        raise NotFound(_("There is no such part to play."))
    if role == "coordinator":
        _coordinate_one(session, person, issuer)
    if held and held.role == "coordinator":
        leave_a_coordinator(session, person, issuer)
    if held and role:
        held.role = role
    elif held:
        session.delete(held)
    else:
        session.add(Membership(person_id=person.id, issuer_id=issuer.id, role=role))
    about, what = ("person", person.id), role or "none"
    audit.note(session, Act.ROLE_CHANGED, about, by=by, issuer_id=issuer.id, what=what)


def _coordinate_one(session: Session, person: Person, issuer: Issuer) -> None:
    """Refuse to coordinate two issuers: what a coordinator imports or opens belongs to theirs without a question."""
    other = session.scalar(
        select(Issuer)
        .join(Membership, Membership.issuer_id == Issuer.id)
        .where(Membership.person_id == person.id, Membership.role == "coordinator", Issuer.id != issuer.id)
        .limit(1)
    )
    if other is not None:
        raise NotAllowed(
            _(
                "%(name)s coordinates %(issuer)s already. For a second issuer, add an account with another address.",
                name=person.display_name,
                issuer=other.name,
            )
        )


def must_keep(by: Person | None) -> None:
    """Refuse who does not keep the register of bodies and who answers for them; None is the command line."""
    if by is not None and not people.rights(by).is_keeper:
        raise NotAllowed(_("Only coordinators and administrators change bodies and who answers for them."))


def kept(session: Session, person_id: int, by: Person) -> Person:
    """A person whom `by` may change; NotFound where they may not even be seen."""
    rights = people.rights(by)
    person = session.scalar(select(Person).where(Person.id == person_id, directory.sees(rights)))
    if person is None:
        raise NotFound(_("There is no such person."))
    if not directory.keeps(rights, person):
        raise NotAllowed(
            _("%(name)s has a part that is not yours to give: ask an administrator.", name=person.display_name)
        )
    return person


def leave_an_admin(session: Session, person: Person) -> None:
    """Refuse to lose the last administrator."""
    others = select(func.count(Person.id)).where(Person.is_admin, Person.disabled_at.is_(None), Person.id != person.id)
    if person.is_admin and not session.scalar(others):
        raise NotAllowed(
            _("%(name)s is the last administrator. Make somebody else one first.", name=person.display_name)
        )


def leave_a_coordinator(session: Session, person: Person, issuer: Issuer) -> None:
    """Refuse to lose the last coordinator of an issuer."""
    of_issuer = (
        select(Membership.person_id)
        .join(Person, Person.id == Membership.person_id)
        .where(Membership.issuer_id == issuer.id, Membership.role == "coordinator", Person.disabled_at.is_(None))
    )
    if session.scalars(of_issuer).all() == [person.id]:
        raise NotAllowed(
            _(
                "%(name)s is the last coordinator of %(issuer)s. Make somebody else one first.",
                name=person.display_name,
                issuer=issuer.name,
            )
        )
