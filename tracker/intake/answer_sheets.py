"""Reads back the spreadsheet in which a body filled in its form."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from tracker.domain.sheets import LARGEST, TYPED, named
from tracker.domain.vocabulary import ANSWERS, SEVEN, Coded, Implementation, Response
from tracker.errors import NotReadable
from tracker.intake import child, replies
from tracker.intake.documents import Row, Table
from tracker.intake.refusals import Unreadable
from tracker.language import LANGUAGES, _, speaking


@dataclass(frozen=True)
class SheetRow:
    """What a row says about one recommendation."""

    line: int
    """As the spreadsheet numbers it."""
    uid: str
    """Of the addressee."""
    version: int
    """Of the draft that it was made from."""
    is_unchanged: bool
    fields: dict[str, str]
    """As typed into a form: codes in place of their labels."""
    unknown: tuple[str, ...] = ()
    """What stands where a label should, and is none."""


def read(content: bytes) -> list[SheetRow]:
    """The rows of a sheet that was made here; NotReadable, with what to do, where it is none."""
    try:
        document = child.read_apart(content)
    except Unreadable as refusal:
        raise NotReadable(refusal.sentence, refusal.code) from None
    for table in document.tables:
        found = _columns(table)
        if found:
            heads, columns = found
            return [row for row in (_row(one.cells, columns, n) for n, one in _below(table, heads)) if row]
    raise NotReadable(_("This is not the spreadsheet of this form. Download it here, fill it in, and choose it again."))


def _below(table: Table, heads: int) -> list[tuple[int, Row]]:
    return list(enumerate(table.rows[heads + 1 : heads + 1 + LARGEST], start=heads + 2))


def _columns(table: Table) -> tuple[int, dict[str, int]] | None:
    """The row of heads and where each column is; None where no column says which recommendation a row is about."""
    for at, row in enumerate(table.rows[:20]):
        columns = {name: n for n, cell in reversed(list(enumerate(row.cells))) if (name := named(cell))}
        if "key" in columns and len(columns) > 2:
            return at, columns
    return None


def _row(cells: Sequence[str], columns: dict[str, int], line: int) -> SheetRow | None:
    typed = {name: cells[at].strip() if at < len(cells) else "" for name, at in columns.items()}
    uid, _dot, version = typed.get("key", "").partition(".")
    if not uid:
        return None
    codes = {
        "response": _code(ANSWERS, typed.get("response", "")),
        "reported": _code(SEVEN, typed.get("reported", "")),
    }
    unknown = tuple(typed[name] for name, code in codes.items() if typed.get(name) and not code)
    fields = {name: typed.get(name, "") for name in TYPED if name in columns} | {
        name: code for name, code in codes.items() if name in columns
    }
    return SheetRow(
        line, uid, int(version) if version.isdecimal() else 0, bool(typed.get("unchanged")), fields, unknown
    )


def _code(codes: Sequence[Coded], typed: str) -> str:
    """The code that a label means in any language, or that its words propose; empty where they say nothing."""
    wanted = typed.casefold()
    if not wanted:
        return ""
    found = _labels(tuple(codes)).get(wanted)
    if found:
        return found
    response, reported = replies.meaning(typed)
    proposed: Response | Implementation | None = response if codes is ANSWERS else reported
    return proposed.value if proposed else ""


@cache
def _labels(codes: tuple[Coded, ...]) -> dict[str, str]:
    """Codes by their labels in every language, and by themselves."""
    found = {str(code.value): str(code.value) for code in codes}
    for language in LANGUAGES:
        with speaking(language):
            found |= {code.label.casefold(): str(code.value) for code in codes}
    return found
