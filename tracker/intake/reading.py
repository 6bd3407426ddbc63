"""From a document to a reading: rows, drafts, findings."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from tracker.errors import NotReadable
from tracker.intake import child, columns, readers, tables
from tracker.intake import lines as looks
from tracker.intake.check import check
from tracker.intake.columns import Columns
from tracker.intake.documents import Document, Table
from tracker.intake.drafts import AddresseeDraft, AnswerDraft, Leftover, Reading, RecommendationDraft, TableRead
from tracker.intake.findings import Finding
from tracker.intake.grammar import Layout, Row
from tracker.intake.matching import rematch
from tracker.intake.prose import Item, Prose
from tracker.intake.readers import Progress
from tracker.intake.refusals import Unreadable
from tracker.intake.register import Register
from tracker.intake.replies import AnswerCells, day_of
from tracker.intake.splitting import Division, at_the_end, divide
from tracker.intake.tables import TableRow
from tracker.language import LANGUAGES

_Found = TypeVar("_Found")
_SAMPLE = 3
"""Rows of a table that are shown where a person says what its columns hold."""
MOST_LINES = 100_000
"""Twenty times the longest annex that is expected."""


def read(
    content: bytes,
    name: str,
    register: Register,
    language: str | None = None,
    *,
    encoding: str = "",
    chosen: Mapping[str, Sequence[str]] | None = None,
    progress: Progress | None = None,
) -> Reading:
    """What a document says, as drafts to review; NotReadable, with what to do, where it cannot be read.

    `chosen` has what a person said of the columns of tables, by `TableRead.key`.
    """
    try:
        document = _document(content, encoding, progress)
    except Unreadable as refusal:
        raise NotReadable(refusal.sentence, refusal.code) from None
    return _reading(document, name, register, language, chosen or {}, _rows(progress))


def _rows(progress: Progress | None) -> Callable[[int, int], None]:
    """Who is told how many rows are understood."""
    return (lambda done, of: progress(done, of, "rows")) if progress else (lambda _done, _of: None)


def _document(content: bytes, encoding: str, progress: Progress | None) -> Document:
    """The lines and tables of a file; whatever is packed or needs a parser is read apart."""
    if len(content) <= readers.LIMIT and content.strip() and readers.kind_of(content) != "text":
        document = child.read_apart(content, encoding=encoding, progress=progress)
    else:
        document = readers.read(content, encoding=encoding)
    if len(document.lines) > MOST_LINES:
        raise Unreadable("too_many_lines")
    return document


def _reading(
    document: Document,
    name: str,
    register: Register,
    language: str | None,
    chosen: Mapping[str, Sequence[str]],
    told: Callable[[int, int], None],
) -> Reading:
    texts = tuple(line.text for line in document.lines)
    notes = [*(("lost_letters",) if any("\ufffd" in text for text in texts) else ()), *document.notes]
    tabled = [(table, _columns(document, table, chosen)) for table in document.tables]
    drafts, leftover = _of_tables(document, tabled, texts, register, notes, told)
    if not drafts:
        drafts, leftover = _of_text(document, register, notes, told)
    drafts = check(sorted(drafts, key=lambda draft: draft.lines))
    return Reading(
        name=name,
        language=language
        if language in LANGUAGES
        else looks.language_of(" ".join(draft.text for draft in drafts) or "\n".join(texts)),
        encoding=document.encoding,
        lines=texts,
        drafts=tuple(drafts),
        leftover=tuple(sorted(leftover, key=lambda one: one.line)),
        findings=tuple(_of_document(document, notes, drafts, leftover)),
        tables=tuple(_read_as(table, found) for table, found in tabled if columns.width_of(table) > 1),
        places=tuple(line.place for line in document.lines) if document.sheets else (),
        sheets=document.sheets,
    )


def _of_tables(
    document: Document,
    tabled: Sequence[tuple[Table, Columns | None]],
    texts: tuple[str, ...],
    register: Register,
    notes: list[str],
    told: Callable[[int, int], None],
) -> tuple[list[RecommendationDraft], list[Leftover]]:
    """The recommendations in the tables of a document, and all lines that are in none."""
    drafts: list[RecommendationDraft] = []
    left: list[Leftover] = []
    seen: set[int] = set()
    for table, found in tabled:
        if found is None:
            continue
        rows, others = tables.rows_of(table, found)
        drafts += _each(rows, lambda row: _of_table_row(row, register), told)
        left += tables.leftover(others, texts)
        seen |= {number for row in table.rows for number in range(row.first, row.last + 1)}
        if found.is_guessed and rows and "columns" not in notes:
            notes.append("columns")
    in_tables = {number for table in document.tables for row in table.rows for number in range(row.first, row.last + 1)}
    inside = {number for draft in drafts for number in range(draft.lines[0], draft.lines[1] + 1)}
    left_over = {one.line for one in left}
    for number, line in enumerate(document.lines, start=1):
        if number not in inside and number not in left_over:
            why = line.why or (
                "section" if line.is_heading else "other_table" if number in in_tables - seen else "other"
            )
            left.append(Leftover(number, line.text, why if line.text.strip() else "blank"))
    return drafts, left


def _each(
    found: Sequence[_Found], understood: Callable[[_Found], RecommendationDraft], told: Callable[[int, int], None]
) -> list[RecommendationDraft]:
    """What is understood of each row, telling how far that is."""
    drafts = []
    for number, one in enumerate(found, start=1):
        drafts.append(understood(one))
        told(number, len(found))
    return drafts


def _columns(document: Document, table: Table, chosen: Mapping[str, Sequence[str]]) -> Columns | None:
    """Where a table has its recommendations: as a person said of its like, else as its heads say."""
    said = chosen.get(columns.key_of(table)) if chosen else None
    if said is not None:
        return Columns.chosen(said, columns.heads_or_first(table.rows))
    return columns.columns_of(table, about=_about(document, table.rows[0].first if table.rows else 1, table.name))


def _read_as(table: Table, found: Columns | None) -> TableRead:
    heads = columns.heads_or_first(table.rows)
    body = [row for row in table.rows[0 if heads is None else heads + 1 :] if len(row.filled) > 1]
    return TableRead(
        key=columns.key_of(table),
        heads=table.rows[heads].cells if heads is not None else (),
        sample=tuple(tuple(cell[:200] for cell in row.cells) for row in body[:_SAMPLE]),
        kinds=found.kinds(columns.width_of(table)) if found else (),
    )


def _about(document: Document, first: int, name: str) -> str:
    """What names a table: its sheet, and the lines above it."""
    return " ".join([name, *(line.text for line in document.lines[max(0, first - 6) : first - 1])])


def _of_table_row(row: TableRow, register: Register) -> RecommendationDraft:
    if row.has_a_cell_each:
        each = [
            divide(cell, register) if looks.is_point(cell) else _as_it_stands(cell, register) for cell in row.addressees
        ]
        # The same name in two columns is one addressee.
        division = Division(tuple(dict.fromkeys(one for part in each for one in part.addressees)))
    else:
        division = divide("\n".join(row.addressees), register)
    return RecommendationDraft(
        code=row.code,
        section=row.section,
        text=row.text,
        addressees=division.addressees,
        lines=(row.first, row.last),
        findings=tuple(_of_row(row.first, division.addressees, False, bool(division.alternatives))),
        alternatives=division.alternatives,
        other_texts=row.other_texts,
        answers=tuple(_answer(one, register) for one in row.answers),
    )


def _answer(cells: AnswerCells, register: Register) -> AnswerDraft:
    """An answer with those who gave it; a body that is only likely has given none."""
    found = [one for name in cells.addressees for one in divide(name, register).addressees]
    bodies = tuple(one.body for one in found if one.body and one.match in ("exact", "alias"))
    day = day_of(cells.day)
    on = day.isoformat() if day else None
    return AnswerDraft(
        cells.line, bodies, ", ".join(cells.addressees), cells.status, looks.paragraphs(cells.text.split("\n")), on
    )


def _as_it_stands(cell: str, register: Register) -> Division:
    """A cell of its own for each addressee: nothing in it separates two."""
    return Division((rematch(cell, register),))


def _of_text(
    document: Document, register: Register, notes: list[str], told: Callable[[int, int], None]
) -> tuple[list[RecommendationDraft], list[Leftover]]:
    """The recommendations in a text: in columns as annexes are printed, or numbered in running text."""
    prose = Prose(document.lines)
    if prose.is_reply:
        notes.append("is_reply")
        return [], prose.leftover()
    layout = Layout(document.lines)
    if layout.is_annex() or (not prose.items and document.kind == "text"):
        return _each(layout.rows, lambda row: _of_columns(row, register), told), layout.leftover
    return _each(prose.items, lambda item: _of_item(item, register), told), prose.leftover()


def _of_columns(row: Row, register: Register) -> RecommendationDraft:
    draft = of_wording(
        row.code, row.section, row.text, row.addressed_to, row.is_labelled, (row.first, row.last), register
    )
    if not row.has_late_text:
        return draft
    return replace(draft, findings=(Finding(row.first, "late_text"), *draft.findings))


def _of_item(item: Item, register: Register) -> RecommendationDraft:
    """A recommendation of running text: addressees only where they are named as such."""
    text, written = looks.at_label(item.text) or (item.text, "")
    division = divide(written, register)
    return RecommendationDraft(
        item.code, item.section, text, division.addressees, (item.first, item.last), (), division.alternatives
    )


def of_wording(
    code: str | None,
    section: str | None,
    text: str,
    written: str,
    is_labelled: bool,
    lines: tuple[int, int],
    register: Register,
) -> RecommendationDraft:
    """The draft of a wording, with the addressees beside it, or else those at its end."""
    found_at_end = False
    if not written and not is_labelled:
        split = looks.at_label(text) or at_the_end(text, register)
        if split is not None:
            (text, written), found_at_end = split, True
    division = divide(written, register)
    return RecommendationDraft(
        code=code,
        section=section,
        text=text,
        addressees=division.addressees,
        lines=lines,
        findings=tuple(_of_row(lines[0], division.addressees, found_at_end, bool(division.alternatives))),
        alternatives=division.alternatives,
    )


def _of_row(line: int, addressees: Sequence[AddresseeDraft], found_at_end: bool, unfolded: bool) -> list[Finding]:
    """Doubts about how a row was read. They stay until a coordinator says that it is right."""
    findings = []
    if found_at_end:
        findings.append(Finding(line, "no_columns"))
    for one in () if unfolded else addressees:
        if one.qualifier:
            findings.append(Finding(line, "qualifier", {"qualifier": one.qualifier, "name": one.as_written}))
    return findings


def _of_document(
    document: Document, notes: Sequence[str], drafts: Sequence[RecommendationDraft], leftover: Sequence[Leftover]
) -> list[Finding]:
    findings = []
    if not drafts and "is_reply" not in notes:
        findings.append(Finding(None, "no_recommendations"))
    if document.encoding and not document.encoding.startswith("utf"):
        findings.append(Finding(None, "encoding", {"encoding": document.encoding}))
    for note in notes:
        findings.append(Finding(_line_of(note, document), note))
    other = [one.line for one in leftover if one.why in ("other", "no_text")]
    if drafts and other:
        findings.append(Finding(other[0], "left_over", {"n": len(other)}))
    return findings


def _line_of(note: str, document: Document) -> int | None:
    if note != "lost_letters":
        return None
    return next((number for number, line in enumerate(document.lines, start=1) if "\ufffd" in line.text), None)
