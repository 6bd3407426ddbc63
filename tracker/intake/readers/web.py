"""Web pages that were saved: headings, paragraphs, lists and tables, without what a browser would not show."""

from typing import TYPE_CHECKING

from tracker.intake.documents import Builder, Document, on_one_line

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

_UNSEEN = "script, style, template, noscript, nav, header nav, footer, svg, [hidden], head"
_BLOCKS = {
    "p", "div", "section", "article", "main", "ul", "ol", "dl", "dt", "dd", "blockquote", "figure", "address", "pre",
    "header", "form", "fieldset", "details", "summary", "aside", "body", "li",
}  # fmt: skip
_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6", "caption", "legend"}
_DEEPEST = 200


def read(text: str, encoding: str) -> Document:
    """The visible text of a page, a block a line."""
    from selectolax.lexbor import LexborHTMLParser

    page = LexborHTMLParser(text)
    for node in page.css(_UNSEEN):
        node.decompose()
    builder = Builder()
    if page.body is not None:
        _walk(page.body, builder, 0)
    return builder.document("web", encoding)


def _walk(node: "LexborNode", builder: Builder, depth: int) -> None:
    """Add the blocks inside `node`; text between blocks is a line of its own."""
    loose: list[str] = []

    def settle() -> None:
        for line in "".join(loose).split("\n"):
            if line.strip():
                builder.line(on_one_line(line))
        loose.clear()

    number = int(node.attributes.get("start") or 1) if node.tag == "ol" and _is_number(node) else 1
    for child in node.iter(include_text=True):
        if child.tag == "table" and not child.css_first("table table"):
            settle()
            builder.table(_rows(child))
        elif child.tag in _HEADINGS:
            settle()
            builder.line(on_one_line(child.text(separator=" ")), is_heading=True)
        elif child.tag in _BLOCKS or child.css_first(", ".join(_BLOCKS | _HEADINGS | {"table"})):
            settle()
            begun = len(builder.lines)
            if depth < _DEEPEST:
                _walk(child, builder, depth + 1)
            if child.tag == "li" and len(builder.lines) > begun:
                first = builder.lines[begun]
                mark = f"{number}." if node.tag == "ol" else "•"
                builder.lines[begun] = type(first)(f"{mark} {first.text}", first.why, first.is_heading)
                number += 1
        elif child.tag == "br":
            loose.append("\n")
        else:
            loose.append(child.text(deep=True) if child.tag != "-text" else (child.text() or "").replace("\n", " "))
    settle()


def _is_number(node: "LexborNode") -> bool:
    return (node.attributes.get("start") or "").isdigit()


def _rows(table: "LexborNode") -> list[list[str]]:
    rows: list[list[str]] = []
    below: dict[int, tuple[int, str]] = {}
    for tr in table.css("tr"):
        cells: list[str] = []
        for cell in tr.css("th, td"):
            while below.get(len(cells), (0, ""))[0] > 0:
                cells.append("")
            span = _span(cell, "rowspan")
            if span > 1:
                below[len(cells)] = (span, "")
            cells += [_cell(cell), *[""] * (_span(cell, "colspan") - 1)]
        below = {at: (left - 1, text) for at, (left, text) in below.items() if left > 1}
        rows.append(cells)
    return rows


def _span(cell: "LexborNode", name: str) -> int:
    value = cell.attributes.get(name) or "1"
    return min(int(value), 100) if value.isdigit() else 1


def _cell(cell: "LexborNode") -> str:
    for line_break in cell.css("br"):
        line_break.replace_with("\n")
    for block in cell.css("p, li, div"):
        block.insert_after("\n")
    for item in cell.css("li"):
        item.insert_before("• ")
    return "\n".join(line for line in (on_one_line(one) for one in cell.text().split("\n")) if line)
