"""Signing in, in a browser."""

import pytest
from flask import Flask
from sqlalchemy import select

from tests.making import BEGIN, Office
from tests.web.checking import Enter, visible
from tracker import clock, database
from tracker.models import SignInCode
from tracker.services import people, sign_in
from tracker.settings import Settings
from tracker.web.app import create_app

EMAIL = "police@bodies.test"


def digits_of_the_last_code(settings: Settings) -> str:
    with database.reading() as session:
        code = session.scalars(select(SignInCode).order_by(SignInCode.id.desc())).first()
    assert code is not None
    return sign_in.code_digits(settings.secret_key.get_secret_value(), code.uid)


def test_a_person_enters_with_the_code_and_gets_where_they_wanted(
    enter: Enter, office: Office, settings: Settings
) -> None:
    client = enter()
    assert client.get("/answers").location == "/sign-in"

    client.send("/sign-in", email=EMAIL)
    entered = client.send("/sign-in/code", code=digits_of_the_last_code(settings))

    assert entered.location == "/answers"
    client.page("/answers")


def test_known_and_unknown_addresses_see_the_same(enter: Enter, office: Office) -> None:
    answers = []
    for email in (EMAIL, "nobody@bodies.test"):
        client = enter()
        sent = client.send("/sign-in", email=email)
        answers.append((sent.status_code, sent.location, visible(client.get("/sign-in/code")).replace(email, "")))

    assert answers[0] == answers[1]


def test_a_wrong_code_is_told_at_its_field(enter: Enter, office: Office) -> None:
    client = enter()
    client.send("/sign-in", email=EMAIL)

    wrong = client.send("/sign-in/code", code="x", status=422)

    assert "does not fit" in visible(wrong)
    assert "Error:" in wrong.text.split("</title>")[0]


def test_an_empty_address_is_told_at_its_field(enter: Enter, office: Office) -> None:
    assert "Enter your mail address." in visible(enter().send("/sign-in", email="", status=422))


def test_the_code_page_without_an_address_begins_anew(enter: Enter, office: Office) -> None:
    assert enter().get("/sign-in/code").location == "/sign-in"


def test_a_cookie_kept_from_before_signing_out_opens_nothing(enter: Enter, office: Office) -> None:
    client = enter(EMAIL)
    kept = client.get_cookie("repons")
    assert kept is not None
    client.send("/sign-out", on="/answers")

    client.set_cookie("repons", kept.value)

    assert client.get("/answers").location == "/sign-in"


@pytest.mark.parametrize("wanted", ["//evil.test", "https://evil.test/", "/\\evil.test", "javascript:alert(1)"])
def test_nobody_is_led_away_after_signing_in(enter: Enter, office: Office, settings: Settings, wanted: str) -> None:
    client = enter()
    with client.session_transaction() as cookie:
        cookie["next"] = wanted
        cookie["email"] = EMAIL

    entered = client.send("/sign-in/code", code=sign_in.code_for(EMAIL, settings, at=clock.wall()))

    assert entered.location == "/work"


def test_the_cookie_is_bound_to_the_site_and_shut_to_scripts(enter: Enter, office: Office, settings: Settings) -> None:
    plain = enter().get("/sign-in").headers["Set-Cookie"]
    assert "HttpOnly" in plain
    assert "SameSite=Lax" in plain

    secure = create_app(settings.model_copy(update={"base_url": "https://suivi.test"})).test_client()
    cookie = secure.get("/sign-in", base_url="https://suivi.test").headers["Set-Cookie"]
    assert cookie.startswith("__Host-repons=")
    assert "Secure" in cookie
    assert "Path=/" in cookie


def test_a_foreign_host_changes_no_link(app: Flask, enter: Enter, office: Office) -> None:
    answered = enter().get("/answers", headers={"Host": "evil.test", "X-Forwarded-Host": "evil.test"})

    assert "evil" not in (answered.location or "")


@pytest.mark.parametrize(
    ("email", "place"),
    [
        ("", "/sign-in"),
        (EMAIL, "/answers"),
        ("reader@myria.test", "/dashboard"),
        ("coordination@myria.test", "/dashboard"),
    ],
)
def test_the_front_door_leads_everyone_to_their_work(enter: Enter, office: Office, email: str, place: str) -> None:
    assert enter(email).get("/work").location == place


def test_the_language_is_the_person_s_own_until_they_choose(enter: Enter, office: Office, app: Flask) -> None:
    client = app.test_client()
    assert 'lang="nl"' in client.get("/sign-in", headers={"Accept-Language": "nl-BE,nl;q=0.9"}).text
    assert 'lang="fr"' in client.get("/sign-in", headers={"Accept-Language": "de"}).text

    client.get("/sign-in?lang=en")
    assert '<html lang="en"' in client.get("/sign-in", headers={"Accept-Language": "nl"}).text


def test_an_administrator_reads_everything_and_coordinates_nothing(enter: Enter, office: Office) -> None:
    people.add("admin@myria.test", "Administration", "en", is_admin=True, from_on=BEGIN.date())
    client = enter("admin@myria.test")

    assert client.get("/work").location == "/dashboard"
    client.page("/recommendations/myria-2023/2023-8")
    client.page("/imports", 403)
    client.page("/review", 403)
