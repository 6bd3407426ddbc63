"""PDF documents with text: lines in reading order, columns as tabs, ruled tables, running heads set apart."""

import io
import re
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from statistics import median
from typing import Any

from tracker.intake.documents import Builder, Document

MOST_PAGES = 1_500
_COLUMN_GAP = 2.2
"""Letters' heights of white space in a line that separate two columns."""
_PARAGRAPH_GAP = 1.35
"""Times the usual distance of lines that separate two paragraphs."""
_GLYPH = re.compile(r"\(cid:\d+\)")
_SMALL = 0.87
"""Of the body's size: a note below a page is set so."""
_LONGEST_HEAD = 200
"""Characters of a running head."""


class Scanned(Exception):
    """The pages are pictures: there is no text in them."""


class TooManyPages(Exception):
    """No annex has so many."""


@dataclass
class _Printed:
    """One line of a page."""

    text: str
    top: float
    bottom: float
    size: float
    is_bold: bool
    left: float
    right: float
    why: str = ""
    table: int | None = None
    """The table of the page that it is inside of."""


@dataclass
class _Grid:
    """A table of a page, and the box of each of its rows."""

    rows: list[list[str]]
    boxes: list[tuple[float, ...]]


def read(content: bytes, progress: Callable[[int, int, str], None] | None = None) -> Document:
    """The text of a PDF; `progress` is told how many pages of how many were read."""
    import pdfplumber

    pages: list[list[_Printed]] = []
    tables: list[list[_Grid]] = []
    sheets: list[tuple[int, int]] = []
    with pdfplumber.open(io.BytesIO(content)) as pdf:
        if len(pdf.pages) > MOST_PAGES:
            raise TooManyPages
        for number, page in enumerate(pdf.pages, start=1):
            printed, found = _page(page)
            pages.append(printed)
            tables.append(found)
            sheets.append((round(page.width), round(page.height)))
            page.close()
            if progress:
                progress(number, len(pdf.pages), "pages")
    if not any(pages):
        raise Scanned
    _set_apart_what_runs(pages)
    _set_notes_apart(pages)
    builder = Builder()
    _write(pages, tables, builder)
    return builder.document("pdf", sheets=sheets)


def _page(page: Any) -> tuple[list[_Printed], list[_Grid]]:
    page.process_object = partial(_object, page, page.process_object)
    gridded = [(one, one.extract()) for one in page.find_tables()]
    found = [(one, rows) for one, rows in gridded if _is_table(rows)]
    boxes = [one.bbox for one, _rows in found]
    words = page.extract_words(extra_attrs=["size", "fontname"], keep_blank_chars=False, use_text_flow=False)
    lines: list[list[dict[str, Any]]] = []
    for word in sorted(words, key=lambda word: (round(word["bottom"]), word["x0"])):
        if lines and abs(lines[-1][-1]["bottom"] - word["bottom"]) < max(2.5, word["size"] * 0.35):
            lines[-1].append(word)
        else:
            lines.append([word])
    starts = _column_starts(lines)
    printed = [_line(sorted(line, key=lambda word: word["x0"]), starts, boxes) for line in lines]
    return [one for one in printed if one.text.strip()], [
        _Grid([[(cell or "").strip() for cell in row] for row in rows], [row.bbox for row in one.rows])
        for one, rows in found
    ]


def _object(page: Any, whole: Callable[[Any], dict[str, Any]], one: Any) -> dict[str, Any]:
    """What is drawn on a page as the library's functions for words and tables ask for it.

    `whole` is the library's own. Of letters, which are almost everything on a page, it would work out colours and more
    that nothing here asks for: two thirds of the time that a long document takes.
    """
    if "graphicstate" not in one.__dict__ or isinstance(one.fontname, bytes):
        return whole(one)
    left, below = page.mediabox[:2]
    top, bottom = page.height - one.y1 + below, page.height - one.y0 + below
    return {
        "object_type": "char",
        "page_number": page.page_number,
        "text": one.get_text(),
        "x0": one.x0 + left,
        "x1": one.x1 + left,
        "top": top,
        "bottom": bottom,
        "doctop": page.initial_doctop + top,
        "width": one.width,
        "height": one.height,
        "size": one.size,
        "upright": one.upright,
        "fontname": one.fontname,
        "matrix": one.matrix,
    }


def _is_table(rows: list[list[str | None]]) -> bool:
    """Whether a grid of rules holds a table, and not a frame round a text."""
    filled = sum(bool(cell and cell.strip()) for row in rows for cell in row)
    return len(rows) > 1 and max(map(len, rows)) > 1 and filled * 3 >= sum(map(len, rows))


def _column_starts(lines: list[list[dict[str, Any]]]) -> list[float]:
    """Where columns begin: behind a wide gap, at the same place in three lines at least."""
    places = Counter(
        round(after["x0"] / 3)
        for line in lines
        for before, after in _neighbours(sorted(line, key=lambda word: word["x0"]))
        if after["x0"] - before["x1"] > _COLUMN_GAP * before["size"]
    )
    return sorted(place * 3.0 for place, times in places.items() if times >= 3)


def _neighbours(words: list[dict[str, Any]]) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    return list(pairwise(words))


def _line(words: list[dict[str, Any]], starts: list[float], boxes: list[tuple[float, ...]]) -> _Printed:
    size = median(word["size"] for word in words)
    words = [word for word in words if not _is_raised(word, size)] or words
    # A line that begins in a later column stands under that column.
    text = "\t" * sum(start <= words[0]["x0"] + 3 for start in starts)
    for before, word in zip([None, *words], words, strict=False):
        if before is not None:
            gap = word["x0"] - before["x1"]
            text += "\t" if gap > _COLUMN_GAP * before["size"] else " "
        text += _GLYPH.sub("\ufffd", word["text"])
    # A sign that the file does not name is a bullet where a line begins with it.
    text = re.sub("^(\t*)\ufffd+(?=\\s)", r"\1•", text)
    middle = (words[0]["top"] + words[0]["bottom"]) / 2
    return _Printed(
        text=text,
        top=min(word["top"] for word in words),
        bottom=max(word["bottom"] for word in words),
        size=size,
        is_bold=all("bold" in word["fontname"].lower() for word in words),
        left=words[0]["x0"],
        right=max(word["x1"] for word in words),
        table=next(
            (
                n
                for n, (x0, top, x1, bottom) in enumerate(boxes)
                if top <= middle <= bottom and x0 <= words[0]["x0"] <= x1
            ),
            None,
        ),
    )


def _is_raised(word: dict[str, Any], size: float) -> bool:
    """Whether a word is the mark of a note: small digits or stars."""
    return word["size"] < 0.8 * size and re.fullmatch(r"[\d*†,]{1,4}", word["text"]) is not None


def _set_apart_what_runs(pages: list[list[_Printed]]) -> None:
    """Mark lines that stand at the top or bottom of many pages, and page numbers."""
    edges = [[*page[:3], *page[-3:]] for page in pages]
    running = _running(edges)
    for edge in edges:
        for line in edge:
            if re.fullmatch(
                r"\W*(?:page\s*|pagina\s*|p\.\s*)?\d{1,4}(?:\s*[/|]\s*\d{1,4})?\W*", line.text.strip(), re.IGNORECASE
            ):
                line.why = "page_number"
            elif _without_numbers(line.text) in running and len(line.text) < _LONGEST_HEAD:
                line.why = "running_head"


def _running(edges: list[list[_Printed]]) -> set[str]:
    """The lines that come back on many pages, but for numbers that go with the pages or stay for long.

    Items that begin at the top of each page come back too: their numbers go their own way.
    """
    found: dict[str, dict[int, list[int]]] = defaultdict(dict)
    for number, edge in enumerate(edges):
        for line in edge:
            if len(line.text) < _LONGEST_HEAD:
                found[_without_numbers(line.text)][number] = [int(one) for one in re.findall(r"\d+", line.text)]
    often = max(min(3, len(edges)), len(edges) // 4, 2)
    return {key for key, on in found.items() if len(on) >= often and _goes_with_pages(on)}


def _goes_with_pages(numbers: dict[int, list[int]]) -> bool:
    few = max(1, len(numbers) // 2)
    each = zip(*numbers.values(), strict=True)
    return all(
        len(set(column)) <= few or len({n - page for n, page in zip(column, numbers, strict=True)}) <= few
        for column in each
    )


def _without_numbers(text: str) -> str:
    return re.sub(r"\d+", "#", " ".join(text.split()))


def _set_notes_apart(pages: list[list[_Printed]]) -> None:
    """Mark the notes below pages: small, at the foot, the first of them with a mark."""
    sizes = Counter(round(line.size, 1) for page in pages for line in page if not line.why for _letter in line.text)
    if not sizes:
        return
    body = sizes.most_common(1)[0][0]
    for page in pages:
        notes = []
        for line in reversed([line for line in page if line.why not in ("page_number", "running_head")]):
            if line.size >= _SMALL * body + 0.2 and line.size > body - 0.6:
                break
            notes.append(line)
        while notes and not re.match(r"\s*(?:\d{1,3}|[*†]+)[ \t.)]", notes[-1].text):
            notes.pop()
        for line in notes:
            line.why = "footnote"


def _place(number: int, left: float, top: float, right: float, bottom: float) -> tuple[int, ...]:
    return (number, round(left), round(top), round(right), round(bottom))


def _write(pages: list[list[_Printed]], tables: list[list[_Grid]], builder: Builder) -> None:
    body = _body_size(pages)
    distance = _usual_distance(pages)
    before: _Printed | None = None
    for number, (page, found) in enumerate(zip(pages, tables, strict=True), start=1):
        written: set[int] = set()
        previous: _Printed | None = None
        for line in page:
            if line.table is not None:
                if line.table not in written:
                    written.add(line.table)
                    grid = found[line.table]
                    builder.table(grid.rows, places=[_place(number, *box) for box in grid.boxes])
                before = None
                continue
            place = _place(number, line.left, line.top, line.right, line.bottom)
            if line.why:
                builder.line(line.text, line.why, place=place)
                continue
            if previous is not None and line.top - previous.top > _PARAGRAPH_GAP * max(distance, line.size):
                builder.line("")
            is_larger = line.size > 1.1 * body
            is_set_off = line.is_bold and (before is None or not before.is_bold)
            is_short = len(line.text.strip()) < 150 and not line.text.rstrip().endswith((".", ";", ",", ":"))
            is_heading = is_short and (is_larger or (is_set_off and _stands_alone(line, page)))
            builder.line(line.text, is_heading=is_heading, place=place)
            previous = before = line
    _join_tables(builder)


def _stands_alone(line: _Printed, page: list[_Printed]) -> bool:
    """Whether a bold line is followed by one that is not, so that it heads it."""
    below = [one for one in page if one.top > line.top + 1 and not one.why]
    return bool(below) and not below[0].is_bold


def _body_size(pages: list[list[_Printed]]) -> float:
    sizes = Counter(round(line.size, 1) for page in pages for line in page if not line.why for _letter in line.text)
    return sizes.most_common(1)[0][0] if sizes else 10.0


def _usual_distance(pages: list[list[_Printed]]) -> float:
    gaps = [
        below.top - above.top for page in pages for above, below in pairwise(page) if 0 < below.top - above.top < 40
    ]
    return Counter(round(gap) for gap in gaps).most_common(1)[0][0] if gaps else 12.0


def _join_tables(builder: Builder) -> None:
    """Tables that go on over a page end are one: same number of columns, and no text between them."""
    joined: list[Any] = []
    for table in builder.tables:
        last = joined[-1] if joined else None
        between = builder.lines[last.rows[-1].last : table.rows[0].first - 1] if last else []
        if (
            last
            and len(last.rows[0].cells) == len(table.rows[0].cells)
            and all(line.why or not line.text for line in between)
        ):
            joined[-1] = type(table)((*last.rows, *table.rows), last.name)
        else:
            joined.append(table)
    builder.tables = joined
