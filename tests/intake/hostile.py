"""Documents that mean harm: bombs, references to the outside, loops. Each is made here, byte for byte."""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator

from tests.intake import files

WORD = files.word("Recommandation 1 : former la police.")
SHEET = files.sheet([("Code", "Recommandation"), ("2024/1", "Former la police à la détection des victimes.")])
DOCUMENT, STRINGS = "word/document.xml", "xl/sharedStrings.xml"


def _bomb(size: int) -> bytes:
    return files.with_part(WORD, "word/media/zeros.bin", b"\0" * size)


def nested_bomb() -> bytes:
    """A packed file inside a packed file, ten times over."""
    inner = _bomb(50_000_000)
    for level in range(10):
        inner = files.with_part(WORD, f"word/media/{level}.zip", inner)
    return inner


def many_entries(n: int = 20_000) -> bytes:
    """A packed file with more parts than any program writes."""
    file = io.BytesIO(WORD)
    with zipfile.ZipFile(file, "a") as package:
        for number in range(n):
            package.writestr(f"word/media/{number}", b"")
    return file.getvalue()


def overlapping() -> bytes:
    """A packed file whose list of parts names the same bytes three thousand times."""
    name, data = b"word/media/x", zlib.compress(b"\0" * 1_000_000, 9)[2:-4]
    crc = zlib.crc32(b"\0" * 1_000_000)
    head = struct.pack("<4sHHHHHIIIHH", b"PK\3\4", 20, 0, 8, 0, 0, crc, len(data), 1_000_000, len(name), 0)
    body = head + name + data
    row = struct.pack(
        "<4sHHHHHHIIIHHHHHII", b"PK\1\2", 20, 20, 0, 8, 0, 0, crc, len(data), 1_000_000, len(name), 0, 0, 0, 0, 0, 0
    )
    listed = (row + name) * 3_000
    end = struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, 3_000, 3_000, len(listed), len(body), 0)
    return body + listed + end


def lying() -> bytes:
    """A part that says it is small and is not."""
    honest = files.with_part(WORD, DOCUMENT, b"<w:document>" + b" " * 300_000_000)
    return honest.replace(struct.pack("<I", 300_000_012), struct.pack("<I", 1_000))


def wide_sheet() -> bytes:
    """A sheet that claims every cell there could be."""
    part = "xl/worksheets/sheet1.xml"
    told = files.part_of(SHEET, part).replace(b"A1:B2", b"A1:XFD1048576")
    last = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    return files.with_part(SHEET, part, told.replace(b"</sheetData>", last))


def bombs() -> dict[str, bytes]:
    """S19: what grows when it is unpacked."""
    return {
        "ratio": _bomb(210_000_000),
        "nested": nested_bomb(),
        "many entries": many_entries(),
        "overlap": overlapping(),
        "lying size": lying(),
        "huge dimension": wide_sheet(),
        "deep markup": files.with_part(WORD, DOCUMENT, b"<a>" * 2_000_000),
    }


def references(to: str) -> dict[str, bytes]:
    """S20: what asks for something outside, at the address or file `to`."""
    entity = f'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY x SYSTEM "{to}">]>'.encode()
    parameter = f'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY % x SYSTEM "{to}"> %x;]>'.encode()
    word = files.part_of(WORD, DOCUMENT).split(b"?>", 1)[1].replace(b"former", b"&x;")
    strings = files.part_of(SHEET, STRINGS).split(b"?>", 1)[1].replace(b"Former", b"&x;")
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate"
    rels = (
        '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="r1" Type="{kind}" Target="{to}" TargetMode="External"/></Relationships>'
    ).encode()
    page = (
        f'<html><head><link rel="stylesheet" href="{to}"><base href="{to}"></head><body><img src="{to}">'
        f'<iframe src="{to}"></iframe><svg><image href="{to}"/></svg><p>Recommandation 1 : former la police.</p>'
    ).encode()
    return {
        "docx entity": files.with_part(WORD, DOCUMENT, entity + word),
        "docx parameter entity": files.with_part(WORD, DOCUMENT, parameter + word),
        "docx template": files.with_part(WORD, "word/_rels/settings.xml.rels", rels),
        "xlsx entity": files.with_part(SHEET, STRINGS, entity + strings),
        "html links": page,
        "xhtml entity": entity + b"<html><body><p>&x;</p></body></html>",
        "svg": entity + b'<svg xmlns="http://www.w3.org/2000/svg"><text>&x;</text></svg>',
    }


def entity_bombs() -> dict[str, bytes]:
    """S20: what grows when its entities are unfolded."""
    levels = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    head = f'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY e0 "aaaaaaaaaa">{levels}]>'.encode()
    word = files.part_of(WORD, DOCUMENT).split(b"?>", 1)[1].replace(b"former", b"&e11;")
    strings = files.part_of(SHEET, STRINGS).split(b"?>", 1)[1].replace(b"Former", b"&e11;")
    return {
        "docx": files.with_part(WORD, DOCUMENT, head + word),
        "xlsx": files.with_part(SHEET, STRINGS, head + strings),
        "xhtml": head + b"<html><body><p>&e11;</p></body></html>",
    }


def _pdf(*objects: bytes, root: int = 1, trailer: bytes = b"") -> bytes:
    """A PDF of these objects, numbered from 1, with a right table of where they stand."""
    body, places = b"%PDF-1.7\n", []
    for number, one in enumerate(objects, start=1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table)
    told = b"trailer << /Size %d /Root %d 0 R %s >>\nstartxref\n%d\n%%%%EOF" % (
        len(objects) + 1, root, trailer, len(body),
    )  # fmt: skip
    return body + end + told


def _stream(content: bytes, entries: bytes = b"") -> bytes:
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(content), entries, content)


def _packed(content: bytes, times: int) -> bytes:
    for _ in range(times):
        content = zlib.compress(content, 9)
    return _stream(content, b"/Filter [" + b"/FlateDecode " * times + b"]")


_CATALOG = b"<< /Type /Catalog /Pages 2 0 R >>"
_PAGE = (
    b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /XObject << /X 5 0 R >> >> >>"
)
_PAGES = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"


def _page_with(content: bytes, *more: bytes) -> bytes:
    return _pdf(_CATALOG, _PAGES, _PAGE, content, *more)


def pdfs() -> Iterator[tuple[str, bytes]]:
    """S21: thirty PDFs that turn in circles, grow without end or break off."""
    yield "pages in themselves", _pdf(_CATALOG, b"<< /Type /Pages /Kids [2 0 R] /Count 1 >>")
    yield (
        "pages of each other",
        _pdf(_CATALOG, b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>", b"<< /Type /Pages /Kids [2 0 R] /Parent 2 0 R >>"),
    )
    yield (
        "a million kids",
        _pdf(_CATALOG, b"<< /Type /Pages /Kids [" + b"3 0 R " * 300_000 + b"] /Count 300000 >>", _PAGE),
    )
    yield "its parent", _pdf(_CATALOG, _PAGES, _PAGE.replace(b"2 0 R", b"3 0 R", 1))
    yield "a count of billions", _pdf(_CATALOG, b"<< /Type /Pages /Kids [] /Count 99999999999 >>")
    yield "a root that is a page", _pdf(_CATALOG, _PAGES, root=2)
    yield "no root", _pdf(_CATALOG, root=9)
    yield "the table before it is itself", _pdf(_CATALOG, _PAGES, trailer=b"/Prev 9")
    good = _pdf(_CATALOG, _PAGES, _PAGE, _stream(b"BT ET"))
    at = good.index(b"xref\n")
    yield "a table that names itself", good.replace(b"/Root", b"/Prev %d /Root" % at)
    yield "a wrong place of the table", good.replace(b"startxref\n%d" % at, b"startxref\n999999999")
    yield "a negative place", good.replace(b"startxref\n%d" % at, b"startxref\n-1")
    yield "no end", good[: at - 20]
    yield "a length that is itself", _page_with(b"<< /Length 4 0 R >>\nstream\nBT ET\nendstream")
    yield "a negative length", _page_with(b"<< /Length -5 >>\nstream\nBT ET\nendstream")
    yield "a length of terabytes", _page_with(b"<< /Length 9999999999999 >>\nstream\nBT ET\nendstream")
    yield (
        "a form in itself",
        _page_with(
            _stream(b"/X Do"),
            _stream(
                b"/X Do", b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X 5 0 R >> >>"
            ),
        ),
    )
    yield "one filter", _page_with(_packed(b" " * 300_000_000, 1))
    yield "two filters", _page_with(_packed(b" " * 300_000_000, 2))
    yield "three filters", _page_with(_packed(b" " * 300_000_000, 3))
    yield "fifty filters", _page_with(_packed(b"BT ET", 50))
    yield "runs", _page_with(_stream(b"\x81 " * 2_000_000, b"/Filter /RunLengthDecode"))
    yield "letters of five", _page_with(_stream(b"z" * 3_000_000, b"/Filter /ASCII85Decode"))
    yield "an unknown filter", _page_with(_stream(b"BT ET", b"/Filter /Evil"))
    yield "a filter that is itself", _page_with(b"<< /Length 5 /Filter 4 0 R >>\nstream\nBT ET\nendstream")
    yield "lists in lists", _page_with(_stream(b"[" * 500_000))
    yield "lists in lists outside", _pdf(_CATALOG, b"[" * 200_000)
    yield "books in books", _page_with(_stream(b"<< /a " * 200_000))
    yield "states saved without end", _page_with(_packed(b"q " * 5_000_000, 1))
    yield "a text without end", _page_with(_stream(b"BT (" + b"(" * 1_000_000))
    yield "lines without end", _page_with(_packed(b"0 0 m 1 1 l S " * 500_000, 1))
    yield (
        "rows of zero width",
        _page_with(_stream(b"x", b"/Filter /FlateDecode /DecodeParms << /Predictor 12 /Columns 0 >>")),
    )
