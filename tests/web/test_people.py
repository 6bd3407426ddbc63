"""People, focal points and one's own account, in a browser."""

import pytest

from tests.making import BEGIN, Office
from tests.web.checking import CheckingClient, Enter, visible
from tracker import database
from tracker.models import Person
from tracker.queries import directory
from tracker.queries import people as of_people
from tracker.services import people


@pytest.fixture
def coordinator(followed: Office, enter: Enter) -> CheckingClient:
    """The coordinator's browser."""
    return enter("coordination@myria.test")


@pytest.fixture
def admin(followed: Office, enter: Enter) -> CheckingClient:
    """An administrator's browser."""
    people.add("admin@myria.test", "Administration", "en", is_admin=True, from_on=BEGIN.date())
    return enter("admin@myria.test")


def page_of(person: Person) -> str:
    return f"/people/{person.id}"


def row_of(person: Person) -> int:
    with database.reading():
        return directory.answers_for(person.id)[0].id


def listed(client: CheckingClient, query: str = "") -> list[str]:
    return [node.text() for node in client.page(f"/people{query}").css(".r-register tbody th a")]


def test_people_are_listed_searched_and_told_apart(coordinator: CheckingClient) -> None:
    assert listed(coordinator) == [
        "Coordination", "Focal point, magistrates", "Focal point, prosecutor", "Focal point, police", "Reader",
    ]  # fmt: skip
    assert listed(coordinator, "?q=parquet") == ["Focal point, prosecutor"]
    assert listed(coordinator, "?q=FOCAL police") == ["Focal point, police"]
    assert listed(coordinator, "?part=office") == ["Coordination", "Reader"]
    assert "Nobody fits." in visible(coordinator.get("/people?q=100%25"))
    assert "Focal point, Police" in visible(coordinator.get("/people?part=focal_points"))


def test_a_long_list_goes_on_after_the_last_address(coordinator: CheckingClient) -> None:
    for n in range(60):
        people.add(f"p{n:02}@bodies.test", f"Person {n}", "nl", from_on=BEGIN.date())

    first = coordinator.page("/people?q=Person")
    later = first.css_first("a[rel=next]").attributes["href"] or ""

    assert len(first.css(".r-register tbody th")) == 50
    assert listed(coordinator, later.removeprefix("/people")) == [f"Person {n}" for n in range(50, 60)]


def test_a_person_is_added_changed_closed_and_opened(coordinator: CheckingClient, followed: Office) -> None:
    added = coordinator.send(
        "/people/new", email="new@myria.test", display_name="New", language="nl",
        **{f"issuer-{followed.issuer.id}": "reader"},
    )  # fmt: skip
    there = added.location
    assert "Reader, Myria" in visible(coordinator.get(there))

    coordinator.send(f"{there}/change", email="other@myria.test", display_name="Other", language="fr")
    assert "other@myria.test" in visible(coordinator.get(there))
    coordinator.send(f"{there}/close", on=there)
    assert "The account is closed" in visible(coordinator.get(there))
    coordinator.send(f"{there}/open", on=there)
    assert "Reader, Myria" in visible(coordinator.get(there))


def test_a_wrong_form_says_what_to_do_and_loses_nothing(coordinator: CheckingClient) -> None:
    refused = coordinator.send("/people/new", 422, email="reader@myria.test", display_name="Kept words", language="nl")
    assert "Somebody here has the address reader@myria.test already" in visible(refused)
    assert "Kept words" in refused.text
    assert "Enter a mail address." in visible(coordinator.send("/people/new", 422, display_name="X", language="nl"))


def test_closing_ends_the_sessions_at_once(coordinator: CheckingClient, enter: Enter, followed: Office) -> None:
    police = enter(followed.police.email)
    assert police.get("/answers").status_code == 200

    there = page_of(followed.police)
    assert "in one browser" in visible(coordinator.get(there))
    coordinator.send(f"{there}/sign-out", on=there)
    assert police.get("/answers").location == "/sign-in"


def test_the_last_coordinator_is_told_why_not(admin: CheckingClient, followed: Office) -> None:
    there = page_of(followed.coordinator)
    admin.send(f"{there}/close", on=there)
    assert "Coordination is the last coordinator of Myria. Make somebody else one first." in visible(admin.get(there))

    field = f"issuer-{followed.issuer.id}"
    refused = admin.send(f"{there}/parts", 422, **{field: ""})
    assert "is the last coordinator of Myria" in visible(refused)


def test_an_administrator_makes_coordinators_and_administrators(admin: CheckingClient, followed: Office) -> None:
    there = page_of(followed.reader)
    admin.send(f"{there}/parts", **{f"issuer-{followed.issuer.id}": "coordinator", "is_admin": "y"})

    with database.reading():
        rights = of_people.rights(of_people.by_id(followed.reader.id))
    assert rights.is_coordinator
    assert rights.person.is_admin


def test_a_coordinator_is_not_offered_to_make_administrators(coordinator: CheckingClient, followed: Office) -> None:
    page = coordinator.page(f"{page_of(followed.reader)}/parts")
    assert page.css_first("input[name=is_admin]") is None


def test_a_body_without_a_focal_point_is_one_click_from_the_form(coordinator: CheckingClient) -> None:
    page = coordinator.page("/bodies?show=no_focal_point")
    form = next(node for node in page.css(".r-register a.r-fix")).attributes["href"] or ""
    body = page.css_first(".r-register tbody th a").text()

    done = coordinator.send(form, email="new@bodies.test", display_name="New", language="nl", from_on="2026-11-23")

    assert done.location == "/bodies?show=no_focal_point"
    told = visible(coordinator.get(done.location))
    assert f"New answers for {body} from 23 November 2026." in told
    assert body not in [node.text() for node in coordinator.page(done.location).css(".r-register tbody th a")]


def test_a_focal_point_hands_over_on_one_page(coordinator: CheckingClient, followed: Office) -> None:
    form = f"/bodies/police/focal-points/{row_of(followed.police)}/hand-over"
    coordinator.send(form, email="next@bodies.test", display_name="Next", language="nl", from_on="2026-11-23")

    told = visible(coordinator.get("/bodies/police"))
    assert "Next next@bodies.test since 23 November 2026" in told
    assert "One earlier focal point" in told
    assert coordinator.get(form).status_code == 404


def test_one_is_ended_and_whoever_is_the_last_is_warned_about(coordinator: CheckingClient, followed: Office) -> None:
    form = f"/bodies/police/focal-points/{row_of(followed.police)}/end"
    assert "Nobody else answers for it" in visible(coordinator.get(form))
    assert "“soon” is not a date" in visible(coordinator.send(form, 422, until_on="soon"))
    assert "Enter the day." in visible(coordinator.send(form, 422, until_on=""))

    coordinator.send(form, until_on="2026-11-30")
    assert "until 30 November 2026" in visible(coordinator.get("/bodies/police"))


def test_everyone_has_an_account_page_with_their_language(followed: Office, enter: Enter) -> None:
    for email in (followed.police.email, followed.reader.email, followed.coordinator.email):
        browser = enter(email)
        assert email in visible(browser.get("/account"))
        browser.send("/account", language="fr")
        assert "Mon compte" in visible(browser.get("/account"))


def test_signing_out_everywhere_ends_every_browser(followed: Office, enter: Enter) -> None:
    here, there = enter(followed.police.email), enter(followed.police.email)
    here.send("/account/sign-out", on="/account")

    assert there.get("/answers").location == here.get("/answers").location == "/sign-in"


def test_an_administrator_finds_people_bodies_and_the_log(admin: CheckingClient) -> None:
    assert admin.get("/work").location == "/dashboard"
    assert "Bodies and people" in admin.get("/dashboard").text
    for url in ("/bodies", "/people", "/audit", "/bodies/police"):
        assert admin.get(url).status_code == 200
    assert admin.get("/review").status_code == 403
