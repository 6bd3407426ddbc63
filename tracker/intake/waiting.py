"""How long a page waits for a document before its reading becomes a job."""

import time

from tracker.intake.readers import Progress

SECONDS = 2.0
MOST_BYTES = 1024 * 1024
"""Of a text, which tells nothing while it is cut into lines and cells."""


class TakesLong(Exception):
    """The document is not read yet. Nothing was kept of it."""


def patience(content: bytes) -> Progress:
    """A progress that gives up after some seconds, or at once over a large file."""
    until = time.monotonic() + (SECONDS if len(content) <= MOST_BYTES else 0)

    def told(_done: int, _of: int, _unit: str) -> None:
        if time.monotonic() >= until:
            raise TakesLong

    told(0, 0, "")
    return told
