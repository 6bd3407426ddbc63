"""Due dates that move and questions that are withdrawn: what is expected, what figures say, what stays."""

import contextlib
import random
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from tests.making import BEGIN, Office
from tracker import database
from tracker.domain.vocabulary import Channel, EntryKind
from tracker.errors import NotAllowed, NotFound, TimelineMoved
from tracker.models import Addressee, Entry, ExpectedReply, StandingRow
from tracker.queries import verify
from tracker.services import due_dates, review, rounds

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
        verdict = verify.verify()
    assert verdict.ok, verdict.sentence


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


@pytest.mark.parametrize("is_in_round", [True, False])
def test_a_question_whose_place_a_second_one_had_taken_is_expected_again(office: Office, is_in_round: bool) -> None:
    """It is, though the round in which both were asked has long had its reply."""
    police = office.addressee("2023/8", "police")
    if is_in_round:
        office.ask()
    office.answer(police, office.police, at=BEGIN + timedelta(days=2))
    question(office, police, date(2024, 12, 1))
    letter(office, police, BEGIN.date() + timedelta(days=1), at=LATER)
    question(office, police, date(2024, 12, 20))

    withdraw(office, police)

    [open_reply] = [one for one in replies(police) if one.is_open]
    assert open_reply.due_on == standing(police).reply_due_on == date(2024, 12, 1)
    holds()
    move(office, police)
    assert standing(police).reply_due_on == NEW
    holds()


def letter(office: Office, addressee: Addressee, received_on: date, *, at: datetime) -> Entry:
    said = {"channel": Channel.LETTER, "received_on": received_on, "answered_by": "the police"}
    return office.answer(addressee, office.coordinator, at=at, **said)


@pytest.mark.parametrize("seed", range(4))
def test_whatever_happens_figures_and_reminders_name_the_same_day(office: Office, seed: int) -> None:
    police, chance, by = office.addressee("2023/8", "police"), random.Random(seed), office.coordinator  # noqa: S311
    for day in range(1, 13):
        at = BEGIN + timedelta(days=day)
        due, seen = at.date() + timedelta(days=chance.randint(1, 60)), office.seen(police)
        received_on = at.date() - timedelta(days=chance.randint(0, day))
        acts = {
            "ask": lambda at=at, due=due: office.ask(at=at, due_on=due),
            "form": lambda at=at: office.answer(police, office.police, at=at),
            "letter": lambda at=at, on=received_on: letter(office, police, on, at=at),
            "return": lambda at=at, due=due, seen=seen: review.return_(police.id, "?", due, seen=seen, by=by, at=at),
            "file": lambda at=at, seen=seen: review.file(police.id, seen=seen, by=by, at=at),
            "move": lambda at=at, due=due, seen=seen: due_dates.move(police.id, due, "x", seen=seen, by=by, at=at),
            "withdraw": lambda at=at, seen=seen: due_dates.withdraw_question(police.id, "", seen=seen, by=by, at=at),
        }
        act = chance.choices(list(acts), weights=[2, 2, 4, 6, 1, 2, 4])[0]
        with contextlib.suppress(NotAllowed, rounds.NobodyToAsk):
            acts[act]()
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
