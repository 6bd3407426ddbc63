"""The dashboard: what it says, and that each of its counts opens exactly its list."""

import re
from urllib.parse import urlsplit

import pytest
from selectolax.lexbor import LexborHTMLParser, LexborNode

from tests.making import Office
from tests.web.checking import CheckingClient, Enter
from tracker import clock, database, language
from tracker.queries import figures
from tracker.queries.figures import By
from tracker.queries.filters import Filters


@pytest.fixture
def coordinator(followed: Office, enter: Enter) -> CheckingClient:
    """The coordinator's browser."""
    return enter("coordination@myria.test")


def words(page: LexborHTMLParser, selector: str) -> str:
    """What a reader sees of a part of a page."""
    return " ".join(" ".join(node.text(separator=" ") for node in page.css(selector)).split())


def total_of(page: LexborHTMLParser) -> int:
    """How many rows a list says that it has."""
    found = page.css_first("[data-total]")
    assert found is not None
    return int(found.attributes["data-total"] or "")


def counts(page: LexborHTMLParser) -> list[tuple[str, int]]:
    """Every count on a dashboard that is a link, with its address."""
    found = [
        (link, link.text())
        for link in page.css(".r-news a, .r-open, .r-ticks a, .r-legend td a, .r-byreport .r-meta a")
    ]
    found += [(link, link.text().split()[-1]) for link in page.css("a.r-resp")]
    found += [
        (figure.css_first("a"), figure.css_first("dd").text()) for figure in page.css(".r-figure") if figure.css("a")
    ]
    return [(link.attributes["href"] or "", count) for link, text in found if (count := _count(text)) is not None]


def _count(text: str) -> int | None:
    named = {language.in_words(n): n for n in range(10)} | {"once": 1}
    first = text.strip().split()[0].lower()
    return int(first) if first.isdigit() else named.get(first)


@pytest.mark.parametrize(
    "query", ["", "?by=report", "?by=section", "?as_of=2026-10-15", "?as_of=2026-10-15&by=section"]
)
def test_every_count_opens_a_list_with_exactly_that_many_rows(coordinator: CheckingClient, query: str) -> None:
    found = counts(coordinator.page(f"/dashboard{query}"))
    assert len(found) > 30
    for url, count in set(found):
        page = coordinator.page(url)
        rows = len(page.css("tbody th[scope=row]")) if urlsplit(url).path == "/review" else total_of(page)
        assert rows == count, f"{url} has {rows} rows, the dashboard said {count}"


def test_the_numbers_are_those_of_the_figures(coordinator: CheckingClient, followed: Office) -> None:
    page = coordinator.page("/dashboard")
    with database.reading():
        _rows, whole = figures.figures(By.BODY, Filters(clock.today(), issuer_ids=frozenset({followed.issuer.id})))
    shown = {figure.css_first("dt").text(): _first_number(figure.css_first("dd")) for figure in page.css(".r-figure")}
    assert shown == {
        "Replies received": whole.addressees - whole.response["awaited"],
        "Overdue": whole.overdue,
        "Bodies without any reply": 1,
        "Voices differ": whole.disputed,
        "Without a focal point": whole.no_focal_point,
    }
    assert (whole.addressees, shown["Replies received"], whole.disputed) == (49, 4, 1)


def _first_number(node: LexborNode) -> int:
    found = re.search(r"\d+", node.text())
    assert found is not None
    return int(found.group())


def test_three_sentences_say_what_arrived_what_is_missing_and_where_the_voices_differ(
    coordinator: CheckingClient,
) -> None:
    told = words(coordinator.page("/dashboard"), ".r-news")
    assert "Since 10 November 2026, two replies have arrived from two bodies." in told
    assert "Waiting for review: two replies , the oldest since 16 November 2026." in told
    assert "One body has never replied." in told
    assert "Bodies report 2 as implemented, Myria finds 1 . The two voices differ once ." in told


def test_bodies_stand_by_load_and_the_silent_ones_last(coordinator: CheckingClient) -> None:
    page = coordinator.page("/dashboard")
    groups = [node.text(strip=True) for node in page.css(".r-group th")]
    assert groups[0] == "One body has never replied"
    assert groups[1].endswith("bodies without a reply and without a focal point")
    names = [node.text(strip=True) for node in page.css(".r-bodies tbody th[scope=row] a")]
    assert names[:2] == ["Parliament(s)", "Police"]
    assert names.index("Magistrates") == 3


def test_a_day_before_anything_existed_says_so(coordinator: CheckingClient) -> None:
    assert "On 1 January 2001 there was nothing to follow up." in words(
        coordinator.page("/dashboard?as_of=2001-01-01"), "main"
    )


@pytest.mark.parametrize("typed", ["soon", "0001-01-01", "9999-12-31", "2026-02-30"])
def test_a_day_that_is_none_is_told_at_the_field(coordinator: CheckingClient, typed: str) -> None:
    for url in ("/dashboard", "/recommendations", "/bodies", "/bodies/police"):
        page = coordinator.page(f"{url}?as_of={typed}", 422)
    page = coordinator.page(f"/dashboard?as_of={typed}", 422)
    assert page.css_first("#as_of").attributes["aria-invalid"] == "true"


def test_of_a_day_to_come_nothing_is_told(coordinator: CheckingClient) -> None:
    coordinator.page("/dashboard?as_of=2026-11-23")
    for url in ("/dashboard", "/recommendations", "/bodies/police"):
        coordinator.page(f"{url}?as_of=2026-11-24", 422)
    assert "nothing is known yet" in words(coordinator.page("/dashboard?as_of=2026-11-24", 422), "#as_of-error")


def test_an_earlier_day_shows_what_was_the_case_then(coordinator: CheckingClient) -> None:
    figure = coordinator.page("/dashboard?as_of=2026-10-15").css_first(".r-figure dd")
    assert _first_number(figure) == 2


def test_before_any_round_nobody_is_told_to_be_late(office: Office, enter: Enter) -> None:
    page = enter("coordination@myria.test").page("/dashboard")
    assert "Nobody has been asked for a reply yet. Open a round to ask." in words(page, ".r-news")
    assert not page.css(".is-late, .r-late")


def test_an_empty_installation_offers_to_import_an_annex(database_url: str, enter: Enter) -> None:
    Office.set_up(is_imported=False)
    for url in ("/dashboard", "/recommendations"):
        assert "Import an annex" in words(enter("coordination@myria.test").page(url), "main")
        assert "Import an annex" not in words(enter("reader@myria.test").page(url), "main")


def test_a_coordinator_has_a_to_do_list_and_a_reader_has_none(coordinator: CheckingClient, enter: Enter) -> None:
    told = words(coordinator.page("/dashboard"), ".r-ticks")
    assert "2 answers to review" in told
    assert "have no focal point" in told
    assert "Mail is held" in told
    assert not enter("reader@myria.test").page("/dashboard").css(".r-ticks")


def test_the_dashboard_is_not_for_focal_points_nor_for_strangers(followed: Office, enter: Enter) -> None:
    assert enter("police@bodies.test").get("/dashboard").status_code == 403
    assert enter().get("/dashboard").location == "/sign-in"


@pytest.mark.parametrize("spoken", ["fr", "nl"])
def test_it_speaks_each_language(coordinator: CheckingClient, spoken: str) -> None:
    assert coordinator.page(f"/dashboard?lang={spoken}").css_first("html").attributes["lang"] == spoken
