"""One mail of the ledger as it was sent, its attempts, and what can be done with it."""

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker.errors import NotAllowed
from tracker.language import N_, _
from tracker.mail.parts import parts
from tracker.models import MailAttempt, OutgoingMail
from tracker.queries import ledger, mailing
from tracker.services import outbox
from tracker.web import access
from tracker.web.access import Access, only
from tracker.web.mail_frame import framed

bp = Blueprint("mails", __name__, url_prefix="/reminders/mails/<int:mail_id>")

PHASES = {
    "connect": N_("Connection"),
    "hello": N_("Greeting"),
    "tls": N_("Encryption"),
    "login": N_("Sign-in to the mail server"),
    "from": N_("Our address"),
    "to": N_("Their address"),
    "data": N_("Handing over"),
    "fence": N_("Last check before handing over"),
    "bounce": N_("It came back"),
    "dot": N_("Confirmation"),
}


@bp.get("")
@only(Access.COORDINATORS)
def show(mail_id: int) -> ResponseReturnValue:
    """One mail as it was sent, its attempts and what it reminds of."""
    found, attempts = _mail(mail_id)
    return render_template(
        "ledger/mail.html",
        row=ledger.rows_of([found])[0],
        mail=found,
        attempts=[(one, _(PHASES.get(one.phase, one.phase))) for one in attempts],
        parts=parts(found.content) if found.content else None,
        refusal=mailing.refusal(found.recipient),
        step_label=ledger.step_label,
    )


@bp.get("/html")
@only(Access.COORDINATORS)
def html(mail_id: int) -> ResponseReturnValue:
    """The HTML part alone, for its frame."""
    return framed(_mail(mail_id)[0].content)


@bp.post("/hold")
@only(Access.COORDINATORS)
def hold(mail_id: int) -> ResponseReturnValue:
    """Keep one waiting mail back."""
    return _do(mail_id, outbox.hold, _("This mail is held. It waits until you release it."))


@bp.post("/release")
@only(Access.COORDINATORS)
def release(mail_id: int) -> ResponseReturnValue:
    """Let one held mail go."""
    return _do(mail_id, outbox.release, _("This mail is released and leaves within minutes."))


@bp.get("/<any(cancel, resend):act>")
@only(Access.COORDINATORS)
def confirm(mail_id: int, act: str) -> ResponseReturnValue:
    """What cannot be taken back is asked once more."""
    found, _attempts = _mail(mail_id)
    return render_template("ledger/confirm.html", row=ledger.rows_of([found])[0], mail=found, act=act)


@bp.post("/cancel")
@only(Access.COORDINATORS)
def cancel(mail_id: int) -> ResponseReturnValue:
    """Give one mail up that waits or is held."""
    return _do(mail_id, outbox.cancel, _("This mail does not leave any more. It stays in the ledger."))


@bp.post("/resend")
@only(Access.COORDINATORS)
def resend(mail_id: int) -> ResponseReturnValue:
    """Try a mail again that failed, is held or may not have arrived."""
    found, _attempts = _mail(mail_id)
    again = _("This mail is tried again within minutes, word for word the same.")
    done = _do(mail_id, outbox.resend, again)
    if "trust" in request.form:
        outbox.trust_again(found.recipient, by=access.person())
    return done


def _do(mail_id: int, act: Callable[..., None], sentence: str) -> ResponseReturnValue:
    """Do it and say so, or say why not."""
    _mail(mail_id)
    try:
        act(mail_id, by=access.person())
    except NotAllowed as refusal:
        flash(str(refusal), "error")
    else:
        is_kept_back = mailing.health().is_held and act in (outbox.release, outbox.resend)
        waits = _("It leaves when mail as a whole is released.") if is_kept_back else ""
        flash(f"{sentence} {waits}".strip(), "success")
    return redirect(url_for(".show", mail_id=mail_id))


def _mail(mail_id: int) -> tuple[OutgoingMail, list[MailAttempt]]:
    return ledger.mail(mail_id, access.me().coordinates)
