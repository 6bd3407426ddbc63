"""Senders that are killed in the middle lose nothing and send nothing a third time."""

import random
import time

import pytest
from sqlalchemy import select

from tests.faults.sending import Sender, copies, count, let_leases_run_out, message_ids, put, wait_for
from tests.mail.peer import Peer
from tests.measuring import Measure
from tracker import database
from tracker.models import OutgoingMail
from tracker.settings import Settings


def kill_loop(settings: Settings, peer: Peer, mails: int, kills: int) -> None:
    """Three senders empty the outbox; one after the other is killed and replaced."""
    chance = random.Random(7)  # noqa: S311  # the same run each time
    database.close()
    senders = [Sender(settings, f"sender-{number}") for number in range(3)]
    try:
        database.connect(settings.database)
        for kill in range(kills):
            wait_for(lambda kill=kill: len(peer.accepted) >= mails * (kill + 1) // (kills + 1))
            time.sleep(chance.uniform(0, 0.02))
            victim = senders.pop(chance.randrange(len(senders)))
            victim.kill()
            let_leases_run_out(victim.owner)
            database.close()
            senders.append(Sender(settings, f"after-kill-{kill}"))
            database.connect(settings.database)
        wait_for(lambda: not count("queued", "leased"), 120)
    finally:
        for sender in senders:
            sender.kill()


@pytest.mark.proves("R03")
def test_nothing_is_lost_and_nothing_sent_a_third_time(
    mailing: Settings, peer: Peer, is_full: bool, measure: Measure
) -> None:
    mails, kills = (20_000, 120) if is_full else (150, 3)
    recipients = put(mailing, mails)

    kill_loop(mailing, peer, mails, kills)

    arrived, size = copies(peer), f"{mails} mails, {kills} kills"
    measure("R03", "mails lost", len(set(recipients) - set(arrived)), "mails", "= 0", size)
    measure("R03", "second copies", sum(n - 1 for n in arrived.values()), "mails", f"≤ {kills}", size)
    measure("R03", "third copies", sum(n > 2 for n in arrived.values()), "mails", "= 0", size)
    measure("R03", "different Message-IDs", len(message_ids(peer)), "", f"= {mails}", size)
    measure("R03", "accepted in the ledger", count("accepted"), "mails", f"= {mails}", size)


@pytest.mark.proves("R05")
def test_where_doubt_means_hold_no_second_copy_leaves_and_what_is_missing_is_listed(
    mailing: Settings, peer: Peer, is_full: bool, measure: Measure
) -> None:
    mails, kills = (20_000, 120) if is_full else (150, 3)
    recipients = put(mailing, mails, on_uncertain="hold")

    kill_loop(mailing, peer, mails, kills)

    arrived, size = copies(peer), f"{mails} mails, {kills} kills"
    with database.reading() as session:
        held = set(session.scalars(select(OutgoingMail.recipient).where(OutgoingMail.why == "uncertain")))
    measure("R05", "duplicates", sum(n - 1 for n in arrived.values()), "mails", "= 0", size)
    measure("R05", "missing and not listed as held", len(set(recipients) - set(arrived) - held), "mails", "= 0", size)
    measure("R05", "held as uncertain", len(held), "mails", f"≤ {kills}", size)
