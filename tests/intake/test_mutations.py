"""Annexes that were damaged at random: reading never breaks, and no line is lost."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.intake.annexes import REGISTER, YEARS, annex, assert_every_line_is_accounted_for, reading_of
from tracker.errors import NotReadable
from tracker.intake import Reading, check, read

LINES = [annex(year).decode().split("\n") for year in YEARS]
FRAGMENTS = st.text(alphabet="\t\n -,;()./«»0123456789AaéÉ'’etDestinatairesPolice\u00a0\x0c", max_size=60)


@st.composite
def damaged(draw: st.DrawFn) -> str:
    """An annex with lines dropped, doubled, emptied, cut, joined or replaced."""
    lines = list(draw(st.sampled_from(LINES)))
    for _ in range(draw(st.integers(1, 8))):
        if not lines:
            break
        place = draw(st.integers(0, len(lines) - 1))
        match draw(st.sampled_from(["drop", "double", "blank", "cut", "join", "replace", "swap"])):
            case "drop":
                del lines[place]
            case "double":
                lines.insert(place, lines[place])
            case "blank":
                lines.insert(place, "")
            case "cut":
                at = draw(st.integers(0, len(lines[place])))
                lines[place : place + 1] = [lines[place][:at], lines[place][at:]]
            case "join":
                lines[place : place + 2] = ["".join(lines[place : place + 2])]
            case "replace":
                lines[place] = draw(FRAGMENTS)
            case "swap":
                lines[place], lines[0] = lines[0], lines[place]
    return "\n".join(lines)


@settings(deadline=None, max_examples=150)
@given(damaged())
def test_a_damaged_annex_is_read_with_every_line_accounted_for(text: str) -> None:
    try:
        reading = reading_of(text)
    except NotReadable:
        return
    assert_every_line_is_accounted_for(reading)
    assert Reading.from_json(json.loads(json.dumps(reading.to_json()))) == reading
    assert check(reading.drafts) == list(reading.drafts)


@settings(deadline=None, max_examples=150)
@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=400) | FRAGMENTS)
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        assert_every_line_is_accounted_for(reading_of(text))
    except NotReadable:
        return


@settings(deadline=None, max_examples=100)
@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    try:
        assert_every_line_is_accounted_for(read(content, "annex.txt", REGISTER))
    except NotReadable:
        return
