"""The front door: everyone is sent where their work is."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker.web.access import Access, me, only

bp = Blueprint("home", __name__)


@bp.get("/")
@only(Access.EVERYONE)
def show() -> ResponseReturnValue:
    """Coordinators and readers to the dashboard, focal points to what they are asked, visitors told what this is."""
    if not current_user.is_authenticated:
        return render_template("home/show.html")
    if me().is_reader:
        return redirect(url_for("dashboard.show"))
    if me().is_focal_point:
        return redirect(url_for("answers.all_"))
    return render_template("home/nothing.html")
