"""To review: file, or assess with reasons."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from selectolax.lexbor import LexborHTMLParser
from sqlalchemy import select

from tests.making import BEGIN, Office
from tests.web.checking import Enter, visible
from tracker import clock, database
from tracker.domain.vocabulary import Channel, Implementation
from tracker.models import Addressee, StandingRow

COORDINATOR = "coordination@myria.test"


@pytest.fixture
def answered(office: Office) -> tuple[Addressee, Addressee]:
    """Two answers that wait, the prosecutor's the older."""
    police, prosecutor = office.addressee("2023/8", "police"), office.addressee("2018/40", "parquet-federal")
    office.answer(prosecutor, office.federal_prosecutor, reported=Implementation.FULLY, done="In every case.")
    office.answer(
        police, office.police, at=BEGIN + timedelta(days=3), reported=Implementation.PARTIALLY, done="A list is used."
    )
    return police, prosecutor


def standing(addressee: Addressee) -> StandingRow:
    with database.reading() as session:
        return session.scalars(select(StandingRow).filter_by(addressee_id=addressee.id, until_on=None)).one()


def test_the_answer_that_has_waited_longest_stands_first(enter: Enter, answered: tuple[Addressee, Addressee]) -> None:
    page = enter(COORDINATOR).page("/review")

    assert [node.text(strip=True) for node in page.css("tbody th")] == ["2018/40", "2023/8"]
    assert "Two answers" in page.css_first("h1").text()


def test_an_empty_queue_says_what_will_come(enter: Enter, office: Office) -> None:
    assert "No answer waits" in visible(enter(COORDINATOR).get("/review"))


def test_a_finding_deals_with_the_answer_and_leads_to_the_next(
    enter: Enter, office: Office, answered: tuple[Addressee, Addressee]
) -> None:
    police, prosecutor = answered
    client = enter(COORDINATOR)

    done = client.send(
        f"/review/{prosecutor.id}/assess",
        on=f"/review/{prosecutor.id}",
        assessed="partially",
        reason="Not in five of twelve.",
        seen=office.seen(prosecutor),
    )

    assert done.location == f"/review/{police.id}"
    assert standing(prosecutor).assessed is Implementation.PARTIALLY
    assert standing(prosecutor).unreviewed is None


def test_both_voices_stand_side_by_side(enter: Enter, answered: tuple[Addressee, Addressee]) -> None:
    shown = visible(enter(COORDINATOR).get(f"/review/{answered[1].id}"))

    assert "In every case." in shown
    assert "Fully implemented" in shown
    assert "Not yet assessed" in shown


def test_filing_leaves_the_finding_as_it_was(
    enter: Enter, office: Office, answered: tuple[Addressee, Addressee]
) -> None:
    police, _prosecutor = answered
    client = enter(COORDINATOR)

    client.send(f"/review/{police.id}/file", on=f"/review/{police.id}", seen=office.seen(police))

    assert standing(police).unreviewed is None
    assert standing(police).assessed is Implementation.NOT_ASSESSED


@pytest.mark.parametrize(
    ("assessed", "sentence"),
    [("fully", "Give the reason"), ("", "Choose what you find"), ("x", "Choose what you find")],
)
def test_a_finding_that_misses_something_is_told_at_its_field(
    enter: Enter, office: Office, answered: tuple[Addressee, Addressee], assessed: str, sentence: str
) -> None:
    police, _prosecutor = answered

    wrong = enter(COORDINATOR).send(
        f"/review/{police.id}/assess", 422, on=f"/review/{police.id}", assessed=assessed, seen=office.seen(police)
    )

    assert sentence in visible(wrong)


def test_a_finding_made_on_an_old_page_is_refused_with_what_is_new(
    enter: Enter, office: Office, answered: tuple[Addressee, Addressee]
) -> None:
    police, _prosecutor = answered
    seen = office.seen(police)
    office.answer(police, office.police, at=BEGIN + timedelta(days=4), reported=Implementation.FULLY, done="Newer.")
    client = enter(COORDINATOR)

    stale = client.send(
        f"/review/{police.id}/assess", 409, on=f"/review/{police.id}", assessed="partially", reason="Mine.", seen=seen
    )

    assert "Newer." in visible(stale)
    assert "Mine." in stale.text
    form = LexborHTMLParser(stale.text).css_first("#finding")
    assert form.css_first("input[name=seen]").attributes["value"] == str(office.seen(police))
    assert "New since you opened this page" in visible(stale)

    unfiled = client.send(f"/review/{police.id}/file", 409, on=f"/review/{police.id}", seen=seen)
    assert "New since you opened this page" in visible(unfiled)
    assert "What you wrote" not in visible(unfiled)
    assert LexborHTMLParser(unfiled.text).css_first("form[action$=file]")


def test_a_finding_on_an_answer_that_was_filed_meanwhile_is_taken_when_sent_once_more(
    enter: Enter, office: Office, answered: tuple[Addressee, Addressee]
) -> None:
    police, _prosecutor = answered
    page, seen, client = f"/review/{police.id}", office.seen(police), enter(COORDINATOR)
    said = {"assessed": "partially", "reason": "Mine."}
    client.send(f"{page}/file", on=page, seen=seen)

    stale = client.send(f"{page}/assess", 409, on=page, seen=seen, **said)
    again = LexborHTMLParser(stale.text).css_first("#finding input[name=seen]").attributes["value"]
    client.send(f"{page}/assess", on=page, seen=again, **said)

    assert standing(police).assessed is Implementation.PARTIALLY


def test_a_relay_can_only_be_filed(enter: Enter, office: Office) -> None:
    minister = office.addressee("2023/3", "ministre-de-la-justice")

    page = enter(COORDINATOR).page(f"/review/{minister.id}")

    assert not page.css("input[name=assessed]")


def test_an_answer_goes_back_with_a_question_which_the_body_sees_first(
    enter: Enter, office: Office, answered: tuple[Addressee, Addressee]
) -> None:
    police, prosecutor = answered
    clock.use(lambda: BEGIN + timedelta(days=4))
    coordinator = enter(COORDINATOR)

    sent = coordinator.send(
        f"/review/{police.id}/return",
        on=f"/review/{police.id}",
        question="How often was the list used?",
        due_on="2024-11-05",
        seen=office.seen(police),
    )

    assert sent.location == f"/review/{prosecutor.id}"
    body = enter("police@bodies.test")
    listed = body.page("/answers")
    assert listed.css_first("h2").text().startswith("Questions on your answers")
    assert "How often was the list used?" in listed.css_first(".r-item").text()
    form = body.page(f"/answers/{police.id}")
    assert "How often was the list used?" in form.css_first(".r-note").text()
    assert form.css_first("textarea[name=done]").text().strip() == "A list is used."

    body.send(
        f"/answers/{police.id}",
        response="accepted",
        reported="partially",
        done="Forty times.",
        seen=office.seen(police),
    )
    page = coordinator.page(f"/review/{police.id}")
    assert "How often was the list used?" in page.css_first(".r-pair").text()
    assert "Forty times." in page.css_first(".r-pair").text()


@pytest.mark.parametrize(
    ("question", "due_on", "sentence"),
    [
        ("", "2030-01-01", "Say what you want to know"),
        ("Why?", "2020-01-01", "choose a day after today"),
        ("Why?", "soon", "is not a date"),
        ("Why?", "", "Enter the day"),
    ],
)
def test_a_question_that_cannot_be_asked_says_why_and_keeps_what_was_typed(
    enter: Enter, answered: tuple[Addressee, Addressee], question: str, due_on: str, sentence: str
) -> None:
    page = f"/review/{answered[0].id}"
    refused = enter(COORDINATOR).send(f"{page}/return", 422, on=page, question=question, due_on=due_on, seen=9)
    assert sentence in visible(refused)
    assert question in refused.text
    assert "<details" in refused.text
    assert " open>" in refused.text


def test_a_question_asked_on_an_old_page_is_kept_and_sent_once_more(
    enter: Enter, office: Office, answered: tuple[Addressee, Addressee]
) -> None:
    page = f"/review/{answered[0].id}"
    moved = enter(COORDINATOR).send(f"{page}/return", 409, on=page, question="Why?", due_on="2030-01-01", seen=1)
    assert "Someone wrote here" in visible(moved)
    form = LexborHTMLParser(moved.text).css_first("details form")
    assert form.css_first("input[name=seen]").attributes["value"] == str(office.seen(answered[0]))


def test_a_long_queue_is_read_page_by_page(enter: Enter, office: Office) -> None:
    with database.reading() as session:
        addressees = session.scalars(select(Addressee).order_by(Addressee.id)).all()
    for n, addressee in enumerate(addressees[:30]):
        letter = {"channel": Channel.LETTER, "received_on": BEGIN.date()}
        office.answer(addressee, office.coordinator, at=BEGIN + timedelta(hours=n), **letter)
    client = enter(COORDINATOR)

    first = client.page("/review")
    second = client.page(first.css_first("a[rel=next]").attributes["href"])

    assert "30 answers" in first.css_first("h1").text()
    assert first.css_first("h1").text() == second.css_first("h1").text()
    assert [len(page.css("tbody tr")) for page in (first, second)] == [25, 5]
    assert first.css_first("a[rel=prev]") is second.css_first("a[rel=next]") is None
    back = client.page(second.css_first("a[rel=prev]").attributes["href"])
    assert back.css_first("tbody").text() == first.css_first("tbody").text()


def test_a_queue_costs_as_many_statements_whatever_its_length(
    enter: Enter, office: Office, answered: tuple[Addressee, Addressee], statements: Callable[[], int]
) -> None:
    client = enter(COORDINATOR)
    client.page("/review")
    before = statements()
    client.page("/review")
    with_two = statements() - before
    office.answer(office.addressee("2018/35", "police"), office.police)
    before = statements()
    client.page("/review")

    assert statements() - before == with_two
