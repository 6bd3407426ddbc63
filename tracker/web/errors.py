"""What a page says when something cannot be done."""

import logging
from contextlib import suppress
from math import ceil

from flask import Flask, Response, current_app, make_response, render_template, request
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from tracker import clock
from tracker.domain.acts import Act
from tracker.errors import ChangedMeanwhile, NotAllowed, NotFound, Refusal, TooOften, Unavailable
from tracker.services import audit
from tracker.web import access, unsent

_STATUS: dict[type[Refusal], int] = {
    NotFound: 404,
    NotAllowed: 403,
    ChangedMeanwhile: 409,
    Unavailable: 503,
}
log = logging.getLogger(__name__)


def register(app: Flask) -> None:
    """Answer refusals and errors with a page that says what to do."""
    app.register_error_handler(Refusal, _refused)
    app.register_error_handler(TooOften, too_often)
    app.register_error_handler(CSRFError, _expired)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _broken)


def _page(status: int, sentence: str | None = None, *, keeps: bool = False, **action: str) -> Response:
    """The page of an error; where it `keeps`, with what was typed, to be sent again."""
    shown = None
    with suppress(HTTPException):  # what is wrong may be the form itself
        shown = unsent.unsent() if keeps else None
    page = render_template("errors/error.html", status=status, sentence=sentence, unsent=shown, **action)
    return make_response(page, status)


def _refused(refusal: Refusal) -> Response:
    status = next((_STATUS[kind] for kind in type(refusal).__mro__ if kind in _STATUS), 422)
    page = _page(status, str(refusal), keeps=status != 404 or unsent.is_of_a_link())
    if status == 503:
        log.error("the database does not answer", exc_info=refusal)
        page.retry_after = 60
    if status in (403, 404):
        _note_denial(status)
    return page


def too_often(refusal: TooOften, action_url: str = "", action_label: str = "") -> Response:
    """The page that says from when on it may be tried again; with what can be done meanwhile."""
    access.note("limited")
    page = _page(429, str(refusal), keeps=True, action_url=action_url, action_label=action_label)
    page.retry_after = max(1, ceil((refusal.again_at - clock.wall()).total_seconds()))
    return page


def _expired(_error: CSRFError) -> Response:
    access.note("form_refused")
    return _page(422, keeps=unsent.is_from_here())


def _http(error: HTTPException) -> Response | HTTPException:
    if error.code is None or error.code < 400:
        return error
    if error.code == 403:
        _note_denial(403)
    page = _page(error.code)
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After"):
            page.headers[name] = value
    return page


def _note_denial(status: int) -> None:
    """Keep that somebody signed in asked for what is not theirs; numbers of its address may be kept, no text is."""
    if current_user.is_authenticated:
        numbers = {name: value for name, value in (request.view_args or {}).items() if isinstance(value, int)}
        with suppress(Unavailable):
            audit.record(Act.DENIED, ("page", request.endpoint), status=status, **numbers)


def _broken(error: Exception) -> Response:
    if current_app.testing:
        raise error
    log.exception("a page failed", exc_info=error)
    return _page(500, keeps=True)
