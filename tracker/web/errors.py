"""What a page says when something cannot be done."""

import logging

from flask import Flask, current_app, render_template
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from tracker.errors import NotAllowed, NotFound, Refusal, TimelineMoved, Unavailable

_STATUS: dict[type[Refusal], int] = {NotFound: 404, TimelineMoved: 409, NotAllowed: 403, Unavailable: 503}
log = logging.getLogger(__name__)


def register(app: Flask) -> None:
    """Answer refusals and errors with a page that says what to do."""
    app.register_error_handler(Refusal, _refused)
    app.register_error_handler(CSRFError, _expired)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _broken)


def _refused(refusal: Refusal) -> tuple[str, int, dict[str, str]]:
    status = _STATUS.get(type(refusal), 422)
    if status == 503:
        log.error("the database does not answer", exc_info=refusal)
    page = render_template("errors/error.html", status=status, sentence=str(refusal))
    return page, status, {"Retry-After": "60"} if status == 503 else {}


def _expired(_error: CSRFError) -> tuple[str, int]:
    return render_template("errors/error.html", status=422, sentence=None), 422


def _http(error: HTTPException) -> tuple[str, int] | HTTPException:
    if error.code is None or error.code < 400:
        return error
    return render_template("errors/error.html", status=error.code, sentence=None), error.code


def _broken(error: Exception) -> tuple[str, int]:
    if current_app.testing:
        raise error
    log.exception("a page failed", exc_info=error)
    return render_template("errors/error.html", status=500, sentence=None), 500
