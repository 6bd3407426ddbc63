"""Every page says who may enter, and holds to it."""

import pytest
from flask import Flask
from werkzeug.routing import AnyConverter, Rule

from tests.making import Office
from tests.web.checking import Enter
from tracker.web.access import Access

VALUES = {
    "report": "myria-2023",
    "address": "2023-1",
    "slug": "police",
    "key": "none",
    "name": "none",
    "filename": "look.css",
}
"""What stands in addresses; every other part is the number 1."""
WHO = {
    "": {Access.EVERYONE},
    "police@bodies.test": {Access.EVERYONE, Access.SIGNED_IN, Access.FOCAL_POINTS},
    "reader@myria.test": {Access.EVERYONE, Access.SIGNED_IN, Access.READERS},
    "coordination@myria.test": {Access.EVERYONE, Access.SIGNED_IN, Access.READERS, Access.COORDINATORS},
}


def access_of(app: Flask, rule: Rule) -> Access | None:
    return getattr(app.view_functions[rule.endpoint], "access", None)


def test_every_route_says_who_may_enter(app: Flask) -> None:
    silent = [rule.endpoint for rule in app.url_map.iter_rules() if access_of(app, rule) is None]

    assert silent == ["static"]


def address_of(app: Flask, rule: Rule, method: str) -> str:
    """An address that the rule serves."""
    values = {name: _value(rule, name) for name in rule.arguments}
    with app.test_request_context():
        return app.url_map.bind("").build(rule.endpoint, values, method=method)


def _value(rule: Rule, name: str) -> object:
    converter = rule._converters[name]
    return min(converter.items) if isinstance(converter, AnyConverter) else VALUES.get(name, 1)


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("email", WHO)
def test_nobody_enters_a_page_that_is_not_theirs(
    app: Flask, enter: Enter, office: Office, email: str, method: str
) -> None:
    app.config["WTF_CSRF_ENABLED"] = False  # the question here is who, not from where
    client = enter(email)
    expected, wrong, asked = 403 if email else 302, [], 0
    for rule in app.url_map.iter_rules():
        access = access_of(app, rule)
        if access is None or access in WHO[email] or method not in (rule.methods or set()):
            continue
        asked += 1
        answered = client.open(address_of(app, rule, method), method=method)
        if answered.status_code != expected:
            wrong.append(f"{rule}: {answered.status_code}")

    assert wrong == []
    assert asked or email == "coordination@myria.test"


def test_no_unsafe_route_takes_a_form_without_its_token(app: Flask, enter: Enter, office: Office) -> None:
    client = enter("coordination@myria.test")
    unsafe = [rule for rule in app.url_map.iter_rules() if "POST" in (rule.methods or set())]

    taken = [str(rule) for rule in unsafe if client.post(address_of(app, rule, "POST")).status_code != 422]

    assert taken == []
    assert len(unsafe) > 10


def test_the_doors_of_the_demonstration_are_shut_elsewhere(app: Flask, enter: Enter) -> None:
    assert not [rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/demo")]
    for address in ("/demo", "/demo/mail", "/demo/enter/1"):
        enter().page(address, 404)
