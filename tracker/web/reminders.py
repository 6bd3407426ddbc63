"""Reminders: what leaves next and what does not, the ledger of every mail, and the hold on all of it."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker import clock, language
from tracker.errors import NotAllowed
from tracker.language import N_, _, ngettext
from tracker.mail.parts import parts
from tracker.models import MailAttempt, OutgoingMail
from tracker.queries import ledger, mailing
from tracker.queries.mailing import Mailing
from tracker.services import installation, outbox
from tracker.web import access
from tracker.web.access import Access, only
from tracker.web.mail_frame import framed

bp = Blueprint("reminders", __name__)

TABS = {
    "all": N_("Everything"),
    "waiting": N_("Waiting"),
    "delivered": N_("Delivered"),
    "not_sent": N_("Not sent"),
    "failed": N_("Failed"),
}
PHASES = {
    "connect": N_("Connection"),
    "hello": N_("Greeting"),
    "tls": N_("Encryption"),
    "login": N_("Sign-in to the mail server"),
    "from": N_("Our address"),
    "to": N_("Their address"),
    "data": N_("Handing over"),
    "fence": N_("Last check before handing over"),
    "dot": N_("Confirmation"),
}


@bp.get("/reminders")
@only(Access.COORDINATORS)
def show() -> ResponseReturnValue:
    """What leaves next, what is held back and why, and below it the ledger."""
    ours, timezone, now = access.me().coordinates, access.settings().timezone, clock.now()
    chosen = request.args.get("show", "all")
    chosen = chosen if chosen in ledger.FILTERS else "all"
    after = request.args.get("after", "")
    health = mailing.health()
    return render_template(
        "reminders/show.html",
        health=health,
        is_checked=health.is_alive("planner", clock.wall()),
        checked_at=health.ticks.get("planner"),
        troubles=mailing.troubles(issuer_ids=ours),
        due=mailing.due_now(now, timezone, issuer_ids=ours),
        queued=mailing.queued(),
        coming=mailing.mailings(now, timezone, issuer_ids=ours),
        when=_when,
        tabs=[
            {"label": _(label), "url": url_for("reminders.show", show=name) + "#ledger", "is_current": name == chosen}
            for name, label in TABS.items()
        ],
        chosen=chosen,
        page=ledger.page(chosen, after=after, issuer_ids=ours),
        is_later_page=bool(after),
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


@bp.get("/reminders/mails/<int:mail_id>")
@only(Access.COORDINATORS)
def mail(mail_id: int) -> ResponseReturnValue:
    """One mail as it was sent, its attempts and what it reminds of."""
    found, attempts = _mail(mail_id)
    return render_template(
        "reminders/mail.html",
        row=ledger.rows_of([found])[0],
        mail=found,
        attempts=[(one, _(PHASES.get(one.phase, one.phase))) for one in attempts],
        parts=parts(found.content) if found.content else None,
        refusal=mailing.refusal(found.recipient),
        step_label=ledger.step_label,
    )


@bp.get("/reminders/mails/<int:mail_id>/html")
@only(Access.COORDINATORS)
def mail_html(mail_id: int) -> ResponseReturnValue:
    """The HTML part alone, for its frame."""
    return framed(_mail(mail_id)[0].content)


@bp.post("/reminders/mails/<int:mail_id>/hold")
@only(Access.COORDINATORS)
def hold_one(mail_id: int) -> ResponseReturnValue:
    """Keep one waiting mail back."""
    _mail(mail_id)
    try:
        outbox.hold(mail_id)
    except NotAllowed as refusal:
        return _back(mail_id, str(refusal), "error")
    return _back(mail_id, _("This mail is held. It waits until you release it."))


@bp.post("/reminders/mails/<int:mail_id>/release")
@only(Access.COORDINATORS)
def release_one(mail_id: int) -> ResponseReturnValue:
    """Let one held mail go."""
    _mail(mail_id)
    try:
        outbox.release(mail_id)
    except NotAllowed as refusal:
        return _back(mail_id, str(refusal), "error")
    return _back(mail_id, _("This mail is released and leaves within minutes."))


@bp.post("/reminders/mails/<int:mail_id>/resend")
@only(Access.COORDINATORS)
def resend(mail_id: int) -> ResponseReturnValue:
    """Try a mail again that failed, is held or may not have arrived."""
    found, _attempts = _mail(mail_id)
    try:
        outbox.resend(mail_id)
    except NotAllowed as refusal:
        return _back(mail_id, str(refusal), "error")
    if "trust" in request.form:
        outbox.trust_again(found.recipient)
    return _back(mail_id, _("This mail is tried again within minutes, word for word the same."))


def _mail(mail_id: int) -> tuple[OutgoingMail, list[MailAttempt]]:
    return ledger.mail(mail_id, access.me().coordinates)


def _back(mail_id: int, sentence: str, category: str = "success") -> ResponseReturnValue:
    flash(sentence, category)
    return redirect(url_for("reminders.mail", mail_id=mail_id))


def _n_at_release() -> int:
    """How many mails leave when the hold ends, whichever issuer's: it holds them all."""
    return mailing.queued() + len(mailing.due_now(clock.now(), access.settings().timezone).mails)


def _when(of: Mailing) -> str:
    """The day and hour of a mailing, near ones by their name."""
    day, hour = clock.day_of(of.at), language.time_of_day(of.at, access.settings().timezone)
    named = {0: _("Today, %(day)s, %(time)s"), 1: _("Tomorrow, %(day)s, %(time)s")}
    text = named.get((day - clock.today()).days, "%(day)s, %(time)s") % {"day": language.weekday(day), "time": hour}
    return text[:1].upper() + text[1:]
