"""The spreadsheet in which a body fills in its form offline."""

import io
from collections.abc import Mapping, Sequence

from tracker.domain.sheets import HEADS
from tracker.language import _

_WIDTHS = {"text": 60, "question": 30, "done": 50, "reason": 30, "links": 30, "response": 22, "reported": 30}
_TO_FILL_IN = ("unchanged", "response", "reported", "done", "reason", "since", "links")


def written(rows: Sequence[Mapping[str, str]], choices: Mapping[str, Sequence[str]]) -> bytes:
    """An .xlsx with one row a recommendation; `choices` has the labels that a column offers, by its name."""
    import xlsxwriter

    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet, offered = book.add_worksheet(_("Answers")), book.add_worksheet("lists")
        offered.hide()
        plain = book.add_format({"text_wrap": True, "valign": "top"})
        open_ = book.add_format({"text_wrap": True, "valign": "top", "bg_color": "#FFF9E8", "border": 1})
        head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 2})
        for at, (name, label) in enumerate(HEADS.items()):
            sheet.set_column(at, at, _WIDTHS.get(name, 12))
            sheet.write_string(0, at, _(label), head)
            for line, row in enumerate(rows, start=1):
                sheet.write_string(line, at, row.get(name, ""), open_ if name in _TO_FILL_IN else plain)
        for column, (name, labels) in enumerate(choices.items()):
            offered.write_column(0, column, labels)
            letter, at = "ABC"[column], list(HEADS).index(name)
            source = f"=lists!${letter}$1:${letter}${len(labels)}"
            sheet.data_validation(
                1, at, max(1, len(rows)), at, {"validate": "list", "source": source, "error_type": "warning"}
            )
        sheet.freeze_panes(1, 1)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
    return file.getvalue()
