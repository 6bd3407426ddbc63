"""One web process: the application on waitress, which finishes what it began before it stops."""

import signal
import socket
import threading
import time
from typing import Any

from waitress import wasyncore
from waitress.channel import HTTPChannel
from waitress.server import BaseWSGIServer, create_server
from waitress.task import WSGITask

from tracker.errors import Misconfigured
from tracker.settings import Settings
from tracker.web.app import UPLOAD_LIMIT, create_app

THREADS = 8
DRAIN_SECONDS = 25
LARGEST_BODY = 4 * UPLOAD_LIMIT
"""Bytes that are taken in at all; below this, what is too large is refused with a page."""


class _Task(WSGITask):  # type: ignore[misc]  # the package is untyped
    """waitress closes the connection after every answer without a length, also after one that may have none.

    A browser that is told that nothing changed (304) then connects anew for its next page.
    """

    def set_close_on_finish(self) -> None:
        """Close, unless the end of the answer is plain and nobody wished it."""
        is_wished = self.version == "1.0" or self.request.headers.get("CONNECTION", "").lower() == "close"
        if self.has_body or is_wished:
            super().set_close_on_finish()


class _Channel(HTTPChannel):  # type: ignore[misc]
    task_class = _Task


def listen(host: str, port: int) -> socket.socket:
    """The socket that all web processes share."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=1024)
    except OSError as wrong:
        raise Misconfigured(
            f"Cannot listen on {host}, port {port}: {wrong.strerror}. Choose another port or address."
        ) from None


def run(settings: Settings, shared: socket.socket) -> None:
    """Serve the application on a shared socket until SIGTERM."""
    serve(create_app(settings), shared, clear_untrusted_proxy_headers=not settings.trusted_proxies)


def serve(application: Any, shared: socket.socket, **options: Any) -> None:
    """Serve until SIGTERM, then finish the requests that are under way."""
    channels: dict[int, Any] = {}
    server = create_server(
        application,
        map=channels,
        sockets=[shared],
        threads=THREADS,
        connection_limit=1000,
        ident=None,
        max_request_body_size=LARGEST_BODY,
        **options,
    )
    server.channel_class = _Channel

    def stop(_number: int, _frame: object) -> None:
        server.del_channel()  # no new connections; those that are open go on
        threading.Thread(target=_drain, args=(server, channels), daemon=True).start()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the parent, which says when to stop
    server.run()
    server.task_dispatcher.shutdown()


def _drain(server: BaseWSGIServer, channels: dict[int, Any]) -> None:
    """Wait until nothing is under way, then close every connection from inside the loop."""
    give_up_at = time.monotonic() + DRAIN_SECONDS
    while time.monotonic() < give_up_at and any(
        channel.requests or channel.total_outbufs_len for channel in list(server.active_channels.values())
    ):
        time.sleep(0.05)
    # The loop ends when it has no channel left; an exception raised in there would only be logged.
    server.trigger.pull_trigger(lambda: wasyncore.close_all(channels))
