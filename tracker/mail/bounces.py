"""Delivery notices (RFC 3464) read: which of our mails did not arrive, and whether it ever will.

A notice is believed by the Message-ID of the mail that it quotes: 130 random bits that only its recipient and the mail
servers on its way have seen. What quotes none, such as an answer of somebody who is away, tells nothing.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import policy
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message
from email.parser import BytesParser, HeaderParser

LARGEST = 2_000_000
"""Bytes of a message that is read: a notice quotes one mail, and no mail of ours is large."""
_STATUS = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
_OF_THE_ADDRESS = re.compile(r"5\.(1\.\d+|2\.[016]|4\.4)")
"""No such mailbox, host or person. Size, a full mailbox or our reputation are not the address's fault."""


@dataclass(frozen=True)
class Notice:
    """That one mail did not arrive."""

    message_id: str
    is_final: bool
    """The address takes no mail, now or later; else this mail was given up and another may arrive."""
    status: str
    """Such as 5.1.1."""
    text: str
    """What the mail server said."""
    host: str
    """Who tells it."""


def read(content: bytes) -> Notice | None:
    """The notice that a message is; None where it is none, or tells of a delay or a delivery."""
    if len(content) > LARGEST:
        return None
    message = BytesParser(policy=policy.compat32).parsebytes(content)
    if message.get_content_type() != "multipart/report":
        return None
    parts = list(_parts(message))
    status = next((one for one in parts if one.get_content_type() == "message/delivery-status"), None)
    message_id = next((found for one in parts if (found := _quoted(one))), None)
    if status is None or message_id is None:
        return None
    blocks = [one for one in status.get_payload() if isinstance(one, Message)] if status.is_multipart() else []
    failed = next((one for one in blocks if _field(one, "Action").lower() == "failed"), None)
    if failed is None:
        return None
    said = _field(failed, "Diagnostic-Code").partition(";")[2].strip() or _field(failed, "Diagnostic-Code")
    code = _field(failed, "Status")
    host = _field(blocks[0], "Reporting-MTA").partition(";")[2].strip()
    status_code = _precise(code, said)
    return Notice(message_id, bool(_OF_THE_ADDRESS.fullmatch(status_code)), status_code, said[:400], host[:200])


def _precise(code: str, said: str) -> str:
    """The most telling of the codes: some servers write 5.0.0 and say the rest in words."""
    codes = [match.group(0) for match in _STATUS.finditer(f"{code} {said}")]
    return next((one for one in codes if not one.endswith(".0.0")), codes[0] if codes else "5.0.0")


def _parts(message: Message) -> Iterator[Message]:
    """The parts of a report; what a quoted mail contains is not looked at."""
    for part in message.get_payload() if message.is_multipart() else []:
        if isinstance(part, Message):
            yield part


def _quoted(part: Message) -> str | None:
    """The Message-ID of the mail that a part quotes, whole or its headers alone."""
    kind = part.get_content_type()
    if kind == "message/rfc822" and part.is_multipart():
        inner = part.get_payload(0)
        return _field(inner, "Message-ID") if isinstance(inner, Message) else None
    if kind in ("text/rfc822-headers", "message/rfc822-headers"):
        payload = part.get_payload(decode=True)
        text = payload.decode("ascii", "replace") if isinstance(payload, bytes) else ""
        return _field(HeaderParser().parsestr(text), "Message-ID")
    return None


def _field(of: Message, name: str) -> str:
    written = str(of.get(name, ""))
    try:
        spoken = str(make_header(decode_header(written)))
    except (HeaderParseError, LookupError, UnicodeError):  # what claims to be encoded, and is not
        spoken = written
    return " ".join(spoken.split())
