"""rounds."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from tracker.web.access import Access, only

bp = Blueprint("rounds", __name__)


@bp.get("/rounds")
@only(Access.COORDINATORS)
def all_() -> ResponseReturnValue:
    return ""
