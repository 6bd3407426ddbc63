"""The conversation with a mail server, step by step, so that the fence can stand just before the final dot.

A server owns a message only once it has the final dot. Until then a broken line means: not sent. After it, silence
means: nobody knows.
"""

import re
import smtplib
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import parseaddr
from urllib.parse import parse_qsl, unquote, urlsplit

from tracker.errors import Misconfigured
from tracker.language import _

MAILS_PER_CONNECTION = 50
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True)
class Server:
    """Where mail is handed over."""

    host: str
    port: int
    tls: str = "none"
    """none, start (STARTTLS) or whole (TLS from the first byte)."""
    user: str = ""
    password: str = ""
    authority: str | None = None
    """A file with the certificate that vouches for the server, in place of the system's."""


@dataclass(frozen=True)
class Timeouts:
    """Seconds to wait: for a connection, for the reply to a command, for the reply to the final dot (RFC 5321)."""

    connect: float = 20
    command: float = 60
    dot: float = 600


@dataclass(frozen=True)
class Outcome:
    """How one attempt ended: how far it came, and the server's last words."""

    phase: str
    """connect, hello, tls, login, from, to, data, fence or dot."""
    code: int | None
    text: str

    @property
    def is_accepted(self) -> bool:
        """The server took the message over."""
        return self.phase == "dot" and self.code is not None and 200 <= self.code < 300

    @property
    def is_uncertain(self) -> bool:
        """The final dot left and no reply came: the message may have arrived."""
        return self.phase == "dot" and self.code is None


def server(url: str) -> Server:
    """The server at a `TRACKER_SMTP_URL`; `Misconfigured` says what is wrong with it."""
    parts = urlsplit(url)
    options = dict(parse_qsl(parts.query))
    try:
        port = parts.port
    except ValueError:
        port = 0
    wrong = parts.scheme not in ("smtp", "smtps") or not parts.hostname or port == 0 or parts.path not in ("", "/")
    if wrong or not options.keys() <= {"starttls", "ca"} or options.get("starttls", "true") not in ("true", "false"):
        raise Misconfigured(
            _(
                "TRACKER_SMTP_URL is wrong. It looks like smtp://127.0.0.1:25, "
                "smtp://user:password@host:587?starttls=true or smtps://user:password@host."
            )
        )
    tls = "whole" if parts.scheme == "smtps" else "start" if options.get("starttls") == "true" else "none"
    found = Server(
        str(parts.hostname),
        port or {"whole": 465, "start": 587, "none": 25}[tls],
        tls,
        unquote(parts.username or ""),
        unquote(parts.password or ""),
        options.get("ca"),
    )
    if found.user and tls == "none" and found.host not in _LOOPBACK:
        raise Misconfigured(
            _("TRACKER_SMTP_URL would send a password in clear. Add ?starttls=true to it, or begin it with smtps://.")
        )
    return found


class Line:
    """A connection that carries several mails, opened when first needed."""

    def __init__(self, to: Server, *, hello: str = "localhost", timeouts: Timeouts | None = None) -> None:
        self.server = to
        self._hello = hello
        self._timeouts = timeouts or Timeouts()
        self._smtp: smtplib.SMTP | None = None
        self._carried = 0
        self._phase = "connect"

    def hand_over(self, sender: str, recipient: str, content: bytes, fence: Callable[[], bool]) -> Outcome:
        """Try to hand one mail over. `fence` is asked just before the message leaves; on no, nothing leaves."""
        if self._carried >= MAILS_PER_CONNECTION:
            self.close()
        outcome = self._told(lambda: self._converse(sender, recipient, content, fence))
        self._carried += 1
        if not outcome.is_accepted:
            self._recover(outcome)
        return outcome

    def greet(self, sender: str) -> Outcome:
        """Come as far as naming the sender, and take leave without a mail."""
        outcome = self._told(lambda: self._introduce(parseaddr(sender)[1]))
        self.close()
        return outcome

    def _introduce(self, sender: str) -> Outcome:
        smtp = self._open()
        self._phase = "from"
        code, text = smtp.mail(sender)
        return Outcome("from", code, _readable(text))

    def _told(self, conversation: Callable[[], Outcome]) -> Outcome:
        """How a conversation ended, also where it broke."""
        try:
            return conversation()
        except smtplib.SMTPResponseException as reply:
            return Outcome(self._phase, reply.smtp_code, _readable(reply.smtp_error))
        except (OSError, smtplib.SMTPException) as broken:
            return Outcome(self._phase, None, _readable(str(broken) or type(broken).__name__))
        except BaseException:  # such as from the fence: a QUIT now would be a line of the message
            self._hang_up()
            raise

    def close(self) -> None:
        """Say good-bye if there is anyone to say it to."""
        smtp, self._smtp, self._carried = self._smtp, None, 0
        if smtp is not None:
            try:
                smtp.quit()
            except (OSError, smtplib.SMTPException):
                smtp.close()

    def _converse(self, sender: str, recipient: str, content: bytes, fence: Callable[[], bool]) -> Outcome:
        smtp = self._smtp or self._open()
        self._phase = "from"
        if not (sender + recipient).isascii():
            self._phase = "to"
            return Outcome("to", 553, "5.6.7 an address with letters that the mail server does not know")
        self._expect(smtp.mail(sender), 250)
        self._phase = "to"
        self._expect(smtp.rcpt(recipient), 250, 251)
        self._phase = "data"
        self._expect(smtp.docmd("DATA"), 354)
        self._phase = "fence"
        if not fence():
            return Outcome("fence", None, "")
        self._phase = "data"
        smtp.send(stuffed(content))
        if smtp.sock is not None:
            smtp.sock.settimeout(self._timeouts.dot)
        self._phase = "dot"
        smtp.send(b".\r\n")
        code, text = smtp.getreply()
        if smtp.sock is not None:
            smtp.sock.settimeout(self._timeouts.command)
        return Outcome("dot", code if code > 0 else None, _readable(text))

    def _open(self) -> smtplib.SMTP:
        self._phase = "connect"
        context = ssl.create_default_context(cafile=self.server.authority) if self.server.tls != "none" else None
        smtp: smtplib.SMTP
        if self.server.tls == "whole":
            smtp = smtplib.SMTP_SSL(local_hostname=self._hello, timeout=self._timeouts.connect, context=context)
        else:
            smtp = smtplib.SMTP(local_hostname=self._hello, timeout=self._timeouts.connect)
        self._smtp = smtp
        smtp._host = self.server.host  # type: ignore[attr-defined]  # connect() leaves the name to verify empty
        self._expect(smtp.connect(self.server.host, self.server.port), 220)
        if smtp.sock is not None:
            # The message and its dot are two writes: they must not wait for each other's acknowledgement.
            smtp.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            smtp.sock.settimeout(self._timeouts.command)
        self._phase = "hello"
        self._greet(smtp)
        if self.server.tls == "start":
            self._phase = "tls"
            smtp.starttls(context=context)
            self._greet(smtp)
        if self.server.user:
            self._phase = "login"
            smtp.login(self.server.user, self.server.password)
        return smtp

    def _greet(self, smtp: smtplib.SMTP) -> None:
        code, _text = smtp.ehlo()
        if not 200 <= code < 300:
            self._expect(smtp.helo(), 250)

    @staticmethod
    def _expect(reply: tuple[int, bytes], *wanted: int) -> None:
        if reply[0] not in wanted:
            raise smtplib.SMTPResponseException(reply[0], reply[1])

    def _recover(self, outcome: Outcome) -> None:
        """A refused sender or address ends one mail; anything else ends the connection, without the dot."""
        if self._smtp is not None and outcome.phase in ("from", "to") and outcome.code not in (None, 421):
            try:
                self._expect(self._smtp.rset(), 250)
            except (OSError, smtplib.SMTPException):
                pass
            else:
                return
        self._hang_up()

    def _hang_up(self) -> None:
        smtp, self._smtp, self._carried = self._smtp, None, 0
        if smtp is not None:
            smtp.close()


def stuffed(content: bytes) -> bytes:
    """The message as it travels: lines that begin with a dot get another, and the last line is ended."""
    ended = content if content.endswith(b"\r\n") else content + b"\r\n"
    return re.sub(rb"(?m)^\.", b"..", ended)


def _readable(text: bytes | str) -> str:
    spoken = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return " ".join(re.sub(r"[\x00-\x1f\x7f]+", " ", spoken).split())[:500]
