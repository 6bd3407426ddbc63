"""From the bytes of a file to a document: which format it is, and which reader takes it."""

import io
import zipfile
from collections.abc import Callable
from dataclasses import replace

from tracker.intake import columns
from tracker.intake import lines as looks
from tracker.intake.documents import Document, Line
from tracker.intake.readers import separated, text
from tracker.intake.refusals import Unreadable

LIMIT = 20 * 1024 * 1024
"""The largest file that is read, in bytes."""
MOST_UNPACKED = 200 * 1024 * 1024
"""Bytes that a packed format may unpack to."""
MOST_PARTS = 10_000

Progress = Callable[[int, int, str], None]
"""Told every now and then how many of how many are done, and of what: pages or rows; of 0 where nobody knows yet.
What it raises ends the reading."""

_REFUSED = {
    b"{\\rtf": "rtf",
    b"\x89PNG": "picture",
    b"\xff\xd8\xff": "picture",
    b"GIF8": "picture",
    b"II*\x00": "picture",
    b"MM\x00*": "picture",
    b"\x1f\x8b": "archive",
    b"7z\xbc\xaf": "archive",
    b"Rar!": "archive",
}


def kind_of(content: bytes) -> str:
    """text, word, sheet, pdf or web by what the file is, whatever its name says; `Unreadable` for anything else."""
    if content[:1024].lstrip(b"\x00\r\n\t ").startswith(b"%PDF"):
        return "pdf"
    if content.startswith(b"PK\x03\x04"):
        return _kind_of_package(content)
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        return (
            "sheet"
            if "Workbook".encode("utf-16-le") in content or "Book".encode("utf-16-le") in content
            else _no("doc")
        )
    for signature, code in _REFUSED.items():
        if content.startswith(signature):
            _no(code)
    head = content[:4096].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return (
        "web"
        if head.startswith((b"<!doctype html", b"<html")) or (head.startswith(b"<?xml") and b"<html" in head)
        else "text"
    )


def _no(code: str) -> str:
    raise Unreadable(code)


def _kind_of_package(content: bytes) -> str:
    """What a zip archive is, looked at before anything is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            parts = package.infolist()
            names = {part.filename for part in parts}
            kind = package.read("mimetype")[:100].decode("ascii", "replace") if "mimetype" in names else ""
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, ValueError):
        raise Unreadable("damaged") from None
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise Unreadable("too_large_unpacked")
    if any(part.flag_bits & 1 for part in parts):
        raise Unreadable("locked")
    if "word/document.xml" in names:
        return "word"
    if "xl/workbook.xml" in names or "xl/workbook.bin" in names or "spreadsheet" in kind:
        return "sheet"
    return _no("odt" if "opendocument.text" in kind else "archive")


def read(content: bytes, *, encoding: str = "", progress: Progress | None = None) -> Document:
    """The document in a file; `Unreadable` with the reason. A damaged file raises whatever its library does."""
    if len(content) > LIMIT:
        raise Unreadable("too_large")
    if not content.strip():
        raise Unreadable("empty")
    match kind_of(content):
        case "word":
            from tracker.intake.readers import word

            return word.read(content)
        case "sheet":
            return _sheets(content)
        case "pdf":
            return _pdf(content, progress)
        case "web":
            from tracker.intake.readers import web

            decoded, found = text.text_of(content, encoding)
            return web.read(text.cleaned(decoded)[0], found)
        case _:
            return _text(content, encoding)


def _sheets(content: bytes) -> Document:
    from tracker.intake.readers import sheets

    try:
        return sheets.read(content)
    except sheets.TooLarge:
        raise Unreadable("too_large_unpacked") from None


def _pdf(content: bytes, progress: Progress | None) -> Document:
    from pdfplumber.utils.exceptions import PdfminerException

    from tracker.intake.readers import pdf

    try:
        return pdf.read(content, progress)
    except pdf.Scanned:
        raise Unreadable("scan") from None
    except pdf.TooManyPages:
        raise Unreadable("too_many_pages") from None
    except PdfminerException as reason:
        raise Unreadable("locked" if "Password" in repr(reason) else "damaged") from None


def _text(content: bytes, encoding: str) -> Document:
    decoded, found = text.text_of(content, encoding)
    clean, had_controls = text.cleaned(decoded)
    lines = looks.cut(clean)
    notes = ("control_characters",) if had_controls else ()
    cut = separated.separator_of(clean)
    if cut is not None:
        document = separated.read(clean, found, cut[0], lines)
        if cut[1] or columns.has_heads(document.tables[0]):
            return replace(document, notes=notes)
    return Document("text", found, tuple(Line(line) for line in lines), (), notes)
