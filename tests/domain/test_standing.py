"""From entries to standings."""

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.standing import Happening, Standing, fold
from tracker.domain.vocabulary import ANSWERS, FINDINGS, SEVEN, EntryKind, Implementation, Response

FIRST = date(2024, 1, 1)


def happening(seq: int, kind: EntryKind, day: int, about: int | None = None, **facts: Any) -> Happening:
    return Happening(seq, kind, facts, about, FIRST + timedelta(days=day))


ISSUED = happening(1, EntryKind.ISSUED, 0, body="police", role="implementer")


def asked(seq: int, day: int, due: int, name: str = "one") -> Happening:
    return happening(seq, EntryKind.ASKED, day, round=name, due_on=str(FIRST + timedelta(days=due)))


def answered(seq: int, day: int, **facts: Any) -> Happening:
    return happening(seq, EntryKind.ANSWERED, day, **{"response": "accepted", **facts})


def last(*happenings: Happening) -> Standing:
    return fold(happenings)[-1]


def test_an_addressee_begins_awaited_and_not_assessed() -> None:
    assert fold([ISSUED]) == [Standing(FIRST, None, "police")]


def test_nothing_is_true_before_it_was_issued() -> None:
    assert fold([asked(1, 0, 30)]) == []


def test_an_answer_ends_what_was_expected_and_waits_for_review() -> None:
    standing = last(ISSUED, asked(2, 1, 30), answered(3, 5, reported="partially", round="one"))

    assert standing.reply_due_on is None
    assert standing.response is Response.ACCEPTED
    assert standing.reported is Implementation.PARTIALLY
    assert standing.unreviewed == 3
    assert standing.last_answer_on == FIRST + timedelta(days=5)


def test_filing_changes_nothing_but_the_queue() -> None:
    before = last(ISSUED, answered(2, 5, reported="fully"))
    after = last(ISSUED, answered(2, 5, reported="fully"), happening(3, EntryKind.FILED, 5, about=2))

    assert after.unreviewed is None
    assert (after.reported, after.assessed) == (before.reported, before.assessed)


def test_filing_an_older_answer_leaves_the_newer_one_to_review() -> None:
    filed = happening(4, EntryKind.FILED, 6, about=2)

    assert last(ISSUED, answered(2, 5), answered(3, 6), filed).unreviewed == 3


def test_an_older_letter_waits_for_review_beside_the_newer_answer() -> None:
    """Recorded after the form of day 10, received before it: filing one leaves the other."""
    form, letter = answered(2, 10), answered(3, 5)

    assert last(ISSUED, form, letter).unreviewed == 2
    assert last(ISSUED, form, letter, happening(4, EntryKind.FILED, 14, about=2)).unreviewed == 3
    assert last(ISSUED, form, letter, happening(4, EntryKind.FILED, 14, about=3)).unreviewed == 2
    both = (happening(4, EntryKind.FILED, 14, about=2), happening(5, EntryKind.FILED, 14, about=3))
    assert last(ISSUED, form, letter, *both).unreviewed is None


def test_whoever_files_an_answer_files_those_it_replaced() -> None:
    filed = happening(4, EntryKind.FILED, 6, about=3)

    assert last(ISSUED, answered(2, 5), answered(3, 6), filed).unreviewed is None


def test_a_paper_answer_counts_on_the_day_it_was_received() -> None:
    standings = fold([ISSUED, asked(2, 10, 40), answered(3, 20), answered(4, 15, reported="fully")])

    assert [(one.from_on - FIRST).days for one in standings] == [0, 10, 15, 20]
    assert standings[-1].reported is None  # the form of day 20 is the later word, although recorded before


def test_a_paper_answer_from_before_the_round_was_opened_settles_it() -> None:
    assert last(ISSUED, asked(2, 10, 40), answered(3, 8, round="one")).reply_due_on is None


def test_a_returned_answer_is_expected_again_by_the_day_of_the_question() -> None:
    question = happening(4, EntryKind.RETURNED, 7, about=3, due_on="2024-02-15")
    standing = last(ISSUED, asked(2, 1, 30), answered(3, 5, round="one"), question)

    assert (standing.reply_due_on, standing.unreviewed) == (date(2024, 2, 15), None)


def test_moving_a_due_date_keeps_the_original() -> None:
    standing = last(ISSUED, asked(2, 1, 30), happening(3, EntryKind.DUE_MOVED, 3, due_on="2024-03-01"))

    assert standing.reply_due_on == date(2024, 3, 1)
    assert standing.original_due_on == FIRST + timedelta(days=30)


def test_a_lapse_takes_the_finding_back() -> None:
    found = happening(2, EntryKind.ASSESSED, 3, assessed="continuing")

    assert last(ISSUED, found, happening(3, EntryKind.LAPSED, 400)).assessed is Implementation.NOT_ASSESSED


def test_a_withdrawal_ends_what_is_true() -> None:
    standings = fold([ISSUED, answered(2, 5), happening(3, EntryKind.WITHDRAWN, 9)])

    assert standings[-1].until_on == FIRST + timedelta(days=9)


def test_what_is_published_is_what_the_publication_points_at() -> None:
    standing = last(ISSUED, answered(2, 5, reported="fully"), happening(3, EntryKind.PUBLISHED, 8, about=2))

    assert standing.published_reported is Implementation.FULLY
    assert standing.published_assessed is Implementation.NOT_ASSESSED


def test_succession_moves_the_acting_body() -> None:
    assert last(ISSUED, happening(2, EntryKind.TAKEN_OVER, 5, body="inspectorate")).body == "inspectorate"


@st.composite
def stories(draw: st.DrawFn) -> list[Happening]:
    """A plausible life: any order of kinds, days that may lie in the past."""
    story = [ISSUED]
    for seq in range(2, draw(st.integers(2, 14))):
        day = draw(st.integers(0, 60))
        kind = draw(st.sampled_from(["asked", "answered", "filed", "assessed", "lapsed", "due_moved", "returned"]))
        story.append(
            {
                "asked": asked(seq, day, day + 30, draw(st.sampled_from(["one", "two"]))),
                "answered": answered(
                    seq,
                    day,
                    response=draw(st.sampled_from(ANSWERS)).value,
                    reported=draw(st.sampled_from([None, *SEVEN])),
                    round=draw(st.sampled_from(["one", "two"])),
                ),
                "filed": happening(seq, EntryKind.FILED, day, about=draw(st.integers(1, seq - 1))),
                "assessed": happening(seq, EntryKind.ASSESSED, day, assessed=draw(st.sampled_from(FINDINGS)).value),
                "lapsed": happening(seq, EntryKind.LAPSED, day),
                "due_moved": happening(seq, EntryKind.DUE_MOVED, day, due_on="2024-06-01"),
                "returned": happening(seq, EntryKind.RETURNED, day, about=seq - 1, due_on="2024-05-01"),
            }[kind]
        )
    return story


@given(stories())
def test_standings_follow_on_each_other_without_gap_or_overlap(story: list[Happening]) -> None:
    standings = fold(story)

    assert standings[0].from_on == FIRST
    assert standings[-1].until_on is None
    for before, after in pairwise(standings):
        assert before.until_on == after.from_on
        assert before.from_on < after.from_on


@given(stories(), st.randoms())
def test_the_order_in_which_entries_are_read_does_not_matter(story: list[Happening], random: Any) -> None:
    shuffled = list(story)
    random.shuffle(shuffled)

    assert fold(shuffled) == fold(story)


@given(stories(), st.integers(0, 60))
def test_what_was_true_on_a_day_is_what_had_counted_by_then(story: list[Happening], after: int) -> None:
    day = FIRST + timedelta(days=after)
    known = [one for one in story if one.counts_on <= day]

    then = next(one for one in fold(story) if one.from_on <= day and (one.until_on is None or one.until_on > day))
    by_then = fold(known)[-1]

    assert {**vars(then), "from_on": None, "until_on": None} == {**vars(by_then), "from_on": None, "until_on": None}


@given(stories())
def test_every_answer_that_nobody_dealt_with_comes_up_for_review(story: list[Happening]) -> None:
    answers = [one for one in story if one.kind is EntryKind.ANSWERED]
    days = {one.seq: one.counts_on for one in answers}
    looked_at = {one.about for one in story if one.about in days}
    while (seq := fold(story)[-1].unreviewed) is not None:
        looked_at.add(seq)
        story = [*story, happening(len(story) + 1, EntryKind.FILED, 61, about=seq)]

    for one in answers:
        assert any(seq >= one.seq and days[seq] >= one.counts_on for seq in looked_at)


def test_a_due_date_that_moves_keeps_the_first() -> None:
    moved = happening(3, EntryKind.DUE_MOVED, 20, due_on=str(FIRST + timedelta(days=60)))

    standing = last(ISSUED, asked(2, 10, 40), moved)

    assert standing.reply_due_on == FIRST + timedelta(days=60)
    assert standing.original_due_on == FIRST + timedelta(days=40)


def test_a_letter_received_before_the_due_date_moved_has_answered() -> None:
    moved = happening(3, EntryKind.DUE_MOVED, 20, due_on=str(FIRST + timedelta(days=60)))

    assert last(ISSUED, asked(2, 10, 40), moved, answered(4, 15, round="one")).reply_due_on is None


def test_a_withdrawn_question_gives_its_place_back() -> None:
    question = happening(4, EntryKind.RETURNED, 12, about=3, due_on=str(FIRST + timedelta(days=20)))
    due = str(FIRST + timedelta(days=40))
    nothing = happening(5, EntryKind.CORRECTED, 14, about=4, question="withdrawn")
    again = {"reply_due_on": due, "original_due_on": due, "asked_seq": 2}
    round_ = happening(5, EntryKind.CORRECTED, 14, about=4, question="withdrawn", **again)
    before = (ISSUED, asked(2, 10, 40), answered(3, 5), question)

    assert last(*before).reply_due_on == FIRST + timedelta(days=20)
    assert last(*before, nothing).reply_due_on is None
    assert last(*before, round_).reply_due_on == FIRST + timedelta(days=40)
    assert last(*before, round_, answered(6, 11, round="one")).reply_due_on is None
