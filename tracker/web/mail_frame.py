"""The HTML part of a mail, shut into a frame of its own: it can look as it likes and reach nothing."""

from flask.typing import ResponseReturnValue

from tracker.mail.parts import parts

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'self'; sandbox"
"""Mails carry their styles with them. This policy is for the mail's own frame alone."""


def framed(content: bytes) -> ResponseReturnValue:
    """The HTML part alone."""
    return parts(content).html, {"Content-Security-Policy": _POLICY}
