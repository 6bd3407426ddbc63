"""Public pages are built once and kept: everybody gets the same bytes, until something changes.

A page is kept under its address and its language, for as long as `queries.public.stamp` is the same and no embargo and
no day has ended. The language is the one in the address, else the browser's: no cookie is read or set.
"""

from collections.abc import Callable
from datetime import datetime
from functools import lru_cache, wraps
from hashlib import sha256
from typing import Any

from flask import Flask, Response, current_app, g, request
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from tracker import clock, language
from tracker.queries import public
from tracker.web import speech
from tracker.web.shelf import Page, Shelf

View = Callable[..., str | Response]
AT_MOST = 16 * 1024 * 1024
"""Bytes that one process keeps."""
FRESH = "public, max-age=0, must-revalidate"
"""Caches may keep it and have to ask each time, so that what is taken back is gone at once."""


class Sessions(SecureCookieSessionInterface):
    """Sessions in a signed cookie, on which pages for everybody do not depend."""

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """As usual, but a public page does not vary by a cookie that something beside it has looked into."""
        if session.modified or not speech.is_for_everybody():
            super().save_session(app, session, response)


def kept(*, is_paged: bool = False) -> Callable[[View], Callable[..., Response]]:
    """Serve what a view builds from the shelf, with an ETag. Where it `is_paged` it gets the number as `page`."""

    def serving(view: View) -> Callable[..., Response]:
        @wraps(view)
        def serve(**values: Any) -> Response:
            is_asked = choose_language()
            number = max(request.args.get("page", 1, type=int), 1) if is_paged else 1
            shelf: Shelf = current_app.extensions["shelf"]
            # The stamp comes first: what changes while the page is built moves it, and the page is built again.
            now, stamp = clock.now(), public.stamp()
            key = (request.path, language.current(), is_asked, number)
            page = shelf.get(stamp, now, key)
            if page is None:
                g.kept_args = {"page": str(number)} if number > 1 else {}
                begin()
                page = _page(view(**values, **{"page": number} if is_paged else {}), now)
                shelf.put(stamp, key, page)
            return _response(page, is_negotiated=not is_asked)

        return serve

    return serving


def begin() -> None:
    """Read the database from here on: what is kept does without."""
    current_app.extensions["read"]()
    speech.name_issuer()


def choose_language() -> bool:
    """Speak the language in the address, else the one that the browser asks for; whether the address says."""
    asked = request.args.get("lang")
    g.asked_language = asked if asked in language.LANGUAGES else None
    language.use(g.asked_language or _negotiated(request.headers.get("Accept-Language", "")))
    return g.asked_language is not None


@lru_cache(maxsize=500)
def _negotiated(accepted: str) -> str:
    return parse_accept_header(accepted, LanguageAccept).best_match(language.LANGUAGES) or "fr"


def _page(built: str | Response, now: datetime) -> Page:
    if isinstance(built, Response):
        content, mimetype = built.get_data(), built.mimetype or "application/json"
    else:
        content, mimetype = built.encode(), "text/html"
    return Page(content, mimetype, sha256(content).hexdigest()[:24], now, public.holds_until(now))


def _response(page: Page, *, is_negotiated: bool) -> Response:
    response = Response(page.content, mimetype=page.mimetype)
    response.set_etag(page.tag)
    response.headers["Cache-Control"] = FRESH
    if page.mimetype == "text/html":
        response.headers["Content-Language"] = language.current()
        if is_negotiated:
            response.headers["Vary"] = "Accept-Language"
    return response.make_conditional(request)  # type: ignore[return-value]  # it answers with itself
