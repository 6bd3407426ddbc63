"""One web process: the application on waitress, which finishes what it began before it stops."""

import signal
import socket
import threading
import time

from waitress.server import BaseWSGIServer, create_server

from tracker.settings import Settings
from tracker.web.app import UPLOAD_LIMIT, create_app

THREADS = 8
DRAIN_SECONDS = 25
LARGEST_BODY = 4 * UPLOAD_LIMIT
"""Bytes that are taken in at all; below this, what is too large is refused with a page."""


def listen(host: str, port: int) -> socket.socket:
    """The socket that all web processes share."""
    return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET, backlog=1024)


def run(settings: Settings, shared: socket.socket) -> None:
    """Serve on a shared socket until SIGTERM, then finish the requests that are under way."""
    server = create_server(
        create_app(settings),
        sockets=[shared],
        threads=THREADS,
        connection_limit=1000,
        ident=None,
        clear_untrusted_proxy_headers=not settings.trusted_proxies,
        max_request_body_size=LARGEST_BODY,
    )

    def stop(_number: int, _frame: object) -> None:
        server.del_channel()  # no new connections; those that are open go on
        threading.Thread(target=_drain, args=(server,), daemon=True).start()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the parent, which says when to stop
    server.run()
    server.task_dispatcher.shutdown()


def _drain(server: BaseWSGIServer) -> None:
    """Wait until nothing is under way, then end the server's loop from inside: it goes on while it has sockets."""
    give_up_at = time.monotonic() + DRAIN_SECONDS
    while time.monotonic() < give_up_at and any(
        channel.requests or channel.total_outbufs_len for channel in list(server.active_channels.values())
    ):
        time.sleep(0.05)
    server.trigger.pull_trigger(server._map.clear)
