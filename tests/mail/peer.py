"""A mail server on loopback that keeps what it accepts and misbehaves on demand."""

import asyncio
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller


@dataclass
class Peer:
    """What was accepted, and what to answer: a reply per command, or `None` to drop the line."""

    accepted: list[tuple[str, bytes]] = field(default_factory=list)
    """Recipient and message, as they were accepted."""
    replies: dict[str, Callable[[str], str | None]] = field(default_factory=dict)
    """By command (MAIL, RCPT, DATA): recipient → reply; an empty reply accepts."""
    seconds: Callable[[str], float] = lambda _recipient: 0
    """How long it thinks before it says that it has taken a message."""
    log: Path | None = None
    """A file that gets one line a message before it is accepted: recipient and Message-ID."""
    connections: set[Any] = field(default_factory=set)
    """The addresses that mails came from: one a connection."""
    port: int = 0

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    @property
    def recipients(self) -> list[str]:
        return [recipient for recipient, _content in self.accepted]

    @property
    def messages(self) -> list[Message]:
        return [message_from_bytes(content) for _recipient, content in self.accepted]

    def refuse(self, command: str, reply: str | None, *, only: str = "") -> None:
        """Answer `reply` to a command, for one recipient or for all; `None` drops the line."""
        self.replies[command] = lambda recipient: reply if only in recipient else ""

    async def handle_MAIL(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:  # noqa: N802
        self.connections.add(session.peer)
        if refusal := self._reply("MAIL", address):
            return refusal
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:  # noqa: N802
        if refusal := self._reply("RCPT", address):
            return refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        recipient = envelope.rcpt_tos[0]
        said = self.replies.get("DATA", lambda _recipient: "")(recipient)
        if said:
            return said
        if self.log is not None:
            with self.log.open("a") as file:
                file.write(f"{recipient} {message_from_bytes(envelope.content)['Message-ID']}\n")
        self.accepted.append((recipient, envelope.content))
        await asyncio.sleep(self.seconds(recipient))
        if said is None:
            server.transport.abort()
        return "250 taken"

    def _reply(self, command: str, address: str) -> str | None:
        return self.replies.get(command, lambda _address: "")(address)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(**options: Any) -> Iterator[Peer]:
    """A peer that listens while the block runs."""
    peer = Peer(port=free_port(), **options)
    controller = Controller(peer, hostname="127.0.0.1", port=peer.port)
    controller.start()
    try:
        yield peer
    finally:
        controller.stop()
