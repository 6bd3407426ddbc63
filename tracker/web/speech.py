"""The language of a request: asked for in the address, kept, the person's own, or the browser's."""

from flask import Flask, g, request, session
from flask_login import current_user

from tracker import language
from tracker.queries import installation as of_installation
from tracker.web import navigation
from tracker.web.access import WORK, me


def register(app: Flask) -> None:
    """Choose the language before each request, and say who is looking on every page."""
    app.before_request(_choose)
    app.before_request(_introduce)


def _choose() -> None:
    if is_for_everybody():
        return  # its language hangs on the address and the browser alone, see `web/kept.py`
    asked = request.args.get("lang")
    if asked in language.LANGUAGES:
        session["language"] = asked
    own = current_user.rights.person.language if "request_scope" in g and current_user.is_authenticated else None
    accepted = request.accept_languages.best_match(language.LANGUAGES)
    language.use(session.get("language") or own or session.get("own_language") or accepted or "fr")


def is_for_everybody() -> bool:
    """Whether this request asks for a public page, which knows nobody."""
    return request.blueprint == "public"


def name_issuer() -> None:
    """Put the name of the issuer on the page, where the installation has one alone."""
    issuers = of_installation.issuers()
    g.issuer = issuers[0].name if len(issuers) == 1 else None


def _introduce() -> None:
    """The names and the navigation that layouts show."""
    if "request_scope" not in g or request.blueprint == "health" or is_for_everybody():
        return  # probes are no pages, and public pages know nobody
    if "out_of_order" in g:
        raise g.out_of_order
    name_issuer()
    if current_user.is_authenticated:
        g.home_url = WORK
    if current_user.is_authenticated and (me().is_reader or me().is_keeper):
        g.navigation = navigation.entries()
        g.is_held = me().is_coordinator and of_installation.installation().is_held
