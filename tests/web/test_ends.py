"""Undoing an import and withdrawing a recommendation, in a browser."""

from datetime import timedelta

import pytest

from tests.making import BEGIN, Office
from tests.web.checking import CheckingClient, Enter, visible
from tracker import clock


@pytest.fixture
def coordinator(enter: Enter, office: Office) -> CheckingClient:
    clock.use(lambda: BEGIN + timedelta(days=10))
    return enter("coordination@myria.test")


def link_to(client: CheckingClient, page: str, words: str) -> str:
    return next(node for node in client.page(page).css("main a") if node.text() == words).attributes["href"] or ""


def test_an_accepted_import_can_be_undone_after_it_is_told_what_goes(coordinator: CheckingClient) -> None:
    review = link_to(coordinator, "/imports", "myria-2023.txt")
    undo = link_to(coordinator, review, "Undo this import")
    assert "12 recommendations are taken back, with 26 addressees." in visible(coordinator.get(undo))

    done = coordinator.send(undo)

    assert done.location == "/imports"
    assert "12 recommendations are as they were before." in visible(coordinator.get("/imports"))
    assert "This import was undone" in visible(coordinator.get(review))
    assert coordinator.get("/recommendations/myria-2023/2023-8").status_code == 404


def test_after_an_answer_it_is_told_what_to_do_instead(coordinator: CheckingClient, office: Office) -> None:
    review = link_to(coordinator, "/imports", "myria-2023.txt")
    undo = link_to(coordinator, review, "Undo this import")
    office.answer(office.addressee("2023/8", "police"), office.police)

    assert "Undo this import" not in visible(coordinator.get(review))
    assert "A body has answered 2023/8" in visible(coordinator.get(undo))


def test_a_recommendation_is_withdrawn_with_its_reason_and_its_page_stays(
    coordinator: CheckingClient, enter: Enter, office: Office
) -> None:
    page = "/recommendations/myria-2023/2023-8"
    withdraw = link_to(coordinator, page, "Withdraw this recommendation")
    assert "the reason stands on its timeline" in visible(coordinator.send(withdraw, 422, reason=" "))

    assert coordinator.send(withdraw, reason="The law changed.").location == page

    for email in ("coordination@myria.test", "police@bodies.test"):
        shown = visible(enter(email).get(page))
        assert "Withdrawn on 11 October 2024" in shown
        assert "The law changed." in shown
    assert "Record an answer" not in visible(coordinator.get(page))
    assert "2023/8" not in visible(coordinator.get("/recommendations?report=myria-2023"))
    assert "2023/8" not in visible(enter("police@bodies.test").get("/answers"))


def test_only_coordinators_withdraw(enter: Enter, office: Office) -> None:
    for email in ("reader@myria.test", "police@bodies.test"):
        assert enter(email).get("/recommendations/myria-2023/2023-8/withdraw").status_code == 403
