"""The register of bodies."""

import pytest
from selectolax.lexbor import LexborHTMLParser

from tests.making import Office
from tests.web.checking import CheckingClient, Enter


@pytest.fixture
def coordinator(followed: Office, enter: Enter) -> CheckingClient:
    """The coordinator's browser."""
    return enter("coordination@myria.test")


def words(page: LexborHTMLParser, selector: str = "main") -> str:
    """What a reader sees of a part of a page."""
    return " ".join(" ".join(node.text(separator=" ") for node in page.css(selector)).split())


def names(page: LexborHTMLParser) -> list[str]:
    """The bodies of a register."""
    return [node.text() for node in page.css(".r-register tbody th a")]


def test_the_register_lists_every_body_by_name(coordinator: CheckingClient) -> None:
    page = coordinator.page("/bodies")
    assert len(names(page)) == 19
    assert names(page) == sorted(names(page), key=str.casefold)
    assert "Focal point, police" in words(page)
    assert page.css(".r-late")


def test_it_can_be_narrowed_to_the_silent_and_to_those_without_a_focal_point(coordinator: CheckingClient) -> None:
    assert names(coordinator.page("/bodies?show=no_reply")) == ["Magistrates"]
    unreachable = names(coordinator.page("/bodies?show=no_focal_point"))
    assert "Police" not in unreachable
    assert len(unreachable) == 16


def test_a_body_shows_its_names_who_answers_and_what_it_was_asked(coordinator: CheckingClient) -> None:
    page = coordinator.page("/bodies/police")
    told = words(page)
    assert "Four recommendations were put to it; two replies are overdue ." in told
    assert "Politie" in told
    assert "police@bodies.test" in told
    assert [node.text() for node in page.css("h2")] == ["Annual report 2023", "Annual report 2018"]
    assert len(page.css(".r-recos tbody tr")) == 4


def test_addresses_of_people_are_for_coordinators(followed: Office, enter: Enter) -> None:
    told = words(enter("reader@myria.test").page("/bodies/police"))
    assert "Focal point, police" in told
    assert "police@bodies.test" not in told


def test_a_body_without_a_focal_point_says_so(coordinator: CheckingClient) -> None:
    assert "No focal point It cannot be written to until someone is named." in words(coordinator.page("/bodies/sirs"))


def test_a_body_that_is_not_in_the_register_is_not_found(coordinator: CheckingClient) -> None:
    assert "There is no body “nobody” in the register." in words(coordinator.page("/bodies/nobody", 404))


def test_the_register_is_for_readers_and_coordinators(followed: Office, enter: Enter) -> None:
    for url in ("/bodies", "/bodies/police"):
        assert enter("police@bodies.test").get(url).status_code == 403
        assert enter().get(url).location == "/sign-in"
