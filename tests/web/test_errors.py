"""What a page says when something cannot be done, in the language of whoever reads it."""

import pytest
from flask import Flask

from tests.databases import Databases
from tests.making import Office
from tests.web.checking import Enter, visible
from tracker import database

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
    pasted = b"text=" + b"x" * 7 * 2**20
    found = enter("coordination@myria.test").post(
        "/imports", data=pasted, content_type="application/x-www-form-urlencoded"
    )
    assert found.status_code == 413
    assert "choose a smaller file" in visible(found)


def test_a_mistake_of_ours_is_told_as_ours(enter: Enter, office: Office, app: Flask) -> None:
    def break_down() -> str:
        raise LookupError("a secret detail")

    app.view_functions["sign_in.ask"] = break_down
    app.testing = False
    found = enter("").get("/sign-in")
    assert found.status_code == 500
    assert "Something went wrong on our side" in visible(found)
    assert "secret detail" not in found.text


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
