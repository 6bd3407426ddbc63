"""imports."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from tracker.web.access import Access, only

bp = Blueprint("imports", __name__)


@bp.get("/imports")
@only(Access.COORDINATORS)
def all_() -> ResponseReturnValue:
    return ""
