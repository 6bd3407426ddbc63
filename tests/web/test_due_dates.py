"""Moving a due date and withdrawing a question, in a browser."""

from datetime import timedelta

import pytest
from selectolax.lexbor import LexborHTMLParser

from tests.making import BEGIN, Office
from tests.web.checking import Enter, visible
from tracker import clock
from tracker.services import review

COORDINATOR, POLICE = "coordination@myria.test", "police@bodies.test"
THERE = "/recommendations/myria-2023/2023-8"


@pytest.fixture
def page(office: Office) -> str:
    """The page of one due date; today is ten days after the round was opened."""
    office.ask()
    clock.use(lambda: BEGIN + timedelta(days=10))
    return f"/due-dates/{office.addressee('2023/8', 'police').id}"


def test_a_due_date_moves_and_both_sides_read_why(enter: Enter, office: Office, page: str) -> None:
    client = enter(COORDINATOR)
    assert page in {node.attributes["href"] for node in client.page(THERE).css("a")}
    seen = office.seen(office.addressee("2023/8", "police"))

    sent = client.send(page, due_on="2025-03-03", reason="A new head.", seen=seen)

    assert sent.location.startswith(THERE)
    for who in (client, enter(POLICE)):
        told = visible(who.get(THERE))
        assert "due date moved from 30 Dec 2024 to 3 Mar 2025" in told
        assert "A new head." in told
    assert "It was first asked for by 30 December 2024" in visible(client.get(page))


@pytest.mark.parametrize(("due_on", "reason"), [("soon", "Typed."), ("2020-01-01", "Typed."), ("2025-03-03", "")])
def test_what_is_missing_is_told_and_nothing_is_lost(
    enter: Enter, office: Office, page: str, due_on: str, reason: str
) -> None:
    refused = enter(COORDINATOR).send(page, 422, due_on=due_on, reason=reason, seen="2")

    found = LexborHTMLParser(refused.text)
    assert found.css_first("input[name=due_on]").attributes["value"] == due_on
    assert found.css_first("textarea[name=reason]").text().strip() == reason


def test_an_old_page_keeps_what_was_typed_and_is_sent_once_more(enter: Enter, office: Office, page: str) -> None:
    client = enter(COORDINATOR)

    moved = client.send(page, 409, due_on="2025-03-03", reason="Typed.", seen="1")

    assert "Someone wrote here" in visible(moved)
    seen = LexborHTMLParser(moved.text).css_first("form.r-form input[name=seen]").attributes["value"]
    client.send(page, due_on="2025-03-03", reason="Typed.", seen=seen)


def test_where_nothing_is_expected_the_page_says_so(enter: Enter, office: Office) -> None:
    page = f"/due-dates/{office.addressee('2023/8', 'police').id}"
    assert "No reply is expected here" in visible(enter(COORDINATOR).get(page))


def test_a_round_moves_as_a_whole(enter: Enter, office: Office, page: str) -> None:
    client = enter(COORDINATOR)
    [link] = [node for node in client.page("/rounds").css("a") if "/due-date" in (node.attributes["href"] or "")]
    there = link.attributes["href"]
    assert "replies are still expected" in visible(client.get(there))
    assert "Typed." in client.send(there, 422, due_on="2020-01-01", reason="Typed.").text

    client.send(there, due_on="2025-03-03", reason="A long summer.")

    assert "due dates have moved" in visible(client.get("/rounds"))
    assert "by another day" in visible(client.send(there, 422, due_on="2025-03-03", reason="Again."))
    client.page("/rounds/999/due-date", 404)


def test_a_question_is_withdrawn_and_the_body_is_asked_no_more(enter: Enter, office: Office, page: str) -> None:
    police = office.addressee("2023/8", "police")
    office.answer(police, office.police, at=BEGIN + timedelta(days=1), done="A list.")
    due, seen = (BEGIN + timedelta(days=40)).date(), office.seen(police)
    review.return_(police.id, "How many?", due, seen=seen, by=office.coordinator, at=BEGIN + timedelta(days=2))
    client = enter(COORDINATOR)
    assert "How many?" in visible(client.get(page))
    assert "Typed." in client.send(f"{page}/withdraw-question", 409, on=page, why="Typed.", seen="1").text

    client.send(f"{page}/withdraw-question", on=page, why="Known by now.", seen=office.seen(police))

    body = enter(POLICE)
    assert "Questions on your answers" not in visible(body.get("/answers"))
    for who in (client, body):
        told = visible(who.get(THERE))
        assert told.index("question withdrawn") < told.index("How many?") < told.index("A list.")
        assert "Known by now." in told


def test_a_reader_and_a_body_move_nothing(enter: Enter, office: Office, page: str) -> None:
    for who in ("reader@myria.test", POLICE):
        enter(who).page(page, 403)
