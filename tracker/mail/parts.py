"""Reads the bytes of a mail: what a person sees of it, as text and as HTML."""

from dataclasses import dataclass
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser


@dataclass(frozen=True)
class Parts:
    """A mail as its reader sees it."""

    sender: str
    to: str
    subject: str
    text: str
    html: str


def parts(content: bytes) -> Parts:
    """The parts of a mail; empty ones where it has none."""
    message = BytesParser(EmailMessage, policy=policy.default).parsebytes(content)
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    return Parts(
        str(message["From"] or ""),
        str(message["To"] or ""),
        str(message["Subject"] or ""),
        str(text.get_content()).replace("\r\n", "\n") if text else "",
        str(html.get_content()) if html else "",
    )
