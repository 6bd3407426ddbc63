"""Who may enter which page. Every route says so with `@only(…)`; a test fails on one that does not."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from enum import StrEnum
from functools import wraps
from ipaddress import ip_address, ip_network
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, abort, after_this_request, current_app, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user

from tracker import clock, logs
from tracker.errors import NotFound, Unavailable
from tracker.language import _
from tracker.models import AnswerLink, Person
from tracker.queries import answer_links, people
from tracker.queries.people import Rights
from tracker.services import audit, limits, sign_in
from tracker.settings import Settings

WORK = "/work"
"""Where everyone is sent who wanted to go nowhere else: the home of `web/home.py`."""


class Access(StrEnum):
    """Whom a page is for."""

    EVERYONE = "everyone"
    SIGNED_IN = "signed_in"
    FOCAL_POINTS = "focal_points"
    READERS = "readers"
    """Readers and coordinators of an issuer."""
    COORDINATORS = "coordinators"
    BEARERS = "bearers"
    """Whoever opened the form in this address by an answer link, signed in or not."""
    KEEPERS = "keepers"
    """Coordinators and administrators: they keep the register of bodies and the list of people."""


_MAY_ENTER: dict[Access, Callable[[Rights], bool]] = {
    Access.SIGNED_IN: lambda rights: True,
    Access.FOCAL_POINTS: lambda rights: rights.is_focal_point,
    Access.READERS: lambda rights: rights.is_reader,
    Access.COORDINATORS: lambda rights: rights.is_coordinator,
    Access.KEEPERS: lambda rights: rights.is_keeper,
}


class Visitor(UserMixin):  # type: ignore[misc]  # the package is untyped
    """Somebody signed in. To Flask-Login its id is the token of the session, so that a session can be ended."""

    def __init__(self, token: str, rights: Rights, until: datetime) -> None:
        self.token = token
        self.rights = rights
        self.until = until
        """When the session ends, where its use is not noted before."""

    def get_id(self) -> str:
        """The token that the signed cookie holds."""
        return self.token


def only(access: Access) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Let only these enter: others are sent to sign in, or told that the page is not theirs."""

    def guard(view: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(view)
        def guarded(*args: Any, **values: Any) -> ResponseReturnValue:
            if access is Access.BEARERS:
                g.link = _link(values["link_id"])
            elif access is not Access.EVERYONE:
                if not current_user.is_authenticated:
                    session["next"] = request.full_path.rstrip("?") if request.method == "GET" else WORK
                    return redirect(url_for("sign_in.ask"))
                if not _MAY_ENTER[access](me()):
                    note("denied")
                    abort(403)
            result: ResponseReturnValue = view(*args, **values)
            return result

        guarded.access = access  # type: ignore[attr-defined]
        return guarded

    return guard


def _link(link_id: int) -> AnswerLink:
    """The link whose token this browser holds for the form; its person acts."""
    at = clock.now()
    found = answer_links.by_token(request.cookies.get(form_cookie(), ""), at=at)
    if found.id != link_id:
        raise NotFound(_(answer_links.UNKNOWN))
    audit.come_in("page", address=request.remote_addr, person_id=found.person_id)
    if request.method == "POST":
        limits.send_a_form(found.person.uid, settings(), at=clock.wall())
    return found


def form_cookie() -> str:
    """The name of the cookie that opens a form; each goes to the addresses of its form alone."""
    return "__Secure-repons-form" if settings().is_https else "repons-form"


def link() -> AnswerLink:
    """The answer link by which this form was opened."""
    found: AnswerLink = g.link
    return found


def settings() -> Settings:
    """The settings of the installation that this request is for."""
    found: Settings = current_app.extensions["settings"]
    return found


def me() -> Rights:
    """What the person who is signed in may do."""
    rights: Rights = current_user.rights
    return rights


def person() -> Person:
    """The person who is signed in."""
    return me().person


def issuer_id() -> int:
    """The issuer whose coordinator is signed in. A person coordinates one; an installation may hold several."""
    return min(me().coordinates or me().reads)


def client() -> str:
    """Where this request comes from, as limits count it: one address, of IPv6 the network that one customer has."""
    try:
        address = ip_address(request.remote_addr or "")
    except ValueError:
        return ""
    return str(ip_network((address, 64), strict=False)) if address.version == 6 else str(address)


def note(event: str, about: Person | None = None) -> None:
    """Write a security event to the log: of whoever is signed in, or `about` somebody who is not."""
    actor = person() if current_user.is_authenticated else about
    logs.security(event, actor=actor.uid if actor else None, address=request.remote_addr, path=request.path)


def enter(token: str) -> ResponseReturnValue:
    """Open a session in this browser, ending the one it held before, and go where the person wanted to go."""
    if current_user.is_authenticated:
        sign_in.leave(current_user.token, at=clock.wall())
    found = people.signed_in(token, at=clock.wall())
    if found is None:
        abort(403)
    wanted = session.get("next", WORK)
    kept = session.get("language")
    session.clear()
    if kept:
        session["language"] = kept
    session["own_language"] = found.person.language  # for when the database cannot tell
    login_user(Visitor(token, people.rights(found.person), found.until))
    note("signed_in")
    return redirect(wanted if is_ours(wanted) else WORK)


def is_ours(address: str) -> bool:
    """Whether an address leads to a page of this site."""
    parts = urlsplit(address)
    return not parts.scheme and not parts.netloc and address.startswith("/") and address[1:2] not in ("/", "\\")


def leave() -> None:
    """End the session, here and in the database."""
    if current_user.is_authenticated:
        sign_in.leave(current_user.token, at=clock.wall())
        note("signed_out")
    _close_forms(session.get("forms", []))
    logout_user()
    session.clear()


def _close_forms(link_ids: list[int]) -> None:
    """Forget the links that opened forms in this browser: who signs out leaves nothing behind for the next."""
    paths = [url_for("reply_forms.show", link_id=link_id) for link_id in link_ids]
    name, is_https = form_cookie(), settings().is_https

    @after_this_request
    def close(response: Response) -> Response:
        for path in paths:
            response.delete_cookie(name, path=path, secure=is_https, httponly=True, samesite="Lax")
        return response


def register(app: Flask) -> None:
    """Let Flask-Login find the person behind a token."""
    # Without its context: to say who is looking it would open the cookie, also on pages that are the same for all.
    manager = LoginManager(app, add_context_processor=False)
    manager.session_protection = None  # the session's row and its expiry protect it, not the browser's description
    manager.user_loader(_visitor)


def _visitor(token: str) -> Visitor | None:
    if "request_scope" not in g:
        return None  # files are everybody's, also where one is missing
    try:
        found = people.signed_in(token, at=clock.wall())
    except Unavailable as refusal:
        g.out_of_order, found = refusal, None  # told once the language is chosen
    if found is None:
        return None
    person = found.person
    visitor = Visitor(token, people.rights(person), found.until)
    if found.is_to_be_noted:
        with suppress(Unavailable):  # reading goes on while somebody else writes for long
            sign_in.seen(token, at=clock.wall())
    g.me = person.display_name
    audit.come_in("page", address=request.remote_addr, person_id=person.id)
    return visitor
