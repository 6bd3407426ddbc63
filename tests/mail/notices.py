"""Notices as mail servers write them, each in its own manner."""

from email.message import EmailMessage, Message
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.mime.nonmultipart import MIMENonMultipart
from email.mime.text import MIMEText

HARD = ["5.1.1", "5.1.10", "5.1.2", "5.2.1", "5.4.4", "5.1.6"]
SOFT = ["4.2.2", "5.2.2", "5.7.1", "5.3.4", "4.4.7", "5.2.3", "5.7.26"]


def notice(
    message_id: str, status: str, *, action: str = "failed", manner: str = "headers", said: str = "no such user"
) -> bytes:
    """A delivery notice; `manner`: the mail is quoted by its `headers`, `whole`, or `vague` with 5.0.0 and words."""
    report = MIMEMultipart("report", **{"report-type": "delivery-status"})
    report["From"] = "Mail Delivery System <mailer-daemon@relay.example>"
    report["Subject"] = "Undelivered Mail Returned to Sender"
    report["Auto-Submitted"] = "auto-replied"
    report.attach(MIMEText("This is the mail system at host relay.example."))
    status_part = MIMENonMultipart("message", "delivery-status")
    about, of = Message(), Message()
    about["Reporting-MTA"] = "dns; relay.example"
    of["Final-Recipient"] = "rfc822; somebody@bodies.test"
    of["Action"] = action
    of["Status"] = "5.0.0" if manner == "vague" else status
    of["Diagnostic-Code"] = f"smtp; 550 {status} {said}"
    status_part.set_payload([about, of])
    report.attach(status_part)
    quoted = Message()
    quoted["Subject"] = "Reminder"
    quoted["Message-ID"] = message_id
    if manner == "whole":
        quoted.set_payload("The text.\n")
        part = MIMEBase("message", "rfc822")
        part.set_payload([quoted])
    else:
        part = MIMEText(quoted.as_string(), "rfc822-headers")
    report.attach(part)
    return report.as_bytes()


def away(message_id: str) -> bytes:
    """Somebody is out of office."""
    answer = EmailMessage()
    answer["From"] = "somebody@bodies.test"
    answer["Subject"] = "Absent: Reminder"
    answer["Auto-Submitted"] = "auto-replied"
    answer["In-Reply-To"] = answer["References"] = message_id
    answer.set_content("I am back on Monday.")
    return answer.as_bytes()


def read_receipt(message_id: str) -> bytes:
    """A person opened the mail."""
    report = MIMEMultipart("report", **{"report-type": "disposition-notification"})
    report.attach(MIMEText("Your message was displayed."))
    part = MIMENonMultipart("message", "disposition-notification")
    part.set_payload(f"Original-Message-ID: {message_id}\nDisposition: manual-action/MDN-sent-manually; displayed\n")
    report.attach(part)
    return report.as_bytes()
