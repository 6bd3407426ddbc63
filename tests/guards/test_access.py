"""Every page says who may enter. Whether it holds to that is asked in `tests/security/test_access_matrix.py`."""

from flask import Flask
from werkzeug.routing import AnyConverter

from tests.security.visits import access_of, rules
from tests.security.world import NAMES
from tests.web.checking import Enter


def test_every_route_says_who_may_enter(app: Flask) -> None:
    assert [rule.rule for rule in rules(app) if access_of(app, rule) is None] == []


def test_the_tests_know_a_real_value_for_whatever_stands_in_an_address(app: Flask) -> None:
    unknown = {
        f"<{name}> in {rule.rule}"
        for rule in rules(app)
        for name in rule.arguments
        if name not in NAMES and not isinstance(rule._converters[name], AnyConverter)
    }

    assert not unknown, (
        f"No test knows what {', '.join(sorted(unknown))} is. Add a real value of that name for each thing, and the "
        "name to NAMES, in tests/security/world.py; and to SHARED in tests/security/visits.py if it belongs to no "
        "issuer and to no body."
    )


def test_the_doors_of_the_demonstration_are_shut_elsewhere(app: Flask, enter: Enter) -> None:
    assert not [rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/demo")]
    for address in ("/demo", "/demo/mail", "/demo/components", "/demo/enter/1"):
        enter().page(address, 404)
