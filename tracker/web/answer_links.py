"""The door of an answer link: its page changes nothing, its button opens the form in this browser."""

from flask import Blueprint, Response, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from wtforms import StringField
from wtforms.widgets import HiddenInput

from tracker import clock, language
from tracker.errors import NotFound
from tracker.language import _
from tracker.models import AnswerLink
from tracker.queries import answer_links as links
from tracker.services import answer_links
from tracker.web import access
from tracker.web.access import Access, only
from tracker.web.forms import TrackerForm

bp = Blueprint("answer_links", __name__)

_MOST_OPEN = 50
"""Forms that one browser is remembered to have open."""


class DoorForm(TrackerForm):
    """The token, carried from the address of the page to its button."""

    link = StringField(widget=HiddenInput())


@bp.get("/answer")
@only(Access.EVERYONE)
def door() -> ResponseReturnValue:
    """One button. Whoever fetches links in mails to look at them opens nothing."""
    token = request.args.get("link", "")
    try:
        link = links.by_token(token, at=clock.now())
    except NotFound as refusal:
        return _closed(str(refusal))
    if "language" not in session:
        language.use(link.person.language)
    form = DoorForm(None, link=token)
    return _untold(make_response(render_template("answer_links/door.html", link=link, form=form)))


@bp.post("/answer")
@only(Access.EVERYONE)
def enter() -> ResponseReturnValue:
    """Open the form: from here on a cookie that goes to this form alone stands for the link."""
    form = DoorForm()
    if not form.validate():
        return _closed(_("This page was open for too long. Open the link in your mail again."), 422)
    token = str(form.link.data or "")
    try:
        link = answer_links.enter(token, at=clock.now())
    except NotFound as refusal:
        return _closed(str(refusal))
    session["own_language"] = link.person.language
    return opened(link, token)


@bp.post("/answers/form/<int:body_id>/<issuer>")
@only(Access.FOCAL_POINTS)
def own(body_id: int, issuer: str) -> ResponseReturnValue:
    """Open the form of one's body from the list of somebody who is signed in."""
    link, token = answer_links.own(access.person(), body_id, issuer, at=clock.now(), settings=access.settings())
    return opened(link, token)


def opened(link: AnswerLink, token: str) -> Response:
    """To the form, with the cookie that opens it."""
    there = url_for("reply_forms.show", link_id=link.id)
    response = make_response(redirect(there))
    session["forms"] = sorted({*session.get("forms", []), link.id})[-_MOST_OPEN:]  # closed by whoever signs out here
    response.set_cookie(
        access.form_cookie(), token, path=there, secure=access.settings().is_https, httponly=True, samesite="Lax"
    )
    return response


def _closed(sentence: str, status: int = 404) -> ResponseReturnValue:
    """Why a link opens nothing, and the other way in."""
    return _untold(make_response(render_template("answer_links/closed.html", sentence=sentence), status))


def _untold(response: Response) -> Response:
    """The address of this page holds the token: no other page is told of it."""
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
