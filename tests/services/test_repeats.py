"""A form sent twice, as by a double click, is recorded once and answered as if it were the first."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.making import BEGIN, Office
from tracker import database
from tracker.domain.moves import Answer
from tracker.domain.vocabulary import Channel, Implementation, Response
from tracker.errors import TimelineMoved
from tracker.models import Addressee, Entry
from tracker.queries import entries
from tracker.services import answers, ends, people, review

SAID = Answer(Response.ACCEPTED, Implementation.PARTIALLY, done="A list is used.", links=("https://example.org",))
ON_PAPER = Answer(
    Response.NOT_ACCEPTED, None, reason="Too dear.", channel=Channel.LETTER, received_on=BEGIN.date(), answered_by="X"
)
DUE = (BEGIN + timedelta(days=30)).date()
Sent = Callable[[Office, Addressee, int], Entry]
FORMS: dict[str, Sent] = {
    "an answer": lambda office, item, seen: answers.submit(item.id, SAID, seen=seen, by=office.police, at=BEGIN),
    "a letter": lambda office, item, seen: answers.submit(
        item.id, ON_PAPER, seen=seen, by=office.coordinator, at=BEGIN
    ),
    "filing": lambda office, item, seen: review.file(item.id, seen=seen, by=office.coordinator, at=BEGIN),
    "a finding": lambda office, item, seen: review.assess(
        item.id, Implementation.FULLY, "Seen on the spot.", seen=seen, by=office.coordinator, at=BEGIN
    ),
    "a question": lambda office, item, seen: review.return_(
        item.id, "Which list?", DUE, seen=seen, by=office.coordinator, at=BEGIN
    ),
}


@pytest.fixture
def item(office: Office) -> Addressee:
    """An addressee that was asked and has answered, so that every form can be sent about it."""
    office.ask()
    police = office.addressee("2023/8", "police")
    office.answer(police, office.police)
    return police


@pytest.mark.parametrize("form", FORMS)
def test_a_form_that_is_sent_twice_is_recorded_once(office: Office, item: Addressee, form: str) -> None:
    seen = office.seen(item)

    first, second = FORMS[form](office, item, seen), FORMS[form](office, item, seen)

    assert first.seq == second.seq
    assert office.seen(item) == seen + 1


@pytest.mark.parametrize("form", FORMS)
def test_the_same_from_a_page_that_showed_it_is_recorded_again_or_refused_by_the_rules(
    office: Office, item: Addressee, form: str
) -> None:
    seen = office.seen(item)
    FORMS[form](office, item, seen)
    FORMS["an answer"](office, item, seen + 1)

    FORMS[form](office, item, seen + 2)

    assert office.seen(item) == seen + 3


def test_another_answer_from_the_same_page_is_refused(office: Office, item: Addressee) -> None:
    seen = office.seen(item)
    answers.submit(item.id, SAID, seen=seen, by=office.police, at=BEGIN)

    for other in (
        Answer(Response.ACCEPTED, None, done=SAID.done, links=SAID.links),
        Answer(Response.ACCEPTED, Implementation.PARTIALLY, done="Another list is used.", links=SAID.links),
    ):
        with pytest.raises(TimelineMoved):
            answers.submit(item.id, other, seen=seen, by=office.police, at=BEGIN)
    with pytest.raises(TimelineMoved):  # a page that nobody was shown
        answers.submit(item.id, SAID, seen=99, by=office.police, at=BEGIN)


def test_the_same_words_of_somebody_else_are_not_a_repeat(office: Office, item: Addressee) -> None:
    seen = office.seen(item)
    colleague = people.add("desk@bodies.test", "Desk, police", "nl", answers_for="police", from_on=BEGIN.date())
    answers.submit(item.id, SAID, seen=seen, by=colleague, at=BEGIN)

    with pytest.raises(TimelineMoved):
        answers.submit(item.id, SAID, seen=seen, by=office.police, at=BEGIN)


def test_a_withdrawal_that_is_sent_twice_is_recorded_once(office: Office, item: Addressee) -> None:
    def withdraw() -> Entry:
        return ends.withdraw(item.recommendation_id, "The law changed.", by=office.coordinator, at=BEGIN)

    assert withdraw().seq == withdraw().seq
    with database.reading():
        assert entries.position(item.id) == 3
