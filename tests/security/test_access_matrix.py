"""Every route, everybody, their own and others' things: made from the routes, so that a new one is covered."""

from collections import Counter
from collections.abc import Callable

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.security.visits import access_of, addresses, digest, expected, rules, visitors
from tests.security.world import World

SIGN_IN = "/sign-in"


def outcome(answered: TestResponse) -> str:
    """What became of the wish to enter."""
    if answered.status_code == 302 and answered.location == SIGN_IN:
        return "sign in"
    return {403: "forbidden", 404: "not found"}.get(answered.status_code, "in")


def is_wrong(due: str, answered: TestResponse) -> bool:
    """Inside, a page may still refuse for reasons of its own; outside, nobody gets further than is due."""
    if answered.status_code >= 500:
        return True
    if due == "in":
        return outcome(answered) == "sign in"
    return due != "whatever" and outcome(answered) != due


@pytest.fixture
def open_app(app: Flask) -> Flask:
    """The question here is who, not from where."""
    app.config["WTF_CSRF_ENABLED"] = False
    return app


def test_every_route_says_who_may_enter(app: Flask) -> None:
    assert [rule.rule for rule in rules(app) if access_of(app, rule) is None] == []


def test_nobody_gets_further_than_is_theirs_and_reading_changes_nothing(
    open_app: Flask, world: World, record_property: Callable[[str, object], None]
) -> None:
    everybody = [(visitor, visitor.browser(open_app)) for visitor in visitors(world)]
    before, cells, wrong, opened = digest(), Counter[str](), [], set()
    for rule in rules(open_app):
        access = access_of(open_app, rule)
        assert access is not None
        for method in sorted((rule.methods or set()) & {"GET", "HEAD", "OPTIONS", "POST"}):
            for address, thing in addresses(open_app, rule, method, world.things):
                for visitor, browser in everybody:
                    due = expected(access, visitor, rule, thing, world)
                    if method == "POST" and due in ("in", "whatever"):
                        continue  # below: it may change something
                    if method in ("HEAD", "OPTIONS") and visitor.role not in ("visitor", "coordinator"):
                        continue  # they are GET without its page
                    answered = browser.open(address, method=method)
                    cells[method] += 1
                    if method == "OPTIONS":
                        continue  # answered without asking who
                    if is_wrong(due, answered):
                        wrong.append(f"{method} {address} as {visitor.role}: {answered.status}, due: {due}")
                    elif due in ("in", "whatever") and answered.status_code < 400:
                        opened.add(rule.rule)

    assert wrong == [], "\n".join(wrong)
    assert digest() == before
    closed = {rule.rule for rule in rules(open_app) if rule.arguments and "GET" in (rule.methods or set())} - opened
    assert not closed, f"nobody sees these, so that nothing is known about who may: {closed}"
    record_property("S01", f"{cells.total()} cells on {len(rules(open_app))} routes: {dict(cells)}")
    assert cells.total() > 1000


def test_whoever_may_enter_gets_in_and_acts_on_what_is_theirs(
    open_app: Flask,
    world: World,
    begin_anew: Callable[[], None],
    record_property: Callable[[str, object], None],
) -> None:
    everybody, wrong, cells = visitors(world), [], 0

    for rule in (rule for rule in rules(open_app) if "POST" in (rule.methods or set())):
        access = access_of(open_app, rule)
        assert access is not None
        for address, thing in addresses(open_app, rule, "POST", world.things):
            for visitor in everybody:
                due = expected(access, visitor, rule, thing, world)
                if due not in ("in", "whatever"):
                    continue
                answered = visitor.browser(open_app).post(address)
                cells += 1
                if is_wrong(due, answered):
                    wrong.append(f"POST {address} as {visitor.role}: {answered.status}")
                if answered.status_code < 400:
                    begin_anew()

    assert wrong == [], "\n".join(wrong)
    record_property("S01 own", f"{cells} cells")
