"""The form of a body, opened by a link: kept, confirmed, looked through, sent, with a receipt."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from tests.followed import TODAY, find
from tests.making import Office
from tests.reply_forms import hidden, items_of, link_of, opened, token_of
from tests.web.checking import CheckingClient, Enter, visible
from tracker import clock, database
from tracker.domain.vocabulary import Channel, Implementation
from tracker.mail import parts
from tracker.models import AnswerLink, Entry, OutgoingMail, SharedDraft, Submission
from tracker.queries.digests import Form
from tracker.queries.entries import Told
from tracker.services import answer_links, people
from tracker.settings import Settings

LINKS = ("https://example.org/teams",)


@pytest.fixture
def link(followed: Office, settings: Settings) -> AnswerLink:
    """To the form of the police, asked again after it has answered 2018/35 and 2023/8."""
    said = {"reported": Implementation.CONTINUING, "done": "Teams in two districts.", "links": LINKS}
    followed.answer(followed.addressee("2023/8", "police"), followed.police, at=TODAY - timedelta(days=3), **said)
    for report in ("myria-2018", "myria-2023"):
        followed.ask(report, at=TODAY)
    return link_of(followed, followed.police, "2018/35", "police", settings, TODAY)


@pytest.fixture
def client(enter: Enter, link: AnswerLink, settings: Settings) -> CheckingClient:
    client = enter()
    opened(client, link, settings)
    return client


def press(client: CheckingClient, link: AnswerLink, status: int = 302, *, on: str = "", **fields: object) -> str:
    """Press a button of the form with what its page holds; where it leads, or what it says."""
    page = client.page(f"/form/{link.id}{on}")
    answered = client.post(f"/form/{link.id}", data={**hidden(page), **fields})
    assert answered.status_code == status, visible(answered)[:1500]
    return answered.location if status == 302 else visible(answered)


def count(model: type) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def test_an_answer_that_told_nothing_but_its_codes_is_confirmed_too(
    enter: Enter, followed: Office, settings: Settings
) -> None:
    followed.answer(followed.addressee("2023/8", "police"), followed.police, at=TODAY - timedelta(days=3))
    followed.ask("myria-2023", at=TODAY)
    link, client = link_of(followed, followed.police, "2023/8", "police", settings, TODAY), enter()
    opened(client, link, settings)

    press(client, link, confirm=items_of(link, TODAY)["2023/8"].id)

    for page in ("", "/send", "/print"):
        assert "Nothing has changed" in visible(client.get(f"/form/{link.id}{page}"))


@pytest.mark.proves("S06", "S07")
def test_fetching_a_link_opens_nothing_and_its_page_tells_nobody(
    enter: Enter, link: AnswerLink, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    scanner, token = enter(), token_of(link, settings)
    for _n in range(25):
        for method in ("GET", "HEAD"):
            seen = FlaskClient.open(scanner, f"/answer?link={token}", method=method)
            assert (seen.status_code, seen.headers["Referrer-Policy"]) == (200, "no-referrer")
    assert scanner.get(f"/form/{link.id}").status_code == 404
    with database.reading() as session:
        assert session.get_one(AnswerLink, link.id).opened_at is None

    assert opened(enter(), link, settings) == opened(enter(), link, settings), "a phone after a desk"
    assert token not in caplog.text


def test_a_form_without_its_cookie_or_with_that_of_another_is_not_there(
    enter: Enter, followed: Office, link: AnswerLink, settings: Settings
) -> None:
    other = link_of(followed, followed.federal_prosecutor, "2018/40", "parquet-federal", settings, TODAY)
    client = enter()
    opened(client, other, settings)

    assert client.get(f"/form/{link.id}").status_code == 404
    client.set_cookie("repons-form", token_of(other, settings), path=f"/form/{link.id}")
    assert client.get(f"/form/{link.id}").status_code == 404
    assert client.get(f"/form/{other.id}").status_code == 200
    assert enter(followed.police.email).get(f"/form/{link.id}").status_code == 404


def test_the_cookie_goes_to_its_form_alone(enter: Enter, link: AnswerLink, settings: Settings) -> None:
    client = enter()
    token = token_of(link, settings)
    sent = client.send("/answer", 302, on=f"/answer?link={token}", link=token)

    (cookie,) = [one for one in sent.headers.getlist("Set-Cookie") if one.startswith("repons-form=")]
    assert f"Path=/form/{link.id};" in f"{cookie};"
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_a_page_without_a_referrer_may_send_its_form_and_another_site_may_not(
    app: Flask, enter: Enter, link: AnswerLink, settings: Settings
) -> None:
    token, client = token_of(link, settings), enter()
    page = client.page(f"/answer?link={token}")
    data = {"link": token, "csrf_token": page.css_first("input[name=csrf_token]").attributes["value"]}

    assert client.post("/answer", data={"link": token}, headers={"Origin": "null"}).status_code == 422
    assert client.post("/answer", data=data, headers={"Origin": "https://elsewhere.example"}).status_code == 400
    assert client.post("/answer", data=data, headers={"Origin": "null"}).status_code == 302
    assert client.post(f"/form/{link.id}", data=data, headers={"Origin": "null"}).status_code == 400


def test_nothing_changed_is_one_click_and_recorded_as_exactly_that(
    client: CheckingClient, followed: Office, link: AnswerLink
) -> None:
    items = items_of(link, TODAY)
    confirmed, last = items["2023/8"], items["2023/8"].last
    assert last is not None
    assert f"#i{confirmed.id}" not in press(client, link, confirm=confirmed.id)
    assert "Nothing has changed, to be confirmed" in visible(client.get(f"/form/{link.id}"))

    there = client.send(f"/form/{link.id}/send", 422, name="", **_listed(client, link))
    assert "Say who answers" in visible(there)
    there = client.send(f"/form/{link.id}/send", name="R. Role", function="Adviser", **_listed(client, link))

    receipt = visible(client.get(there.location))
    assert "R. Role, Adviser" in receipt
    assert "Nothing has changed since the answer of" in receipt
    with database.reading() as session:
        told = Told(session.scalars(select(Entry).order_by(Entry.seq.desc()).limit(1)).one())
        assert (told.confirms, told.channel, told.reported) == (last.seq, Channel.FORM, Implementation.CONTINUING)
        assert told.words["done"] == last.words["done"]
        assert told.words["answered_by"] == "R. Role, Adviser"
        mail = session.scalars(select(OutgoingMail).filter_by(kind="receipt")).one()
        assert mail.recipient == followed.police.email
        assert "R. Role, Adviser" in parts.parts(mail.content).text
    assert not items_of(link, TODAY)["2023/8"].is_begun
    assert "Sent on" in visible(client.get(f"/form/{link.id}"))


def _listed(client: CheckingClient, link: AnswerLink) -> dict[str, str]:
    page = client.page(f"/form/{link.id}/send")
    fields = page.css("main form input[type=hidden]")
    found = {str(one.attributes["name"]): str(one.attributes.get("value") or "") for one in fields}
    return {name: value for name, value in found.items() if name != "csrf_token"}


def test_what_is_typed_is_kept_by_whatever_button_is_pressed(client: CheckingClient, link: AnswerLink) -> None:
    items = items_of(link, TODAY)
    written, other = items["2018/35"], items["2023/8"]

    there = press(client, link, open=written.id)
    assert there == f"/form/{link.id}?open={written.id}#i{written.id}"
    assert not press(client, link, on=f"?open={written.id}", **_typed("The module runs."), confirm=other.id).endswith(
        "/send"
    )

    kept = items_of(link, TODAY)
    assert ((kept["2018/35"].draft and kept["2018/35"].draft.fields) or {})["done"] == "The module runs."
    assert kept["2023/8"].draft is not None
    assert kept["2023/8"].draft.is_unchanged
    page = client.page(f"/form/{link.id}?open={written.id}")
    assert page.css_first("textarea[name=done]").text().strip() == "The module runs."


def _typed(done: str, **more: str) -> dict[str, str]:
    empty = {"reason": "", "since": "", "links": ""}
    return {"response": "accepted", "reported": "partially", "done": done, **empty, **more}


def test_an_item_that_was_only_opened_is_no_draft(client: CheckingClient, link: AnswerLink) -> None:
    item = items_of(link, TODAY)["2018/35"]
    page = client.page(f"/form/{link.id}?open={item.id}")
    shown = {
        "response": "accepted",
        "reported": "in_progress",
        "done": page.css_first("textarea[name=done]").text().strip(),
        "reason": "",
        "since": "",
        "links": "",
    }
    press(client, link, on=f"?open={item.id}", look="1", **shown)

    assert not items_of(link, TODAY)["2018/35"].is_begun


def test_what_is_incomplete_is_listed_apart_and_not_sent(client: CheckingClient, link: AnswerLink) -> None:
    items = items_of(link, TODAY)
    press(client, link, confirm=items["2023/8"].id)
    press(client, link, on=f"?open={items['2018/35'].id}", save=items["2018/35"].id, **_typed(""))

    page = client.get(f"/form/{link.id}/send")
    assert "Say in a few sentences what was done" in visible(page)
    assert set(_listed(client, link)) == {"once", f"version-{items['2023/8'].id}"}
    checked = visible(client.get(f"/form/{link.id}?open={items['2018/35'].id}&check=1"))
    assert "Say in a few sentences what was done" in checked


def test_sent_twice_is_sent_once(client: CheckingClient, link: AnswerLink) -> None:
    press(client, link, confirm=items_of(link, TODAY)["2023/8"].id)
    listed = {**_listed(client, link), "name": "R. Role"}
    token = client.page(f"/form/{link.id}").css_first("input[name=csrf_token]").attributes["value"]

    first, second = (client.post(f"/form/{link.id}/send", data={"csrf_token": token, **listed}) for _n in "12")

    assert first.location == second.location
    assert count(Submission) == 1


def test_a_list_that_a_colleague_changed_is_looked_through_again(client: CheckingClient, link: AnswerLink) -> None:
    item = items_of(link, TODAY)["2023/8"]
    press(client, link, confirm=item.id)
    listed = _listed(client, link)
    press(client, link, undo=item.id)
    press(client, link, confirm=item.id)

    answered = client.send(f"/form/{link.id}/send", 409, name="R. Role", **listed)

    assert "Something was written meanwhile" in visible(answered)
    assert count(Submission) == 0


def test_two_people_on_one_item_see_both_texts_and_lose_none(
    enter: Enter, client: CheckingClient, link: AnswerLink, settings: Settings
) -> None:
    item = items_of(link, TODAY)["2018/35"]
    theirs = enter()
    opened(theirs, link, settings)
    on = f"?open={item.id}"
    before = hidden(theirs.page(f"/form/{link.id}{on}"))
    press(client, link, on=on, save=item.id, **_typed("Written first."))

    answered = theirs.post(f"/form/{link.id}", data={**before, **_typed("Written second."), "save": item.id})

    assert answered.status_code == 409
    assert "Written first." in visible(answered)
    assert "Written second." in visible(answered)
    kept = items_of(link, TODAY)["2018/35"].draft
    assert kept is not None
    assert (kept.fields or {})["done"] == "Written first."


def test_what_happened_since_a_draft_was_begun_is_shown_and_then_it_can_be_sent(
    client: CheckingClient, followed: Office, link: AnswerLink
) -> None:
    item = items_of(link, TODAY)["2018/35"]
    on = f"?open={item.id}"
    press(client, link, on=on, save=item.id, **_typed("Ten courses."))
    find(followed, "2018/35", "police", Implementation.PARTIALLY, "Three of ten were held.", ago=0)
    assert "Compare both" in visible(client.get(f"/form/{link.id}/send"))

    assert "Three of ten were held." in visible(client.get(f"/form/{link.id}{on}"))
    press(client, link, on=on, save=item.id, **_typed("Ten courses, three were held."))

    client.send(f"/form/{link.id}/send", name="R. Role", **_listed(client, link))
    assert count(Submission) == 1


def test_undoing_one_item_keeps_what_is_typed_in_another(client: CheckingClient, link: AnswerLink) -> None:
    one, other = items_of(link, TODAY)["2018/35"], items_of(link, TODAY)["2023/8"]
    press(client, link, confirm=other.id)

    press(client, link, on=f"?open={one.id}", undo=other.id, **_typed("Half a sentence"))

    kept = items_of(link, TODAY)
    assert kept["2018/35"].draft is not None
    assert (kept["2018/35"].draft.fields or {})["done"] == "Half a sentence"
    assert not kept["2023/8"].is_begun


def test_a_link_that_ends_while_somebody_types_shows_their_words_to_be_copied(
    client: CheckingClient, followed: Office, link: AnswerLink
) -> None:
    item = items_of(link, TODAY)["2018/35"]
    sent = hidden(client.page(f"/form/{link.id}?open={item.id}"))
    with database.transaction() as session:
        answer_links.end_all(session, followed.police, at=TODAY)

    ended = client.post(f"/form/{link.id}", data={**sent, **_typed("An hour of words."), "save": item.id})

    assert ended.status_code == 404
    assert "An hour of words." in ended.text
    assert "Send again" not in ended.text


def test_another_address_ends_the_links_that_went_to_the_one_before(
    client: CheckingClient, followed: Office, link: AnswerLink
) -> None:
    told = ("right@bodies.test", "Focal point, police", "en")
    people.change(followed.police.id, *told, by=followed.coordinator, at=TODAY)

    assert "This link was withdrawn" in visible(client.get(f"/form/{link.id}"))


def test_the_link_of_an_older_round_closes_no_newer_form(
    enter: Enter, client: CheckingClient, followed: Office, link: AnswerLink, settings: Settings
) -> None:
    older = Form(link.body_id, link.issuer_id, (link.round_id or 0) - 1, TODAY.date())
    with database.transaction() as session:
        until = link.expires_at
        after = answer_links.new(session, followed.police, older, expires_at=until, at=TODAY, settings=settings)
    assert after.id > link.id

    opened(enter(), after, settings)

    assert client.get(f"/form/{link.id}").status_code == 200


def test_signing_out_closes_the_forms_of_this_browser(enter: Enter, followed: Office, link: AnswerLink) -> None:
    client = enter(followed.police.email)
    there = client.send(f"/answers/form/{link.body_id}/{followed.issuer.slug}", on="/answers").location
    assert client.get(there).status_code == 200

    client.send("/sign-out", on="/answers")

    assert client.get(there).status_code == 404


def test_a_form_keeps_itself_while_it_is_typed(client: CheckingClient, link: AnswerLink) -> None:
    item = items_of(link, TODAY)["2018/35"]
    sent = hidden(client.page(f"/form/{link.id}?open={item.id}"))
    address = f"/form/{link.id}/draft/{item.id}"
    accept = {"Accept": "application/json"}

    first = client.post(address, data={**sent, **_typed("Half")}, headers=accept)
    late = client.post(address, data={**sent, **_typed("Half a")}, headers=accept)
    second = client.post(address, data={**sent, **_typed("Half a"), "version": first.json["version"]}, headers=accept)

    assert (first.status_code, late.status_code, second.status_code) == (200, 409, 200)
    assert count(SharedDraft) == 1


def test_somebody_signed_in_comes_to_the_same_form(enter: Enter, followed: Office, link: AnswerLink) -> None:
    client = enter(followed.police.email)
    address = f"/answers/form/{link.body_id}/{followed.issuer.slug}"
    assert client.page("/answers").css_first(f'form[action="{address}"]')

    there = client.send(address, on="/answers")

    assert there.location == f"/form/{link.id}"
    assert client.get(there.location).status_code == 200


def test_the_whole_form_stands_on_one_page_to_print(client: CheckingClient, link: AnswerLink) -> None:
    press(client, link, confirm=items_of(link, TODAY)["2023/8"].id)
    told = visible(client.get(f"/form/{link.id}/print"))

    for said in ("2018/35", "2023/8", "Teams in two districts.", "Draft, not sent yet", "https://example.org/teams"):
        assert said in told


def test_a_link_that_ended_says_so_on_its_page_and_in_its_form(
    enter: Enter, client: CheckingClient, link: AnswerLink, settings: Settings
) -> None:
    clock.use(lambda: link.expires_at + timedelta(days=1))

    assert "This link worked until" in visible(client.get(f"/form/{link.id}"))
    closed = enter().get(f"/answer?link={token_of(link, settings)}")
    assert (closed.status_code, "This link opens no form" in visible(closed)) == (404, True)


def test_the_form_is_handed_on_from_its_own_page_and_taken_back(client: CheckingClient, link: AnswerLink) -> None:
    address = f"/form/{link.id}/hand-on"
    assert "is not a mail address" in visible(client.send(address, 422, email="nobody", name="Head"))
    assert "your own address" in visible(client.send(address, 422, email="police@bodies.test", name="Head"))

    client.send(address, email="head@bodies.test", name="Head of service", note="Please look through it.")

    listed = client.page(address)
    assert "Head of service" in listed.css_first("main").text()
    assert "Who else has the form: Head of service" in visible(client.get(f"/form/{link.id}"))
    given = listed.css_first("input[name=given]").attributes["value"]
    client.send(f"/form/{link.id}/take-back", on=address, given=given)
    assert "Who else has the form" not in visible(client.get(address))


def test_a_coordinator_withdraws_the_links_of_a_focal_point(
    enter: Enter, client: CheckingClient, followed: Office, link: AnswerLink
) -> None:
    office = enter(followed.coordinator.email)
    address = office.page("/bodies/police").css_first("form[action$='/links']").attributes["action"]
    assert address is not None

    office.send(address, on="/bodies/police")

    assert "This link was withdrawn" in visible(client.get(f"/form/{link.id}"))
