"""What is done without a page: loading, proving, planning and sending reminders."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import timedelta

from bench import loading
from tests.mail.peer import running
from tracker import clock, database
from tracker.domain.policies import Policy
from tracker.domain.reminders import leaves_at
from tracker.mail import messages
from tracker.queries.verify import verify
from tracker.services import handover, installation, outbox, reminders
from tracker.settings import Settings

Tell = Callable[..., None]
MAILS = 2_000


def prove(size: loading.Size, tell: Tell) -> None:
    """`tracker verify`: entries replayed and compared."""
    begun = time.perf_counter()
    with database.reading():
        verdict = verify()
    took = time.perf_counter() - begun
    if not verdict.ok:
        raise RuntimeError(verdict.why)
    tell("B09", "verifying 500,000 entries, at the pace of these", took / size.entries * 500_000, "s", "≤ 30")


def plan(settings: Settings, tell: Tell) -> None:
    """One tick on which everybody who is late is written to."""
    now = leaves_at(
        clock.wall(), Policy(country="BE"), settings.timezone
    )  # nothing leaves at night, whenever this runs
    installation.release(at=now)
    begun = time.perf_counter()
    reminders.plan(now, settings)
    tell("B06", "one tick of the planner in which all who are due are written to", time.perf_counter() - begun, "s", "")
    begun = time.perf_counter()
    reminders.plan(now + timedelta(minutes=1), settings)
    tell("B06", "one tick in which nothing is due", time.perf_counter() - begun, "s", "")


def send(settings: Settings, tell: Tell) -> None:
    """Two senders empty a queue into a mail server on loopback."""
    bar = "≥ 400" if settings.database_url.startswith("sqlite") else "≥ 250"
    with running() as peer:
        settings = settings.model_copy(update={"smtp_url": peer.url})
        _queue(settings)
        database.close()
        begun = time.perf_counter()
        with ProcessPoolExecutor(2) as senders:
            sent = sum(senders.map(_empty, [settings, settings]))
        took = time.perf_counter() - begun
    if sent < MAILS:
        raise RuntimeError(f"only {sent} of {MAILS} mails left")
    tell("B06", f"{MAILS} mails handed over by two senders", sent / took, "a second", bar)


def _queue(settings: Settings) -> None:
    now = clock.wall()
    with database.transaction() as session:
        for number in range(MAILS):
            message_id = outbox.new_message_id(settings)
            recipient = f"somebody-{number}@bodies.test"
            who = {"recipient": recipient, "sender": settings.mail_from, "message_id": message_id}
            outbox.queue(
                session,
                messages.compose("code", "fr", **who, at=now, base_url=settings.base_url, code="123456", minutes=10),
                message_id=message_id, key=f"bench/{number}", kind="weekly", lane=1, person=None, recipient=recipient,
                language="fr", at=now, expires_at=now + timedelta(days=2), on_uncertain="resend",
            )  # fmt: skip


def _empty(settings: Settings) -> int:
    installation.connect(settings)
    sent, owner = 0, f"bench-{threading.get_native_id()}"
    while tried := handover.send_waiting(settings, owner):
        sent += tried
    database.close()
    return sent
