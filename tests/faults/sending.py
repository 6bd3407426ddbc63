"""Senders in processes of their own, that are killed or stopped, and mails for them."""

import multiprocessing
import os
import signal
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from email import message_from_bytes
from multiprocessing.process import BaseProcess
from typing import Any

from sqlalchemy import func, select, update

from tests.mail.peer import Peer
from tracker import clock, database
from tracker.errors import Unavailable
from tracker.mail.messages import Composed, compose
from tracker.models import OutgoingMail
from tracker.services import handover, installation, outbox
from tracker.settings import Settings

FORK = multiprocessing.get_context("fork")


def put(settings: Settings, count: int, *, name: str = "body", again: str = "", **options: Any) -> list[str]:
    """Queue so many mails; their recipients. `again` tells the mails apart that go to the same ones."""
    values = {"kind": "weekly", "lane": 1, "on_uncertain": "resend"} | options
    mark, place, now = "<1@x.example>", "somebody@x.example", clock.wall()
    head = {"recipient": place, "sender": settings.mail_from, "message_id": mark, "at": now}
    one = compose("code", "fr", **head, base_url="https://x.example", code="123456", minutes=10)
    recipients = [f"{name}-{number}@bodies.test" for number in range(count)]
    with database.transaction() as session:
        for recipient in recipients:
            message_id = outbox.new_message_id(settings)
            content = one.content.replace(mark.encode(), message_id.encode()).replace(
                place.encode(), recipient.encode()
            )
            outbox.queue(
                session, Composed(one.subject, content), message_id=message_id, key=f"test/{recipient}{again}",
                person=None, recipient=recipient, language="fr", at=now, expires_at=now + timedelta(days=9), **values,
            )  # fmt: skip
    return recipients


def send_on(settings: Settings, owner: str) -> None:
    """What a sender does until it is killed."""
    installation.connect(settings)
    while True:
        try:
            if not handover.send_waiting(settings, owner):
                time.sleep(0.02)
        except Unavailable:  # the other senders write without a rest
            time.sleep(0.02)


class Sender:
    """One sender in a process of its own. Connections do not survive a fork: nobody may be connected."""

    def __init__(self, settings: Settings, owner: str, duty: Callable[[Settings, str], None] = send_on) -> None:
        self.owner = owner
        self._process: BaseProcess = FORK.Process(target=duty, args=(settings, owner))
        self._process.start()

    @property
    def pid(self) -> int:
        return self._process.pid or 0

    def kill(self) -> None:
        """Kill -9."""
        if self._process.is_alive():
            os.kill(self.pid, signal.SIGKILL)
        self._process.join()


def let_leases_run_out(*owners: str) -> None:
    """As if a quarter of an hour went by for what these senders have in hand; the others go on."""
    with database.transaction() as session:
        theirs = OutgoingMail.lease_owner.in_(owners) if owners else OutgoingMail.lease_owner.is_not(None)
        session.execute(
            update(OutgoingMail)
            .where(OutgoingMail.state == "leased", theirs)
            .values(lease_until=clock.wall() - timedelta(seconds=1))
        )


def count(*states: str) -> int:
    """Mails in these states."""
    with database.reading() as session:
        return session.scalar(select(func.count(OutgoingMail.id)).where(OutgoingMail.state.in_(states))) or 0


def wait_for(condition: Callable[[], object], seconds: float = 60) -> None:
    """Until it is so."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "nothing happened in time"
        time.sleep(0.005)


def copies(peer: Peer) -> Counter[str]:
    """How often each mail arrived, by its recipient."""
    return Counter(peer.recipients)


def message_ids(peer: Peer) -> set[str]:
    """Those of all that arrived."""
    return {message_from_bytes(content)["Message-ID"] for _recipient, content in peer.accepted}
