"""bodies."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from tracker.web.access import Access, only

bp = Blueprint("bodies", __name__)


@bp.get("/bodies")
@only(Access.READERS)
def all_() -> ResponseReturnValue:
    return ""
