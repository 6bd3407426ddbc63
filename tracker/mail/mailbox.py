"""Where notices arrive: a folder of messages, or a mailbox that is read over IMAP. Each message is handed out once."""

import imaplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from tracker.errors import Misconfigured
from tracker.language import _
from tracker.mail.bounces import LARGEST

AT_ONCE = 200
"""Messages of one look."""
TIMEOUT = 30
Take = Callable[[bytes], bool]
"""Reads one message; whether it told something."""


@dataclass(frozen=True)
class Mailbox:
    """A mailbox on a server."""

    host: str
    port: int
    user: str
    password: str
    name: str
    is_encrypted: bool


def place(url: str) -> Path | Mailbox:
    """Where `TRACKER_BOUNCES_URL` points; `Misconfigured` says what is wrong with it."""
    parts = urlsplit(url)
    try:
        port = parts.port
    except ValueError:
        port = 0
    is_local = parts.hostname in ("localhost", "127.0.0.1", "::1")
    if parts.scheme == "file" and parts.path:
        return Path(unquote(parts.path))
    is_encrypted = parts.scheme == "imaps"
    is_whole = parts.hostname and parts.username and parts.password and port != 0
    if is_whole and (is_encrypted or (parts.scheme == "imap" and is_local)):
        name = unquote(parts.path.lstrip("/")) or "INBOX"
        known = unquote(parts.username or ""), unquote(parts.password or "")
        return Mailbox(str(parts.hostname), port or (993 if is_encrypted else 143), *known, name, is_encrypted)
    raise Misconfigured(
        _(
            "TRACKER_BOUNCES_URL is wrong. It looks like imaps://user:password@host/INBOX, or file:///srv/bounces for "
            "a folder of messages."
        )
    )


def look(where: Path | Mailbox, take: Take) -> int:
    """Hand out what is new; how many messages there were."""
    return _in_folder(where, take) if isinstance(where, Path) else _over_imap(where, take)


def probe(where: Path | Mailbox) -> None:
    """Come as far as looking in, and read nothing; it raises what stands in the way."""
    if isinstance(where, Path):
        next(where.iterdir(), None)
    else:
        with _opened(where) as server:
            _enter(server, where)


def _in_folder(folder: Path, take: Take) -> int:
    """A folder, or a Maildir with its `new`. What was read moves to `read`, what told nothing to `ignored`."""
    inbox = folder / "new" if (folder / "new").is_dir() else folder
    found = sorted(one for one in inbox.iterdir() if one.is_file() and not one.name.startswith("."))[:AT_ONCE]
    for one in found:
        with one.open("rb") as file:
            is_notice = take(file.read(LARGEST + 1))
        kept = folder / ("read" if is_notice else "ignored")
        kept.mkdir(exist_ok=True)
        one.rename(kept / one.name)
    return len(found)


def _over_imap(mailbox: Mailbox, take: Take) -> int:
    """Unread messages of a mailbox; they are marked as read and stay there."""
    with _opened(mailbox) as server:
        _enter(server, mailbox)
        numbers = bytes(_expect(server.uid("SEARCH", "UNSEEN"))[0] or b"").split()[:AT_ONCE]
        for number in numbers:
            uid = number.decode("ascii")
            parts = _expect(server.uid("FETCH", uid, f"(BODY.PEEK[]<0.{LARGEST + 1}>)"))
            take(next((bytes(part[1]) for part in parts if isinstance(part, tuple)), b""))
            _expect(server.uid("STORE", uid, "+FLAGS", r"(\Seen)"))
        return len(numbers)


def _enter(server: imaplib.IMAP4, mailbox: Mailbox) -> None:
    server.login(mailbox.user, mailbox.password)
    _expect(server.select('"' + mailbox.name.replace("\\", "").replace('"', "") + '"'))


def _opened(mailbox: Mailbox) -> imaplib.IMAP4:
    if mailbox.is_encrypted:
        context = ssl.create_default_context()
        return imaplib.IMAP4_SSL(mailbox.host, mailbox.port, ssl_context=context, timeout=TIMEOUT)
    return imaplib.IMAP4(mailbox.host, mailbox.port, timeout=TIMEOUT)


def _expect(reply: tuple[str, list[Any]]) -> list[Any]:
    """What the server sent; a message comes as a pair of its head and itself."""
    status, data = reply
    if status != "OK":
        raise OSError(f"the mailbox answered {status}: {data!r}"[:300])
    return data
