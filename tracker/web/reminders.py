"""Reminders: what leaves next and what does not, the latest of the ledger, and the hold on all of it."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from tracker import clock, language
from tracker.language import _, ngettext
from tracker.queries import backups, ledger_pages, mailing
from tracker.queries.mailing import Mailing
from tracker.services import installation
from tracker.web import access, ledger, mails
from tracker.web.access import Access, only

bp = Blueprint("reminders", __name__)
bp.register_blueprint(ledger.bp)
bp.register_blueprint(mails.bp)

LATEST = 8
"""Rows of the ledger that stand below what leaves next."""


@bp.get("/reminders")
@only(Access.COORDINATORS)
def show() -> ResponseReturnValue:
    """What leaves next, what is held back and why, and below it the latest of the ledger."""
    ours, timezone, now = access.me().coordinates, access.settings().timezone, clock.now()
    health = mailing.health()
    return render_template(
        "reminders/show.html",
        health=health,
        is_checked=health.is_alive("planner", clock.wall()),
        checked_at=health.ticks.get("planner"),
        is_sending=health.is_alive("sender", clock.wall()),
        sent_at=health.ticks.get("sender"),
        troubles=mailing.troubles(issuer_ids=ours),
        backup=backups.last(),
        due=mailing.due_now(now, timezone, issuer_ids=ours),
        queued=mailing.queued(),
        coming=mailing.mailings(now, timezone, issuer_ids=ours),
        when=when,
        latest=ledger_pages.page(ledger_pages.Filters(issuer_ids=ours), size=LATEST),
    )


@bp.get("/reminders/release")
@only(Access.COORDINATORS)
def release() -> ResponseReturnValue:
    """What leaves when mail is released, before it is."""
    due = mailing.due_now(clock.now(), access.settings().timezone, issuer_ids=access.me().coordinates)
    return render_template("reminders/release.html", health=mailing.health(), due=due, n_mails=_n_at_release())


@bp.post("/reminders/release")
@only(Access.COORDINATORS)
def do_release() -> ResponseReturnValue:
    """Let mail leave from now on."""
    n = _n_at_release()
    installation.release(at=clock.now())
    told = ngettext("Mail is released: one mail leaves.", "Mail is released: %(n)s mails leave.", n)
    flash(told if n else _("Mail is released: nothing is due now."), "success")
    return redirect(url_for("reminders.show"))


@bp.post("/reminders/hold")
@only(Access.COORDINATORS)
def hold() -> ResponseReturnValue:
    """Keep all mail back but codes."""
    installation.hold()
    flash(_("Mail is held: reminders and digests wait until you release them."), "success")
    return redirect(url_for("reminders.show"))


def _n_at_release() -> int:
    """How many mails leave when the hold ends, whichever issuer's: it holds them all."""
    return mailing.queued() + len(mailing.due_now(clock.now(), access.settings().timezone).mails)


def when(of: Mailing) -> str:
    """The day and hour of a mailing, near ones by their name."""
    day, hour = clock.day_of(of.at), language.time_of_day(of.at, access.settings().timezone)
    named = {0: _("Today, %(day)s, %(time)s"), 1: _("Tomorrow, %(day)s, %(time)s")}
    text = named.get((day - clock.today()).days, "%(day)s, %(time)s") % {"day": language.weekday(day), "time": hour}
    return text[:1].upper() + text[1:]
