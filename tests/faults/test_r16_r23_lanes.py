"""Senders that pause, queues that are long, and codes that pass them."""

import os
import signal
import statistics
import time

import pytest

from tests.faults.sending import Sender, copies, count, let_leases_run_out, put, wait_for
from tests.mail.peer import Peer
from tests.measuring import Measure
from tracker import database, scheduler
from tracker.services import handover, installation
from tracker.settings import Settings


@pytest.mark.proves("R16")
@pytest.mark.parametrize(("command", "most"), [("RCPT", 1), ("DATA", 2)], ids=["before the fence", "after it"])
def test_a_sender_that_is_stopped_past_its_lease(
    mailing: Settings, peer: Peer, command: str, most: int, measure: Measure
) -> None:
    put(mailing, 1)
    stopped = list[Sender]()

    def stop_it(_recipient: str) -> str:
        if command not in seen:
            seen.append(command)
            os.kill(stopped[0].pid, signal.SIGSTOP)
        return ""

    seen = list[str]()
    peer.replies[command] = stop_it
    database.close()
    stopped.append(Sender(mailing, "stopped"))
    try:
        wait_for(lambda: seen)
        database.connect(mailing.database)
        let_leases_run_out()
        handover.send_waiting(mailing, "second")
        os.kill(stopped[0].pid, signal.SIGCONT)
        time.sleep(0.5)  # what the stopped one still does
    finally:
        stopped[0].kill()
    what = "before" if most == 1 else "after"
    measure("R16", f"copies of a sender stopped {what} its fence", sum(copies(peer).values()), "", f"≤ {most}")
    assert count("accepted") == 1
    assert copies(peer)


def work(settings: Settings, owner: str) -> None:
    """A worker in a process of its own, that only sends."""
    installation.connect(settings)
    scheduler.run(settings, plan_every=3600, owner=owner)


@pytest.mark.proves("R22")
def test_codes_pass_a_long_queue_of_digests(mailing: Settings, peer: Peer, is_full: bool, measure: Measure) -> None:
    digests, codes = (5_000, 50) if is_full else (200, 5)
    put(mailing, digests, name="digest", lane=3)
    arrived = dict[str, float]()
    peer.replies["DATA"] = lambda recipient: arrived.setdefault(recipient, time.monotonic()) and ""
    database.close()
    worker = Sender(mailing, "worker", work)
    try:
        wait_for(lambda: peer.accepted)
        database.connect(mailing.database)
        asked = dict[str, float]()
        for n in range(codes):
            [recipient] = put(mailing, 1, name=f"code-{n}", lane=0, kind="code", on_uncertain="hold")
            asked[recipient] = time.monotonic()
            time.sleep(0.2)
        wait_for(lambda: asked.keys() <= arrived.keys(), 120)
        still = count("queued")
    finally:
        worker.kill()
    waits = sorted(arrived[recipient] - asked[recipient] for recipient in asked)
    p95 = statistics.quantiles(waits, n=20)[-1]
    measure("R22", "from asking for a code to its acceptance, p95", p95, "s", "≤ 10", f"behind {digests} digests")
    assert still or not is_full, "the queue was too short to be passed"


@pytest.mark.proves("R23")
def test_reminders_that_are_due_at_once_have_left_in_a_minute(
    mailing: Settings, peer: Peer, is_full: bool, measure: Measure
) -> None:
    mails = 5_000 if is_full else 200
    begun = time.monotonic()
    recipients = put(mailing, mails)
    arrived = dict[str, float]()
    peer.replies["DATA"] = lambda recipient: arrived.setdefault(recipient, time.monotonic()) and ""
    database.close()
    queued = time.monotonic()
    senders = [Sender(mailing, f"sender-{n}") for n in range(2)]
    try:
        wait_for(lambda: len(arrived) == len(recipients), 300)
    finally:
        drained = time.monotonic() - queued
        for sender in senders:
            sender.kill()
    database.connect(mailing.database)
    late = statistics.quantiles([at - begun for at in arrived.values()], n=20)[-1]
    measure("R23", "seconds until all had left", drained, "s", "≤ 60", f"{mails} mails")
    measure("R23", "from due to accepted, p95", late, "s", "≤ 120", f"{mails} mails")
