"""dashboard."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from tracker.web.access import Access, only

bp = Blueprint("dashboard", __name__)


@bp.get("/dashboard")
@only(Access.READERS)
def show() -> ResponseReturnValue:
    return ""
