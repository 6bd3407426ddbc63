"""The pages by which bodies end: preview, confirmation, sharing out, taking back."""

import pytest
from selectolax.lexbor import LexborHTMLParser

from tests.making import BEGIN, Office
from tests.web.checking import CheckingClient, Enter
from tests.web.test_bodies import words
from tests.web.test_public import publish
from tracker import database
from tracker.domain.vocabulary import BodyType, Role
from tracker.models import Issuer
from tracker.services import bodies, people
from tracker.services.bodies import Facts
from tracker.services.body_names import Name

DAY = "2026-10-15"
PREVIEW = f"/bodies/police/succession?from_on={DAY}&first=north"
SPLIT = PREVIEW + "&second=south"


@pytest.fixture
def there(followed: Office) -> Office:
    """An office with two bodies more."""
    for slug in ("north", "south"):
        facts = Facts(BodyType.POLICE, Role.IMPLEMENTER)
        bodies.add(facts, {"en": Name(f"Force {slug}")}, slug, by=followed.coordinator, at=BEGIN)
    people.add("north@bodies.test", "Focal point, north", "en", answers_for="north", from_on=BEGIN.date())
    return followed


@pytest.fixture
def coordinator(there: Office, enter: Enter) -> CheckingClient:
    """The coordinator's browser."""
    return enter("coordination@myria.test")


def confirm(client: CheckingClient, preview: LexborHTMLParser, status: int = 302) -> str:
    """What is said after the button of a preview was pressed."""
    form = next(one for one in preview.css("main form, .r-send form") if one.css_first("input[name=seen]"))
    sent = {node.attributes["name"]: node.attributes["value"] or "" for node in form.css("input[type=hidden]")}
    del sent["csrf_token"]
    answered = client.send(form.attributes["action"] or "", status, **sent)
    return words(client.page(answered.location)) if status == 302 else words(LexborHTMLParser(answered.text))


def test_who_takes_over_is_previewed_then_confirmed_and_sees_it(
    there: Office, coordinator: CheckingClient, enter: Enter
) -> None:
    before = words(coordinator.page("/recommendations?body=police"))
    preview = coordinator.page(PREVIEW)
    told = words(preview)
    assert "From 15 October 2026, Force north acts in what is open with Police." in told
    assert "One that is closed stays with Police." in told
    assert "Focal point, police no longer see what moves" in told
    assert len(preview.css(".r-recos tbody tr")) == 3
    assert words(coordinator.page("/recommendations?body=police")) == before

    done = confirm(coordinator, preview)

    assert "Force north takes over from Police." in done
    assert "From 15 October 2026 its successor is: Force north" in done
    assert "2023/8" in words(enter("north@bodies.test").page("/answers"))
    assert "2023/8" not in words(enter("police@bodies.test").page("/answers"))
    page = coordinator.page("/recommendations/myria-2023/2023-8")
    assert "taken over by Force north" in words(page)
    assert "Services de police" in words(page, ".r-facts")
    assert "until 15 Oct 2026, then Force north" in words(coordinator.page("/bodies"))


def test_a_split_is_shared_out_and_is_a_to_do_until_then(coordinator: CheckingClient, enter: Enter) -> None:
    done = confirm(coordinator, coordinator.page(SPLIT))
    assert "Police is split. Say now who takes over what." in done
    assert "3 addressees of Police wait for their successor" in words(coordinator.page("/dashboard"))
    page = coordinator.page("/bodies/police/shares")
    selects = [node.attributes["name"] or "" for node in page.css("select")]
    assert len(selects) == 3

    told = words(
        coordinator.page(coordinator.send("/bodies/police/shares", **dict.fromkeys(selects, "north")).location)
    )

    assert "3 addressees have their successor." in told
    assert "Everything is shared out." in told
    assert "wait for their successor" not in words(coordinator.page("/dashboard"))
    assert "2023/8" in words(enter("north@bodies.test").page("/answers"))
    coordinator.send("/bodies/police/shares", **{selects[0]: "south"})
    assert "Force south" in words(coordinator.page("/bodies/south"))
    coordinator.send("/bodies/police/shares", 404, **{selects[0]: "sirs"})
    coordinator.send("/bodies/police/shares", 404, a999999="south")


def test_a_merger_tells_names_people_and_duplicates(coordinator: CheckingClient) -> None:
    preview = coordinator.page("/bodies/magistrats/merger?into=police")
    told = words(preview)
    assert "From today, Police acts in everything that was put to Magistrates, open or closed." in told
    assert "one of the two addressees ends as a duplicate" in told
    assert "ends as a duplicate: Police is asked the same" in told
    assert "Magistraten" in told

    done = confirm(coordinator, preview)

    assert "Magistrates is now one with Police." in done
    assert "It acts nowhere any more." in words(coordinator.page("/bodies/magistrats"))
    page = words(coordinator.page("/recommendations/myria-2023/2023-3"))
    assert "Ended as duplicates" in page
    assert "ends as a duplicate: Police is asked the same already" in page


def test_what_was_entered_by_mistake_is_taken_back(coordinator: CheckingClient) -> None:
    before = words(coordinator.page("/recommendations?body=police"))
    confirm(coordinator, coordinator.page(PREVIEW))
    page = coordinator.page("/bodies/police/succession/take-back")
    assert "3 addressees go back to Police, and so do their figures, from 15 October 2026." in words(page)

    told = words(coordinator.page(coordinator.send("/bodies/police/succession/take-back").location))

    assert "Police acts again, as if nobody had taken over." in told
    assert words(coordinator.page("/recommendations?body=police")) == before
    page = words(coordinator.page("/recommendations/myria-2023/2023-8"))
    assert "succession taken back: it was entered by mistake" in page
    coordinator.page("/bodies/police/succession/take-back", 404)


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("/bodies/police/succession?from_on=&first=north", "Enter the day from which it does not act any more."),
        ("/bodies/police/succession?from_on=tomorrow&first=north", "is not a date"),
        (f"/bodies/police/succession?from_on={DAY}&first=", "Choose the body that takes over"),
        (f"/bodies/police/succession?from_on={DAY}&first=police", "Choose one of the list."),
        ("/bodies/police/merger?into=", "Choose the body that stays."),
    ],
)
def test_what_is_missing_is_asked_for(coordinator: CheckingClient, address: str, told: str) -> None:
    assert told in words(coordinator.page(address, 422))


def test_what_moved_meanwhile_is_shown_again(coordinator: CheckingClient) -> None:
    preview = coordinator.page(PREVIEW)
    people.add("second@bodies.test", "Second", "en", answers_for="police", from_on=BEGIN.date())

    assert "Look again at what moves, then confirm." in confirm(coordinator, preview, 409)


def test_neither_a_focal_point_nor_another_issuers_coordinator_ends_a_body(there: Office, enter: Enter) -> None:
    with database.transaction() as session:
        session.add(Issuer(slug="other", name="Other"))
    people.add("other@issuer.test", "Other", "en", coordinates="other", from_on=BEGIN.date())
    addresses = ("/bodies/police/succession", PREVIEW, "/bodies/police/merger", "/bodies/police/merger?into=north")
    for email in ("police@bodies.test", "reader@myria.test", "other@issuer.test"):
        client = enter(email)
        for address in addresses:
            client.page(address, 403)
            client.send(address, 403)
        client.send("/bodies/police/shares", 404 if email.startswith("other") else 403)
    client = enter("coordination@myria.test")
    confirm(client, client.page(SPLIT))
    stranger = enter("other@issuer.test")
    assert not stranger.page("/bodies/police/shares").css("select")
    stranger.page("/bodies/police/succession/take-back", 200)


def test_public_pages_name_the_successor_and_hide_what_was_taken_back(
    there: Office, coordinator: CheckingClient, enter: Enter
) -> None:
    publish(there)
    confirm(coordinator, coordinator.page(PREVIEW))
    visitor, address = enter(), "/r/myria-2023/2023-8"
    assert visitor.get(f"{address}.json").json["addressees"][0]["timeline"][0]["taken_over_by"] == "north"
    visitor.page("/b/north")
    assert "Since 15 October 2026 another body acts in its place: Force north" in words(
        visitor.page("/b/police?lang=en")
    )

    coordinator.send("/bodies/police/succession/take-back")

    assert "taken_over" not in visitor.get(f"{address}.json").text
    assert "acts in its place" not in words(visitor.page("/b/police?lang=en"))
    visitor.page("/b/north", 404)


def test_what_is_shared_out_comes_page_by_page(coordinator: CheckingClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tracker.web.successions.SHARES_ON_A_PAGE", 2)
    split = f"/bodies/police/succession?from_on={DAY}&first=north&second=south"
    confirm(coordinator, coordinator.page(split))
    shares = "/bodies/police/shares"

    first = coordinator.page(shares)
    names = [one.attributes["name"] for one in first.css("select")]
    assert len(names) == 2
    there = first.css_first("nav.r-pages a[rel=next]").attributes["href"] or ""
    rest = [one.attributes["name"] for one in coordinator.page(there).css("select")]
    assert rest
    assert not set(rest) & set(names)

    sent = coordinator.send(shares, on=shares, **{str(name): "north" for name in names})
    page = coordinator.page(sent.location)
    assert [one.attributes["name"] for one in page.css("section[aria-labelledby=given] select")] == names
    assert [one.attributes["name"] for one in page.css("section[aria-labelledby=waiting] select")] == rest[:2]
