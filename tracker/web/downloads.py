"""Tables to take away, which no spreadsheet program takes for formulas."""

import csv
import io
from collections.abc import Iterable, Sequence

from flask import Response

from tracker import language

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # full-width signs count too


def plain(value: object) -> str:
    """A cell as text: what a program would run begins with an apostrophe."""
    text = str(value).replace("\0", "")
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) or text.startswith(_FORMULA) else text


def as_csv(name: str, heads: Sequence[str], rows: Iterable[Sequence[object]]) -> Response:
    """A table as a file, with the separator that spreadsheet programs expect in the language in use."""
    file = io.StringIO(newline="")
    writer = csv.writer(file, delimiter="," if language.current() == "en" else ";")
    writer.writerow(heads)
    writer.writerows([plain(cell) for cell in row] for row in rows)
    told = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return Response(file.getvalue().encode("utf-8-sig"), mimetype="text/csv", headers=told)
