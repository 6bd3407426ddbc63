"""Pages that one process keeps, so that they are not built again while nothing has changed."""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime
from threading import Lock


@dataclass(frozen=True)
class Page:
    """What is served again and again, and from when until when it tells what is the case."""

    content: bytes
    mimetype: str
    tag: str
    since: datetime
    until: datetime


class Shelf:
    """Pages of one stamp, at most so many bytes of them; those not asked for longest are let go first."""

    def __init__(self, at_most: int) -> None:
        self._at_most = at_most
        self._lock = Lock()
        self._stamp: object = None
        self._pages: OrderedDict[object, Page] = OrderedDict()
        self._size = 0

    def get(self, stamp: object, now: datetime, key: object) -> Page | None:
        """A page, if it still tells what is the case."""
        with self._lock:
            page = self._pages.get(key)
            if page is None or stamp != self._stamp or not page.since <= now < page.until:
                return None
            self._pages.move_to_end(key)
            return page

    def put(self, stamp: object, key: object, page: Page) -> None:
        """Keep a page; what is kept of another stamp is let go."""
        with self._lock:
            if stamp != self._stamp:
                self._stamp, self._size = stamp, 0
                self._pages.clear()
            if (before := self._pages.pop(key, None)) is not None:
                self._size -= len(before.content)
            self._pages[key] = page
            self._size += len(page.content)
            while self._size > self._at_most:
                _key, oldest = self._pages.popitem(last=False)
                self._size -= len(oldest.content)
