"""Recommendations that stand in the rows of a table."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from tracker.intake import lines as looks
from tracker.intake.columns import Columns, are_heads, wordings_of
from tracker.intake.documents import Row, Table, on_one_line
from tracker.intake.drafts import Leftover
from tracker.intake.replies import AnswerCells, cells_of

_LONGEST_SECTION = 300
_SOURCE = re.compile(r"(?i)^\s*(source|source of position|position|bron|quelle)\s*:")
_LABEL = re.compile(r"(?i)^(theme|thème|thema|section|sectie|chapitre|hoofdstuk)\s*:\s*")


@dataclass
class TableRow:
    """One recommendation as it stands in a table."""

    code: str | None
    section: str | None
    text: str
    first: int
    last: int
    addressees: list[str] = field(default_factory=list)
    """One string a cell."""
    has_a_cell_each: bool = False
    """Whether each addressee has a column of its own."""
    other_texts: tuple[tuple[str, str], ...] = ()
    answers: list[AnswerCells] = field(default_factory=list)
    """What bodies answered, beside it."""


def rows_of(table: Table, columns: Columns) -> tuple[list[TableRow], list[tuple[Row, str]]]:
    """The recommendations of a table, and the other rows, each with why it is none."""
    found: list[TableRow] = []
    left: list[tuple[Row, str]] = []
    begins_with_codes = columns.code is None and _begin_with_codes(table, columns)
    fullness = _usual_fullness(table, columns)
    section: str | None = None
    above: TableRow | None = None  # what the next row may go on; nothing goes on over a heading
    for at, row in enumerate(table.rows):
        text = _cell(row, columns.text)
        if not row.filled:
            left.append((row, "blank"))
        elif columns.heads is not None and at < columns.heads:
            left.append((row, "title"))
        elif at == columns.heads or are_heads(row, columns, table):
            left.append((row, "column_heads"))
            above = None
        elif _is_section(row, text, columns, begins_with_codes, fullness):
            section = _LABEL.sub("", on_one_line(row.filled[0]))
            left.append((row, "section"))
            above = None
        elif not text:
            if above and _goes_on(row, columns, above):
                above.addressees += _named(row, columns)
                above.answers += _answers(row, columns)
                above.last = row.last
            else:
                left.append((row, "no_text"))
        else:
            one = _recommendation(row, text, columns, section, begins_with_codes)
            if above and _is_same(one, above):
                above.addressees += one.addressees
                above.answers += one.answers
                above.last = one.last
            else:
                found.append(one)
                above = one
    inside = {number for one in found for number in range(one.first, one.last + 1)}
    return found, [(row, why) for row, why in left if row.first not in inside]


def _cell(row: Row, at: int | None) -> str:
    return row.cells[at].strip() if at is not None and at < len(row.cells) else ""


def _begin_with_codes(table: Table, columns: Columns) -> bool:
    """Whether code and wording share a cell."""
    texts = [_cell(row, columns.text) for row in table.rows if len(row.filled) > 1]
    return bool(texts) and sum(looks.leading_code(text) is not None for text in texts) > 0.6 * len(texts)


def _usual_fullness(table: Table, columns: Columns) -> int:
    """How many cells most rows with a wording fill."""
    filled = sorted(len(row.filled) for row in table.rows if _cell(row, columns.text))
    return filled[len(filled) // 2] if filled else 0


def _is_section(row: Row, text: str, columns: Columns, begins_with_codes: bool, fullness: int) -> bool:
    """Whether one cell stands alone where other rows have several: a heading over all columns."""
    if len(row.filled) != 1 or len(row.filled[0]) > _LONGEST_SECTION or fullness < 2:
        return False
    if text and begins_with_codes:
        return looks.leading_code(text) is None
    code = looks.code_in(_cell(row, columns.code))
    is_code = len(code.split()) == 1 and any(character.isdigit() for character in code)
    return bool(text) == (row.cells[0].strip() == text) and not is_code


def _named(row: Row, columns: Columns) -> list[str]:
    """The cells of a row that name addressees."""
    return [cell for at in columns.addressees if (cell := _cell(row, at))]


def _goes_on(row: Row, columns: Columns, above: TableRow) -> bool:
    """Whether a row without a wording names further addressees of the one above."""
    code = _cell(row, columns.code)
    return bool(_named(row, columns)) and (not code or code == above.code)


def _answers(row: Row, columns: Columns) -> list[AnswerCells]:
    if columns.answers is None:
        return []
    answer = cells_of(row.cells, columns.answers, columns.addressees, row.first)
    return [answer] if answer else []


def _is_same(one: TableRow, before: TableRow) -> bool:
    """Whether a row repeats the one above for another addressee."""
    return bool(one.code) and (one.code, one.text) == (before.code, before.text) and one.addressees != before.addressees


def _recommendation(row: Row, text: str, columns: Columns, section: str | None, begins_with_codes: bool) -> TableRow:
    code: str | None = looks.code_in(_cell(row, columns.code)) or None
    leading = looks.leading_code(text) if begins_with_codes else None
    if leading is not None:
        code, text = leading
    return TableRow(
        code=code,
        section=on_one_line(_cell(row, columns.section)) or section,
        text=_wording(text),
        first=row.first,
        last=row.last,
        addressees=_named(row, columns),
        has_a_cell_each=len(columns.addressees) > 1,
        other_texts=tuple((language, _wording(other)) for language, other in wordings_of(columns, row)),
        answers=_answers(row, columns),
    )


def _wording(cell: str) -> str:
    """The wording in a cell, without the lines that say where a position comes from."""
    lines = cell.split("\n")
    kept = next((lines[:at] for at, line in enumerate(lines) if at and _SOURCE.match(line)), lines)
    return looks.paragraphs(kept)


def leftover(left: Iterable[tuple[Row, str]], texts: tuple[str, ...]) -> list[Leftover]:
    """What was left of tables, a line each."""
    return [
        Leftover(number, texts[number - 1], why if texts[number - 1].strip() else "blank")
        for row, why in left
        for number in range(row.first, row.last + 1)
    ]
