"""The register of bodies."""

import pytest
from selectolax.lexbor import LexborHTMLParser

from tests.making import Office
from tests.web.checking import CheckingClient, Enter, visible


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


def test_a_body_is_added_and_changed_on_pages(coordinator: CheckingClient) -> None:
    added = coordinator.send("/bodies/new", name_fr="Service des armes", type="justice", role="relay", parent="police")
    assert added.location == "/bodies/service-des-armes"
    told = words(coordinator.page(added.location))
    assert "Part of Police" in told
    assert "No focal point" in told
    assert "Its parts Service des armes" in words(coordinator.page("/bodies/police"))

    coordinator.send(f"{added.location}/change", type="local", role="implementer", parent="")
    assert "Local authority" in words(coordinator.page(added.location))


def test_what_does_not_fit_is_told_above_the_form_and_nothing_is_lost(coordinator: CheckingClient) -> None:
    invented = coordinator.send("/bodies/new?lang=nl", 422, name_fr="Nouveau", type="none", role="relay", parent="")
    assert "Kies er een uit de lijst." in visible(invented)
    refused = coordinator.send(
        "/bodies/new?lang=en", 422, name_fr="Police", type="police", role="relay", parent="", slug="x"
    )
    assert "is a name of Police already" in visible(refused)
    assert 'value="Police"' in refused.text
    refused = coordinator.send("/bodies/police/rename", 422, language="nl", name="Politiedienst")
    assert "Say from which day the new one holds" in visible(refused)
    refused = coordinator.send("/bodies/police/members/new", 422, member="police")
    assert "There is a problem" in visible(refused)


def test_a_new_name_a_correction_and_another_name(coordinator: CheckingClient) -> None:
    coordinator.send("/bodies/police/rename", language="en", name="Integrated service", from_on="2026-11-01")
    page = coordinator.page("/bodies/police")
    assert page.css_first("h1").text() == "Integrated service"
    assert coordinator.page("/bodies/police?as_of=2026-10-31").css_first("h1").text() == "Police"
    assert "until 1 Nov 2026" in words(page)

    correct = next(node for node in page.css("a.r-fix") if "Politie" in node.text()).attributes["href"] or ""
    coordinator.send(correct, name="Politiedienst", source="https://example.org/politie")
    assert "Politiedienst" in words(coordinator.page("/bodies/police"))

    coordinator.send("/bodies/police/other-names/new", language="fr", name="La maison")
    page = coordinator.page("/bodies/police")
    alias = next(node for node in page.css("a.r-fix") if "La maison" in node.text()).attributes["href"] or ""
    coordinator.send(f"{alias}/remove", on=alias)
    assert "La maison" not in words(coordinator.page("/bodies/police"))


def test_members_are_shown_on_both_pages(coordinator: CheckingClient) -> None:
    coordinator.send("/bodies/bourgmestres/members/new", member="police", from_on="2026-01-01")
    page = coordinator.page("/bodies/bourgmestres")
    assert "Members Police 1 Jan 2026" in words(page)
    assert "Member of Mayors" in words(coordinator.page("/bodies/police"))

    end = next(node for node in page.css("a.r-fix") if "End" in node.text()).attributes["href"] or ""
    coordinator.send(end, until_on="2026-12-01")
    assert "1 Jan 2026 – 1 Dec 2026" in words(coordinator.page("/bodies/police"))


def test_a_reader_sees_the_register_and_changes_nothing(followed: Office, enter: Enter) -> None:
    reader = enter("reader@myria.test")
    assert not reader.page("/bodies/police").css("a.r-fix, main form")
    assert reader.get("/bodies/new").status_code == 403
