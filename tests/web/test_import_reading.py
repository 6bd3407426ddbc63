"""A document that takes longer than a page may wait: kept, read by the worker, come back to."""

import io

import pytest

from tests.making import Office
from tests.web.checking import CheckingClient, Enter, visible
from tracker import database
from tracker.intake import waiting
from tracker.models import Import
from tracker.services import jobs

ROWS = "".join(f"2024/{n}\tFormer la police, point {n}.\tPolice\n" for n in range(1, 40))


@pytest.fixture
def office(database_url: str) -> Office:
    return Office.set_up(is_imported=False)


@pytest.fixture
def coordinator(office: Office, enter: Enter, monkeypatch: pytest.MonkeyPatch) -> CheckingClient:
    """The browser of a coordinator for whom no page waits."""
    monkeypatch.setattr(waiting, "SECONDS", 0.001)
    return enter("coordination@myria.test")


def work() -> None:
    while jobs.run_next("a worker"):
        pass


def test_a_long_document_is_left_to_the_worker_and_its_review_stands_at_the_same_address(
    coordinator: CheckingClient,
) -> None:
    page = coordinator.send("/imports", text=ROWS).location
    assert "/imports/reading/" in page
    shown = coordinator.page(page)
    assert "It waits its turn." in shown.body.text()
    assert shown.css_first("progress[aria-labelledby=how-far]")
    assert "It waits its turn." in visible(coordinator.get("/imports"))
    assert "is being read" in visible(coordinator.get("/dashboard")) or "No recommendations yet" in visible(
        coordinator.get("/dashboard")
    )

    work()

    review = coordinator.get(page)
    assert review.status_code == 302
    assert len(coordinator.page(f"{review.location}?order=printed").css("article.r-draft")) == 25
    assert "It waits its turn." not in visible(coordinator.get("/imports"))


def test_how_far_it_is_is_told(coordinator: CheckingClient, office: Office) -> None:
    page = coordinator.send("/imports", text=ROWS).location
    claimed = jobs._claim(jobs.clock.wall())
    assert claimed is not None
    assert "The file is being opened." in visible(coordinator.get(page))
    jobs._progress(claimed, lambda: False)(12, 300, "pages")
    shown = coordinator.page(page)
    assert "Page 12 of 300 is read." in shown.body.text()
    assert shown.css_first("progress").attributes["max"] == "300"


def test_a_reading_is_stopped_and_nothing_of_it_is_added(coordinator: CheckingClient) -> None:
    page = coordinator.send("/imports", text=ROWS).location
    coordinator.send(f"{page}/cancel", on=page)
    assert "is not read any further" in visible(coordinator.get("/imports"))
    work()
    coordinator.page(page, 404)
    with database.reading() as session:
        assert session.query(Import).count() == 0


def test_a_document_that_could_not_be_read_says_what_to_do_until_it_is_put_away(coordinator: CheckingClient) -> None:
    page = coordinator.send("/imports", file=(io.BytesIO(b"%PDF-1.4 broken off"), "annex.pdf")).location
    work()
    told = visible(coordinator.get(page))
    assert "could not be read" in told
    assert "The file is damaged." in told
    assert "The file is damaged." in visible(coordinator.get("/imports"))
    coordinator.send(f"{page}/cancel", on=page)
    assert "The file is damaged." not in visible(coordinator.get("/imports"))


def test_reading_otherwise_may_take_long_too(coordinator: CheckingClient) -> None:
    first = coordinator.send("/imports", text=ROWS).location
    work()
    review = coordinator.get(first).location
    page = coordinator.send(f"{review}/otherwise", language="nl", encoding="", version="1").location
    assert "/imports/reading/" in page
    work()
    assert coordinator.get(page).location == review
    assert "Nederlands" in visible(coordinator.get(review))


def test_a_reading_of_somebody_else_is_not_there(coordinator: CheckingClient, enter: Enter) -> None:
    page = coordinator.send("/imports", text=ROWS).location
    assert enter("police@bodies.test").get(page).status_code in (403, 404)
