"""From the bytes of a CSV file to rows of contacts: any separator, any encoding, headings in three languages."""

import csv
import io
from dataclasses import dataclass

from tracker.errors import NotReadable
from tracker.intake.names import key
from tracker.intake.readers import kind_of, separated
from tracker.intake.readers.text import text_of
from tracker.intake.refusals import Unreadable
from tracker.language import _

LIMIT = 1024 * 1024
"""The largest file that is read, in bytes: some ten thousand contacts."""
COLUMNS = {
    "body": ("body", "organisme", "orgaan", "instantie", "organisation", "slug"),
    "email": ("mail address", "email", "e-mail", "mail", "address", "adresse", "adresse mail", "adresse e-mail",
              "courriel", "mailadres", "e-mailadres", "adres"),
    "display_name": ("name or role", "name", "role", "nom", "nom ou role", "fonction", "naam", "naam of functie",
                     "functie"),
    "language": ("language", "langue", "taal"),
    "from_on": ("from", "since", "depuis", "a partir du", "des", "vanaf", "sinds"),
}  # fmt: skip
"""What columns may be called, as they are compared."""


@dataclass(frozen=True)
class Sheet:
    """A file of contacts: how its columns are called there, and its rows with their numbers as a spreadsheet shows."""

    headings: dict[str, str]
    rows: tuple[tuple[int, dict[str, str]], ...]


def read(content: bytes) -> Sheet:
    """The rows of a file; NotReadable where it is no CSV with a heading."""
    if len(content) > LIMIT:
        raise NotReadable(_("The file is larger than 1 MB. Split it, and import the parts one after the other."))
    if not content.strip():
        raise NotReadable(_("The file is empty. Choose the file that holds the contacts."))
    try:
        text = text_of(content)[0] if kind_of(content) == "text" else ""
    except Unreadable:
        text = ""
    if not text:
        raise NotReadable(_("This is not a CSV file. Save the sheet as CSV, and choose that file."))
    try:
        lines = list(_lines(text))
    except csv.Error:
        raise NotReadable(
            _("A quotation mark in this file is never closed. Save the sheet as CSV once more.")
        ) from None
    return _sheet(lines)


def _lines(text: str) -> list[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text), strict=True)
    numbered = ((number, [" ".join(cell.split()) for cell in cells]) for number, cells in enumerate(reader, start=1))
    return [(number, cells) for number, cells in numbered if any(cells)]


def _separator(text: str) -> str:
    """What cuts the rows alike; where nothing does, what the heading has most of."""
    heading = text.strip().splitlines()[0]
    found = separated.separator_of(text)
    return found[0] if found else max(";,\t|", key=heading.count)


def _sheet(lines: list[tuple[int, list[str]]]) -> Sheet:
    known = {name: column for column, names in COLUMNS.items() for name in names}
    headings = lines[0][1]
    places = {known[key(cell)]: place for place, cell in reversed(list(enumerate(headings))) if key(cell) in known}
    if not {"body", "email"} <= set(places):
        raise NotReadable(
            _("Row 1 must name the columns: at least “body” and “mail address”. Download the example to see how.")
        )
    rows = (
        (number, {column: cells[place] if place < len(cells) else "" for column, place in places.items()})
        for number, cells in lines[1:]
    )
    return Sheet({column: headings[place] for column, place in places.items()}, tuple(rows))
