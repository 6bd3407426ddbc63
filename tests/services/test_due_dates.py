"""Due dates that move and questions that are withdrawn: what is expected, what figures say, what stays."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from tests.making import BEGIN, Office
from tracker import database
from tracker.domain.vocabulary import EntryKind
from tracker.errors import NotAllowed, NotFound, TimelineMoved
from tracker.models import Addressee, Entry, ExpectedReply, StandingRow
from tracker.queries import verify
from tracker.services import due_dates, review

LATER = BEGIN + timedelta(days=10)
NEW = date(2025, 3, 3)


def replies(addressee: Addressee) -> list[ExpectedReply]:
    with database.reading() as session:
        return list(
            session.scalars(select(ExpectedReply).filter_by(addressee_id=addressee.id).order_by(ExpectedReply.id))
        )


def standing(addressee: Addressee) -> StandingRow:
    with database.reading() as session:
        return session.scalars(select(StandingRow).filter_by(addressee_id=addressee.id, until_on=None)).one()


def move(office: Office, addressee: Addressee, to: date = NEW, reason: str = "A new head.") -> Entry:
    return due_dates.move(addressee.id, to, reason, seen=office.seen(addressee), by=office.coordinator, at=LATER)


def question(office: Office, addressee: Addressee, due_on: date = date(2024, 11, 15)) -> Entry:
    seen = office.seen(addressee)
    return review.return_(addressee.id, "How many?", due_on, seen=seen, by=office.coordinator, at=LATER)


def withdraw(office: Office, addressee: Addressee) -> Entry:
    seen = office.seen(addressee)
    return due_dates.withdraw_question(addressee.id, "Known by now.", seen=seen, by=office.coordinator, at=LATER)


def holds() -> None:
    with database.reading():
        assert verify.verify().ok


def test_a_due_date_moves_with_its_reason_and_the_first_is_kept(office: Office) -> None:
    office.ask()
    police = office.addressee("2023/8", "police")

    entry = move(office, police)

    [reply] = replies(police)
    assert (reply.due_on, reply.original_due_on, reply.is_open) == (NEW, date(2024, 12, 30), True)
    assert (standing(police).reply_due_on, standing(police).original_due_on) == (NEW, date(2024, 12, 30))
    assert (entry.kind, entry.about) == (EntryKind.DUE_MOVED, reply.asked_seq)
    holds()


@pytest.mark.parametrize(
    ("to", "reason", "sentence"),
    [
        (LATER.date(), "x", "choose a day after today"),
        (date(2044, 1, 1), "x", "more than ten years"),
        (NEW, "", "Say why"),
        (date(2024, 12, 30), "x", "on this day already"),
    ],
)
def test_a_due_date_that_cannot_move_says_why(office: Office, to: date, reason: str, sentence: str) -> None:
    office.ask()
    with pytest.raises(NotAllowed, match=sentence):
        move(office, office.addressee("2023/8", "police"), to, reason)


def test_nothing_moves_where_nothing_is_expected_or_an_old_page_was_seen(office: Office) -> None:
    police = office.addressee("2023/8", "police")
    with pytest.raises(NotAllowed, match="No reply is expected"):
        move(office, police)
    office.ask()
    with pytest.raises(TimelineMoved):
        due_dates.move(police.id, NEW, "x", seen=1, by=office.coordinator, at=LATER)
    for other in (office.reader, office.police):
        with pytest.raises(NotFound):
            due_dates.move(police.id, NEW, "x", seen=office.seen(police), by=other, at=LATER)


def test_a_round_moves_for_all_who_have_not_replied_and_leaves_questions_alone(office: Office) -> None:
    round_ = office.ask()
    answered, questioned = office.addressee("2023/3", "police"), office.addressee("2023/8", "police")
    for one in (answered, questioned):
        office.answer(one, office.police, at=BEGIN + timedelta(days=1))
    question(office, questioned)
    waiting = sum(one.is_open for one in _all_replies()) - 1

    moved = due_dates.move_round(round_.id, NEW, "Summer.", by=office.coordinator, at=LATER)

    assert moved == waiting > 3
    assert {one.due_on for one in _all_replies() if one.is_open} == {NEW, date(2024, 11, 15)}
    assert standing(questioned).reply_due_on == date(2024, 11, 15)
    with pytest.raises(NotAllowed, match="by another day"):
        due_dates.move_round(round_.id, NEW, "Summer.", by=office.coordinator, at=LATER)
    with pytest.raises(NotFound):
        due_dates.move_round(round_.id, NEW, "Summer.", by=office.reader, at=LATER)
    holds()


def _all_replies() -> list[ExpectedReply]:
    with database.reading() as session:
        return list(session.scalars(select(ExpectedReply)))


def test_a_withdrawn_question_is_expected_no_more_and_the_answer_stays(office: Office) -> None:
    police = office.addressee("2023/8", "police")
    office.answer(police, office.police, done="A list.")
    asked = question(office, police)

    entry = withdraw(office, police)

    [reply] = replies(police)
    assert (reply.is_open, reply.closed_seq) == (False, entry.seq)
    assert (entry.kind, entry.about) == (EntryKind.CORRECTED, asked.seq)
    assert standing(police).reply_due_on is None
    with pytest.raises(NotAllowed):
        withdraw(office, police)
    holds()


def test_a_reply_whose_place_the_question_had_taken_is_expected_again(office: Office) -> None:
    police = office.addressee("2023/8", "police")
    office.answer(police, office.police, done="A list.")
    office.ask()
    question(office, police)
    assert [one.is_open for one in replies(police)] == [False, True]

    withdraw(office, police)

    assert [one.is_open for one in replies(police)] == [True, False]
    assert standing(police).reply_due_on == date(2024, 12, 30)
    holds()


def test_a_round_s_reply_is_no_question_to_withdraw(office: Office) -> None:
    office.ask()
    with pytest.raises(NotAllowed, match="No question waits"):
        withdraw(office, office.addressee("2023/8", "police"))


def test_the_second_of_two_clicks_moves_and_withdraws_nothing_more(office: Office) -> None:
    police = office.addressee("2023/8", "police")
    office.answer(police, office.police, done="A list.")
    office.ask()
    question(office, police)
    seen, by = office.seen(police), office.coordinator

    moved = [due_dates.move(police.id, NEW, "x", seen=seen, by=by, at=LATER).seq for _click in range(2)]
    withdrawn = [due_dates.withdraw_question(police.id, "", seen=seen + 1, by=by, at=LATER).seq for _click in range(2)]

    assert moved[0] == moved[1]
    assert withdrawn[0] == withdrawn[1]
    assert office.seen(police) == seen + 2
