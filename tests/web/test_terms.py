"""The issuer's own lists, in a browser."""

import pytest

from tests.making import Office
from tests.web.checking import CheckingClient, Enter, visible
from tracker import clock
from tracker.domain.vocabulary import TermKind
from tracker.models import Term
from tracker.services import terms

PAGE = "/recommendations/myria-2023/2023-8"


@pytest.fixture
def coordinator(enter: Enter, followed: Office) -> CheckingClient:
    return enter("coordination@myria.test")


@pytest.fixture
def minors(followed: Office) -> Term:
    names = {"fr": "Mineurs", "en": "Minors"}
    return terms.add(followed.issuer.id, TermKind.THEME, names, by=followed.coordinator, at=clock.now())


def test_lists_begin_empty_grow_and_are_changed(coordinator: CheckingClient) -> None:
    assert "Nothing is in this list yet." in visible(coordinator.get("/terms"))
    assert "Your lists are empty." in visible(coordinator.get(f"{PAGE}/terms"))
    wrong = coordinator.send("/terms/priority/new", 422, name_fr=" ")
    assert "Give it a name in one language at least." in visible(wrong)

    assert coordinator.send("/terms/theme/new", name_fr="Mineurs", name_en="Minors").location == "/terms"
    page = coordinator.page("/terms")
    assert "Minors" in page.text()
    link = next(node.attributes["href"] for node in page.css("main table a"))
    assert coordinator.send(link or "", name_fr="Enfants", is_ended="y").location == "/terms"
    assert "no longer chosen" in visible(coordinator.get("/terms"))
    assert coordinator.get("/terms/change?term=99").status_code == 404
    assert coordinator.get("/terms/change").location == "/terms"


def test_it_is_chosen_on_a_recommendation_and_narrows_the_list_and_the_dashboard(
    coordinator: CheckingClient, enter: Enter, minors: Term
) -> None:
    assert coordinator.send(f"{PAGE}/terms", theme=[str(minors.id)]).location == PAGE

    assert "Minors" in visible(coordinator.get(PAGE))
    assert "Minors" in visible(enter("reader@myria.test").get(PAGE))
    assert "Mineurs" not in visible(enter("police@bodies.test").get(PAGE))
    listed = visible(coordinator.get(f"/recommendations?theme={minors.id}"))
    assert "2023/8" in listed
    assert "2023/4" not in listed
    narrowed = coordinator.page(f"/dashboard?theme={minors.id}")
    links = [
        node.attributes["href"] or ""
        for node in narrowed.css("main a")
        if "flag=overdue" in (node.attributes["href"] or "")
    ]
    assert links
    assert all(f"theme={minors.id}" in link for link in links)
    assert "Nothing fits." in visible(coordinator.get("/dashboard?theme=99"))


def test_a_review_gives_them_in_bulk(coordinator: CheckingClient, minors: Term) -> None:
    head = "Annexe : Recommandations\n\nCHAPITRE UN\n\n\t\tDestinataire\n"
    text = f"{head}2025/1\tFormer les équipes chaque année.\tPolice\n"
    review = coordinator.send("/imports", text=text).location or ""
    assert coordinator.send(f"{review}/terms", s0_theme=[str(minors.id)]).location.startswith(review)

    assert "given when you accept" in visible(coordinator.get(review))
    checked = coordinator.page(f"{review}/terms").css("input[checked]")
    assert [node.attributes["name"] for node in checked] == ["s0_theme"]
