"""The form of an answer, in a browser."""

from datetime import date, timedelta

from selectolax.lexbor import LexborHTMLParser

from tests.making import BEGIN, Office
from tests.web.checking import Enter, visible
from tracker import clock, database
from tracker.domain.vocabulary import Channel, Implementation, Response
from tracker.queries import addressees, entries, people
from tracker.services import review

POLICE = "police@bodies.test"


def test_what_is_overdue_stands_first(enter: Enter, office: Office) -> None:
    office.ask("myria-2018", due_on=clock.today() + timedelta(days=10))
    office.ask("myria-2023", due_on=BEGIN.date() + timedelta(days=60))

    page = enter(POLICE).page("/answers")

    headings = [node.text() for node in page.css("h2")]
    assert headings == ["Past their due date", "To answer"]
    assert [node.text() for node in page.css(".r-item__code b")][:2] == ["2023/3", "2023/8"]


def test_what_is_answered_or_never_asked_comes_page_by_page(enter: Enter, office: Office) -> None:
    office.ask("myria-2018")
    office.answer(office.addressee("2018/36", "police"), office.police)
    with database.reading() as session:
        bodies = frozenset({people.body_by_slug(session, "police").id})
        due = [row.addressee.id for row in addressees.expected_of(bodies, BEGIN.date())]
        whole = addressees.others_of(bodies, BEGIN.date(), size=500)
        pages, after = [], None
        while True:
            page = addressees.others_of(bodies, BEGIN.date(), after=after, size=2)
            pages.append([row.addressee.id for row in page.rows])
            after = page.next
            if after is None:
                break
    flat = [one for page in pages for one in page]
    assert flat == [row.addressee.id for row in whole.rows]
    assert not set(flat) & set(due)
    assert (whole.answered, whole.answered + whole.unasked) == (1, len(flat))
    assert whole.rows[0].recommendation.code == "2018/36"

    later = enter(POLICE).page(f"/answers?after={flat[0]}")
    assert [node.text() for node in later.css("h2")] == ["Not asked yet"]
    assert later.css_first("h1").text() == "What else you were asked"


def test_nothing_asked_is_said_kindly(enter: Enter, office: Office) -> None:
    assert "Nothing waits for your answer" in enter(POLICE).page("/answers").css_first("h1").text()


def test_an_answer_goes_on_the_timeline(enter: Enter, office: Office) -> None:
    office.ask()
    item = office.addressee("2023/8", "police")
    client = enter(POLICE)

    sent = client.send(
        f"/answers/{item.id}",
        response="accepted",
        reported="partially",
        done="A list of signs is used.",
        since="2024-09-01",
        links="https://police.test/signs\nhttps://police.test/more",
        seen=office.seen(item),
    )

    assert sent.location == "/answers"
    assert "on the timeline" in visible(client.get("/answers"))
    with database.reading():
        told = entries.last_answer(item.id)
    assert told is not None
    assert (told.response, told.reported, told.channel) == (Response.ACCEPTED, Implementation.PARTIALLY, Channel.FORM)
    assert told.links == ["https://police.test/signs", "https://police.test/more"]


def test_the_form_begins_with_the_last_answer(enter: Enter, office: Office) -> None:
    item = office.addressee("2023/8", "police")
    office.answer(item, office.police, reported=Implementation.PARTIALLY, done="A list is used.")

    page = enter(POLICE).page(f"/answers/{item.id}")

    assert page.css_first("textarea[name=done]").text().strip() == "A list is used."
    assert page.css_first("input[name=reported][checked]").attributes["value"] == "partially"


def test_what_is_missing_is_told_at_its_field_and_nothing_is_lost(enter: Enter, office: Office) -> None:
    item = office.addressee("2023/8", "police")
    client = enter(POLICE)

    wrong = client.send(
        f"/answers/{item.id}",
        status=422,
        response="not_accepted",
        reported="fully",
        links="myria.be",
        since="yesterday",
        seen=office.seen(item),
    )

    told = visible(wrong)
    for sentence in ("Say why the body does not accept", "Say in a few sentences", "not a web address", "not a date"):
        assert sentence in told
    assert 'value="not_accepted" checked' in wrong.text
    assert 'value="yesterday"' in wrong.text


def test_an_empty_form_asks_for_a_response(enter: Enter, office: Office) -> None:
    item = office.addressee("2023/8", "police")

    assert "Choose whether" in visible(enter(POLICE).send(f"/answers/{item.id}", status=422, seen="1"))


def test_an_invented_code_is_no_answer(enter: Enter, office: Office) -> None:
    item = office.addressee("2023/8", "police")

    seen = office.seen(item)
    refused = enter(POLICE).send(f"/answers/{item.id}", status=422, response="yes", reported="maybe", seen=seen)

    assert "Choose whether" in visible(refused)
    assert office.seen(item) == seen, "nothing was recorded"


def test_a_stale_form_shows_both_versions_and_can_be_sent_again(enter: Enter, office: Office) -> None:
    item = office.addressee("2023/8", "police")
    seen = office.seen(item)
    office.answer(item, office.police, reported=Implementation.NOT_STARTED, reason="Theirs.")
    client = enter(POLICE)

    stale = client.send(
        f"/answers/{item.id}", status=409, response="accepted", reported="fully", done="Mine.", seen=seen
    )

    assert "Theirs." in visible(stale)
    assert ">Mine.</textarea>" in stale.text.replace("\r\n", "").replace("\n", "")
    again = LexborHTMLParser(stale.text).css_first("form.r-form input[name=seen]").attributes["value"]
    client.send(f"/answers/{item.id}", response="accepted", reported="fully", done="Mine.", seen=again)
    with database.reading():
        assert [told.words.get("done") for told in entries.timeline(item.id)][:2] == ["Mine.", None]


def test_another_body_s_item_is_not_there(enter: Enter, office: Office) -> None:
    item = office.addressee("2018/40", "parquet-federal")
    client = enter(POLICE)

    client.page(f"/answers/{item.id}", 404)
    assert client.post(f"/answers/{item.id}").status_code == 422  # no token
    client.send(f"/answers/{item.id}", status=404, on="/answers", response="accepted", seen=1)
    client.page("/answers/9999", 404)


def test_a_relay_is_not_asked_how_far_it_is(enter: Enter, office: Office) -> None:
    item = office.addressee("2023/3", "ministre-de-la-justice")

    page = enter("coordination@myria.test").page(f"/record/{item.id}")

    assert page.css("input[name=response]")
    assert not page.css("input[name=reported]")
    assert "partly or fully" not in page.body.text()


def test_a_letter_is_recorded_with_how_and_when_it_came(enter: Enter, office: Office) -> None:
    office.ask()
    item = office.addressee("2023/8", "police")
    client = enter("coordination@myria.test")
    letter = {
        "channel": "letter",
        "response": "accepted",
        "received_on": "2024-10-20",
        "answered_by": "The cabinet",
        "seen": office.seen(item),
    }

    sent = client.send(f"/record/{item.id}", **letter)

    assert sent.location == "/recommendations/myria-2023/2023-8"
    with database.reading():
        told = entries.last_answer(item.id)
    assert told is not None
    assert (told.channel, str(told.counts_on), told.words["answered_by"]) == (
        Channel.LETTER,
        "2024-10-20",
        "The cabinet",
    )


def test_a_letter_that_is_older_than_a_questioned_answer_says_that_a_reply_is_still_expected(
    enter: Enter, office: Office
) -> None:
    item = office.addressee("2023/8", "police")
    clock.use(lambda: BEGIN + timedelta(days=30))
    office.answer(item, office.police, at=BEGIN + timedelta(days=10))
    due_on, asked_at = date(2025, 1, 1), BEGIN + timedelta(days=12)
    review.return_(item.id, "How many?", due_on, seen=office.seen(item), by=office.coordinator, at=asked_at)
    client = enter("coordination@myria.test")
    letter = {"channel": "letter", "response": "not_accepted", "reason": "Too dear.", "received_on": "2024-10-05"}

    client.send(f"/record/{item.id}", **letter, seen=office.seen(item))

    assert "a reply is still expected" in visible(client.get("/review"))
    row = client.page("/review").css_first("tbody tr").text()
    assert "Not accepted" in row
    assert "answered since, on 11 October 2024" in visible(client.get(f"/review/{item.id}"))


def test_a_letter_without_its_day_is_told_so(enter: Enter, office: Office) -> None:
    item = office.addressee("2023/8", "police")
    client = enter("coordination@myria.test")

    wrong = client.send(f"/record/{item.id}", status=422, response="accepted", channel="letter", seen=office.seen(item))

    assert "the day on which the answer was received" in visible(wrong)


def test_what_somebody_wrote_is_shown_as_text(enter: Enter, office: Office) -> None:
    item = office.addressee("2023/8", "police")
    office.answer(item, office.police, reported=Implementation.PARTIALLY, done="<script>alert(1)</script>")

    assert "<script>alert" not in enter(POLICE).get(f"/answers/{item.id}").text
