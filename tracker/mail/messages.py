"""Facts become the bytes of a mail: in one language, as text and as HTML, complete with Date and Message-ID.

What is composed here is stored and leaves as it is, at the first attempt and at the last. A secret is the only
exception: a placeholder of the same width stands in its place until the mail is handed over.
"""

import re
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from functools import cache, partial
from itertools import islice
from urllib.parse import urlsplit

import css_inline
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from tracker import language
from tracker.resources import resource

PLACEHOLDER = "@@@@@@"
"""Stands for the six digits of a code in stored bytes."""
SUBJECT_LIMIT = 300
TEXT_WIDTH = 72
_BREAKS = re.compile("[\x00-\x1f\x7f\x85\u2028\u2029]+")
_BREAK = re.compile(rb"=\r?\n")
"""In stored bytes long lines are broken anywhere, also within a placeholder."""
_PLACE_OF_A_TOKEN = re.compile(rb"@B@(?:B[0-9a-z]){26}B@B@B@B@".replace(b"B", rb"(?:=\r?\n)?"))
_LISTS = {"digest": "reminders", "weekly": "weekly"}
"""The kinds of mail that recur, and the name of their list."""


@dataclass(frozen=True)
class Composed:
    """A mail as it is stored."""

    subject: str
    content: bytes


def compose(
    name: str, language_: str, *, recipient: str, sender: str, message_id: str, at: datetime, **values: object
) -> Composed:
    """Write the mail `name` to one address; `values` are what its templates in `templates/mail/` ask for.

    Every mail needs `base_url`, the address of this installation.
    """
    with language.speaking(language_):
        values = {**values, "language": language.current()}
        subject = header(_texts().get_template(f"{name}/subject.txt").render(values))[:SUBJECT_LIMIT]
        text = wrapped(_texts().get_template(f"{name}/body.txt").render(values))
        html = _inliner().inline(_pages().get_template(f"{name}/body.html").render(values, subject=subject))
        spoken = language.current()
    message = EmailMessage(policy=SMTP)
    message["Subject"] = subject
    message["From"] = _address(sender)
    message["To"] = _address(recipient)
    message["Date"] = format_datetime(at)
    message["Message-ID"] = message_id
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    if name in _LISTS:
        message["List-Id"] = f"<{_LISTS[name]}.{urlsplit(str(values['base_url'])).hostname}>"
    # Quoted-printable reads as text, so that the placeholder can be found, and passes any server.
    message.set_content(text, cte="quoted-printable")
    message.add_alternative(html, subtype="html", cte="quoted-printable")
    message["Content-Language"] = spoken
    # The boundary comes from the Message-ID: the same facts give the same bytes.
    message.set_boundary("=_" + re.sub(r"\W", "", message_id)[:40])
    return Composed(subject, message.as_bytes())


def with_secret(content: bytes, digits: str) -> bytes:
    """The bytes that leave: `digits` in the place that was kept for them."""
    if len(digits) != len(PLACEHOLDER):
        raise ValueError("a secret has the width of its placeholder")
    return content.replace(PLACEHOLDER.encode(), digits.encode())


def placeholder_of(uid: str) -> str:
    """What stands for the token of an answer link in stored bytes, as wide as the token."""
    return f"@@{uid}@@@@"


def with_tokens(content: bytes, tokens: Mapping[str, str]) -> bytes:
    """The bytes that leave: in place of the placeholder of each link, by its uid, its token."""
    if any(len(token) != len(placeholder_of(uid)) for uid, token in tokens.items()):
        raise ValueError("a token has the width of its placeholder")
    return _PLACE_OF_A_TOKEN.sub(partial(_woven, tokens), content)


def _woven(tokens: Mapping[str, str], found: re.Match[bytes]) -> bytes:
    """The token in place of its placeholder; where a line was broken within, it is broken still."""
    parts = _BREAK.split(found[0])
    token = tokens.get(b"".join(parts).decode().strip("@"))
    if token is None:
        return found[0]
    rest, woven = iter(token), list[str]()
    for part in parts:
        woven.append("".join(islice(rest, len(part))))
    breaks = [*_BREAK.findall(found[0]), b""]
    return b"".join(part.encode() + between for part, between in zip(woven, breaks, strict=True))


def one_line(text: str) -> str:
    """`text` without anything that could begin a new header."""
    return re.sub(r"[ \t]+", " ", _BREAKS.sub(" ", text)).strip()  # no-break spaces stay what they are


def header(text: str) -> str:
    """`text` as the value of a header: what looks encoded would be decoded, and may hold a line of its own."""
    return one_line(text).replace("=?", "= ?")


def wrapped(text: str) -> str:
    """`text` in lines that mail programs show whole; addresses of pages are never broken."""
    lines = []
    for line in text.strip().splitlines():
        indent = line[: len(line) - len(line.lstrip())]
        lines += textwrap.wrap(
            line, TEXT_WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
        ) or [""]
    return re.sub("\n{3,}", "\n\n", "\n".join(lines)) + "\n"


def excerpt(text: str, limit: int = 140) -> str:
    """The beginning of a text, ending with a whole word."""
    return textwrap.shorten(text, limit, placeholder=" …")


def _address(written: str) -> Address:
    """An address as a header takes it; one that could begin another header is refused."""
    if _BREAKS.search(written):
        raise ValueError("an address is one line")
    name, spec = parseaddr(written)
    return Address(display_name=name, addr_spec=spec)


@cache
def _texts() -> Environment:
    return _environment(Environment(autoescape=False), language._, language.ngettext)  # noqa: S701  # plain text


@cache
def _pages() -> Environment:
    return _environment(Environment(autoescape=True), language.translated, language.translated_many)


def _environment(env: Environment, gettext: object, ngettext: object) -> Environment:
    env.loader = FileSystemLoader(resource("templates") / "mail")
    env.undefined = StrictUndefined
    env.trim_blocks = env.lstrip_blocks = True
    env.globals.update(
        {
            "_": gettext,
            "ngettext": ngettext,
            "day": language.day,
            "number": language.number,
            "in_words": language.in_words,
            "PLACEHOLDER": PLACEHOLDER,
        }
    )
    env.filters["excerpt"] = excerpt
    return env


@cache
def _inliner() -> css_inline.CSSInliner:
    """Puts `mail.css` into the style of each element: many mail programs drop style sheets."""
    css = (resource("templates") / "mail" / "mail.css").read_text()
    return css_inline.CSSInliner(
        inline_style_tags=False, keep_style_tags=True, load_remote_stylesheets=False, extra_css=css
    )
