"""Whether the process lives, and whether it can work."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from tracker.queries import installation
from tracker.web.access import Access, only

bp = Blueprint("health", __name__)


@bp.get("/healthz")
@only(Access.EVERYONE)
def alive() -> ResponseReturnValue:
    """The process answers."""
    return "alive\n", {"Content-Type": "text/plain; charset=utf-8"}


@bp.get("/readyz")
@only(Access.EVERYONE)
def ready() -> ResponseReturnValue:
    """The database answers."""
    installation.installation()
    return "ready\n", {"Content-Type": "text/plain; charset=utf-8"}
