"""The dashboard and the list are built once for whoever looks at them, and again whenever something is another."""

from collections.abc import Callable
from datetime import timedelta
from threading import Thread

import pytest

from tests.followed import TODAY
from tests.making import Office
from tests.web.checking import CheckingClient, Enter
from tracker import clock
from tracker.domain.vocabulary import Implementation
from tracker.services import installation, sign_in
from tracker.web import navigation

COORDINATOR, READER = "coordination@myria.test", "reader@myria.test"
PAGES = ("/dashboard", "/dashboard?by=report", "/recommendations", "/recommendations?page_of=police")


@pytest.mark.parametrize("path", PAGES)
def test_nothing_is_asked_of_the_database_twice(
    path: str, followed: Office, enter: Enter, statements: Callable[[], int]
) -> None:
    client = enter(COORDINATOR)
    first = client.get(path)
    before = statements()
    again = client.get(path)

    assert (first.status_code, again.status_code) == (200, 200)
    assert again.data == first.data
    assert again.headers["Cache-Control"] == first.headers["Cache-Control"] == "no-store"
    assert again.headers["Content-Security-Policy"] == first.headers["Content-Security-Policy"]
    assert statements() == before


def test_whatever_is_written_is_there_at_once(followed: Office, enter: Enter) -> None:
    client = enter(COORDINATOR)
    before = client.get("/dashboard").text
    item = followed.addressee("2023/8", "police")
    followed.answer(item, followed.police, at=TODAY, reported=Implementation.FULLY, done="A team of ten.")
    answered = client.get("/dashboard").text
    installation.release(at=TODAY)
    released = client.get("/dashboard").text

    assert len({before, answered, released}) == 3


def test_what_is_written_while_a_page_is_built_is_not_missed(
    followed: Office, enter: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, item = enter(COORDINATOR), followed.addressee("2023/8", "police")
    client.get("/recommendations?x=1")  # the token of the forms is there
    introduce = navigation.entries

    def while_somebody_answers() -> list[dict[str, object]]:
        found = introduce()
        monkeypatch.undo()
        said = {"at": TODAY, "reported": Implementation.FULLY, "done": "A team of ten."}
        somebody = Thread(target=followed.answer, args=(item, followed.police), kwargs=said)
        somebody.start()
        somebody.join()
        return found

    monkeypatch.setattr(navigation, "entries", while_somebody_answers)
    before = client.get("/dashboard").text

    assert client.get("/dashboard").text != before


def test_everybody_has_pages_of_their_own(followed: Office, enter: Enter) -> None:
    coordinator, elsewhere, reader = enter(COORDINATOR), enter(COORDINATOR), enter(READER)
    pages = [one.get("/dashboard").text for one in (coordinator, elsewhere, reader)]

    assert [one.get("/dashboard").text for one in (coordinator, elsewhere, reader)] == pages
    assert len(set(pages)) == 3  # one person's two browsers send forms with tokens of their own
    assert enter("").get("/dashboard").status_code == 302


def test_a_session_that_ended_opens_nothing_that_was_kept(
    followed: Office, enter: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, idle = enter(COORDINATOR), enter(READER)
    assert client.get("/dashboard").status_code == idle.get("/dashboard").status_code == 200
    with client.session_transaction() as cookie:
        sign_in.leave(cookie["_user_id"], at=clock.wall())
    later = clock.wall() + timedelta(hours=2, minutes=1)
    monkeypatch.setattr(clock, "wall", lambda: later)

    assert client.get("/dashboard").status_code == idle.get("/dashboard").status_code == 302


def test_the_use_of_a_session_is_noted_while_kept_pages_are_read(
    followed: Office, enter: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, begun = enter(COORDINATOR), clock.wall()
    for minutes in range(0, 180, 20):
        moment = begun + timedelta(minutes=minutes)
        monkeypatch.setattr(clock, "wall", lambda moment=moment: moment)
        assert [client.get("/dashboard").status_code for _ in range(2)] == [200, 200]


def test_the_outcome_of_an_act_is_told_once(followed: Office, enter: Enter) -> None:
    client = enter(COORDINATOR)
    kept = client.get("/dashboard").text
    with client.session_transaction() as cookie:
        cookie["_flashes"] = [("success", "It is done.")]

    assert "It is done." in client.get("/dashboard").text
    assert "It is done." not in client.get("/dashboard").text
    assert client.get("/dashboard").text == kept


def test_the_next_day_tells_other_figures(followed: Office, enter: Enter) -> None:
    client = enter(COORDINATOR)
    today = client.get("/dashboard").text
    clock.use(lambda: TODAY + timedelta(days=1))

    assert client.get("/dashboard").text != today


def test_another_language_is_kept_for_the_pages_that_follow(followed: Office, enter: Enter) -> None:
    def language(client: CheckingClient, path: str) -> str:
        return str(client.page(path).css_first("html").attributes["lang"])

    client = enter(COORDINATOR)
    assert [language(client, path) for path in ("/dashboard", "/dashboard?lang=nl", "/dashboard", "/dashboard")] == [
        "en", "nl", "nl", "nl",
    ]  # fmt: skip
