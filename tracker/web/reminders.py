"""reminders."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from tracker.web.access import Access, only

bp = Blueprint("reminders", __name__)


@bp.get("/reminders")
@only(Access.COORDINATORS)
def show() -> ResponseReturnValue:
    return ""
