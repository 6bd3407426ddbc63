"""Doors of the demonstration: enter as anyone, read every mail, move today. Registered in demo mode alone."""

import mailbox
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import parsedate_to_datetime

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker import clock, language
from tracker.language import _
from tracker.queries import people
from tracker.services import sign_in
from tracker.web import access, speech
from tracker.web.access import Access, only

bp = Blueprint("demo", __name__, url_prefix="/demo")
_STEPS = (1, 7, 30)
"""Days by which today can be moved forward at once."""
_MAIL_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'self'; frame-ancestors 'self'; "
    "sandbox allow-popups allow-top-navigation-by-user-activation"
)
"""Mails carry their styles with them. This policy is for the mail's own frame alone."""


@dataclass(frozen=True)
class Mail:
    """A mail as it arrived."""

    key: str
    to: str
    subject: str
    sent_at: datetime
    text: str
    html: str


def show_bar() -> None:
    """What the bar on every page of the demonstration needs."""
    g.demo = {
        "today": clock.today(),
        # A page that is the same for everybody holds no form: its bar leads to the steps instead.
        "forward_url": None if speech.is_for_everybody() else url_for("demo.forward"),
        "here": request.full_path.rstrip("?") if request.method == "GET" else url_for("demo.show"),
        "accounts_url": url_for("demo.show"),
        "mail_url": url_for("demo.mails"),
    }


@bp.get("")
@only(Access.EVERYONE)
def show() -> ResponseReturnValue:
    """Everyone as whom one may enter, and the steps by which today moves."""
    return render_template("demo/show.html", accounts=people.accounts(), steps=_STEPS)


@bp.post("/enter/<int:person_id>")
@only(Access.EVERYONE)
def enter(person_id: int) -> ResponseReturnValue:
    """Enter as someone, in their language, without a code."""
    person = people.by_id(person_id)
    access.leave()
    token = sign_in.enter_as(person.id, at=clock.wall())
    return access.enter(token)


@bp.post("/forward")
@only(Access.EVERYONE)
def forward() -> ResponseReturnValue:
    """Move today forward by some days, a week without a choice."""
    days = request.form.get("days", "7")
    if days not in {str(step) for step in _STEPS}:
        abort(422)
    clock.move_forward(access.settings().moved_day, int(days))
    told = _("Today is now %(day)s. Reminders that are due arrive within seconds.", day=language.day(clock.today()))
    flash(told, "success")
    here = request.form.get("here", "")
    return redirect(here if access.is_ours(here) else url_for("demo.show"))


@bp.get("/mail")
@only(Access.EVERYONE)
def mails() -> ResponseReturnValue:
    """Every mail that arrived, the latest first."""
    return render_template("demo/mails.html", mails=_arrived())


@bp.get("/mail/<key>")
@only(Access.EVERYONE)
def mail(key: str) -> ResponseReturnValue:
    """One mail, text and HTML side by side."""
    return render_template("demo/mail.html", mail=_mail(key))


@bp.get("/mail/<key>/html")
@only(Access.EVERYONE)
def mail_html(key: str) -> ResponseReturnValue:
    """The HTML part alone, for its frame."""
    in_whole_window = _mail(key).html.replace("<head>", '<head><base target="_top">', 1)
    return in_whole_window, {"Content-Security-Policy": _MAIL_POLICY}


def _folder() -> mailbox.Maildir:
    return mailbox.Maildir(access.settings().data_dir / "mail", factory=None, create=True)


def _arrived() -> list[Mail]:
    folder = _folder()
    # By arrival, which begins the name of each file: a moved day is later than the day on which a code leaves.
    return [_read(key, folder.get_bytes(key)) for key in sorted(folder.iterkeys(), reverse=True)]


def _mail(key: str) -> Mail:
    folder = _folder()
    if key not in folder:
        abort(404)
    return _read(key, folder.get_bytes(key))


def _read(key: str, content: bytes) -> Mail:
    message = BytesParser(EmailMessage, policy=policy.default).parsebytes(content)
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    return Mail(
        key,
        str(message["To"]),
        str(message["Subject"]),
        parsedate_to_datetime(str(message["Date"])),
        text.get_content() if text else "",
        html.get_content() if html else "",
    )
