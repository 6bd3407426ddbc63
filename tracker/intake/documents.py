"""A document as every reader hands it over: its lines as a person would number them, and its tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import zip_longest
from typing import Any


@dataclass(frozen=True)
class Line:
    """One line: of a text, a paragraph, or a row of a table with tabs between its cells."""

    text: str
    why: str = ""
    """Why it can belong to no recommendation, where the reader knows: a code of `drafts.why_label`."""
    is_heading: bool = False
    """Whether the document itself sets it as a heading."""
    place: tuple[int, ...] = ()
    """Where it is printed, if anywhere: page from 1, left, top, right, bottom in points; empty for a blank line."""


@dataclass(frozen=True)
class Row:
    """One row of a table. A cell that spans several columns stands in the first of them."""

    cells: tuple[str, ...]
    first: int
    """Its first line, from 1; a cell of a separated file may go over several."""
    last: int

    @property
    def filled(self) -> list[str]:
        """The cells that hold something."""
        return [cell for cell in self.cells if cell.strip()]


@dataclass(frozen=True)
class Table:
    """Rows one below the other, in one sheet or between two paragraphs."""

    rows: tuple[Row, ...]
    name: str = ""
    """Of its sheet."""


@dataclass(frozen=True)
class Document:
    """What a reader found in a file."""

    kind: str
    """text, separated, sheet, word, pdf or web."""
    encoding: str
    """Empty where the format settles it."""
    lines: tuple[Line, ...]
    tables: tuple[Table, ...] = ()
    notes: tuple[str, ...] = ()
    """Codes of findings about the document as a whole."""
    sheets: tuple[tuple[int, int], ...] = ()
    """Width and height in points of its pages, where it has any."""

    def to_json(self) -> dict[str, Any]:
        """A plain dict, which `from_json` reads back without loss."""
        return asdict(self)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Document:
        """The document that `to_json` wrote."""
        return cls(
            kind=stored["kind"],
            encoding=stored["encoding"],
            lines=tuple(Line(**{**one, "place": tuple(one["place"])}) for one in stored["lines"]),
            tables=tuple(
                Table(tuple(Row(tuple(row["cells"]), row["first"], row["last"]) for row in one["rows"]), one["name"])
                for one in stored["tables"]
            ),
            notes=tuple(stored["notes"]),
            sheets=tuple((width, height) for width, height in stored["sheets"]),
        )


class Builder:
    """Collects the lines and tables of a document in the order in which they stand."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.tables: list[Table] = []
        self.notes: list[str] = []

    def line(self, text: str, why: str = "", *, is_heading: bool = False, place: tuple[int, ...] = ()) -> None:
        """Add one line."""
        self.lines.append(Line(text, why, is_heading, place))

    def table(self, rows: list[list[str]], name: str = "", places: Sequence[tuple[int, ...]] = ()) -> None:
        """Add a table whose rows take one line each; `places` has where each is printed."""
        begun = len(self.lines)
        for row, place in zip_longest(rows, places, fillvalue=()):
            self.line("\t".join(on_one_line(cell) for cell in row), place=tuple(place))
        numbered = tuple(Row(tuple(row), number, number) for number, row in enumerate(rows, start=begun + 1))
        self.tables.append(Table(numbered, name))

    def document(self, kind: str, encoding: str = "", sheets: Sequence[tuple[int, int]] = ()) -> Document:
        """What was collected."""
        return Document(kind, encoding, tuple(self.lines), tuple(self.tables), tuple(self.notes), tuple(sheets))


def on_one_line(cell: str) -> str:
    """A cell as it is shown among the lines."""
    return " ".join(cell.split())
