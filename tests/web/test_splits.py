"""Splitting a recommendation, in a browser."""

import pytest

from tests.making import Office
from tests.web.checking import CheckingClient, Enter, visible
from tests.web.test_public import publish

PAGE = "/recommendations/myria-2023/2023-2"


@pytest.fixture
def coordinator(enter: Enter, followed: Office) -> CheckingClient:
    return enter("coordination@myria.test")


def boxes(client: CheckingClient, part: int) -> list[str]:
    found = client.page(f"{PAGE}/split").css(f"input[name=to_{part}]")
    return [node.attributes["value"] or "" for node in found]


def sent(client: CheckingClient) -> dict[str, object]:
    ids = boxes(client, 0)
    return {"text_0_fr": "Sensibiliser.", "to_0": ids, "text_1_fr": "Examiner.", "to_1": ids[:1], "parts": "2"}


def test_it_is_split_and_the_whole_tells_its_parts_with_their_counts(
    coordinator: CheckingClient, enter: Enter, followed: Office
) -> None:
    assert "Split it into parts" in visible(coordinator.get(PAGE))
    assert "It cannot be undone." in visible(coordinator.get(f"{PAGE}/split"))

    assert coordinator.send(f"{PAGE}/split", **sent(coordinator)).location == PAGE

    told = visible(coordinator.get(PAGE))
    assert "Its two demands" in told
    assert "2023/2.a Sensibiliser." in told
    assert "0 of 1 replied" in told
    assert "Before it was split" in told
    assert "Withdraw this recommendation" not in told
    part = visible(coordinator.get(f"{PAGE}.a"))
    assert "One of the demands of 2023/2" in part
    assert "Examiner." not in part
    assert "2023/2.b" in visible(coordinator.get("/recommendations?report=myria-2023"))
    assert coordinator.get(f"{PAGE}/split").location == PAGE
    assert "This recommendation was split before." in visible(coordinator.get(PAGE))
    assert "Its two demands" in visible(enter("reader@myria.test").get(PAGE))


def test_one_part_more_keeps_what_was_typed_and_splits_nothing(coordinator: CheckingClient) -> None:
    more = coordinator.send(f"{PAGE}/split", 200, n="3", **sent(coordinator))

    assert b"Sensibiliser." in more.data
    assert "2023/2.c" in visible(more)
    assert "Split it into parts" in visible(coordinator.get(PAGE))


def test_what_is_missing_is_told_and_nothing_is_lost(coordinator: CheckingClient) -> None:
    wrong = coordinator.send(f"{PAGE}/split", 422, **(sent(coordinator) | {"text_1_fr": " ", "to_1": []}))

    assert "Write what this part asks." in visible(wrong)
    assert "Choose who is asked this part." in visible(wrong)
    assert b"Sensibiliser." in wrong.data
    same = coordinator.send(f"{PAGE}/split", 422, **(sent(coordinator) | {"text_1_fr": "Sensibiliser."}))
    assert "Two parts have the same text." in visible(same)


def test_a_body_is_shown_its_own_parts_and_answers_them(coordinator: CheckingClient, enter: Enter) -> None:
    page = "/recommendations/myria-2023/2023-8"
    ids = [node.attributes["value"] or "" for node in coordinator.page(f"{page}/split").css("input[name=to_0]")]
    form = {"text_0_fr": "Former.", "to_0": ids, "text_1_fr": "Compter.", "to_1": ids, "parts": "2"}
    assert coordinator.send(f"{page}/split", **form).location == page

    police = enter("police@bodies.test")
    assert "2023/8.a Former." in visible(police.get(page))
    assert "Compter." in visible(police.get("/answers"))
    assert enter("parquet@bodies.test").get(page).status_code == 404


def test_everybody_reads_the_parts_and_the_report_counts_what_was_printed(
    coordinator: CheckingClient, enter: Enter, followed: Office
) -> None:
    coordinator.send(f"{PAGE}/split", **sent(coordinator))
    publish(followed)
    visitor = enter()

    told = visible(visitor.get("/r/myria-2023/2023-2", headers={"Accept-Language": "en"}))
    assert "Its two demands" in told
    assert "Withdrawn" not in told
    report = visible(visitor.get("/r/myria-2023", headers={"Accept-Language": "en"}))
    assert "Recommendations 12" in report
    assert "2023/2.b" in report
    data = visitor.get("/r/myria-2023/2023-2.json").get_json()
    assert [url.rpartition("/")[2] for url in data["parts"]] == ["2023-2.a", "2023-2.b"]
    assert data["withdrawn_on"] is None
    assert visitor.get("/r/myria-2023/2023-2.a.json").get_json()["part_of"].endswith("/r/myria-2023/2023-2")
