"""Everybody's browser in the world, every address of the application, and what a database holds."""

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.routing import AnyConverter, Rule

from tests.security.world import Thing, World
from tracker import database
from tracker.models import AnswerLink, Base, Person
from tracker.queries import people
from tracker.queries.people import Rights
from tracker.services import answer_links
from tracker.web.access import _MAY_ENTER, Access

SHARED = {"slug", "body_id", "person_id", "issuer", "filename", "key", "name", "row_id", "name_id", "member_id"}
"""Names of what everybody may ask for who may enter: the register, files. To a focal point a body is its own."""
MEANT = {("r", "slug"): "report", ("publication", "slug"): "report"}
"""What a name stands for where an address begins like this, when it is not what it is elsewhere."""
NOTED = "audit"
"""The table in which a refused page is kept: reading a page that is not one's own adds a row."""
RANDOM = re.compile(r"\b[0-9a-z]{26}\b|\b[0-9a-f]{64}\b|<[\w.]+@[\w.]+>")
"""Identifiers, digests and Message-IDs."""
CHANGES_BY_ITSELF = {("session", "last_seen_at")}


@dataclass(frozen=True)
class Visitor:
    """Somebody and what they may do."""

    role: str
    rights: Rights | None
    """None of whoever is not signed in."""
    token: str
    link: tuple[int, str] | None = None
    """The number of the answer link that was opened in their browser, and its token."""
    reads_as: Rights | None = None
    """Whose words the form that it opens may hold."""

    def browser(self, app: Flask) -> FlaskClient:
        """A browser of theirs, in English."""
        client = FlaskClient(app, app.response_class)
        if self.link:
            number, token = self.link
            client.set_cookie("repons-form", token, path=f"/form/{number}")
        with client.session_transaction() as cookie:
            cookie["language"] = "en"
            if self.token:
                cookie["_user_id"], cookie["_fresh"] = self.token, True
        return client


def visitors(world: World) -> list[Visitor]:
    """Somebody who is not signed in, and everybody in the world, each with a session."""
    found = [Visitor("visitor", None, "")]
    with database.reading() as session:
        for role, person in world.persons.items():
            rights = None if role == "disabled" else people.rights(session.get_one(Person, person.id))
            found.append(Visitor(role, rights, world.tokens[role]))
        number = int(str(world.things[0].values["link_id"]))
        token = answer_links.token_of("s" * 40, session.get_one(AnswerLink, number).uid)
        reads_as = people.rights(session.get_one(Person, world.persons["focal point of the police"].id))
        found.append(Visitor("holder of a link", None, "", (number, token), reads_as))
    return found


def access_of(app: Flask, rule: Rule) -> Access | None:
    """Who may enter, as the route says."""
    return getattr(app.view_functions[rule.endpoint], "access", None)


def rules(app: Flask) -> list[Rule]:
    """Every route but that of files, which are everybody's."""
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"]


def addresses(app: Flask, rule: Rule, method: str, things: Iterable[Thing]) -> Iterator[tuple[str, Thing | None]]:
    """An address of the route for each thing; one where it names none."""
    for thing in things if rule.arguments else (None,):
        values = {name: _value(rule, name, thing) for name in rule.arguments}
        yield app.url_map.bind("").build(rule.endpoint, values, method=method), thing


def _value(rule: Rule, name: str, thing: Thing | None) -> object:
    converter = rule._converters[name]
    if isinstance(converter, AnyConverter):
        return min(converter.items)
    assert thing is not None
    return thing.values[_meaning(rule, name)]


def _meaning(rule: Rule, name: str) -> str:
    return MEANT.get((rule.rule.split("/")[1], name), name)


def expected(access: Access, visitor: Visitor, rule: Rule, thing: Thing | None, world: World) -> str:
    """What the route owes this person about this thing: `in`, `whatever`, `sign in`, `forbidden` or `not found`."""
    if access is Access.EVERYONE:
        return "whatever"
    if access is Access.BEARERS:
        is_theirs = visitor.link is not None and thing is not None and thing.values["link_id"] == visitor.link[0]
        return "in" if is_theirs else "not found"
    if visitor.rights is None:
        return "sign in"
    if not _MAY_ENTER[access](visitor.rights):
        return "forbidden"
    if thing is None or _is_theirs(access, visitor.rights, rule, thing, world):
        return "in"
    return "not found"


def _is_theirs(access: Access, rights: Rights, rule: Rule, thing: Thing, world: World) -> bool:
    issuer, body = world.issuers[thing.issuer], world.bodies[thing.body]
    named = {_meaning(rule, name) for name, one in rule._converters.items() if not isinstance(one, AnyConverter)}
    if access is Access.FOCAL_POINTS:
        return body in rights.body_ids
    if named <= SHARED:
        return True
    owners = {
        Access.SIGNED_IN: body in rights.body_ids or issuer in rights.reads,
        Access.READERS: issuer in rights.reads,
        Access.COORDINATORS: issuer in rights.coordinates,
    }
    return owners.get(access, True)


def digest(*, blurred: bool = False) -> dict[str, str]:
    """What each table holds, but for what changes by itself; `blurred` without what is random or a moment."""
    found = {}
    with database.reading() as session:
        for table in Base.metadata.sorted_tables:
            if table.name == NOTED:
                continue
            columns = [one for one in table.columns if (table.name, one.name) not in CHANGES_BY_ITSELF]
            rows = sorted(_said(tuple(row), blurred) for row in session.execute(select(*columns)))
            found[table.name] = f"{len(rows)} rows, {hashlib.sha256(''.join(rows).encode()).hexdigest()[:12]}"
    return found


def _said(row: tuple[object, ...], blurred: bool) -> str:
    if not blurred:
        return repr(row)
    return RANDOM.sub("…", repr([one for one in row if not isinstance(one, bytes | datetime)]))
