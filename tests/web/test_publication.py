"""The coordinator's pages of publication."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests.followed import TODAY
from tests.making import Office
from tests.web.checking import CheckingClient, Enter, visible
from tracker import clock
from tracker.domain.vocabulary import Implementation

REPORT = "/publication/myria-2018"


@pytest.fixture
def coordinator(enter: Enter, followed: Office) -> CheckingClient:
    return enter("coordination@myria.test")


@pytest.fixture
def moving(followed: Office) -> Iterator[list[timedelta]]:
    """How far the present moment is from the morning of the story: the last of the list."""
    steps = [timedelta()]
    clock.use(lambda: TODAY + steps[-1])
    yield steps
    clock.use(clock.wall)


def words(client: CheckingClient, path: str) -> str:
    return visible(client.get(path))


def test_the_list_says_what_is_public_and_what_waits(coordinator: CheckingClient) -> None:
    told = words(coordinator, "/publication")

    assert told.count("not public") >= 2
    assert coordinator.page("/publication").css_first(f'a[href="{REPORT}/reviewed"]').text() == "4"


def test_a_report_is_published_looked_at_and_taken_back(coordinator: CheckingClient) -> None:
    coordinator.send(REPORT, when="now")
    assert "Annual report 2018 is public." in words(coordinator, REPORT)
    coordinator.page("/r/myria-2018")

    assert "nothing of it shows" in words(coordinator, f"{REPORT}/take-back")
    coordinator.page("/r/myria-2018")
    coordinator.send(f"{REPORT}/take-back")
    coordinator.page("/r/myria-2018", 404)
    assert "not public any more" in words(coordinator, REPORT)


def test_an_embargo_is_told_and_ends_on_its_day(coordinator: CheckingClient, moving: list[timedelta]) -> None:
    coordinator.send(REPORT, when="later", day="2026-11-25", hour="08:00")

    assert "Under embargo until 25 November 2026, 08:00." in words(coordinator, REPORT)
    assert "under embargo until" in words(coordinator, "/publication")
    coordinator.page("/r/myria-2018", 404)
    coordinator.send(REPORT, when="later", day="2026-11-24", hour="9.30")
    moving.append(timedelta(hours=22, minutes=29))
    coordinator.page("/r/myria-2018", 404)
    moving.append(timedelta(hours=23, minutes=30))
    coordinator.page("/r/myria-2018")


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({}, "Choose now, or a day and an hour."),
        ({"when": "later"}, "Enter the day"),
        ({"when": "later", "day": "2026-11-22", "hour": "08:00"}, "This moment is past."),
        ({"when": "later", "day": "25 November", "hour": "08:00"}, "is not a date"),
        ({"when": "later", "day": "2026-12-24", "hour": "noon"}, "Write the hour as 08:00."),
    ],
)
def test_what_is_wrong_with_a_decision_is_said_at_its_field(
    coordinator: CheckingClient, sent: dict[str, str], sentence: str
) -> None:
    wrong = coordinator.send(REPORT, 422, **sent)

    assert sentence in visible(wrong)
    if "day" in sent:
        assert f'value="{sent["day"]}"' in wrong.text


def test_all_that_was_reviewed_is_looked_at_and_published_at_once(coordinator: CheckingClient) -> None:
    page = coordinator.page(f"{REPORT}/reviewed")
    assert len(page.css("tbody tr")) == 4
    assert "Five of twelve files have none." in page.css_first("main").text()
    assert "A module." not in page.css_first("main").text()

    up_to = page.css_first("input[name=up_to]").attributes["value"]
    coordinator.send(f"{REPORT}/reviewed", up_to=up_to)

    assert "4 answers and findings are public." in words(coordinator, REPORT)
    assert "Nothing waits to be published." in words(coordinator, f"{REPORT}/reviewed")


def test_an_answer_is_published_from_its_review(coordinator: CheckingClient, followed: Office) -> None:
    minors = followed.addressee("2018/35", "police")
    coordinator.send(REPORT, when="now")
    page = f"/review/{minors.id}"

    coordinator.send(
        f"{page}/assess", on=page, assessed="in_progress", reason="Seen.", seen=followed.seen(minors), is_public="y"
    )

    told = words(coordinator, "/r/myria-2018/2018-35?lang=en")
    assert "A module." in told
    assert "Seen." in told


def test_filing_publishes_only_where_that_was_ticked(coordinator: CheckingClient, followed: Office) -> None:
    coordinator.send(REPORT, when="now")
    minors, trust = followed.addressee("2018/35", "police"), followed.addressee("2018/36", "police")
    followed.answer(trust, followed.police, at=TODAY, reported=Implementation.IN_PROGRESS, done="Third team.")
    for addressee, ticked in ((minors, None), (trust, "y")):
        page = f"/review/{addressee.id}"
        coordinator.send(f"{page}/file", on=page, seen=followed.seen(addressee), is_public=ticked)

    assert "A module." not in words(coordinator, "/r/myria-2018/2018-35?lang=en")
    assert "Third team." in words(coordinator, "/r/myria-2018/2018-36?lang=en")


def test_one_finding_is_published_and_taken_back(coordinator: CheckingClient, followed: Office) -> None:
    coordinator.send(REPORT, when="now")
    seized = followed.addressee("2018/40", "parquet-federal")
    there = f"/publication/addressees/{seized.id}"
    action = coordinator.page(there).css_first("form.r-inline").attributes["action"]
    coordinator.send(str(action), on=there)
    assert "Five of twelve" in words(coordinator, "/r/myria-2018/2018-40?lang=en")

    back = str(action).replace("/publish", "/take-back")
    assert "From now on it does not show" in words(coordinator, back)
    coordinator.send(back)

    assert "Five of twelve" not in words(coordinator, "/r/myria-2018/2018-40?lang=en")
    assert "taken back" in words(coordinator, there)
    coordinator.page(back, 404)
    lines = words(coordinator, f"/recommendations/myria-2018/2018-40?open={seized.id}")
    assert "finding published" in lines
    assert "finding no longer public" in lines
