"""A session begins anew at each sign-in, ends by itself, and its cookie goes nowhere else."""

from datetime import timedelta

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.making import Office
from tests.measuring import Measure
from tests.web.checking import CheckingClient, Enter
from tracker import clock, database
from tracker.models import Person, SignedInSession
from tracker.queries import people
from tracker.services import people as grant
from tracker.services import sign_in
from tracker.settings import Settings
from tracker.web.app import create_app

EMAIL = "police@bodies.test"
IDLE, LIFE = timedelta(hours=2), timedelta(hours=12)
"""Two hours instead of the usual thirty minutes: see decision 4."""


def sign_in_with_a_code(client: CheckingClient, settings: Settings) -> str:
    """The token of the session that a browser holds afterwards."""
    with client.session_transaction() as cookie:
        cookie["email"] = EMAIL
    client.send("/sign-in/code", code=sign_in.code_for(EMAIL, settings, at=clock.wall()))
    with client.session_transaction() as cookie:
        return str(cookie["_user_id"])


def is_let_in(app: Flask, cookie: str) -> bool:
    client = app.test_client()
    client.set_cookie("repons", cookie)
    return client.get("/answers").status_code == 200


def cookie_of(client: CheckingClient) -> str:
    found = client.get_cookie("repons")
    assert found is not None
    return found.value


@pytest.mark.proves("S09")
def test_each_sign_in_and_each_other_role_is_a_session_of_its_own(
    app: Flask, enter: Enter, office: Office, settings: Settings, is_full: bool, measure: Measure
) -> None:
    times, tokens, old_that_enter, planted_that_enter = 20 if is_full else 3, list[str](), 0, 0
    for _again in range(times):
        client = enter()
        client.get("/sign-in")
        planted = cookie_of(client)  # somebody else may have put it into this browser
        tokens.append(sign_in_with_a_code(client, settings))
        first = cookie_of(client)
        tokens.append(sign_in_with_a_code(client, settings))
        old_that_enter += is_let_in(app, first)
        planted_that_enter += is_let_in(app, planted)
        assert is_let_in(app, cookie_of(client))
    held = cookie_of(client)
    grant.add(EMAIL, "Focal point, police", "nl", reads="myria", from_on=clock.today())
    old_that_enter += is_let_in(app, held)
    tokens.append(sign_in_with_a_code(client, settings))

    measure("S09", "sessions with an id that another had", len(tokens) - len(set(tokens)), f"of {len(tokens)}", "= 0")
    ended = f"of {times + 1} ended by another sign-in or role"
    measure("S09", "old sessions that still open a page", old_that_enter, ended, "= 0")
    measure("S09", "cookies from before signing in that open a page", planted_that_enter, f"of {times}", "= 0")


@pytest.mark.proves("S11")
@pytest.mark.usefixtures("office")
def test_nobody_is_let_in_after_two_idle_hours_or_twelve_at_all(
    settings: Settings, is_full: bool, measure: Measure
) -> None:
    at, asked = clock.wall(), 0
    too_late = {"idle": 0, "in use": 0}
    for gap in range(1, 240, 1 if is_full else 30):
        token = sign_in.enter(EMAIL, sign_in.code_for(EMAIL, settings, at=at), settings, at=at)
        used_at, now = at, at
        while now < at + LIFE + timedelta(hours=1):
            now += timedelta(minutes=gap)
            asked += 1
            with database.reading():
                is_in = people.signed_in(token, at=now) is not None
            too_late["idle"] += is_in and now - used_at >= IDLE
            too_late["in use"] += is_in and now - at >= LIFE
            assert is_in or now - used_at >= IDLE or now - at >= LIFE, "ended before its time"
            if not is_in:
                break
            sign_in.seen(token, at=now)
            used_at = now

    measure("S11", "requests taken after two idle hours", too_late["idle"], f"of {asked}", "= 0")
    measure("S11", "requests taken after twelve hours, in use or not", too_late["in use"], f"of {asked}", "= 0")


@pytest.mark.proves("S11")
def test_a_browser_that_lay_idle_is_sent_to_sign_in(enter: Enter, office: Office, measure: Measure) -> None:
    taken = 0
    for ago, lasts in ((IDLE, LIFE), (timedelta(0), timedelta(0)), (LIFE, timedelta(0))):
        client = enter(EMAIL)
        assert client.get("/answers").status_code == 200
        with database.transaction() as session:
            for row in session.query(SignedInSession):
                row.last_seen_at, row.expires_at = clock.wall() - ago, clock.wall() + lasts
        taken += client.get("/answers").status_code == 200

    measure("S11", "browsers let in with a session that has ended", taken, "of 3", "= 0")


def cookies_of(answered: TestResponse) -> list[str]:
    return answered.headers.getlist("Set-Cookie")


@pytest.mark.proves("S26")
def test_every_cookie_is_bound_to_the_site(office: Office, settings: Settings, measure: Measure) -> None:
    app = create_app(settings.model_copy(update={"base_url": "https://suivi.test"}))
    cookies = list[str]()
    for person in (None, office.police, office.coordinator, office.reader):
        browser = app.test_client()
        if person is not None:
            _hold(browser, person)
        for address in ("/", "/sign-in", "/answers", "/dashboard", "/?lang=nl", "/nowhere?lang=fr", "/sign-in/code"):
            cookies += cookies_of(browser.get(address, base_url="https://suivi.test"))
        cookies += cookies_of(browser.post("/sign-out", base_url="https://suivi.test"))

    bounds = ("Secure", "HttpOnly", "SameSite=Lax", "Path=/")
    loose = [
        one
        for one in cookies
        if not one.startswith("__Host-repons=")
        or not set(bounds) <= {part.strip() for part in one.split(";")}
        or "Domain" in one
    ]
    assert len(cookies) >= 8
    measure("S26", "cookies that are not bound to the site", len(loose), f"of {len(cookies)}", "= 0")


def _hold(browser: object, person: Person) -> None:
    with browser.session_transaction(base_url="https://suivi.test") as cookie:  # type: ignore[attr-defined]
        cookie["_user_id"], cookie["_fresh"] = sign_in.enter_as(person.id, at=clock.wall()), True
