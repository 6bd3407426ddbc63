"""Handing mails over: the round that claims, sends and writes down what came of it.

That a mail was taken is written with the fence of the next one: one commit a mail. Whoever is killed in between leaves
one mail in doubt and no more, just as after a fence.
"""

import time
from collections.abc import Callable
from datetime import timedelta
from email.utils import parseaddr

from tracker import clock
from tracker.database import transaction
from tracker.errors import Unavailable
from tracker.mail import messages, smtp
from tracker.mail.smtp import Line, Timeouts
from tracker.services import answer_links, fencing, outbox, outcomes
from tracker.services.outbox import Claimed
from tracker.services.outcomes import Attempt
from tracker.services.sign_in import code_digits
from tracker.settings import Settings

LEFT = timedelta(minutes=1)
"""Of a lease: with less, a mail is not begun but given back, since others take what is leased no longer."""
_AGAIN_AFTER = 1
"""Seconds between two tries to write what the server took."""


def send_waiting(
    settings: Settings,
    owner: str,
    *,
    only_codes: bool = False,
    stopping: Callable[[], bool] = lambda: False,
    after_each: Callable[[], None] = lambda: None,
    timeouts: Timeouts | None = None,
    limit: int = smtp.MAILS_PER_CONNECTION,
) -> int:
    """Hand over what waits, at most `limit` mails over one connection. How many attempts it made.

    A dead or refusing server is an outcome, not an error.
    """
    turn = _Round(settings, timeouts)
    tried = 0
    try:
        while tried < limit and not stopping():
            claimed_at = clock.wall()
            claimed = outbox.claim(owner, claimed_at, only_codes=only_codes)
            if not claimed:
                break
            done = 0
            try:
                for mail in claimed:
                    if clock.wall() > claimed_at + outbox.LEASE - LEFT:
                        break
                    can_go_on = turn.send(mail)
                    done += 1
                    after_each()
                    if not can_go_on or stopping():
                        return tried + done
            finally:
                outbox.give_back(claimed[done:])
            tried += done
    finally:
        turn.end()
    return tried


class _Round:
    """Mails that are handed over one after the other, over one connection."""

    def __init__(self, settings: Settings, timeouts: Timeouts | None) -> None:
        self._settings = settings
        self._sender = settings.bounce_address or parseaddr(settings.mail_from)[1]
        own_name = parseaddr(settings.mail_from)[1].rpartition("@")[2] or "localhost"
        self._line = Line(smtp.server(settings.smtp_url), hello=own_name, timeouts=timeouts)
        self._host = f"{self._line.server.host}:{self._line.server.port}"
        self._taken: Attempt | None = None
        """The last mail, where the server took it and that is not written yet."""

    def send(self, mail: Claimed) -> bool:
        """Try to hand one mail over. Whether the server can take further mails."""
        started_at, content = clock.wall(), mail.content
        if mail.secret_of:
            key = self._settings.secret_key.get_secret_value()
            content = messages.with_secret(content, code_digits(key, mail.secret_of))
        if mail.links:
            content = messages.with_tokens(content, answer_links.tokens(mail.links.split(), self._settings))
        outcome = self._line.hand_over(self._sender, mail.recipient, content, lambda: self._fence(mail))
        attempt = Attempt(mail.id, mail.token, outcome, self._host, started_at, clock.wall())
        if outcome.is_accepted:
            self._taken = attempt
            return True
        self._write()
        with transaction() as session:
            return outcomes.settle(session, attempt)

    def end(self) -> None:
        """Write what is not written, and take leave of the server."""
        try:
            self._write_whatever_happens()
        finally:
            self._line.close()

    def _write_whatever_happens(self) -> None:
        """A mail whose acceptance is not written would leave a second time: while it is leased, it is tried again."""
        until = clock.wall() + outbox.LEASE - LEFT
        while True:
            try:
                return self._write()
            except Unavailable:
                if clock.wall() > until:
                    raise
                time.sleep(_AGAIN_AFTER)

    def _fence(self, mail: Claimed) -> bool:
        with transaction() as session:
            if self._taken is not None:
                outcomes.settle(session, self._taken)
            may_leave = fencing.fence(session, self._settings, mail.id, mail.token, clock.wall())
        self._taken = None
        return may_leave

    def _write(self) -> None:
        if self._taken is not None:
            with transaction() as session:
                outcomes.settle(session, self._taken)
            self._taken = None
