"""What processes write down: one line for each thing that happened, whatever text it is about."""

import json
import logging
from typing import Any

from tracker import clock

_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
_BREAKS = {ord(one): f"\\x{ord(one):02x}" for one in (*map(chr, range(32)), "\x7f", "\x85", "\u2028", "\u2029")}
_TALKATIVE = {"apscheduler": logging.ERROR, "waitress.queue": logging.ERROR, "mail.log": logging.WARNING}
"""What tells of each tick that takes longer than its interval, and of each request that waits for a moment."""
_security = logging.getLogger("tracker.security")


class OneLine(logging.Formatter):
    """Breaks are written out and tracebacks indented, so that nobody's text looks like an entry of its own."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  # the library's name
        """The entry as one line."""
        return super().formatMessage(record).translate(_BREAKS)

    def formatException(self, ei: Any) -> str:  # noqa: N802
        """The traceback below it."""
        lines = super().formatException(ei).split("\n")
        return "\n".join("    " + line.translate(_BREAKS) for line in lines)


def configure() -> None:
    """Write to standard error, as whoever runs the process expects."""
    handler = logging.StreamHandler()
    handler.setFormatter(OneLine(_FORMAT))
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    for name, level in _TALKATIVE.items():
        logging.getLogger(name).setLevel(level)


def security(event: str, *, actor: str | None, address: str | None, **facts: str) -> None:
    """Note what an administrator looks for after an incident: who (a person's `uid`), when, from which address.

    Never a code, a token or what somebody wrote.
    """
    at = clock.wall().isoformat(timespec="milliseconds")
    _security.info(json.dumps({"event": event, "at": at, "actor": actor, "address": address, **facts}))
