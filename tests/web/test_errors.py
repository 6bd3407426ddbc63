"""What a page says when something cannot be done, in the language of whoever reads it."""

import pytest
from flask import Flask
from selectolax.lexbor import LexborHTMLParser
from werkzeug.test import TestResponse

from tests.databases import Databases
from tests.making import Office
from tests.web.checking import CheckingClient, Enter, visible
from tracker import database
from tracker.errors import NotFound, Refusal
from tracker.models import Issuer
from tracker.queries import entries

POLICE = "police@bodies.test"


@pytest.mark.parametrize("who", ["", POLICE, "coordination@myria.test"])
def test_a_page_that_is_not_there_says_what_to_look_at(enter: Enter, office: Office, who: str) -> None:
    found = enter(who).get("/nowhere")
    assert found.status_code == 404
    assert "If you typed the address, check it." in visible(found)


def test_a_page_of_others_says_whom_to_ask(enter: Enter, office: Office) -> None:
    found = enter(POLICE).get("/imports")
    assert found.status_code == 403
    assert "ask whoever coordinates the follow-up" in visible(found)


def test_a_form_without_its_token_loses_nothing_silently(enter: Enter, office: Office) -> None:
    found = enter(POLICE).post(f"/answers/{office.addressee('2023/8', 'police').id}", data={"response": "accepted"})
    assert found.status_code == 422
    assert "copy what you wrote" in visible(found)


def test_what_is_too_large_is_refused_with_its_remedy(enter: Enter, office: Office) -> None:
    pasted = b"text=" + b"x" * 22 * 2**20
    found = enter("coordination@myria.test").post(
        "/imports", data=pasted, content_type="application/x-www-form-urlencoded"
    )
    assert found.status_code == 413
    assert "choose a smaller file" in visible(found)


def test_a_mistake_of_ours_is_told_as_ours(
    enter: Enter, office: Office, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_down() -> str:
        raise LookupError("a secret detail")

    monkeypatch.setitem(app.view_functions, "sign_in.ask", break_down)
    monkeypatch.setattr(app, "testing", False)
    found = enter("").get("/sign-in")
    assert found.status_code == 500
    assert "Something went wrong on our side" in visible(found)
    assert "secret detail" not in found.text


def test_a_value_that_the_database_cannot_hold_is_not_taken_for_a_page_that_is_not_there(office: Office) -> None:
    if database.engine().dialect.name == "sqlite":
        pytest.skip("its columns hold what they are given")
    with pytest.raises(Refusal, match="longer or larger") as told, database.transaction() as session:
        session.add(Issuer(slug="x" * 999, name="X"))
    assert not isinstance(told.value, NotFound)


def test_a_database_that_does_not_answer_is_told_and_loses_nothing(
    enter: Enter, office: Office, databases: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.2)
    database.connect(database.engine().url.render_as_string(hide_password=False))
    item = office.addressee("2023/8", "police")
    client = enter(POLICE)
    page = client.page(f"/answers/{item.id}")
    token = page.css_first("input[name=csrf_token]").attributes["value"]

    with databases.out_of_order("test"):
        found = client.post(f"/answers/{item.id}", data={"csrf_token": token, "seen": 1, "response": "accepted"})

    assert (found.status_code, found.headers["Retry-After"]) == (503, "60")
    assert "Nothing was saved" in visible(found)
    assert client.get(f"/answers/{item.id}").status_code == 200


def sent_again(client: CheckingClient, page: LexborHTMLParser) -> TestResponse:
    """Press the button below what was not taken."""
    form = page.css_first("main form")
    fields = {one.attributes["name"]: one.attributes.get("value") or "" for one in form.css("input")}
    fields |= {one.attributes["name"]: one.text().removeprefix("\n") for one in form.css("textarea")}
    return client.post(form.attributes["action"], data=fields)


@pytest.mark.parametrize("headers", [{"Origin": "http://localhost"}, {"Sec-Fetch-Site": "same-origin"}])
def test_a_form_whose_token_is_too_old_is_sent_again_from_the_page_that_says_so(
    enter: Enter, office: Office, headers: dict[str, str]
) -> None:
    item, client = office.addressee("2023/8", "police"), enter(POLICE)
    typed = {
        "response": "accepted",
        "reported": "partially",
        "done": "A <list>.\n\nAnd more.",
        "seen": office.seen(item),
    }

    refused = client.post(f"/answers/{item.id}", data={"csrf_token": "old", **typed}, headers=headers)

    assert refused.status_code == 422
    assert "nothing of it is lost" in visible(refused)
    assert sent_again(client, LexborHTMLParser(refused.text)).location == "/answers"
    with database.reading():
        assert entries.timeline(item.id)[0].words["done"] == "A <list>.\n\nAnd more."


def test_a_form_of_nobody_knows_whom_is_not_proposed_to_be_sent(enter: Enter, office: Office) -> None:
    address = f"/answers/{office.addressee('2023/8', 'police').id}"
    refused = enter(POLICE).post(address, data={"done": "Planted."})

    assert refused.status_code == 422
    assert "Planted." not in refused.text


def test_what_was_typed_while_the_database_was_away_is_sent_again_later(
    enter: Enter, office: Office, databases: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "BUSY_SECONDS", 0)
    database.connect(databases.copy("made", "test"))
    item, client = office.addressee("2023/8", "police"), enter(POLICE)
    token = client.page(f"/answers/{item.id}").css_first("input[name=csrf_token]").attributes["value"]
    typed = {"csrf_token": token, "seen": office.seen(item), "response": "accepted", "done": "Typed."}

    with databases.out_of_order("test"):
        refused = client.post(f"/answers/{item.id}", data=typed)

    assert refused.status_code == 503
    assert sent_again(client, LexborHTMLParser(refused.text)).location == "/answers"
