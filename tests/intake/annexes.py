"""The two annexes of Myria and a way to write a small one."""

from pathlib import Path

import tracker
from tracker.intake import Finding, Reading, Register, read

FOLDER = Path(tracker.__file__).parent / "demo" / "annexes"
YEARS = (2018, 2023)
REGISTER = Register.shipped()


def annex(year: int) -> bytes:
    """An annex as it was published, in UTF-8."""
    return (FOLDER / f"myria-{year}.txt").read_bytes()


def reading_of(text: str) -> Reading:
    """The reading of a text that was saved as UTF-8."""
    return read(text.encode(), "annex.txt", REGISTER)


def codes_of(findings: tuple[Finding, ...]) -> list[str]:
    """The short words of findings."""
    return [finding.code for finding in findings]


def assert_every_line_is_accounted_for(reading: Reading) -> None:
    """Each line is in one recommendation, or left over with a reason, never both."""
    inside = [number for draft in reading.drafts for number in range(draft.lines[0], draft.lines[1] + 1)]
    left = [one.line for one in reading.leftover]
    assert sorted(inside + left) == list(range(1, len(reading.lines) + 1))
    assert all(one.why and one.text == reading.lines[one.line - 1] for one in reading.leftover)
