"""Signing in with a code that arrives by mail, and out."""

from flask import Blueprint, flash, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from tracker import clock
from tracker.errors import NotAllowed, TooOften
from tracker.language import _
from tracker.queries import people
from tracker.services import sign_in
from tracker.web import access, errors
from tracker.web.access import Access, only
from tracker.web.forms import TrackerForm, stripped

bp = Blueprint("sign_in", __name__)


class AddressForm(TrackerForm):
    """Who wants to enter."""

    email = StringField(filters=[stripped])

    def validate_email(self, field: StringField) -> None:
        """Only the shape: whether someone has this address is never told."""
        InputRequired(_("Enter your mail address."))(self, field)
        Length(max=254, message=_("This address is too long."))(self, field)


class CodeForm(TrackerForm):
    """The code that was mailed."""

    code = StringField(filters=[stripped])

    def validate_code(self, field: StringField) -> None:
        """A code has to be there; whether it fits is the service's to say."""
        InputRequired(_("Enter the code from the mail."))(self, field)


@bp.route("/sign-in", methods=["GET", "POST"])
@only(Access.EVERYONE)
def ask() -> ResponseReturnValue:
    """Ask for the address and mail a code to it."""
    form = AddressForm()
    form.email.label.text = _("Mail address")
    if form.validate_on_submit():
        session["email"] = form.email.data
        try:
            sign_in.send_code(form.email.data, access.settings(), client=access.client(), at=clock.wall())
        except TooOften as refusal:  # a code that arrived can still be typed
            return errors.too_often(refusal, url_for("sign_in.code"), _("To the field for the code"))
        return redirect(url_for("sign_in.code"))
    return render_template("sign_in/ask.html", form=form), 422 if form.errors else 200


@bp.route("/sign-in/code", methods=["GET", "POST"])
@only(Access.EVERYONE)
def code() -> ResponseReturnValue:
    """Take the code and open a session."""
    email = session.get("email")
    if not email:
        return redirect(url_for("sign_in.ask"))
    form = CodeForm()
    form.code.label.text = _("Code")
    if form.validate_on_submit():
        try:
            token = sign_in.enter(email, form.code.data, access.settings(), client=access.client(), at=clock.wall())
        except NotAllowed as refusal:
            access.note("sign_in_failed", about=people.by_email(email))
            form.code.errors = [str(refusal)]
        else:
            return access.enter(token)
    return render_template("sign_in/code.html", form=form, email=email), 422 if form.errors else 200


@bp.post("/sign-out")
@only(Access.EVERYONE)
def leave() -> ResponseReturnValue:
    """End the session."""
    access.leave()
    flash(_("You are signed out."), "success")
    return redirect(url_for("sign_in.ask"))
