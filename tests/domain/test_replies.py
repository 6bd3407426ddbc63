"""From entries to expected replies."""

from datetime import date, timedelta
from typing import Any

from tracker.domain.replies import Reply, replay
from tracker.domain.standing import Happening
from tracker.domain.vocabulary import EntryKind

FIRST = date(2024, 1, 1)
DUE, LATER = FIRST + timedelta(days=30), FIRST + timedelta(days=60)


def happening(seq: int, kind: EntryKind, about: int | None = None, **facts: Any) -> Happening:
    return Happening(seq, kind, facts, about, FIRST + timedelta(days=seq))


ASKED = happening(2, EntryKind.ASKED, round="one", due_on=str(DUE))
ANSWERED = happening(3, EntryKind.ANSWERED, response="accepted", round="one")
RETURNED = happening(4, EntryKind.RETURNED, about=3, due_on=str(LATER))


def last(*happenings: Happening) -> Reply:
    return replay(happenings)[-1]


def test_an_answer_ends_what_it_names() -> None:
    assert last(ASKED, ANSWERED) == Reply(2, FIRST + timedelta(days=2), DUE, DUE, "one", answered=3)


def test_an_answer_that_names_nothing_ends_nothing() -> None:
    letter = happening(5, EntryKind.ANSWERED, response="accepted")

    assert last(ASKED, ANSWERED, RETURNED, letter).is_open


def test_a_question_is_asked_within_the_round_of_the_answer() -> None:
    reply = last(ASKED, ANSWERED, RETURNED)

    assert (reply.asked, reply.round, reply.due_on, reply.is_open) == (4, "one", LATER, True)
    assert last(ASKED, ANSWERED, RETURNED, happening(5, EntryKind.ANSWERED, question=4)).answered == 5


def test_a_question_closes_what_another_round_expects() -> None:
    again = happening(4, EntryKind.ASKED, round="two", due_on=str(DUE))
    returned = happening(5, EntryKind.RETURNED, about=3, due_on=str(LATER))

    assert [(one.round, one.closed) for one in replay([ASKED, ANSWERED, again, returned])] == [
        ("one", None),
        ("two", 5),
        ("one", None),
    ]


def test_a_question_that_is_taken_back_gives_its_place_back() -> None:
    again = happening(4, EntryKind.ASKED, round="two", due_on=str(DUE))
    returned = happening(5, EntryKind.RETURNED, about=3, due_on=str(LATER))
    taken_back = happening(6, EntryKind.CORRECTED, about=5)

    assert [one.closed for one in replay([ASKED, ANSWERED, again, returned, taken_back])] == [None, None, 6]


def test_moving_a_due_date_keeps_the_original() -> None:
    reply = last(ASKED, happening(3, EntryKind.DUE_MOVED, due_on=str(LATER)))

    assert (reply.due_on, reply.original_due_on) == (LATER, DUE)


def test_a_withdrawal_closes() -> None:
    assert last(ASKED, happening(3, EntryKind.WITHDRAWN)).closed == 3
