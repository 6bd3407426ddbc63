"""recommendations."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from tracker.web.access import Access, only

bp = Blueprint("recommendations", __name__)


@bp.get("/recommendations")
@only(Access.READERS)
def all_() -> ResponseReturnValue:
    return ""
