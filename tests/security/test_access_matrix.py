"""Every route, everybody, their own and others' things: made from the routes, so that a new one is covered."""

from collections import Counter
from collections.abc import Callable

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.measuring import Measure
from tests.security.visits import access_of, addresses, digest, expected, rules, visitors
from tests.security.world import World

SIGN_IN = "/sign-in"
ROLES = (
    "visitor",
    "focal point of the police",
    "focal point of the prosecutor",
    "reader",
    "coordinator",
    "coordinator of the other issuer",
    "administrator",
    "disabled",
    "holder of a link",
)
PICTURES = {"/imports/<int:import_id>/sheet"}
"""Only documents with pages have them: `tests/web/test_import_sheets.py` tries who may see one."""
CALENDARS = {"/calendar/<key>.ics"}
"""Whoever has the address may: `tests/web/test_calendars.py` tries when it opens nothing."""
INSIDE = ("in", "whatever")


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
def open_app(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """The question here is who, not from where."""
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)
    return app


@pytest.mark.proves("S01", "S06")
def test_nobody_gets_further_than_is_theirs_and_reading_changes_nothing(
    open_app: Flask, world: World, measure: Measure
) -> None:
    everybody = [(visitor, visitor.browser(open_app)) for visitor in visitors(world) if visitor.role in ROLES]
    before, cells, wrong, opened, changing = digest(), Counter[str](), list[str](), set[str](), list[str]()

    for method in ("GET", "HEAD", "OPTIONS", "POST"):
        for rule in (rule for rule in rules(open_app) if method in (rule.methods or set())):
            access = access_of(open_app, rule)
            assert access is not None
            for address, thing in addresses(open_app, rule, method, world.things):
                for visitor, browser in everybody:
                    due = expected(access, visitor, rule, thing, world)
                    if method == "POST" and due in INSIDE:
                        continue  # below: it may change something
                    if method in ("HEAD", "OPTIONS") and visitor.role not in ("visitor", "coordinator"):
                        continue  # they are GET without its page
                    answered = browser.open(address, method=method)
                    cells[method] += 1
                    if is_wrong("whatever" if method == "OPTIONS" else due, answered):
                        wrong.append(f"{method} {address} as {visitor.role}: {answered.status}, due: {due}")
                    elif method == "GET" and due in INSIDE and answered.status_code < 400:
                        opened.add(rule.rule)
        if method != "POST" and digest() != before:
            changing.append(method)

    assert wrong == [], "\n".join(wrong)
    counted = {"limited_act": ""}  # a form that was refused counts as one that was sent
    assert {**digest(), **counted} == {**before, **counted}
    named = {rule.rule for rule in rules(open_app) if rule.arguments and "GET" in (rule.methods or set())}
    closed = named - opened - PICTURES - CALENDARS
    assert not closed, f"nobody sees these, so that nothing is known about who may: {closed}"
    whole, reading = f"of {cells.total()} on {len(rules(open_app))} routes", cells.total() - cells["POST"]
    measure("S01", "cells in which somebody gets further", len(wrong), whole, "= 0")
    measure("S06", "methods of reading after which a row is another", len(changing), f"in {reading} requests", "= 0")
    assert cells.total() > 1000


@pytest.mark.proves("S01")
def test_whoever_may_enter_gets_in_and_acts_on_what_is_theirs(
    open_app: Flask,
    world: World,
    begin_anew: Callable[[], None],
    measure: Measure,
) -> None:
    everybody, wrong, cells = [one for one in visitors(world) if one.role in ROLES], list[str](), 0

    for rule in (rule for rule in rules(open_app) if "POST" in (rule.methods or set())):
        access = access_of(open_app, rule)
        assert access is not None
        for address, thing in addresses(open_app, rule, "POST", world.things):
            for visitor in everybody:
                due = expected(access, visitor, rule, thing, world)
                if due not in INSIDE:
                    continue
                answered = visitor.browser(open_app).post(address)
                cells += 1
                if is_wrong(due, answered):
                    wrong.append(f"POST {address} as {visitor.role}: {answered.status}")
                if answered.status_code < 400:
                    begin_anew()

    assert wrong == [], "\n".join(wrong)
    measure("S01", "forms of their own that fail", len(wrong), f"of {cells} cells", "= 0")
