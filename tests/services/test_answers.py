"""What bodies answer."""

import json
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from tests.making import BEGIN, Office
from tracker import database
from tracker.domain.moves import Answer
from tracker.domain.vocabulary import Channel, Implementation, Response
from tracker.errors import NotAllowed, NotFound, TimelineMoved
from tracker.models import Addressee, Entry, ExpectedReply, FocalPoint, StandingRow
from tracker.queries import entries
from tracker.queries.verify import verify
from tracker.services import answers, people, review

LATER = BEGIN + timedelta(days=20)


def standing(addressee: Addressee) -> StandingRow:
    with database.reading() as session:
        return session.scalars(select(StandingRow).filter_by(addressee_id=addressee.id, until_on=None)).one()


def expected(addressee: Addressee) -> ExpectedReply:
    with database.reading() as session:
        return session.scalars(select(ExpectedReply).filter_by(addressee_id=addressee.id)).one()


def test_an_answer_ends_the_expected_reply_and_waits_for_review(office: Office) -> None:
    office.ask()
    police = office.addressee("2023/8", "police")

    entry = office.answer(police, office.police, reported=Implementation.IN_PROGRESS)

    assert (expected(police).is_open, expected(police).answered_seq) == (False, entry.seq)
    assert standing(police).unreviewed == entry.seq
    assert standing(police).reply_due_on is None


def test_an_answer_written_on_an_old_page_is_refused_and_nothing_is_kept(office: Office) -> None:
    police = office.addressee("2023/8", "police")
    seen = office.seen(police)
    office.answer(police, office.police, reported=Implementation.IN_PROGRESS)

    with pytest.raises(TimelineMoved, match="while you were writing"):
        answers.submit(
            police.id, Answer(Response.NOT_ACCEPTED, None, reason="No."), seen=seen, by=office.police, at=BEGIN
        )

    assert standing(police).response is Response.ACCEPTED


def test_two_bodies_of_one_recommendation_never_refuse_each_other(office: Office) -> None:
    police, relay = (
        office.addressee("2018/36", "police"),
        office.addressee("2018/36", "cellule-interdepartementale-de-coordination"),
    )
    assert police.recommendation_id == relay.recommendation_id
    seen = office.seen(relay)
    office.answer(police, office.police, response=Response.NOT_ACCEPTED, reason="No.")

    letter = {"channel": Channel.LETTER, "received_on": BEGIN.date(), "answered_by": "Secretariat"}
    answers.submit(relay.id, Answer(Response.ACCEPTED, None, **letter), seen=seen, by=office.coordinator, at=BEGIN)

    assert [standing(one).response for one in (police, relay)] == [Response.NOT_ACCEPTED, Response.ACCEPTED]


def test_another_body_s_item_is_not_there(office: Office) -> None:
    police = office.addressee("2023/8", "police")

    with pytest.raises(NotFound):
        office.answer(police, office.federal_prosecutor)
    with pytest.raises(NotFound):
        office.answer(police, office.coordinator)


def test_a_focal_point_whose_time_is_over_answers_no_more(office: Office) -> None:
    police = office.addressee("2023/8", "police")
    with database.transaction() as session:
        session.scalars(select(FocalPoint).filter_by(person_id=office.police.id)).one().until_on = date(2024, 12, 1)

    with pytest.raises(NotFound):
        office.answer(police, office.police)


def test_the_rules_hold_for_callers_without_a_form(office: Office) -> None:
    police = office.addressee("2023/8", "police")

    with pytest.raises(NotAllowed, match="Say why"):
        office.answer(police, office.police, response=Response.NOT_ACCEPTED)


def test_a_coordinator_records_what_came_by_letter_and_the_timeline_says_so(office: Office) -> None:
    office.ask()
    police = office.addressee("2023/8", "police")
    received = (BEGIN + timedelta(days=5)).date()
    letter = Answer(Response.ACCEPTED, None, channel=Channel.LETTER, received_on=received, answered_by="The cabinet")

    entry = answers.submit(police.id, letter, seen=office.seen(police), by=office.coordinator, at=LATER)

    assert entry.counts_on == received
    assert entry.recorded_by_id == office.coordinator.id
    assert not expected(police).is_open
    assert standing(police).last_answer_on == received


def test_a_focal_point_records_no_paper(office: Office) -> None:
    police = office.addressee("2023/8", "police")
    letter = Answer(Response.ACCEPTED, None, channel=Channel.LETTER, received_on=BEGIN.date())

    with pytest.raises(NotFound):
        answers.submit(police.id, letter, seen=office.seen(police), by=office.police, at=LATER)


def test_filing_never_changes_the_finding_and_assessing_deals_with_the_answer(office: Office) -> None:
    police = office.addressee("2023/8", "police")
    office.answer(police, office.police, reported=Implementation.FULLY, done="Done.")
    review.file(police.id, seen=office.seen(police), by=office.coordinator, at=LATER)
    assert standing(police).assessed is Implementation.NOT_ASSESSED

    review.assess(police.id, Implementation.PARTIALLY, "", seen=office.seen(police), by=office.coordinator, at=LATER)
    assert standing(police).assessed is Implementation.PARTIALLY


def test_an_answer_is_filed_once(office: Office) -> None:
    police = office.addressee("2023/8", "police")
    office.answer(police, office.police)
    review.file(police.id, seen=office.seen(police), by=office.coordinator, at=LATER)

    with pytest.raises(NotAllowed, match="dealt with"):
        review.file(police.id, seen=office.seen(police), by=office.coordinator, at=LATER)


def test_a_relay_is_not_assessed(office: Office) -> None:
    minister = office.addressee("2023/3", "ministre-de-la-justice")

    with pytest.raises(NotAllowed, match="relay"):
        review.assess(
            minister.id, Implementation.FULLY, "x", seen=office.seen(minister), by=office.coordinator, at=LATER
        )


def test_only_the_issuer_s_coordinators_assess(office: Office) -> None:
    police = office.addressee("2023/8", "police")

    for person in (office.reader, office.police):
        with pytest.raises(NotFound):
            review.assess(police.id, Implementation.NOT_STARTED, "", seen=office.seen(police), by=person, at=LATER)


def test_a_finding_made_on_an_old_page_is_refused(office: Office) -> None:
    police = office.addressee("2023/8", "police")
    seen = office.seen(police)
    office.answer(police, office.police)

    with pytest.raises(TimelineMoved):
        review.assess(police.id, Implementation.NOT_STARTED, "", seen=seen, by=office.coordinator, at=LATER)


def test_a_refused_answer_leaves_no_entry(office: Office) -> None:
    police = office.addressee("2023/8", "police")
    with database.reading() as session:
        before = len(session.scalars(select(Entry.seq)).all())

    with pytest.raises(NotAllowed):
        office.answer(police, office.police, reported=Implementation.OVERTAKEN)

    with database.reading() as session:
        assert len(session.scalars(select(Entry.seq)).all()) == before


def test_a_wrong_address_of_a_person_is_refused(office: Office) -> None:
    for address in ("police", "a b@bodies.test", "x@", "a@b.test\nBcc: c@d.test"):
        with pytest.raises(Exception, match="not a mail address"):
            people.add(address, "Someone", "fr", from_on=BEGIN.date())


def open_reply(addressee: Addressee) -> ExpectedReply:
    with database.reading() as session:
        return session.scalars(select(ExpectedReply).filter_by(addressee_id=addressee.id, is_open=True)).one()


def returned(
    office: Office, addressee: Addressee, question: str = "How many?", days: int = 30, at: datetime = BEGIN
) -> Entry:
    due_on = BEGIN.date() + timedelta(days=days)
    return review.return_(addressee.id, question, due_on, seen=office.seen(addressee), by=office.coordinator, at=at)


def test_a_question_expects_a_reply_of_its_own_within_the_same_round(office: Office) -> None:
    opened = office.ask()
    police = office.addressee("2023/8", "police")
    answer = office.answer(police, office.police, done="A list is used.", reported=Implementation.PARTIALLY)

    question = returned(office, police)

    assert (standing(police).unreviewed, standing(police).reply_due_on) == (None, BEGIN.date() + timedelta(days=30))
    assert standing(police).reported is Implementation.PARTIALLY
    reply = open_reply(police)
    assert (reply.round_id, reply.asked_seq, question.about) == (opened.id, question.seq, answer.seq)
    with database.reading():
        assert entries.open_questions([police.id])[police.id].words == {"question": "How many?"}


def test_the_answer_to_a_question_closes_it(office: Office) -> None:
    office.ask()
    police = office.addressee("2023/8", "police")
    office.answer(police, office.police)
    question = returned(office, police)

    reply = office.answer(police, office.police, done="Forty.", at=BEGIN + timedelta(days=2))

    assert json.loads(reply.facts)["question"] == question.seq
    assert standing(police).reply_due_on is None
    with database.reading():
        assert entries.open_questions([police.id]) == {}
        assert verify().ok


def by_letter(office: Office, addressee: Addressee, received: int, recorded: int) -> Entry:
    """A letter received and recorded so many days after the beginning."""
    return office.answer(
        addressee,
        office.coordinator,
        channel=Channel.LETTER,
        received_on=BEGIN.date() + timedelta(days=received),
        at=BEGIN + timedelta(days=recorded),
    )


def test_a_letter_received_before_the_question_still_answers_it(office: Office) -> None:
    office.ask()
    police = office.addressee("2023/8", "police")
    office.answer(police, office.police)
    question = returned(office, police, at=BEGIN + timedelta(days=5))

    letter = by_letter(office, police, received=3, recorded=6)

    assert json.loads(letter.facts)["question"] == question.seq
    assert standing(police).reply_due_on is None
    with database.reading():
        assert verify().ok


def test_a_letter_older_than_the_answer_that_was_questioned_answers_nothing_and_is_reviewed(office: Office) -> None:
    office.ask()
    police = office.addressee("2023/8", "police")
    office.answer(police, office.police, at=BEGIN + timedelta(days=10))
    question = returned(office, police, at=BEGIN + timedelta(days=12))

    letter = by_letter(office, police, received=5, recorded=14)

    assert not {"question", "round"} & json.loads(letter.facts).keys()
    assert open_reply(police).asked_seq == question.seq
    assert standing(police).reply_due_on == BEGIN.date() + timedelta(days=30)
    assert standing(police).unreviewed == letter.seq
    with database.reading():
        assert verify().ok
    review.file(police.id, seen=office.seen(police), by=office.coordinator, at=LATER)
    assert standing(police).unreviewed is None


def test_a_letter_older_than_an_answer_is_no_reply_to_a_round_opened_since(office: Office) -> None:
    police = office.addressee("2023/8", "police")
    answer = office.answer(police, office.police, at=BEGIN + timedelta(days=10))
    office.ask(at=BEGIN + timedelta(days=12))

    letter = by_letter(office, police, received=5, recorded=14)

    assert open_reply(police).is_open
    for seq in (answer.seq, letter.seq):
        assert standing(police).unreviewed == seq
        review.file(police.id, seen=office.seen(police), by=office.coordinator, at=LATER)
    with database.reading():
        assert verify().ok


def test_an_answer_that_nobody_asked_for_can_be_returned_too(office: Office) -> None:
    police = office.addressee("2023/8", "police")
    office.answer(police, office.police)

    returned(office, police)

    assert open_reply(police).round_id is None
    office.answer(police, office.police, done="Forty.", at=BEGIN + timedelta(days=2))
    assert standing(police).reply_due_on is None


def test_a_question_takes_the_place_of_what_a_later_round_expects(office: Office) -> None:
    police = office.addressee("2023/8", "police")
    office.answer(police, office.police)
    office.ask()

    returned(office, police)

    assert open_reply(police).due_on == BEGIN.date() + timedelta(days=30)
    with database.reading():
        assert verify().ok


@pytest.mark.parametrize(("question", "days"), [("", 30), ("How many?", 0), ("How many?", -1)])
def test_a_question_owes_its_words_and_a_day_to_come(office: Office, question: str, days: int) -> None:
    police = office.addressee("2023/8", "police")
    office.answer(police, office.police)
    with pytest.raises(NotAllowed):
        returned(office, police, question, days)


def test_an_answer_is_returned_once_and_by_its_issuer(office: Office) -> None:
    police = office.addressee("2023/8", "police")
    with pytest.raises(NotAllowed, match="dealt with"):
        returned(office, police)
    office.answer(police, office.police)
    with pytest.raises(NotFound):
        review.return_(police.id, "?", BEGIN.date(), seen=office.seen(police), by=office.police, at=BEGIN)
    with pytest.raises(TimelineMoved):
        review.return_(police.id, "?", BEGIN.date(), seen=0, by=office.coordinator, at=BEGIN)
