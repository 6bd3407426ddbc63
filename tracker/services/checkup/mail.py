"""Whether mail leaves, and how it did lately."""

import imaplib

from sqlalchemy import func, select

from tracker import clock, database
from tracker.errors import Misconfigured
from tracker.language import _
from tracker.mail import mailbox, smtp
from tracker.models import ExpectedReply
from tracker.queries import mailing
from tracker.services.checkup.findings import Finding, fine, warning, wrong
from tracker.settings import Settings

_PATIENCE = smtp.Timeouts(connect=5, command=10)
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


def mail_server(settings: Settings) -> Finding:
    """A conversation with the mail server up to the sender, without a mail."""
    try:
        server = smtp.server(settings.smtp_url)
    except Misconfigured as refusal:
        return wrong(str(refusal), "Correct TRACKER_SMTP_URL.")
    outcome = smtp.Line(server, timeouts=_PATIENCE).greet(settings.mail_from)
    if outcome.code == 250:
        return fine(f"The mail server {server.host} takes mail from us.")
    remedies = {
        "connect": "See that it runs, that this machine may reach it, and that TRACKER_SMTP_URL has its name and port.",
        "tls": "Use the name that its certificate holds, or add ?ca=FILE with the certificate that vouches for it.",
        "login": "Correct the user name and the password in TRACKER_SMTP_URL; write % and @ in them as %25 and %40.",
        "from": "Ask whoever runs it to take mail from TRACKER_MAIL_FROM, or change that address.",
    }
    sentence = _(mailing.PHASES.get(outcome.phase, mailing.PHASES["hello"]))
    return wrong(
        f"{sentence} ({server.host}:{server.port}: {outcome.text or outcome.code})",
        remedies.get(outcome.phase, remedies["connect"]),
    )


def mail_encryption(settings: Settings) -> Finding:
    """Whether sign-in codes travel in clear."""
    try:
        server = smtp.server(settings.smtp_url)
    except Misconfigured:
        return fine("There is no mail server to talk to in clear.")
    if server.tls == "none" and server.host not in _LOOPBACK:
        return warning(
            f"Mail, with sign-in codes in it, travels to {server.host} without encryption.",
            "Add ?starttls=true to TRACKER_SMTP_URL, or begin it with smtps://.",
        )
    return fine("Mail is encrypted on its way to the mail server, or stays on this machine.")


def returned_mail(settings: Settings) -> Finding:
    """Whether what comes back is read."""
    url = settings.bounces_url.get_secret_value()
    if not url:
        return fine("What comes back goes to the sender's address; without TRACKER_BOUNCES_URL only people read it.")
    try:
        mailbox.probe(mailbox.place(url))
    except Misconfigured as refusal:
        return wrong(str(refusal), "Correct TRACKER_BOUNCES_URL.")
    except (OSError, imaplib.IMAP4.error) as broken:
        return wrong(f"What comes back cannot be read: {str(broken)[:200]}", "Correct TRACKER_BOUNCES_URL.")
    return fine("What comes back is read.")


def mail_flow(_settings: Settings) -> Finding:
    """Whether mail is held or paused while something waits."""
    health = mailing.health()
    expected = database.session().scalar(select(func.count(ExpectedReply.id)).where(ExpectedReply.is_open)) or 0
    if health.pause:
        return wrong(
            f"Sending pauses until {health.paused_until:%H:%M} UTC: {health.pause}",
            "Mend what the sentence says; sending goes on by itself, or at once after `tracker release`.",
        )
    if health.is_held and (expected or health.waiting):
        return warning(
            f"Mail is held, while {expected} replies are expected and {health.waiting} mails wait.",
            "Look at the page Reminders, then release mail there or with `tracker release`.",
        )
    return fine("Mail is held, and nothing waits for it." if health.is_held else "Mail leaves.")


def undelivered(_settings: Settings) -> Finding:
    """Mails of the last two months that did not arrive and that nobody dealt with."""
    found = mailing.troubles(since=clock.wall() - mailing.TROUBLES_FOR)
    if found:
        latest = f"the latest to {found[0].recipient}: {found[0].sentence}"
        return warning(
            f"Mails that did not arrive, or may not have: {len(found)}, {latest}",
            "A coordinator decides about each on the page Reminders.",
        )
    return fine("No mail waits for a decision.")
