"""The register of bodies, read."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import select

from tracker import database
from tracker.language import current, order_of
from tracker.models import Body, BodyMember, FocalPoint, Person, StandingRow
from tracker.queries.people import body_by_slug, present


def body(slug: str) -> Body:
    """A body of the register."""
    return body_by_slug(database.session(), slug)


def register() -> list[Body]:
    """Every body, by its name in the language in use."""
    return _by_name(database.session().scalars(select(Body)).all())


def addressed() -> list[Body]:
    """The bodies that recommendations were ever put to, by name."""
    is_addressed = select(StandingRow.body_id).where(StandingRow.body_id == Body.id).exists()
    return _by_name(database.session().scalars(select(Body).where(is_addressed)).all())


def _by_name(bodies: Sequence[Body]) -> list[Body]:
    return sorted(bodies, key=lambda body: order_of(body.name(current())))


def members(body_id: int) -> list[BodyMember]:
    """What belongs to a body, belonged or will belong to it, by name."""
    rows = database.session().scalars(select(BodyMember).where(BodyMember.collective_id == body_id)).all()
    return sorted(rows, key=lambda row: (order_of(row.member.name(current())), row.from_on or date.min))


def member_of(body_id: int) -> list[BodyMember]:
    """To what a body belongs, belonged or will belong, by name."""
    rows = database.session().scalars(select(BodyMember).where(BodyMember.member_id == body_id)).all()
    return sorted(rows, key=lambda row: (order_of(row.collective.name(current())), row.from_on or date.min))


def above(body: Body) -> Body | None:
    """The body above another."""
    return database.session().get(Body, body.parent_id) if body.parent_id else None


def below(body: Body) -> list[Body]:
    """The bodies directly below another, by name."""
    return _by_name(database.session().scalars(select(Body).where(Body.parent_id == body.id)).all())


def names(slugs: Collection[str]) -> dict[str, str]:
    """The present names of bodies by slug, in the language in use."""
    found = database.session().scalars(select(Body).where(Body.slug.in_(slugs))) if slugs else ()
    return {body.slug: body.name(current()) for body in found}


def focal_points(day: date) -> dict[int, list[FocalPoint]]:
    """Who can be written to on a day, by the id of the body."""
    found: dict[int, list[FocalPoint]] = defaultdict(list)
    for one in database.session().scalars(
        select(FocalPoint)
        .join(FocalPoint.person)
        .where(present(day), Person.disabled_at.is_(None))
        .order_by(Person.display_name)
    ):
        found[one.body_id].append(one)
    return found
