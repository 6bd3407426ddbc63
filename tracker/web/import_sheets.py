"""The pages of a PDF beside its drafts: a picture of each, with what was taken from it marked."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from flask import Response, current_app, request

from tracker.errors import NotFound
from tracker.language import _
from tracker.queries import imports
from tracker.queries.imports import Printed
from tracker.services import sheets
from tracker.web import access
from tracker.web.access import Access, only
from tracker.web.import_pages import bp

_MARGIN = 2
"""Points round a line."""


@dataclass(frozen=True)
class Mark:
    """A line that was taken, as a box on its page."""

    x: int
    y: int
    width: int
    height: int
    is_doubt: bool


@dataclass(frozen=True)
class Sheet:
    """One page."""

    number: int
    of: int
    width: int
    height: int
    marks: list[Mark] = field(default_factory=list)


def sheets_of(printed: Printed, drafts: Sequence[tuple[tuple[int, int], bool]], shown: Sequence[int]) -> list[Sheet]:
    """The pages on which the lines `shown` begin, with all drafts marked: their lines, and whether one is doubtful."""
    wanted = sorted({place[0] for number in shown if (place := printed.places[number - 1])})
    found = {number: Sheet(number, len(printed.sheets), *printed.sheets[number - 1]) for number in wanted or [1]}
    for (first, last), is_doubt in drafts:
        for place in printed.places[first - 1 : last]:
            if place and place[0] in found:
                found[place[0]].marks.append(_mark(place, is_doubt))
    return list(found.values())


def _mark(place: tuple[int, ...], is_doubt: bool) -> Mark:
    _page, left, top, right, bottom = place
    return Mark(left - _MARGIN, top - _MARGIN, right - left + 2 * _MARGIN, bottom - top + 2 * _MARGIN, is_doubt)


@bp.get("/<int:import_id>/sheet")
@only(Access.COORDINATORS)
def sheet(import_id: int) -> Response:
    """The picture of one page, `?n=3`; the browser keeps it, for its document never changes."""
    _name, content = imports.document(import_id, of_issuers=access.me().coordinates)
    if imports.printed(import_id) is None:
        raise NotFound(_("This document has no pages."))
    drawn = sheets.picture(current_app.extensions["settings"], content, request.args.get("n", 1, int))
    response = Response(drawn, mimetype="image/webp")
    response.headers["Cache-Control"] = "private, max-age=86400, immutable"
    return response
