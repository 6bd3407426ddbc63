"""The review is worked with plain forms: a draft is split, joined, and whatever was done is taken back."""

import pytest
from selectolax.lexbor import LexborHTMLParser

from tests.making import Office
from tests.web.checking import CheckingClient, Enter, visible

ANNEX = """2024/1\tFormer la police.\tPolice
Former aussi les magistrats,
chaque année.
2024/2\tPublier les chiffres.\tPolice
2024/3\tLes compter.\tMagistrats
"""


@pytest.fixture
def office(database_url: str) -> Office:
    return Office.set_up(is_imported=False)


@pytest.fixture
def coordinator(office: Office, enter: Enter) -> CheckingClient:
    return enter("coordination@myria.test")


@pytest.fixture
def review(coordinator: CheckingClient) -> str:
    return str(coordinator.send("/imports", text=ANNEX).location)


def cards(page: LexborHTMLParser) -> list[str]:
    """The heads of the drafts, as printed."""
    return [" ".join(one.text().split()) for one in page.css("article.r-draft h3")]


def printed(client: CheckingClient, review: str) -> list[str]:
    return cards(client.page(f"{review}?order=printed"))


def hidden(client: CheckingClient, url: str, button: str = "") -> dict[str, str]:
    """What the form of a page sends besides what is chosen; the one with a button of this value, if any."""
    forms = [form for form in client.page(url).css("main form") if not button or form.css(f"[value={button}]")]
    found = {one.attributes["name"]: one.attributes["value"] or "" for one in forms[0].css("input[type=hidden]")}
    return {str(name): value for name, value in found.items() if name != "csrf_token"}


def test_a_draft_is_split_at_the_line_that_is_chosen(coordinator: CheckingClient, review: str) -> None:
    cut = f"{review}/drafts/0/lines"
    page = coordinator.page(cut)
    assert [one.attributes["value"] for one in page.css("input[name=line]")] == ["2", "3"]
    there = coordinator.send(cut, line="2", **hidden(coordinator, cut)).location
    assert there == f"{review}#draft-0"
    assert printed(coordinator, review) == ["2024/1", "No code", "2024/2", "2024/3"]
    assert "2024/1 was split" in visible(coordinator.get(review))


def test_a_draft_is_split_inside_a_line_where_a_sentence_begins(coordinator: CheckingClient) -> None:
    text = "2024/1\tFormer la police. Publier les chiffres.\tPolice\n"
    review = coordinator.send("/imports", text=text, language="fr").location
    cut = f"{review}/drafts/0/lines"
    [place] = [str(one.attributes["value"]) for one in coordinator.page(cut).css("input[name=line]")]
    assert place == "1:25"
    for invented in ("1:0", "1:9999", "x", "1:x", "²"):
        assert "Choose a place inside" in visible(coordinator.send(cut, 422, line=invented, **hidden(coordinator, cut)))

    coordinator.send(cut, line=place, **hidden(coordinator, cut))

    page = coordinator.page(review)
    assert [one.text() for one in page.css(".r-draft__text")] == ["Publier les chiffres.", "Former la police."]


def test_where_to_split_must_be_said(coordinator: CheckingClient, review: str) -> None:
    cut = f"{review}/drafts/0/lines"
    wrong = coordinator.send(cut, 422, **hidden(coordinator, cut))
    assert "Choose with what the second draft begins." in visible(wrong)
    assert printed(coordinator, review) == ["2024/1", "2024/2", "2024/3"]


def test_two_drafts_are_joined_and_it_is_taken_back(coordinator: CheckingClient, review: str) -> None:
    cut = f"{review}/drafts/1/lines"
    coordinator.send(cut, join="after", **hidden(coordinator, cut, "after"))
    assert printed(coordinator, review) == ["2024/1", "2024/2"]
    assert "2024/2, 2024/3 were joined" in visible(coordinator.get(review))

    version = coordinator.page(review).css_first(".r-step input[name=version]").attributes["value"]
    coordinator.send(f"{review}/take-back", on=review, version=version)
    assert printed(coordinator, review) == ["2024/1", "2024/2", "2024/3"]
    assert not coordinator.page(review).css(".r-step")


def test_a_draft_on_one_line_says_why_it_cannot_be_split(coordinator: CheckingClient, review: str) -> None:
    assert "one sentence on one line" in visible(coordinator.get(f"{review}/drafts/1/lines"))


def test_two_coordinators_do_not_undo_each_other(coordinator: CheckingClient, review: str) -> None:
    cut, other = f"{review}/drafts/0/lines", f"{review}/drafts/1/lines"
    old, old_join = hidden(coordinator, cut), hidden(coordinator, other, "before")
    coordinator.send(cut, line="2", **old)
    refused = coordinator.send(cut, 409, line="3", **old)
    assert "Someone corrected these drafts meanwhile." in visible(refused)
    assert coordinator.send(other, 409, join="before", **old_join).status_code == 409
    late = coordinator.send(f"{review}/take-back", 409, on=review, version="1")
    assert "Someone corrected this import meanwhile." in visible(late)
    assert printed(coordinator, review) == ["2024/1", "No code", "2024/2", "2024/3"]


def test_leaving_out_and_correcting_can_be_taken_back_too(coordinator: CheckingClient, review: str) -> None:
    page = coordinator.page(f"{review}?order=printed")
    seen = page.css("article.r-draft")[1].css_first("input[name=seen]").attributes["value"]
    coordinator.send(f"{review}/drafts/1/answer", on=review, answer="drop", seen=seen)
    assert "2024/2 was left out" in visible(coordinator.get(f"{review}?lang=en"))
    coordinator.send(f"{review}/take-back", on=review, version="2")
    assert printed(coordinator, review) == ["2024/1", "2024/2", "2024/3"]


def test_the_keys_are_listed_and_can_be_switched_off(coordinator: CheckingClient, review: str) -> None:
    page = coordinator.page(review)
    assert len(page.css("[data-keys] kbd")) == 12
    assert page.css_first("[data-keys] input[type=checkbox]")
    assert page.css_first("article.r-draft[tabindex='-1'] a[data-key=s]")


def test_whatever_is_done_leads_back_to_the_same_page_of_the_review(coordinator: CheckingClient) -> None:
    text = "".join(f"2024/{n}\tPublier le chiffre {n}.\tPolice\n" for n in range(1, 41))
    review = coordinator.send("/imports", text=text, language="fr").location
    second = f"{review}?order=printed&page=2"
    page = coordinator.page(second)
    form = page.css("article.r-draft form")[0]
    seen = form.css_first("input[name=seen]").attributes["value"]

    left = coordinator.send(str(form.attributes["action"]), on=second, answer="drop", seen=seen).location
    assert left == second
    back = coordinator.page(left).css_first("form[id^=restore-]")
    put_back = coordinator.send(str(back.attributes["action"]), on=second, version="2").location
    assert put_back == second
    undo = coordinator.page(put_back).css_first("form.r-step")
    assert coordinator.send(str(undo.attributes["action"]), on=second, version="3").location == f"{second}#drafts"
