"""Files of separated values: any separator, quoted cells over several lines."""

import csv
import io
from collections import Counter

from tracker.intake.documents import Document, Line, Row, Table, on_one_line

_SEPARATORS = ";,\t|"
_LONGEST_CELL = 1_000_000


def separator_of(text: str) -> str | None:
    """What separates the cells: the sign that cuts most rows into the same number of two or more; None if none does."""
    best: tuple[float, int, str] | None = None
    for sign in _SEPARATORS:
        widths = Counter(len(row) for row in _rows(text[:200_000], sign) if row)
        if not widths:
            continue
        width, times = max(widths.items(), key=lambda one: (one[1] * (one[0] > 1), one[0]))
        share = times / sum(widths.values())
        if width > 1 and share > 0.5 and (best is None or (round(share, 1), width) > best[:2]):
            best = round(share, 1), width, sign
    return best[2] if best else None


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
