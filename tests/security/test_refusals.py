"""What is refused, and how: in the reader's language, with what to do and when; and whom a limit is about."""

from dataclasses import replace

import pytest
from flask import Flask, abort, request
from selectolax.lexbor import LexborHTMLParser
from sqlalchemy import event

from tests.databases import Databases
from tests.making import Office
from tests.web.checking import CheckingClient, Enter, visible
from tracker import clock, database
from tracker.services import limits, sign_in
from tracker.settings import Settings
from tracker.web import access
from tracker.web.access import Access, only
from tracker.web.app import create_app

POLICE = "police@bodies.test"


@pytest.mark.parametrize("status", [400, 403, 404, 405, 409, 413, 422, 429, 500, 503])
def test_every_error_speaks_the_reader_s_language_and_says_what_to_do(settings: Settings, status: int) -> None:
    app = create_app(settings)
    app.add_url_rule("/fails", view_func=only(Access.EVERYONE)(lambda: abort(status)))
    titles = set()
    for language in ("en", "fr", "nl"):
        found = app.test_client().get("/fails", headers={"Accept-Language": language})
        page = LexborHTMLParser(found.text)
        titles.add(page.css_first("h1").text())
        assert found.status_code == status
        assert page.css_first("html").attributes["lang"] == language
        assert len(visible(found)) > 100
        assert page.css_first("main a[href]") is not None
        assert found.headers["Cache-Control"] == "no-store"
    assert len(titles) == 3


def test_what_is_refused_before_anything_else_is_refused_in_the_reader_s_language(app: Flask, office: Office) -> None:
    """The page before, in the same thread, was another reader's."""
    large = {"data": b"text=" + b"x" * 22 * 2**20, "content_type": "application/x-www-form-urlencoded"}
    for status, sent in ((422, {}), (413, large), (400, {"data": {"email": "a\0b"}})):
        app.test_client().get("/sign-in", headers={"Accept-Language": "fr"})
        found = app.test_client().post("/sign-in", headers={"Accept-Language": "nl"}, **sent)
        assert found.status_code == status
        assert '<html lang="nl"' in found.text


def test_an_address_of_forms_alone_says_so(app: Flask) -> None:
    found = app.test_client().get("/sign-out", headers={"Accept-Language": "en"})
    assert (found.status_code, set(found.headers["Allow"].split(", "))) == (405, {"OPTIONS", "POST"})
    assert "belongs to a button on another page" in visible(found)


def test_too_many_attempts_are_told_with_the_minute_from_which_it_goes_on(enter: Enter, office: Office) -> None:
    for _again in range(5):
        enter().send("/sign-in", email=POLICE)
    found = enter().send("/sign-in", email=POLICE, status=429)

    assert 0 < int(found.headers["Retry-After"]) <= 3600
    assert "ask again at" in visible(found)
    assert LexborHTMLParser(found.text).css_first('main a[href="/sign-in/code"]') is not None


def test_too_many_forms_of_one_person_keep_nobody_else_waiting(
    enter: Enter, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "FORMS_OF_A_PERSON", replace(limits.FORMS_OF_A_PERSON, at_most=2))
    item, client = office.addressee("2023/8", "police"), enter(POLICE)
    for _again in range(2):
        client.send(f"/answers/{item.id}", response="", status=422)

    found = client.send(f"/answers/{item.id}", response="accepted", done="Typed.", status=429)

    assert "Nothing of this one was saved" in visible(found)
    assert "Typed." in found.text
    enter("coordination@myria.test").send("/reminders/hold", on="/reminders")


def test_a_database_that_is_away_is_asked_once_and_told_in_the_person_s_own_language(
    app: Flask, office: Office, databases: Databases, settings: Settings
) -> None:
    if database.engine().dialect.name == "sqlite":
        pytest.skip("a file is there, or the process is not")
    client = app.test_client()
    assert isinstance(client, CheckingClient)
    client.get("/sign-in", headers={"Accept-Language": "fr"})
    with client.session_transaction() as cookie:
        cookie["email"] = POLICE
    client.send("/sign-in/code", code=sign_in.code_for(POLICE, settings, at=clock.wall()))
    tried = []
    event.listen(database.engine(), "do_connect", lambda *_of: tried.append(1) or None)

    with databases.out_of_order("test"):
        found = client.get("/answers", headers={"Accept-Language": "fr"})

    assert (found.status_code, found.headers["Retry-After"]) == (503, "60")
    assert '<html lang="nl"' in found.text
    assert len(tried) == 1
    assert client.get("/answers").status_code == 200


@pytest.mark.parametrize(
    ("proxies", "forwarded", "client"),
    [
        (0, "203.0.113.7", "127.0.0.1"),
        (1, "203.0.113.7", "203.0.113.7"),
        (1, "198.51.100.1, 203.0.113.7", "203.0.113.7"),
        (2, "198.51.100.1, 203.0.113.7", "198.51.100.1"),
        (1, "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        (1, "evil", ""),
    ],
)
def test_a_client_is_whom_as_many_proxies_name_as_are_trusted(
    settings: Settings, office: Office, proxies: int, forwarded: str, client: str
) -> None:
    app = create_app(settings.model_copy(update={"trusted_proxies": proxies}))
    seen = []
    app.add_url_rule(
        "/seen", view_func=only(Access.EVERYONE)(lambda: seen.append((access.client(), request.host)) or "")
    )

    app.test_client().get("/seen", headers={"X-Forwarded-For": forwarded, "X-Forwarded-Host": "evil.test"})

    assert seen == [(client, "localhost")]
