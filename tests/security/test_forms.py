"""Forms are taken from our own pages alone, and hold what they show: a field that was added changes nothing."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from flask import Flask
from flask.testing import FlaskClient
from selectolax.lexbor import LexborHTMLParser, LexborNode

from tests.measuring import Measure
from tests.security.visits import Visitor, addresses, digest, rules, visitors
from tests.security.world import World

FOREIGN = ("https://evil.test", "null", "http://localhost.evil.test", "http://evil.test:8000", "http://localhost:81")
WITHOUT_REFERRER = ("/answer", "null")
"""The page of an answer link tells nobody its address, so its form comes from “null”; it is asked for its token."""
ADDED = {
    "role": "coordinator",
    "is_admin": "1",
    "coordinates": "second",
    "body": "magistrats",
    "body_id": "17",
    "seq": "1",
    "position": "1",
    "about": "1",
    "kind": "assessed",
    "facts": "{}",
    "counts_on": "2020-01-01",
    "recorded_by": "1",
    "recorded_by_id": "1",
    "recorded_at": "2020-01-01",
    "by": "1",
    "at": "2020-01-01",
    "person_id": "1",
    "issuer_id": "2",
    "import_id": "1",
    "addressee_id": "1",
    "recommendation_id": "1",
    "assessed": "fully",
    "published": "1",
    "validated": "1",
    "state": "accepted",
    "version": "99",
    "uid": "x",
    "display_name": "Somebody else",
    "is_held": "",
    "disabled_at": "",
    "acting_body_id": "17",
    "id": "1",
}
"""What somebody might add to a form in the hope that it is taken."""


@dataclass(frozen=True)
class Form:
    """A form as a page shows it."""

    action: str
    fields: dict[str, list[str]] = field(default_factory=dict)

    @property
    def shape(self) -> tuple[str, ...]:
        """Forms of the same shape do the same to different things."""
        return (re.sub(r"\d+", "n", self.action), *sorted(self.fields))


def token(client: FlaskClient) -> str:
    """The token of a browser, as it stands on any of our pages."""
    page = LexborHTMLParser(client.get("/sign-in").text)
    return str(page.css_first("input[name=csrf_token]").attributes["value"])


@pytest.mark.proves("S05")
def test_no_form_is_taken_without_its_token_or_from_elsewhere(app: Flask, world: World, measure: Measure) -> None:
    before, taken, n = digest(), list[str](), 0
    by_role = {visitor.role: visitor for visitor in visitors(world)}
    other = token(by_role["reader"].browser(app))
    for role in ("visitor", "coordinator", "focal point of the police"):
        browser = by_role[role].browser(app)
        own = token(browser)
        for rule in (rule for rule in rules(app) if "POST" in (rule.methods or set())):
            address, _thing = next(addresses(app, rule, "POST", world.things))
            wrong = [({}, {}, 422), ({"csrf_token": other}, {}, 422), ({"csrf_token": own + "x"}, {}, 422)]
            foreign = [one for one in FOREIGN if (rule.rule, one) != WITHOUT_REFERRER]
            wrong += [({"csrf_token": own}, {"Origin": origin}, 400) for origin in foreign]
            for data, headers, status in wrong:
                answered = browser.post(address, data=data, headers=headers)
                n += 1
                if answered.status_code != status:
                    taken.append(f"{address} as {role} with {data} {headers}: {answered.status}")

    assert taken == [], "\n".join(taken[:10])
    counted = {"limited_act": ""}  # the door of a link looks at its token by itself, after the form was counted
    assert {**digest(), **counted} == {**before, **counted}
    measure("S05", "forms taken without their token or from elsewhere", len(taken), f"of {n}", "= 0")


def forms(app: Flask, world: World, visitor: Visitor) -> Iterator[Form]:
    """Every form on the pages that somebody may open, one of each shape, filled as a person would."""
    browser, shapes = visitor.browser(app), set[tuple[str, ...]]()
    for rule in (rule for rule in rules(app) if "GET" in (rule.methods or set())):
        for address, _thing in addresses(app, rule, "GET", world.things):
            answered = browser.get(address)
            if answered.status_code != 200 or answered.mimetype != "text/html":
                continue
            for node in LexborHTMLParser(answered.text).css("form[method=post]"):
                form = Form(node.attributes.get("action") or address)
                for one in node.css("input[name], textarea[name], select[name], button[name]"):
                    form.fields.setdefault(str(one.attributes["name"]), []).extend(_typed(one))
                if form.shape not in shapes:
                    shapes.add(form.shape)
                    yield form


def _typed(node: LexborNode) -> list[str]:
    kind, name, value = node.attributes.get("type"), str(node.attributes["name"]), node.attributes.get("value")
    if node.tag == "select":
        options = [option.attributes.get("value") or "" for option in node.css("option")]
        return [next((one for one in options if one), "")]
    if kind in ("radio", "checkbox"):
        return [value or "on"]
    if kind == "file":
        return []
    if node.tag == "button":
        return []
    return [value or node.text() or ("2026-12-20" if re.search(r"_on$|_by$|due", name) else "Words of ours")]


@pytest.mark.proves("S03")
def test_a_field_that_was_added_to_a_form_changes_nothing(
    app: Flask,
    world: World,
    begin_anew: Callable[[], None],
    measure: Measure,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)
    by_role = {visitor.role: visitor for visitor in visitors(world)}
    changed, done, n = list[str](), 0, 0
    for role in ("coordinator", "focal point of the police"):
        for form in list(forms(app, world, by_role[role])):
            if form.action.startswith("/sign-"):
                continue
            sent = {name: values[:1] for name, values in form.fields.items() if name != "csrf_token"}
            added = {name: value for name, value in ADDED.items() if name not in form.fields}
            held = []
            for data in (sent, {**sent, **added}):
                begin_anew()
                browser = by_role[role].browser(app)
                answered = browser.post(form.action, data=data, query_string={} if data is sent else added)
                held.append((answered.status_code, digest(blurred=True)))
            n += 1
            done += held[0][0] == 302
            if held[0] != held[1]:
                tables = [name for name in held[0][1] if held[0][1][name] != held[1][1][name]]
                changed.append(f"{form.action} as {role}: {held[0][0]}, {held[1][0]}, {tables}")

    assert changed == [], "\n".join(changed)
    assert done >= 8
    whole = f"of {n}, {done} carried out, {len(ADDED)} fields each"
    measure("S03", "forms that added fields change", len(changed), whole, "= 0")
