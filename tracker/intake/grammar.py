"""The layout of an annex: rows of a code, a text and addressees in columns, under headings and column heads.

Rows may be wrapped over several lines, and columns may have been lost when the text was pasted.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from tracker.intake import lines as looks
from tracker.intake.documents import Line
from tracker.intake.drafts import Leftover

_LONGEST_HEADING = 300


@dataclass
class Row:
    """One recommendation as it stands in the columns of the annex."""

    code: str | None
    section: str | None
    first: int
    last: int
    texts: list[str] = field(default_factory=list)
    addressees: list[str] = field(default_factory=list)
    is_labelled: bool = False
    """The word “Addressees” was seen: what follows is theirs."""
    has_late_text: bool = False
    """The code has addressees beside it and its text only on a later line: they may be two rows."""

    def begin(self, rest: str) -> None:
        """Take what stands behind the code on its line."""
        text, *others = looks.cells(rest)
        self._take_text(text)
        for cell in others:
            self._take_addressees(cell)

    def go_on(self, number: int, line: str) -> None:
        """Take a line that goes on with this row, column by column where it has columns."""
        self.last = number
        first, *others = looks.cells(line)
        if not others:
            self._take(first)
        elif first:
            self._take(first)
            for cell in others:
                self._take_addressees(cell)
        elif len(others) == 1:
            self._take(others[0])
        else:
            self._take_text(others[0])
            for cell in others[1:]:
                self._take_addressees(cell)

    def is_complete(self) -> bool:
        """Whether its text has come to an end and somebody is addressed."""
        return bool(self.addressees and self.texts) and self.texts[-1].endswith((".", "!", "?"))

    @property
    def text(self) -> str:
        """Its wording, unwrapped."""
        return looks.joined(self.texts)

    @property
    def addressed_to(self) -> str:
        """Its addressees as written, a line for each line of the file."""
        return looks.joined(self.addressees, between="\n")

    def _take(self, part: str) -> None:
        if self.addressees or self.is_labelled:
            self._take_addressees(part)
        else:
            self._take_text(part)

    def _take_text(self, part: str) -> None:
        named = looks.without_label(part)
        if named is not None and self.texts:
            self.is_labelled = True
            self._take_addressees(named)
        elif part:
            self.has_late_text = self.has_late_text or bool(self.addressees and not self.texts)
            self.texts.append(part)

    def _take_addressees(self, part: str) -> None:
        named = looks.without_label(part)
        if named is not None:
            self.is_labelled = True
        part = part if named is None else named
        if part:
            self.addressees.append(part)


class Layout:
    """Walks down the lines of a document and puts each into a row or among what is left over."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self._lines = [line.text for line in lines]
        self.rows: list[Row] = []
        self.leftover: list[Leftover] = []
        self._section: str | None = None
        self._open: Row | None = None
        self._waiting: list[list[int]] = []
        """Paragraphs above the next row: the last may be its heading."""
        self._blanks: list[int] = []
        """Blank lines since the last line with text."""
        for number, line in enumerate(lines, start=1):
            if line.why:
                self._leave([number], line.why)  # it interrupts nothing: a row may go on behind it
            else:
                self._place(number, line.text)
        self._leave_blanks()
        self._settle(before_row=False)
        inside = {number for row in self.rows for number in range(row.first, row.last + 1)}
        self.leftover = sorted((one for one in self.leftover if one.line not in inside), key=lambda one: one.line)

    def is_annex(self) -> bool:
        """Whether the rows have what annexes print: addressees beside the text, or codes with a year."""
        telling = [row for row in self.rows if row.addressees or row.is_labelled or looks.is_of_a_year(row.code)]
        return bool(telling) and len(telling) * 2 >= len(self.rows)

    def _place(self, number: int, line: str) -> None:
        if not line.strip():
            self._blanks.append(number)
        elif looks.are_column_heads(line) and not self._is_label(line):
            self._settle()
            self._leave([number], "column_heads")
        elif (found := looks.code_and_rest(line)) is not None:
            self._begin(number, found[0], found[1])
        elif looks.is_page_number(line):
            self._leave([number], "page_number")
        elif looks.is_title(line) and (self._open is None or self._blanks):
            self._settle(before_row=False)
            self._leave([number], "title")
        elif self._goes_on(line):
            self._open_row.go_on(number, line)
            self._blanks.clear()  # they are inside the row
        elif line.startswith("\t") and len([cell for cell in looks.cells(line) if cell]) > 1:
            self._begin(number, None, line.lstrip("\t"))
        else:
            self._wait(number)

    @property
    def _open_row(self) -> Row:
        assert self._open is not None  # noqa: S101  # asked for only where a row is open
        return self._open

    def _goes_on(self, line: str) -> bool:
        if self._open is None:
            return False
        filled = [cell for cell in looks.cells(line) if cell]
        if line.startswith("\t") and len(filled) > 1:
            return not (self._open.is_complete() and filled[0][:1].isupper())
        if self._blanks:
            return looks.begins_in_the_middle(line)
        return not looks.is_in_capitals(line)

    def _is_label(self, line: str) -> bool:
        """Whether “Addressees” stands on a line of its own inside a row, and not as the head of a column."""
        is_inside = self._open is not None and not self._open.addressees and not self._blanks
        return is_inside and "\t" not in line.strip() and not line.startswith("\t")

    def _begin(self, number: int, code: str | None, rest: str) -> None:
        self._settle()
        self._leave_blanks()
        self._open = Row(code, self._section, number, number)
        self._open.begin(rest)
        self.rows.append(self._open)

    def _wait(self, number: int) -> None:
        if self._blanks or self._open is not None or not self._waiting:
            self._waiting.append([])
        self._open = None
        self._leave_blanks()
        self._waiting[-1].append(number)

    def _settle(self, before_row: bool = True) -> None:
        """Decide what the waiting paragraphs are, now that it is known what follows them."""
        self._open = None
        if before_row and self._waiting and self._is_heading(self._waiting[-1]):
            numbers = self._waiting.pop()
            self._section = looks.joined([self._lines[number - 1] for number in numbers])
            self._leave(numbers, "section")
        for numbers in self._waiting:
            self._leave(numbers, "title" if before_row and not self.rows and self._is_heading(numbers) else "other")
        self._waiting = []

    def _is_heading(self, numbers: list[int]) -> bool:
        text = looks.joined([self._lines[number - 1] for number in numbers])
        return len(text) <= _LONGEST_HEADING and not text.endswith((".", ";", ","))

    def _leave_blanks(self) -> None:
        self._leave(self._blanks, "blank")
        self._blanks = []

    def _leave(self, numbers: list[int], why: str) -> None:
        self.leftover += [Leftover(number, self._lines[number - 1], why) for number in numbers]
