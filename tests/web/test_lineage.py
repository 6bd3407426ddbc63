"""What was asked before: proposed, confirmed and told, in a browser."""

import pytest

from tests.making import Office
from tests.services.test_lineage import of
from tests.web.checking import CheckingClient, Enter, visible
from tests.web.test_public import publish, publish_all
from tracker import clock
from tracker.services import lineage as decisions

PAGE = "/lineage/myria-2023/2023-4"
RECOMMENDATION = "/recommendations/myria-2023/2023-4"


@pytest.fixture
def coordinator(enter: Enter, followed: Office) -> CheckingClient:
    return enter("coordination@myria.test")


@pytest.fixture
def visitor(enter: Enter) -> CheckingClient:
    return enter()


def english(client: CheckingClient, path: str) -> str:
    return visible(client.get(path, headers={"Accept-Language": "en"}))


def decide(client: CheckingClient, decision: str) -> None:
    token = client.page(PAGE).css("input[name=csrf_token]")[0].attributes["value"]
    sent = {"csrf_token": token, "earlier": "myria-2018/2018-40", "decision": decision}
    assert client.post(f"{PAGE}/decisions", data=sent).location == PAGE


def test_a_proposal_is_confirmed_told_and_taken_back(coordinator: CheckingClient, enter: Enter) -> None:
    assert "2018/40" in visible(coordinator.get("/lineage/myria-2023"))
    decide(coordinator, "same")

    assert "2023/4 restates 2018/40" in visible(coordinator.get(PAGE))
    assert "Asked before" in visible(coordinator.get("/lineage/myria-2023"))
    told = visible(coordinator.get(RECOMMENDATION))
    assert "in 2018, eight years ago" in told
    assert "Partially implemented" in told  # what was found then
    assert "2023/4" in visible(coordinator.get("/recommendations/myria-2018/2018-40"))
    assert "in 2018, eight years ago" in visible(enter("reader@myria.test").get(RECOMMENDATION))

    back = f"{PAGE}/take-back?earlier=myria-2018/2018-40"
    assert "Pages no longer say" in visible(coordinator.get(back))
    assert coordinator.send(back).location == PAGE
    assert "in 2018" not in visible(coordinator.get(RECOMMENDATION))
    assert coordinator.get(back).status_code == 404


def test_what_is_not_the_same_is_proposed_no_more(coordinator: CheckingClient) -> None:
    decide(coordinator, "other")

    assert "asks something else than 2018/40" in visible(coordinator.get(PAGE))
    assert "in 2018" not in visible(coordinator.get(RECOMMENDATION))


def test_another_one_is_named_by_its_number_and_a_wrong_number_keeps_what_was_typed(
    coordinator: CheckingClient,
) -> None:
    wrong = coordinator.send(PAGE, 422, earlier_report="myria-2018", code="2018/999")
    assert "There is no such number in that report." in visible(wrong)
    assert b"2018/999" in wrong.data

    assert coordinator.send(PAGE, earlier_report="myria-2018", code="2018/36").location == PAGE
    assert "2023/4 restates 2018/36" in visible(coordinator.get(PAGE))


def test_the_first_report_has_nothing_to_be_compared_with(coordinator: CheckingClient) -> None:
    assert "No earlier report is on record." in visible(coordinator.get("/lineage/myria-2018"))
    assert "No earlier report is on record." in visible(coordinator.get("/lineage/myria-2018/2018-40"))


def test_a_body_is_told_of_what_it_was_asked_itself_and_of_what_is_public(followed: Office, enter: Enter) -> None:
    for earlier in ("2018/36", "2018/40"):
        decisions.decide(of("2023/8").id, of(earlier).id, is_same=True, by=followed.coordinator, at=clock.now())
    page = "/recommendations/myria-2023/2023-8"

    told = visible(enter("police@bodies.test").get(page))
    assert "2018/36" in told
    assert "2018/40" not in told  # put to others

    publish(followed)
    told = visible(enter("police@bodies.test").get(page))
    assert "2018/40" in told
    assert "Five of twelve" not in told
    assert enter("police@bodies.test").get(PAGE).status_code == 403


def test_everybody_reads_it_where_both_reports_are_public(visitor: CheckingClient, followed: Office) -> None:
    decisions.decide(of("2023/4").id, of("2018/40").id, is_same=True, by=followed.coordinator, at=clock.now())
    publish(followed, "myria-2023")
    page = "/r/myria-2023/2023-4"
    assert "2018" not in english(visitor, page)
    assert visitor.get(f"{page}.json").get_json()["asked_before"] == []

    publish(followed, "myria-2018")
    publish_all(followed)

    told = english(visitor, page)
    assert "in 2018, eight years ago" in told
    assert "Partially implemented" in told
    assert "2023/4" in english(visitor, "/r/myria-2018/2018-40")
    data = visitor.get(f"{page}.json").get_json()
    assert data["first_asked_on"] == "2018-10-18"
    assert [one["code"] for one in data["asked_before"]] == ["2018/40"]
    assert [one["code"] for one in visitor.get("/r/myria-2018/2018-40.json").get_json()["asked_again"]] == ["2023/4"]
