"""Files of every format that is read, made by the programs' own libraries."""

import io
import zipfile
from collections.abc import Sequence
from html import escape

Cells = Sequence[Sequence[str | float]]


def word(*blocks: str | Cells, headings: Sequence[str] = (), numbered: Sequence[str] = ()) -> bytes:
    """A .docx of paragraphs and tables; `headings` and `numbered` are paragraphs with these styles."""
    import docx

    document = docx.Document()
    for block in blocks:
        if isinstance(block, str):
            style = "Heading 1" if block in headings else "List Number" if block in numbered else None
            document.add_paragraph(block, style=style)
        else:
            table = document.add_table(rows=0, cols=len(block[0]))
            for row in block:
                for cell, text in zip(table.add_row().cells, row, strict=True):
                    cell.text = str(text)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def sheet(*sheets: Cells, hidden: int | None = None) -> bytes:
    """An .xlsx with these sheets."""
    import xlsxwriter

    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False}) as workbook:
        for number, rows in enumerate(sheets):
            page = workbook.add_worksheet()
            for at, row in enumerate(rows):
                page.write_row(at, 0, row)
            if number == hidden:
                page.hide()
    return file.getvalue()


def ods(rows: Cells) -> bytes:
    """An .ods with one sheet: a packed file with the parts that the format asks for."""
    office = "urn:oasis:names:tc:opendocument:xmlns"
    cells = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{escape(str(cell))}</text:p></table:table-cell>'
            for cell in row
        )
        + "</table:table-row>"
        for row in rows
    )
    spaces = " ".join(f'xmlns:{name}="{office}:{name}:1.0"' for name in ("office", "table", "text"))
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {spaces} office:version="1.2"><office:body>'
        f'<office:spreadsheet><table:table table:name="1">{cells}</table:table></office:spreadsheet>'
        "</office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    listed = "".join(
        f'<manifest:file-entry manifest:full-path="{path}" manifest:media-type="{media}"/>'
        for path, media in (("/", kind), ("content.xml", "text/xml"))
    )
    manifest = f'<manifest:manifest xmlns:manifest="{office}:manifest:1.0">{listed}</manifest:manifest>'
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as package:
        package.writestr("mimetype", kind)
        package.writestr("content.xml", content)
        package.writestr("META-INF/manifest.xml", manifest)
    return file.getvalue()


def pdf(pages: Sequence[Sequence[str]], *, head: str = "", notes: dict[int, str] | None = None) -> bytes:
    """A PDF of lines, a blank one for a gap; lines that begin with # are headings; with running head and numbers."""
    from reportlab.pdfgen.canvas import Canvas

    file = io.BytesIO()
    canvas = Canvas(file, pagesize=(595, 842))
    for number, lines in enumerate(pages, start=1):
        canvas.setFont("Helvetica", 8)
        canvas.drawString(60, 800, head)
        canvas.drawString(290, 30, str(number))
        if notes and number in notes:
            canvas.drawString(60, 60, notes[number])
        at = 770.0
        for line in lines:
            canvas.setFont(
                "Helvetica-Bold" if line.startswith("#") else "Helvetica", 14 if line.startswith("#") else 10
            )
            canvas.drawString(60, at, line.removeprefix("#"))
            at -= 20 if line.startswith("#") else 12
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def ruled_pdf(rows: Cells) -> bytes:
    """A PDF with a ruled table that goes on over pages."""
    from reportlab.lib.styles import getSampleStyleSheet
    from reportlab.platypus import Paragraph, SimpleDocTemplate, Table

    file, style = io.BytesIO(), getSampleStyleSheet()["BodyText"]
    cells = [[Paragraph(str(cell), style) for cell in row] for row in rows]
    table = Table(cells, colWidths=[60, 280, 120], style=[("GRID", (0, 0), (-1, -1), 1, "black")])
    SimpleDocTemplate(file).build([table])
    return file.getvalue()


def scan() -> bytes:
    """A PDF whose page is a drawing."""
    from reportlab.pdfgen.canvas import Canvas

    file = io.BytesIO()
    canvas = Canvas(file)
    canvas.rect(50, 50, 400, 600, fill=1)
    canvas.save()
    return file.getvalue()


def locked_pdf() -> bytes:
    """A PDF that asks for a password."""
    from reportlab.lib.pdfencrypt import StandardEncryption
    from reportlab.pdfgen.canvas import Canvas

    file = io.BytesIO()
    canvas = Canvas(file, encrypt=StandardEncryption("a password", strength=128))
    canvas.drawString(60, 700, "Recommendation 1")
    canvas.save()
    return file.getvalue()


def with_part(package: bytes, name: str, content: bytes) -> bytes:
    """A packed file with one of its parts replaced or added."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as before, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as after:
        for part in before.infolist():
            if part.filename != name:
                after.writestr(part.filename, before.read(part.filename))
        after.writestr(name, content)
    return file.getvalue()


def part_of(package: bytes, name: str) -> bytes:
    """One part of a packed file."""
    with zipfile.ZipFile(io.BytesIO(package)) as opened:
        return opened.read(name)
