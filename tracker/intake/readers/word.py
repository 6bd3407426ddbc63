"""Word documents: paragraphs with the numbers that Word sets before them, and tables with merged cells."""

import io
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from tracker.intake.documents import Builder, Document

if TYPE_CHECKING:
    from docx.document import Document as Word

_DEEPEST = 20
"""Tables inside tables beyond this are read as nothing."""


def read(content: bytes) -> Document:
    """The paragraphs and tables of a .docx file in their order."""
    import docx

    word = docx.Document(io.BytesIO(content))
    numbers = _Numbers(word)
    builder = Builder()
    for block in word.element.body.iterchildren():
        tag = block.tag.rpartition("}")[2]
        if tag == "p":
            _paragraph(block, word, numbers, builder)
        elif tag == "tbl":
            builder.table([_cells(row, numbers) for row in _children(block, "tr")])
        elif tag == "sdt":  # a table of contents or a form field of the template
            for inner in block.iter(f"{{{block.nsmap['w']}}}p"):
                builder.line(_text(inner), "contents" if _is_of_contents(inner) else "")
    return builder.document("word")


def _paragraph(block: Any, word: "Word", numbers: "_Numbers", builder: Builder) -> None:
    style = _style(block)
    text = f"{numbers.of(block)}{_text(block)}"
    if style.lower().startswith(("toc", "tm", "verzeichnis", "inhopg")):
        builder.line(text, "contents")
        return
    is_heading = re.match(r"(?i)(heading|titre|kop|überschrift|berschrift|title)", style) is not None
    # A paragraph that the author broke with Shift+Enter is several lines to a reader.
    for n, line in enumerate(text.split("\n")):
        builder.line(line, is_heading=is_heading and n == 0)


def _children(element: Any, name: str) -> Iterator[Any]:
    return (child for child in element.iterchildren() if child.tag.rpartition("}")[2] == name)


def _cells(row: Any, numbers: "_Numbers") -> list[str]:
    """The cells of a row; one that spans columns is followed by empty ones."""
    cells: list[str] = []
    for cell in _children(row, "tc"):
        is_continued = cell.vMerge == "continue"
        cells.append("" if is_continued else _cell(cell, numbers))
        cells += [""] * (cell.grid_span - 1)
    return cells


def _cell(cell: Any, numbers: "_Numbers", depth: int = 0) -> str:
    parts = []
    for block in cell.iterchildren():
        tag = block.tag.rpartition("}")[2]
        if tag == "p":
            parts.append(f"{numbers.of(block)}{_text(block)}")
        elif tag == "tbl" and depth < _DEEPEST:
            parts += [
                _cell(inner, numbers, depth + 1) for row in _children(block, "tr") for inner in _children(row, "tc")
            ]
    return "\n".join(parts).strip("\n")


def _text(paragraph: Any) -> str:
    """What stands in a paragraph: without deleted text, notes and field codes."""
    parts = []
    for node in paragraph.iter():
        tag = node.tag.rpartition("}")[2] if isinstance(node.tag, str) else ""
        if tag == "t":
            parts.append(node.text or "")
        elif tag == "tab":
            parts.append("\t" if node.getparent().tag.endswith("}r") else "")
        elif tag in ("br", "cr"):
            parts.append("\n")
        elif tag == "noBreakHyphen":
            parts.append("-")
    return "".join(parts).strip(" ")


def _style(paragraph: Any) -> str:
    return str(paragraph.style or "")


def _is_of_contents(paragraph: Any) -> bool:
    return _style(paragraph).lower().startswith("toc") or re.search(r"\t\d+\s*$", _text(paragraph)) is not None


class _Numbers:
    """The numbers that Word sets before paragraphs of a list: they are not in the text."""

    def __init__(self, word: "Word") -> None:
        self._w = word.element.nsmap["w"]
        self._abstract: dict[str, dict[int, tuple[str, str, int]]] = {}
        self._of_number: dict[str, str] = {}
        self._of_style: dict[str, tuple[str, int]] = {}
        self._at: dict[str, dict[int, int]] = {}
        self._read_definitions(word)

    def _attribute(self, element: Any, name: str) -> str:
        return str(element.get(f"{{{self._w}}}{name}") or "")

    def _read_definitions(self, word: "Word") -> None:
        try:
            root: Any = word.part.numbering_part.element
        except (KeyError, NotImplementedError):
            return
        for abstract in _children(root, "abstractNum"):
            levels = {}
            for level in _children(abstract, "lvl"):
                found = {child.tag.rpartition("}")[2]: child for child in level.iterchildren()}
                start = int(self._attribute(found["start"], "val") or 1) if "start" in found else 1
                form = self._attribute(found["numFmt"], "val") if "numFmt" in found else "decimal"
                text = self._attribute(found["lvlText"], "val") if "lvlText" in found else ""
                levels[int(self._attribute(level, "ilvl") or 0)] = (form, text, start)
            self._abstract[self._attribute(abstract, "abstractNumId")] = levels
        for number in _children(root, "num"):
            for child in _children(number, "abstractNumId"):
                self._of_number[self._attribute(number, "numId")] = self._attribute(child, "val")
        for style in word.styles.element.iterchildren():
            list_ = self._list_of(style)
            if list_:
                self._of_style[self._attribute(style, "styleId")] = list_

    def _list_of(self, element: Any) -> tuple[str, int] | None:
        """The list and level that a paragraph or a style belongs to."""
        for properties in _children(element, "pPr"):
            for list_ in _children(properties, "numPr"):
                values = {child.tag.rpartition("}")[2]: self._attribute(child, "val") for child in list_.iterchildren()}
                if values.get("numId"):
                    return values["numId"], int(values.get("ilvl") or 0)
        return None

    def of(self, paragraph: Any) -> str:
        """The number that stands before a paragraph with a blank behind it; empty where there is none."""
        found = self._list_of(paragraph) or self._of_style.get(_style(paragraph))
        if not found or found[0] == "0":
            return ""
        abstract = self._of_number.get(found[0], "")
        levels, level = self._abstract.get(abstract, {}), found[1]
        if level not in levels:
            return ""
        form, text, start = levels[level]
        at = self._at.setdefault(abstract, {})
        at[level] = at.get(level, start - 1) + 1
        for deeper in [one for one in at if one > level]:
            del at[deeper]
        if form == "bullet":
            return "• "
        for one in range(level + 1):
            form_of_one = levels.get(one, (form, "", 1))
            text = text.replace(f"%{one + 1}", _written(at.get(one, form_of_one[2]), form_of_one[0]))
        return f"{text} " if text.strip() else ""


def _written(number: int, form: str) -> str:
    if form in ("lowerLetter", "upperLetter"):
        letter = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)
        return letter.upper() if form == "upperLetter" else letter
    if form in ("lowerRoman", "upperRoman"):
        roman = _roman(number)
        return roman if form == "lowerRoman" else roman.upper()
    return str(number)


def _roman(number: int) -> str:
    values = ((100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
    written = ""
    for value, letters in values:
        while number >= value and len(written) < 20:
            written, number = written + letters, number - value
    return written
