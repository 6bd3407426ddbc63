"""The heavy pages of somebody signed in: built once, and the same bytes again until something changes.

A page is kept for one session: under its token, the token of its forms, the address, the language and the day. It is
built anew as soon as anything was written (`queries.installation.stamp`), when the session ends, and after a minute,
so that the use of the session goes on being noted. A page that tells the outcome of an act is not kept.
"""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from hashlib import sha256
from typing import Any

from flask import Flask, Response, current_app, g, request, session
from flask_login import current_user

from tracker import clock
from tracker.errors import Unavailable
from tracker.queries import installation
from tracker.web.shelf import Page, Shelf

AT_MOST = 8 * 1024 * 1024
"""Bytes that one process keeps."""
_LONGEST = timedelta(minutes=1)
_View = Callable[..., tuple[str, int]]


def register(app: Flask) -> None:
    """Look on the shelf before anything else is asked."""
    app.extensions["shelf_for_one"] = Shelf(AT_MOST)
    app.before_request(_serve_again)


def kept_for_one(view: _View) -> Callable[..., tuple[str, int]]:
    """Keep what a view builds, for whoever it was built for."""

    @wraps(view)
    def serve(**values: Any) -> tuple[str, int]:
        now, tells_an_outcome = clock.wall(), "_flashes" in session
        page, status = view(**values)
        if status == 200 and not tells_an_outcome and "stamp_before" in g:
            content, until = page.encode(), min(now + _LONGEST, current_user.until)
            of = Page(content, "text/html", sha256(content).hexdigest()[:24], now, until)
            _shelf().put(g.stamp_before, _key(), of)
        return page, status

    serve.is_kept_for_one = True  # type: ignore[attr-defined]
    return serve


def _serve_again() -> Response | None:
    view = current_app.view_functions.get(request.endpoint or "")
    is_asked = request.method == "GET" and getattr(view, "is_kept_for_one", False)
    if not is_asked or "lang" in request.args or "_flashes" in session or "_user_id" not in session:
        return None
    try:
        # Before anything is read for this page: what is written meanwhile moves the stamp, and the page is built again.
        g.stamp_before = installation.stamp()
    except Unavailable:
        return None  # told once the language is chosen
    page = _shelf().get(g.stamp_before, clock.wall(), _key())
    return Response(page.content, mimetype=page.mimetype) if page else None


def _shelf() -> Shelf:
    shelf: Shelf = current_app.extensions["shelf_for_one"]
    return shelf


def _key() -> object:
    ours = (session.get(name) for name in ("_user_id", "csrf_token", "language"))
    return (*ours, request.full_path, clock.today())
