"""Drafts are cut and joined by hand: no line is lost or taken twice, whatever is done in which order."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.intake.annexes import REGISTER, YEARS, annex, assert_every_line_is_accounted_for, reading_of
from tracker.intake import Leftover, Reading, RecommendationDraft, editing

TEXTS = [annex(year).decode() for year in YEARS]
TWO_IN_ONE = (
    "2024/1\tFormer la police.\tPolice\nFormer aussi les magistrats,\nchaque année.\n2024/3\tPublier.\tPolice\n"
)


def test_a_draft_is_split_at_a_line_and_both_are_read_anew() -> None:
    reading = reading_of(TWO_IN_ONE)
    draft = replace(reading.drafts[0], lines=(1, 3))
    above, below = editing.split(draft, reading.lines, 2, REGISTER)
    assert (above.code, above.text, above.lines) == ("2024/1", "Former la police.", (1, 1))
    assert (below.code, below.text, below.lines) == (None, "Former aussi les magistrats, chaque année.", (2, 3))
    assert [one.body for one in below.addressees] == ["police"], "it is addressed as the whole was"


def test_the_code_at_the_cut_becomes_that_of_the_second() -> None:
    reading = reading_of(TWO_IN_ONE)
    draft = replace(reading.drafts[0], lines=(1, 4))
    _above, below = editing.split(draft, reading.lines, 4, REGISTER)
    assert (below.code, below.text) == ("2024/3", "Publier.")


def test_two_drafts_are_joined_with_all_that_they_say() -> None:
    reading = reading_of("2024/1\tFormer la police et\tPolice\n2024/2\tles magistrats.\tMagistrats\n")
    joined = editing.join(*reading.drafts)
    assert joined.code == "2024/1"
    assert joined.text == "Former la police et\n2024/2 les magistrats."
    assert [one.body for one in joined.addressees] == ["police", "magistrats"]
    assert joined.lines == (1, 2)


def test_what_goes_on_in_the_middle_of_a_sentence_is_joined_into_it() -> None:
    reading = reading_of("2024/1\tFormer la police et\tPolice\n2024/2\tles magistrats.\tMagistrats\n")
    above, below = reading.drafts
    assert editing.join(above, replace(below, code=None)).text == "Former la police et les magistrats."


@settings(deadline=None, max_examples=60)
@given(
    st.sampled_from(TEXTS), st.lists(st.tuples(st.booleans(), st.integers(0, 999), st.integers(0, 999)), max_size=12)
)
def test_every_line_stays_in_one_draft_or_left_over(text: str, acts: list[tuple[bool, int, int]]) -> None:
    reading = reading_of(text)
    for is_split, which, where in acts:
        drafts = list(reading.drafts)
        at = which % len(drafts)
        first, last = drafts[at].lines
        if is_split and first < last:
            drafts[at : at + 1] = editing.split(drafts[at], reading.lines, first + 1 + where % (last - first), REGISTER)
        elif not is_split and at + 1 < len(drafts):
            drafts[at : at + 2] = [editing.join(drafts[at], drafts[at + 1])]
        reading = _with(reading, drafts)
        assert_every_line_is_accounted_for(reading)
        assert all(RecommendationDraft.from_json(one.to_json()) == one for one in drafts)


def _with(reading: Reading, drafts: list[RecommendationDraft]) -> Reading:
    inside = {number for draft in drafts for number in range(draft.lines[0], draft.lines[1] + 1)}
    leftover: tuple[Leftover, ...] = tuple(one for one in reading.leftover if one.line not in inside)
    return replace(reading, drafts=tuple(drafts), leftover=leftover)
