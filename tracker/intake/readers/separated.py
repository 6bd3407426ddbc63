"""Files of separated values: any separator, quoted cells over several lines."""

import csv
import io
from collections import Counter

from tracker.intake.documents import Document, Line, Row, Table, on_one_line

_SEPARATORS = ";,\t|"
_NO_ACCIDENT = 5
"""Rows with the same number of cells."""
_LONGEST_CELL = 1_000_000


def separator_of(text: str) -> tuple[str, bool] | None:
    """The sign that cuts most rows into the same number of cells, and whether that is no accident."""
    best: tuple[float, int, str, int] | None = None
    for sign in _SEPARATORS:
        widths = Counter(len(row) for row in _rows(text[:200_000], sign) if row)
        if not widths:
            continue
        width, times = max(widths.items(), key=lambda one: (one[1] * (one[0] > 1), one[0]))
        share = times / sum(widths.values())
        if width > 1 and share > 0.5 and (best is None or (round(share, 1), width) > best[:2]):
            best = round(share, 1), width, sign, times
    if best is None:
        return None
    share, width, sign, times = best
    return sign, share >= 0.9 and width > 2 and times >= _NO_ACCIDENT and sign != "\t"  # annexes are printed with tabs


def _rows(text: str, sign: str) -> list[list[str]]:
    csv.field_size_limit(_LONGEST_CELL)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=sign))
    except csv.Error:
        return []


def read(text: str, encoding: str, sign: str, lines: list[str]) -> Document:
    """The rows of a text as one table; `lines` are its lines as a person numbers them."""
    csv.field_size_limit(_LONGEST_CELL)
    reader = csv.reader(io.StringIO(text.replace("\r\n", "\n").replace("\r", "\n"), newline=""), delimiter=sign)
    rows, begun = [], 0
    for cells in reader:
        rows.append(Row(tuple(cells), begun + 1, max(begun + 1, reader.line_num)))
        begun = reader.line_num
    shown = [Line(line) for line in lines]
    for row in rows:
        if row.first == row.last and row.first <= len(shown):
            shown[row.first - 1] = Line("\t".join(on_one_line(cell) for cell in row.cells))
    return Document("separated", encoding, tuple(shown), (Table(tuple(rows)),))
