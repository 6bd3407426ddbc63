"""Public pages are built once and kept: everybody gets the same bytes, until something changes.

A page is kept under its address, its language and `queries.public.version`; what is kept of an older version is let go.
The language is the one in the address, else the browser's: no cookie is read or set.
"""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from hashlib import sha256
from threading import Lock
from typing import Any

from flask import Flask, Response, current_app, g, request
from flask.sessions import SecureCookieSessionInterface, SessionMixin

from tracker import clock, language
from tracker.queries import public
from tracker.web import speech

View = Callable[..., str | Response]
AT_MOST = 16 * 1024 * 1024
"""Bytes that one process keeps."""
FRESH = "public, max-age=0, must-revalidate"
"""Caches may keep it and have to ask each time, so that what is taken back is gone at once."""


@dataclass(frozen=True)
class Page:
    """What is served again and again."""

    content: bytes
    mimetype: str
    tag: str


class Sessions(SecureCookieSessionInterface):
    """Sessions in a signed cookie, on which pages for everybody do not depend."""

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """As usual, but a public page does not vary by a cookie that something beside it has looked into."""
        if session.modified or not speech.is_for_everybody():
            super().save_session(app, session, response)


class Shelf:
    """The pages of one process and one version, those that were not asked for longest let go first."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._version = ""
        self._pages: OrderedDict[object, Page] = OrderedDict()
        self._size = 0

    def get(self, version: str, key: object) -> Page | None:
        """A page, if it is kept of this version."""
        with self._lock:
            if version != self._version:
                self._version, self._size = version, 0
                self._pages.clear()
            page = self._pages.get(key)
            if page is not None:
                self._pages.move_to_end(key)
            return page

    def put(self, version: str, key: object, page: Page) -> None:
        """Keep a page, unless the version moved while it was built."""
        with self._lock:
            if version != self._version or key in self._pages:
                return
            self._pages[key] = page
            self._size += len(page.content)
            while self._size > AT_MOST:
                _key, oldest = self._pages.popitem(last=False)
                self._size -= len(oldest.content)


def kept(*, is_paged: bool = False) -> Callable[[View], Callable[..., Response]]:
    """Serve what a view builds from the shelf, with an ETag. Where it `is_paged` it gets the number as `page`."""

    def serving(view: View) -> Callable[..., Response]:
        @wraps(view)
        def serve(**values: Any) -> Response:
            is_asked = choose_language()
            number = max(request.args.get("page", 1, type=int), 1) if is_paged else 1
            shelf: Shelf = current_app.extensions["shelf"]
            version = public.version(clock.now())
            key = (request.path, language.current(), is_asked, number)
            page = shelf.get(version, key)
            if page is None:
                g.kept_args = {"page": str(number)} if number > 1 else {}
                speech.name_issuer()
                page = _page(view(**values, **{"page": number} if is_paged else {}))
                shelf.put(version, key, page)
            return _response(page, is_negotiated=not is_asked)

        return serve

    return serving


def choose_language() -> bool:
    """Speak the language in the address, else the one that the browser asks for; whether the address says."""
    asked = request.args.get("lang")
    g.asked_language = asked if asked in language.LANGUAGES else None
    accepted = request.accept_languages.best_match(language.LANGUAGES) if g.asked_language is None else None
    language.use(g.asked_language or accepted or "fr")
    return g.asked_language is not None


def _page(built: str | Response) -> Page:
    if isinstance(built, Response):
        content, mimetype = built.get_data(), built.mimetype or "application/json"
    else:
        content, mimetype = built.encode(), "text/html"
    return Page(content, mimetype, sha256(content).hexdigest()[:24])


def _response(page: Page, *, is_negotiated: bool) -> Response:
    response = Response(page.content, mimetype=page.mimetype)
    response.set_etag(page.tag)
    response.headers["Cache-Control"] = FRESH
    if page.mimetype == "text/html":
        response.headers["Content-Language"] = language.current()
        if is_negotiated:
            response.headers["Vary"] = "Accept-Language"
    return response.make_conditional(request)  # type: ignore[return-value]  # it answers with itself
