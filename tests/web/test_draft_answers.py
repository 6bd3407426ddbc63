"""Half-written forms are kept for their writer alone, shown again, and gone when they are sent."""

from datetime import timedelta

import pytest
from selectolax.lexbor import LexborHTMLParser
from sqlalchemy import func, select

from tests.making import BEGIN, Office
from tests.web.checking import CheckingClient, Enter, visible
from tracker import clock, database
from tracker.domain.vocabulary import Implementation
from tracker.models import Addressee, DraftAnswer
from tracker.services import people, retention

COORDINATOR, POLICE = "coordination@myria.test", "police@bodies.test"
TYPED = {"response": "accepted", "reported": "partially", "done": "Half a sen", "since": "last year", "links": ""}


@pytest.fixture
def item(office: Office) -> Addressee:
    office.ask()
    clock.use(lambda: BEGIN + timedelta(days=2))
    return office.addressee("2023/8", "police")


def n_drafts() -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(DraftAnswer)) or 0


def save(
    client: CheckingClient, item: Addressee, seen: int, *, form: str = "answer", status: int = 302, **typed: str
) -> str:
    on = f"/answers/{item.id}" if form == "answer" else f"/review/{item.id}"
    to = f"/answers/{item.id}/draft" if form == "answer" else f"/drafts/{form}/{item.id}"
    return client.send(to, status, on=on, seen=str(seen), **(typed or TYPED)).text


def by_itself(client: CheckingClient, item: Addressee, seen: int, status: int = 200, **typed: str) -> str:
    token = client.page(f"/answers/{item.id}").css_first("input[name=csrf_token]").attributes["value"]
    data = {"csrf_token": token, "seen": seen, **(typed or TYPED)}
    kept = client.post(f"/answers/{item.id}/draft", data=data, headers={"Accept": "application/json"})
    assert kept.status_code == status, kept.text
    return str(kept.json["said"]) if status == 200 else ""


def test_a_form_saved_for_later_opens_as_it_was_typed(enter: Enter, office: Office, item: Addressee) -> None:
    client = enter(POLICE)
    assert client.page(f"/answers/{item.id}").css_first(f'button[formaction="/answers/{item.id}/draft"]')

    save(client, item, office.seen(item))

    listed = visible(client.get("/answers"))
    assert "Nothing was sent; the form opens with it." in listed
    assert "Draft begun, saved on 3 Oct 10:00" in listed
    page = client.page(f"/answers/{item.id}")
    assert "Your draft of 3 Oct 10:00 stands below" in page.css_first(".r-begun").text()
    assert page.css_first("textarea[name=done]").text().strip() == "Half a sen"
    assert page.css_first("input[name=since]").attributes["value"] == "last year"
    assert page.css_first("input[name=reported][checked]").attributes["value"] == "partially"


def test_the_page_keeps_the_form_by_itself(enter: Enter, office: Office, item: Addressee) -> None:
    client = enter(POLICE)
    form = client.page(f"/answers/{item.id}").css_first("form[data-keep]")
    assert form.attributes["data-keep"] == f"/answers/{item.id}/draft"
    assert form.css_first("[role=status][data-kept][data-failed]")

    assert by_itself(client, item, office.seen(item)) == "Saved at 10:00"
    by_itself(client, item, office.seen(item), response="accepted", done="Half a sentence")

    assert n_drafts() == 1
    assert "Half a sentence" in client.get(f"/answers/{item.id}").text


def test_a_draft_is_gone_when_it_is_sent_and_no_late_saving_brings_it_back(
    enter: Enter, office: Office, item: Addressee
) -> None:
    client, seen = enter(POLICE), office.seen(item)
    save(client, item, seen)

    client.send(f"/answers/{item.id}", response="accepted", reported="partially", done="Half a sentence.", seen=seen)

    assert n_drafts() == 0
    by_itself(client, item, seen, 409)
    assert n_drafts() == 0
    clock.use(lambda: BEGIN + timedelta(days=2, minutes=2))
    by_itself(client, item, seen)  # another page of theirs, still being written
    assert n_drafts() == 1


def test_a_draft_that_is_older_than_an_entry_stands_beside_it(enter: Enter, office: Office, item: Addressee) -> None:
    second = people.add("second@bodies.test", "Second", "en", answers_for="police", from_on=BEGIN.date())
    client = enter(POLICE)
    save(client, item, office.seen(item))
    office.answer(item, second, at=BEGIN + timedelta(days=3), reported=Implementation.NOT_STARTED, done="Theirs.")

    page = client.page(f"/answers/{item.id}")

    assert "New since you began your draft" in page.css_first("main").text()
    assert "Theirs." in page.css_first("main").text()
    seen = page.css_first("form.r-form input[name=seen]").attributes["value"]
    client.send(f"/answers/{item.id}", response="accepted", reported="partially", done="Mine.", seen=seen)


def test_one_begins_again_from_the_last_answer(enter: Enter, office: Office, item: Addressee) -> None:
    office.answer(item, office.police, reported=Implementation.PARTIALLY, done="Sent before.")
    client = enter(POLICE)
    save(client, item, office.seen(item))
    assert "Begin again from the last answer" in visible(client.get(f"/answers/{item.id}"))

    client.send(f"/answers/{item.id}/draft/discard", on=f"/answers/{item.id}")

    page = client.page(f"/answers/{item.id}")
    assert page.css_first("textarea[name=done]").text().strip() == "Sent before."
    assert n_drafts() == 0


def test_nobody_else_sees_a_draft_and_nobody_keeps_one_about_others(
    enter: Enter, office: Office, item: Addressee
) -> None:
    people.add("second@bodies.test", "Second", "en", answers_for="police", from_on=BEGIN.date())
    save(enter(POLICE), item, office.seen(item))

    for who, page in (("second@bodies.test", f"/answers/{item.id}"), (COORDINATOR, f"/record/{item.id}")):
        assert "Half a sen" not in enter(who).get(page).text
    assert "Half a sen" not in enter("second@bodies.test").get("/answers").text
    other = enter("parquet@bodies.test")
    other.send(f"/answers/{item.id}/draft", 404, on="/answers", **TYPED)
    for form in ("paper", "finding", "question"):
        enter("reader@myria.test").send(f"/drafts/{form}/{item.id}", 403, on="/recommendations", done="x")


@pytest.mark.parametrize(
    ("form", "typed", "shown"),
    [
        ("finding", {"assessed": "fully", "reason": "Because"}, "Because"),
        ("question", {"question": "How ma", "due_on": "soon"}, "How ma"),
    ],
)
def test_a_coordinator_s_forms_are_kept_too(
    enter: Enter, office: Office, item: Addressee, form: str, typed: dict[str, str], shown: str
) -> None:
    office.answer(item, office.police, at=BEGIN + timedelta(days=1), done="A list.")
    client = enter(COORDINATOR)

    save(client, item, office.seen(item), form=form, **typed)

    page = client.page(f"/review/{item.id}")
    assert page.css_first(".r-begun") is not None
    assert shown in page.css_first("main").text()
    if form == "finding":
        client.send(
            f"/review/{item.id}/assess", on=f"/review/{item.id}", assessed="fully", reason="B", seen=office.seen(item)
        )
        assert n_drafts() == 0


def test_a_paper_answer_is_kept_with_how_it_came(enter: Enter, office: Office, item: Addressee) -> None:
    client = enter(COORDINATOR)
    client.send(
        f"/drafts/paper/{item.id}",
        on=f"/record/{item.id}",
        channel="meeting",
        received_on="2024-10-02",
        done="Said",
        seen="2",
    )

    page = client.page(f"/record/{item.id}")

    assert page.css_first("input[name=channel][checked]").attributes["value"] == "meeting"
    assert page.css_first("input[name=received_on]").attributes["value"] == "2024-10-02"


def test_what_is_too_long_to_be_kept_is_shown_again(enter: Enter, office: Office, item: Addressee) -> None:
    refused = enter(POLICE).send(f"/answers/{item.id}/draft", 422, on=f"/answers/{item.id}", done="x" * 60_001)

    assert "too long to be kept" in visible(refused)
    assert "x" * 60_001 in refused.text


def test_drafts_go_after_a_year_or_with_what_they_are_about(enter: Enter, office: Office, item: Addressee) -> None:
    save(enter(POLICE), item, office.seen(item))

    retention.purge(clock.now() + timedelta(days=364))
    assert n_drafts() == 1
    retention.purge(clock.now() + timedelta(days=365))
    assert n_drafts() == 0

    save(enter(POLICE), item, office.seen(item))
    page = "/recommendations/myria-2023/2023-8/withdraw"
    enter(COORDINATOR).send(page, reason="Done.")
    retention.purge(clock.now())
    assert n_drafts() == 0


def test_who_is_signed_out_while_writing_finds_it_in_the_form_again(
    enter: Enter, office: Office, item: Addressee, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, seen = enter(POLICE), office.seen(item)
    token = client.page(f"/answers/{item.id}").css_first("input[name=csrf_token]").attributes["value"]
    later = clock.wall() + timedelta(hours=3)
    monkeypatch.setattr(clock, "wall", lambda: later)

    sent = client.post(f"/answers/{item.id}", data={"csrf_token": token, "seen": seen, **TYPED})

    assert sent.location == "/sign-in"
    assert "What you wrote is kept" in visible(client.get("/sign-in"))
    with client.session_transaction() as cookie:
        assert cookie["next"] == f"/answers/{item.id}"
    assert "Half a sen" in enter(POLICE).get(f"/answers/{item.id}").text
    said = client.post(
        f"/answers/{item.id}/draft", data={"csrf_token": token, **TYPED}, headers={"Accept": "application/json"}
    )
    assert "sign in again" in said.json["said"]


def test_of_a_session_that_nobody_knows_nothing_is_kept_and_all_is_shown(
    enter: Enter, office: Office, item: Addressee
) -> None:
    client = enter()
    token = client.page("/sign-in").css_first("input[name=csrf_token]").attributes["value"]

    shown = client.post(f"/answers/{item.id}", data={"csrf_token": token, "seen": "2", **TYPED})

    assert shown.status_code == 401
    page = LexborHTMLParser(shown.text)
    form = page.css_first("main form")
    assert form.attributes["action"] == f"/answers/{item.id}"
    assert form.css_first("textarea[name=done]").text().strip() == "Half a sen"
    assert form.css_first("input[name=reported]").attributes["value"] == "partially"
    assert n_drafts() == 0
    silent = client.post(f"/answers/{item.id}", data={"csrf_token": token})
    assert silent.location == "/sign-in"
