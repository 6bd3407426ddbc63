"""Spreadsheets: every sheet a table, every row a line."""

import io
from datetime import date, datetime, time, timedelta

from tracker.intake.documents import Builder, Document

MOST_CELLS = 2_000_000
"""A sheet may claim a million empty rows: what is more than this is no annex."""


class TooLarge(Exception):
    """The sheets hold more cells than any annex."""


def read(content: bytes) -> Document:
    """The sheets that can be seen of an .xlsx, .xls or .ods file, one after the other."""
    from python_calamine import CalamineWorkbook, SheetVisibleEnum

    builder, cells = Builder(), 0
    with CalamineWorkbook.from_filelike(io.BytesIO(content)) as workbook:
        for sheet in workbook.sheets_metadata:
            if sheet.visible != SheetVisibleEnum.Visible:
                builder.notes.append("hidden_sheet")
                continue
            read_sheet = workbook.get_sheet_by_name(sheet.name)
            cells += read_sheet.total_height * read_sheet.total_width
            if cells > MOST_CELLS:
                raise TooLarge
            rows = [[_written(cell) for cell in row] for row in read_sheet.to_python(skip_empty_area=True)]
            if len(workbook.sheets_metadata) > 1:
                builder.line(sheet.name, is_heading=True)
            builder.table(rows, sheet.name)
    return builder.document("sheet")


def _written(cell: int | float | str | bool | time | date | datetime | timedelta) -> str:
    """A cell as its reader sees it: whole numbers without a fraction, days as days."""
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ", "minutes")
    return str(cell)
