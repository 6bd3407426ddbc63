"""Where people who sign in are sent: to where their work is."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from tracker.web.access import WORK, Access, me, only

bp = Blueprint("home", __name__)


@bp.get(WORK)
@only(Access.SIGNED_IN)
def show() -> ResponseReturnValue:
    """Coordinators and readers to the dashboard, focal points to what they are asked."""
    if me().is_reader:
        return redirect(url_for("dashboard.show"))
    if me().is_focal_point:
        return redirect(url_for("answers.all_"))
    if me().is_keeper:
        return redirect(url_for("people.all_"))  # an installation that has no issuer yet
    return render_template("home/nothing.html")
