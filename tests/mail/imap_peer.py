"""A mailbox on loopback that speaks as much IMAP as a reader of notices needs."""

import re
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class ImapPeer:
    """Messages, and which of them were read."""

    messages: list[bytes] = field(default_factory=list)
    seen: set[int] = field(default_factory=set)
    password: str = "open sesame"  # noqa: S105  # of nobody
    port: int = 0

    @property
    def url(self) -> str:
        return f"imap://notices:{self.password.replace(' ', '%20')}@127.0.0.1:{self.port}/INBOX"

    def answer(self, tag: str, command: str) -> bytes:
        """What the server says to one command."""
        done = f"{tag} OK done\r\n".encode()
        if command.startswith("CAPABILITY"):
            return b"* CAPABILITY IMAP4rev1\r\n" + done
        if command.startswith("LOGIN"):
            return done if self.password in command else f"{tag} NO wrong\r\n".encode()
        if command.startswith("SELECT"):
            return f"* {len(self.messages)} EXISTS\r\n".encode() + done
        if command.startswith("UID SEARCH"):
            unseen = " ".join(str(n + 1) for n in range(len(self.messages)) if n + 1 not in self.seen)
            return f"* SEARCH {unseen}\r\n".encode() + done
        if found := re.match(r"UID FETCH (\d+)", command):
            content = self.messages[int(found[1]) - 1]
            head = f"* {found[1]} FETCH (UID {found[1]} BODY[]<0> {{{len(content)}}}\r\n".encode()
            return head + content + b")\r\n" + done
        if found := re.match(r"UID STORE (\d+)", command):
            self.seen.add(int(found[1]))
        return done


@contextmanager
def running() -> Iterator[ImapPeer]:
    """A mailbox that listens while the block runs."""
    peer = ImapPeer()

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.wfile.write(b"* OK ready\r\n")
            for line in self.rfile:
                tag, _blank, command = line.decode().strip().partition(" ")
                self.wfile.write(peer.answer(tag, command))
                if command == "LOGOUT":
                    return

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        peer.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield peer
        server.shutdown()
