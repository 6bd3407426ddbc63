"""Each issuer and body filled every field with words of its own: nobody meets those of others, on pages or in mails."""

import re
from collections.abc import Iterator
from email import policy
from email.parser import BytesParser
from urllib.parse import urljoin, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from selectolax.lexbor import LexborHTMLParser
from sqlalchemy import select

from tests.measuring import Measure
from tests.security.visits import addresses, rules, visitors
from tests.security.world import ADDRESSED, NOBODY_S, PRINTED, World, canary, public
from tracker import database
from tracker.models import OutgoingMail
from tracker.queries import people
from tracker.queries.people import Rights

PAGES = 300
"""Of one crawl, at most: lists link to themselves in many orders."""
TO_THE_ADDRESSED = ("section", "round")
"""Of what the issuer says to nobody in particular, what those whom it addressed may read."""
CANARY = re.compile(r"canary-[a-z0-9-]+-end")


def pages(app: Flask, world: World, client: FlaskClient) -> Iterator[tuple[str, str]]:
    """The address and the text of whatever somebody reaches by links, and by addresses that they were not given."""
    waiting = ["/"]
    waiting += [
        f"{address}{suffix}"
        for rule in rules(app)
        if "GET" in (rule.methods or set())
        for address, _thing in addresses(app, rule, "GET", world.things)
        for suffix in ("", ".json")
    ]
    seen = set[str]()
    while waiting and len(seen) < PAGES:
        address = waiting.pop(0)
        if address in seen:
            continue
        seen.add(address)
        answered = client.get(address)
        yield address, answered.get_data().decode(errors="replace")
        if answered.location:
            waiting.append(urljoin(address, answered.location))
        if answered.mimetype == "text/html":
            links = LexborHTMLParser(answered.text).css("main a[href], iframe[src]")
            found = [str(one.attributes.get("href") or one.attributes.get("src")) for one in links]
            inside = [urljoin(address, one).partition("#")[0] for one in found if not one.startswith("#")]
            waiting += [one for one in inside if not urlsplit(one).netloc and "lang=" not in one]


def theirs(rights: Rights | None, world: World) -> set[str]:
    """The beginnings of the canaries that somebody may meet."""
    found = public()
    for issuer, bodies in ADDRESSED.items():
        if rights is None:
            continue
        if world.issuers[issuer] in rights.reads:
            found |= {_beginning(issuer, body) for body in (*bodies, NOBODY_S)}
        own = [body for body in bodies if world.bodies[body] in rights.body_ids]
        found |= {_beginning(issuer, body) for body in own}
        found |= {canary(issuer, NOBODY_S, what) for what in TO_THE_ADDRESSED if own}
    return found


def _beginning(issuer: str, body: str) -> str:
    return canary(issuer, body, "").removesuffix("-end")


@pytest.mark.proves("S02")
def test_nobody_meets_a_word_of_others_on_any_page(app: Flask, world: World, measure: Measure) -> None:
    foreign, n_pages, met = list[str](), 0, dict[str, set[str]]()
    for visitor in visitors(world):
        own = theirs(visitor.reads_as or visitor.rights, world)
        for address, text in pages(app, world, visitor.browser(app)):
            n_pages += 1
            found = set(CANARY.findall(text.lower()))
            met.setdefault(visitor.role, set()).update(found)
            foreign += [f"{visitor.role} meets {one} at {address}" for one in found if not one.startswith(tuple(own))]

    assert foreign == [], "\n".join(foreign[:20])
    for what in ("text", "paper-done", "form-done", "form-link", "finding", "question", "who"):
        assert canary("first", "police", what) in met["coordinator"], what
    assert canary("first", NOBODY_S, "draft") in met["coordinator"]
    assert canary("first", "police", "question") in met["focal point of the police"]
    for role in ("visitor", "disabled", "nothing"):
        assert met[role] == public(), role
    measure("S02", "foreign words met", len(foreign), f"on {n_pages} pages", "= 0")


def test_nobody_meets_a_word_of_others_in_a_mail(world: World) -> None:
    foreign, met = list[str](), set[str]()
    with database.reading() as session:
        mails = session.scalars(select(OutgoingMail)).all()
        for mail in mails:
            assert mail.person is not None
            own = theirs(people.rights(mail.person), world)
            message = BytesParser(policy=policy.default).parsebytes(mail.content)
            parts = [str(message["Subject"]), *(part.get_content() for part in message.iter_parts())]
            found = set(CANARY.findall(" ".join(parts).lower()))
            met |= found
            foreign += [f"{mail.recipient} meets {one}" for one in found if not one.startswith(tuple(own))]
            assert mail.recipient == mail.person.email
            issuers = {one.split("-")[1] for one in found}
            assert len(issuers) <= 1, "a mail speaks for one issuer"

    assert foreign == []
    assert len(mails) == sum(len(bodies) for bodies in ADDRESSED.values()) + 1  # a second one for the disabled one
    assert {canary("first", body, "question") for body in ADDRESSED["first"]} <= met
    assert set(PRINTED) == {body for bodies in ADDRESSED.values() for body in bodies}
