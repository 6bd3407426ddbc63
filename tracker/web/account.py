"""One's own account: the language, and a way to sign out everywhere."""

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.language import _
from tracker.queries import directory
from tracker.services import people
from tracker.web import access, calendars
from tracker.web.access import Access, me, only
from tracker.web.people_forms import LanguageForm

bp = Blueprint("account", __name__)


@bp.route("/account", methods=["GET", "POST"])
@only(Access.SIGNED_IN)
def show() -> ResponseReturnValue:
    """Who one is here, in which language, and where one is signed in."""
    person = access.person()
    form = LanguageForm.opened(person.language)
    if request.method == "POST" and form.validate():
        people.speak(person.id, form.language.data)
        session.pop("language", None)  # what was chosen for this browser gives way to what was chosen for good
        flash(_("Your language is kept."), "success")
        return redirect(url_for("account.show"))
    page = render_template(
        "account/show.html",
        form=form,
        person=person,
        parts=directory.parts_of(person),
        calendars=calendars.addresses(person),
        sessions=directory.open_sessions(person.id, at=clock.wall()),
        is_office=me().is_reader or me().is_keeper,
    )
    return page, 422 if form.errors else 200


@bp.post("/account/sign-out")
@only(Access.SIGNED_IN)
def sign_out() -> ResponseReturnValue:
    """End every session of one's own, this one too."""
    people.end_sessions(access.person().id, by=access.person(), at=clock.wall())
    access.leave()
    flash(_("You are signed out everywhere."), "success")
    return redirect(url_for("home.show"))
