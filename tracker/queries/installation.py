"""The installation as a whole, read."""

from typing import Any

from sqlalchemy import select

from tracker import database
from tracker.errors import NotFound
from tracker.language import _
from tracker.models import Installation, Issuer


def installation() -> Installation:
    """The one row about the installation."""
    return database.session().get_one(Installation, 1)


_STAMP = "SELECT chain_head.hash, installation.changes FROM chain_head, installation"


def stamp() -> tuple[Any, ...]:
    """Changes with whatever any page tells, but for the time."""
    return database.glance(_STAMP)


def issuers() -> list[Issuer]:
    """Every issuer, by name."""
    return list(database.session().scalars(select(Issuer).order_by(Issuer.name)))


def issuer(name: str) -> Issuer:
    """The issuer with this name or slug."""
    found = database.session().scalar(select(Issuer).where((Issuer.name == name) | (Issuer.slug == name)))
    if found is None:
        known = ", ".join(one.name for one in issuers())
        raise NotFound(_("There is no issuer “%(name)s” here. Known: %(known)s.", name=name, known=known or "–"))
    return found
