"""The web application: wiring alone. What a page does stands in the module of its subject."""

from contextlib import ExitStack
from urllib.parse import urlsplit

from flask import Flask, Response, abort, g, request
from flask_login import current_user
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from tracker import clock, database
from tracker.services import installation, limits
from tracker.services.audit import come_in
from tracker.settings import Settings
from tracker.web import (
    access,
    account,
    answer_links,
    answers,
    assets,
    audit,
    bodies,
    body_names,
    calendars,
    contacts,
    dashboard,
    demo,
    demo_components,
    draft_answers,
    due_dates,
    errors,
    focal_points,
    health,
    home,
    import_answers,
    import_cuts,
    import_drafts,
    import_names,
    import_otherwise,
    import_reading,
    import_sheets,
    import_terms,
    imports,
    kept,
    kept_for_one,
    lineage,
    members,
    people,
    policies,
    public,
    publication,
    recommendations,
    reminders,
    reply_forms,
    reply_sheets,
    review,
    rounds,
    sign_in,
    speech,
    splits,
    successions,
    templating,
    terms,
    unsent,
)
from tracker.web.shelf import Shelf

UPLOAD_LIMIT = 21 * 1024 * 1024
"""Bytes of one request: a document of twenty megabytes and its form."""
_PAGES = (
    public,
    home,
    sign_in,
    account,
    calendars,
    dashboard,
    recommendations,
    splits,
    answers,
    answer_links,
    reply_forms,
    reply_sheets,
    review,
    due_dates,
    draft_answers,
    imports,
    import_answers,
    import_cuts,
    import_drafts,
    import_names,
    import_otherwise,
    import_reading,
    import_sheets,
    rounds,
    reminders,
    policies,
    publication,
    terms,
    import_terms,
    lineage,
    bodies,
    body_names,
    members,
    successions,
    focal_points,
    people,
    contacts,
    audit,
    health,
)
_UNSAFE = ("POST", "PUT", "PATCH", "DELETE")
_POLICY = "; ".join(
    f"{name} {value}"
    for name, value in {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self'",
        "font-src": "'self'",
        "connect-src": "'self'",
        "frame-src": "'self'",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
    }.items()
)


def create_app(settings: Settings) -> Flask:
    """The application of one installation, with its database connected."""
    installation.connect(settings)
    app = Flask("tracker", static_folder="static", template_folder=None)
    app.config.update(
        SECRET_KEY=settings.secret_keys[0],
        SECRET_KEY_FALLBACKS=settings.secret_keys[1:],
        WTF_CSRF_SECRET_KEY=settings.secret_keys[::-1],  # the newest, with which it signs, comes last
        MAX_CONTENT_LENGTH=UPLOAD_LIMIT,
        MAX_FORM_MEMORY_SIZE=UPLOAD_LIMIT,  # an annex may be pasted as well as uploaded
        TIMEZONE=settings.timezone,
        SESSION_COOKIE_NAME="__Host-repons" if settings.is_https else "repons",
        SESSION_COOKIE_SECURE=settings.is_https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_TIME_LIMIT=None,  # a form that was left open overnight is not an attack
        WTF_CSRF_SSL_STRICT=settings.is_https,
    )
    app.extensions["settings"] = settings
    if n := settings.trusted_proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=n, x_proto=n, x_host=0)  # type: ignore[method-assign]
    app.extensions["shelf"] = Shelf(kept.AT_MOST)
    app.extensions["read"] = _read
    app.session_interface = kept.Sessions()
    kept_for_one.register(app)  # before a session of the database is opened: what is kept needs none
    app.before_request(_begin)
    app.teardown_request(_end)
    app.after_request(_protect)
    assets.register(app)
    templating.register(app)
    access.register(app)
    speech.register(app)  # before anything is refused, so that it is refused in the reader's language
    app.before_request(_refuse_what_no_text_holds)
    app.before_request(_refuse_forms_of_others)
    # A page that tells nobody where its reader came from sends no referrer: its form checks the token by itself.
    CSRFProtect(app).exempt(answer_links.enter)
    app.before_request(_refuse_what_is_too_often)
    unsent.register(app)
    errors.register(app)
    for blueprint in dict.fromkeys(page.bp for page in _PAGES):  # modules about one subject share theirs
        app.register_blueprint(blueprint)
    if settings.demo:
        app.register_blueprint(demo.bp)
        app.register_blueprint(demo_components.bp)
        app.before_request(demo.show_bar)
    return app


def _refuse_what_no_text_holds() -> None:
    """No form sends NUL, and PostgreSQL cannot keep it."""
    for values in (request.args, request.form) if request.method in _UNSAFE else (request.args,):
        if any("\0" in value for _name, value in values.items(multi=True)):
            abort(400)


def _refuse_forms_of_others() -> None:
    """A page of another site may not send our forms, whatever token it has."""
    origin = request.headers.get("Origin")
    if origin == "null" and request.endpoint == "answer_links.enter":
        return  # what a browser says of a page without a referrer
    if (
        request.method in _UNSAFE
        and origin
        and urlsplit(origin).netloc
        not in (
            request.host,
            urlsplit(access.settings().base_url).netloc,
        )
    ):
        access.note("form_refused")
        abort(400)


def _refuse_what_is_too_often() -> None:
    if request.method in _UNSAFE and current_user.is_authenticated:
        limits.send_a_form(access.person().uid, access.settings(), at=clock.wall())


def _begin() -> None:
    """One read-only session per request; a service ends it before it writes. Public pages that are kept need none."""
    come_in("page", address=request.remote_addr)
    if request.endpoint not in ("static", "health.alive") and not speech.is_for_everybody():
        _read()


def _read() -> None:
    g.request_scope = ExitStack()
    g.request_scope.enter_context(database.reading())


def _end(_error: BaseException | None) -> None:
    scope: ExitStack | None = g.pop("request_scope", None)
    if scope is not None:
        scope.close()


def _protect(response: Response) -> Response:
    """Headers of every answer; a page that shows foreign markup has set a stricter policy itself."""
    headers = response.headers
    headers.setdefault("Content-Security-Policy", _POLICY)
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    if request.endpoint != "static":
        headers.setdefault("Cache-Control", "no-store")
    if access.settings().is_https:
        headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
    return response
