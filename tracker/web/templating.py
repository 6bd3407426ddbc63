"""What every template may say: words, dates, addresses of files, and who is looking.

Words and vocabulary are globals, so that macros see them too; what belongs to one request is its context.
Whoever prepares a request may set on `flask.g`: `navigation` (dicts of label, url, is_current, count), `me`,
`issuer`, `is_held`, `demo` (a dict of today, forward_url, here, accounts_url, mail_url), `home_url`,
`sign_out_url`, `account_url` and `held_url`. Times are shown in `app.config["TIMEZONE"]`. Public pages set `foot`, the
addresses at the foot of every page, and `is_for_everybody` themselves.
"""

from collections.abc import Callable
from datetime import datetime
from functools import cache
from typing import Any
from urllib.parse import quote, urlencode

from flask import Flask, current_app, g, request
from flask_wtf.csrf import generate_csrf
from jinja2 import ChainableUndefined, ChoiceLoader, FileSystemLoader, PackageLoader, PrefixLoader, StrictUndefined
from markupsafe import Markup, escape

from tracker import clock, language
from tracker.domain import vocabulary
from tracker.language import translated, translated_many
from tracker.resources import resource
from tracker.web import assets, stave

GOVUK = "govuk_frontend_jinja"
FOOT = {"public": "/", "accessibility": "/accessibility", "privacy": "/privacy", "work": "/work"}


def register(app: Flask) -> None:
    """Give the templates of `app` their words and their context. Needs no database."""
    env = app.jinja_env
    env.undefined = StrictUndefined
    env.trim_blocks = env.lstrip_blocks = True
    packages = PrefixLoader({GOVUK: PackageLoader(GOVUK)})
    env.loader = ChoiceLoader([FileSystemLoader(resource("templates")), packages])
    env.globals.update(
        {
            "_": translated,
            "ngettext": translated_many,
            "pgettext": language.pgettext,
            "languages": {code: language.NAMES[code] for code in language.LANGUAGES},
            "day": _set_high(language.day),
            "day_of": clock.day_of,
            "weekday": _set_high(language.weekday),
            "number": language.number,
            "quoted": language.quoted,
            "names_of": lambda bodies: language.listed(body.name(language.current()) for body in bodies),
            "sign": language.sign,
            "in_words": language.in_words,
            "moment": _local(language.moment),
            "moment_with_year": _local(language.moment_with_year),
            "time_of_day": _local(language.time_of_day),
            "asset": assets.asset,
            "csrf_token": generate_csrf,
            "govuk": _govuk(app),
            "stave_of": stave.stave_of,
            "bar_of": stave.bar_of,
            "duo_of": stave.duo_of,
            "only_in": language.only_in,
            "sorted_statuses": stave.ORDER,
        }
    )
    for name in (
        "Response",
        "Implementation",
        "Role",
        "EntryKind",
        "TermKind",
        "Channel",
        "SEVEN",
        "ANSWERS",
        "FINDINGS",
    ):
        env.globals[name] = getattr(vocabulary, name)
    env.filters["capitalize_first"] = lambda text: text[:1].upper() + text[1:]
    app.context_processor(_of_this_request)


def _set_high(shown: Callable[..., str]) -> Callable[..., Markup]:
    """Dates of a page: in French the ending of a first of the month is set high."""
    return lambda *values: escape(shown(*values)).replace("1er ", Markup("1<sup>er</sup> "), 1)


def language_url(code: str) -> str:
    """This page in another language."""
    # A page that is kept for everybody must not repeat what one visitor's address holds beside.
    args = g.kept_args.items() if "kept_args" in g else request.args.items(multi=True)
    wanted = [(name, value) for name, value in args if name != "lang"]
    return f"{quote(request.script_root + request.path)}?{urlencode([*wanted, ('lang', code)])}"


def _local(shown: Callable[[datetime, str], str]) -> Callable[[datetime], str]:
    return lambda value: shown(value, current_app.config.get("TIMEZONE", "Europe/Brussels"))


def _govuk(app: Flask) -> Callable[[str], Any]:
    """Loads the macros of a GOV.UK component once; they lean on missing values, unlike ours."""
    lenient = app.jinja_env.overlay(undefined=ChainableUndefined)
    return cache(lambda name: lenient.get_template(f"{GOVUK}/components/{name}/macro.html").module)


def _of_this_request() -> dict[str, object]:
    return {
        "language": language.current(),
        "language_url": language_url,
        "navigation": g.get("navigation", []),
        "me": g.get("me"),
        "issuer": g.get("issuer"),
        "is_held": g.get("is_held", False),
        "demo": g.get("demo"),
        "home_url": g.get("home_url", "/"),
        "sign_out_url": g.get("sign_out_url", "/sign-out"),
        "account_url": g.get("account_url", "/account"),
        "held_url": g.get("held_url", "/reminders"),
        "foot": FOOT,
        "is_for_everybody": False,
    }
