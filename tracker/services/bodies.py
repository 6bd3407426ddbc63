"""The register of bodies: what they are, and which bodies belong to a collective one."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from tracker.database import transaction
from tracker.domain import references
from tracker.domain.acts import Act
from tracker.domain.vocabulary import BodyType, Role
from tracker.errors import NotFound, Refusal
from tracker.language import _, current
from tracker.models import Body, BodyMember, Person
from tracker.queries import people
from tracker.services import audit, body_names, parts
from tracker.services.body_names import Name

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_TAKEN_BY_PAGES = ("new",)


@dataclass(frozen=True)
class Facts:
    """What a body is."""

    type: BodyType
    role: Role
    parent: str = ""
    """The slug of the body above it; empty for none."""


def add(facts: Facts, names: Mapping[str, Name], slug: str = "", *, by: Person, at: datetime) -> Body:
    """Take a body into the register, with a name in one language at least; without a slug it takes one of its name."""
    with transaction() as session:
        parts.must_keep(by)
        return put(session, facts, names, slug, by=by, at=at)


def put(session: Session, facts: Facts, names: Mapping[str, Name], slug: str = "", *, by: Person, at: datetime) -> Body:
    """The same within the caller's transaction."""
    if not names:
        raise Refusal(_("Give the body a name in one language at least."))
    body = Body(slug=_free_slug(session, slug, names), type=facts.type, role=facts.role)
    session.add(body)
    session.flush()
    body.parent_id = _parent(session, body, facts.parent)
    for language, name in names.items():
        body_names.put(session, body, language, name, None)
    audit.note(session, Act.BODY_ADDED, ("body", body.slug), by=by, at=at)
    return body


def _free_slug(session: Session, slug: str, names: Mapping[str, Name]) -> str:
    first = names.get("fr") or next(iter(names.values()))
    slug = slug.strip().lower() or references.slug(first.name)
    if not _SLUG.fullmatch(slug) or len(slug) > 80:
        raise Refusal(_("Write the short name in small letters, digits and hyphens, such as “federal-police”."))
    if slug in _TAKEN_BY_PAGES or session.scalar(select(Body.id).where(Body.slug == slug)):
        raise Refusal(_("Another body has the short name “%(slug)s”. Choose another one.", slug=slug))
    return slug


def change(slug: str, facts: Facts, *, by: Person, at: datetime) -> Body:
    """Say anew what a body is; addressees keep the role that they have."""
    with transaction() as session:
        parts.must_keep(by)
        body = people.body_by_slug(session, slug)
        parent_id = _parent(session, body, facts.parent)
        wanted = {"type": facts.type, "role": facts.role, "parent_id": parent_id}
        changed = [name for name, value in wanted.items() if getattr(body, name) != value]
        for name in changed:
            setattr(body, name, wanted[name])
        if changed:
            what = [name.removesuffix("_id") for name in changed]
            audit.note(session, Act.BODY_CHANGED, ("body", slug), by=by, at=at, what=what)
        return body


def _parent(session: Session, body: Body, slug: str) -> int | None:
    if not slug:
        return None
    parent: Body | None = people.body_by_slug(session, slug)
    above = parent
    while above is not None:
        if above.id == body.id:
            raise Refusal(_("A body cannot stand below itself. Choose another one."))
        above = session.get(Body, above.parent_id) if above.parent_id else None
    return parent.id if parent else None


def add_member(
    slug: str, member: str, from_on: date | None, until_on: date | None = None, *, by: Person, at: datetime
) -> BodyMember:
    """Have a body belong to a collective one."""
    with transaction() as session:
        parts.must_keep(by)
        collective, one = people.body_by_slug(session, slug), people.body_by_slug(session, member)
        body_names.check_days(from_on, until_on)
        if one.id == collective.id or collective.id in _below(session, one.id):
            raise Refusal(_("%(body)s cannot be a member of what belongs to it.", body=one.name(current())))
        _refuse_twice(session, collective, one, from_on, until_on)
        row = BodyMember(collective_id=collective.id, member_id=one.id, from_on=from_on, until_on=until_on)
        session.add(row)
        audit.note(session, Act.BODY_CHANGED, ("body", slug), by=by, at=at, what="member")
        return row


def _below(session: Session, body_id: int) -> set[int]:
    """Everything that belongs to a body, directly or through others, at any time."""
    found: set[int] = set()
    waiting = {body_id}
    while waiting:
        rows = select(BodyMember.member_id).where(BodyMember.collective_id.in_(waiting))
        waiting = set(session.scalars(rows)) - found
        found |= waiting
    return found


def _refuse_twice(session: Session, collective: Body, one: Body, from_on: date | None, until_on: date | None) -> None:
    held = select(BodyMember.id).filter_by(collective_id=collective.id, member_id=one.id)
    if from_on is not None:
        held = held.where(or_(BodyMember.until_on.is_(None), BodyMember.until_on > from_on))
    if until_on is not None:
        held = held.where(or_(BodyMember.from_on.is_(None), BodyMember.from_on < until_on))
    if session.scalar(held.limit(1)):
        raise Refusal(_("%(body)s is a member in these days already.", body=one.name(current())))


def end_member(slug: str, member_id: int, until_on: date, *, by: Person, at: datetime) -> BodyMember:
    """End a membership from a day on."""
    with transaction() as session:
        parts.must_keep(by)
        row = session.get(BodyMember, member_id)
        if row is None or row.collective.slug != slug:
            raise NotFound(_("There is no such member."))
        body_names.check_days(row.from_on, until_on)
        row.until_on = until_on
        audit.note(session, Act.BODY_CHANGED, ("body", slug), by=by, at=at, what="member_ended")
        return row
