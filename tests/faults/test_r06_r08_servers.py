"""Mail servers that drop the line, take their time or refuse for now."""

from collections import defaultdict
from datetime import datetime, timedelta
from email import message_from_bytes
from hashlib import sha256

import pytest
from sqlalchemy import select, update

from tests.faults.sending import copies, count, put
from tests.mail.peer import Peer
from tests.measuring import Measure
from tracker import clock, database
from tracker.mail.smtp import Outcome, Timeouts
from tracker.models import Installation, OutgoingMail
from tracker.services import outbox, outcomes
from tracker.services.handover import send_waiting
from tracker.services.outcomes import JITTER, RETRIES, THEN_EVERY, Attempt
from tracker.settings import Settings


def make_due() -> None:
    """As if the waits of the retry table had passed."""
    with database.transaction() as session:
        session.execute(update(OutgoingMail).where(OutgoingMail.state == "queued").values(next_at=clock.wall()))
        session.get_one(Installation, 1).paused_until = None


@pytest.mark.proves("R06", "R07")
def test_a_line_dropped_after_acceptance_gives_one_more_copy_of_the_same_bytes(
    mailing: Settings, peer: Peer, is_full: bool, measure: Measure
) -> None:
    recipients = put(mailing, 3_000 if is_full else 100)
    unlucky = set(recipients[::50])
    peer.replies["DATA"] = lambda recipient: None if recipient in unlucky and not copies(peer)[recipient] else ""

    while count("queued"):
        send_waiting(mailing, "one", timeouts=Timeouts(2, 2, 2))
        make_due()

    arrived, size = copies(peer), f"{len(recipients)} mails, {len(unlucky)} drops"
    measure("R06", "lost", len(set(recipients) - set(arrived)), "mails", "= 0", size)
    wrong = sum(n != 1 + (recipient in unlucky) for recipient, n in arrived.items())
    measure("R06", "mails without exactly one copy a drop", wrong, "mails", "= 0", size)
    bytes_of = defaultdict(set)
    for recipient, content in peer.accepted:
        message = message_from_bytes(content)
        bytes_of[recipient].add((sha256(content).hexdigest(), message["Date"], message["Message-ID"]))
    differ = sum(len(found) > 1 for found in bytes_of.values())
    measure("R07", "copies that differ in bytes, Date or Message-ID", differ, "mails", "= 0", size)


@pytest.mark.proves("R06")
def test_a_server_that_takes_its_time_to_say_yes_gets_no_second_copy(
    mailing: Settings, peer: Peer, measure: Measure
) -> None:
    put(mailing, 3)
    peer.seconds = lambda _recipient: 0.9  # of one: nine minutes of ten

    send_waiting(mailing, "one", timeouts=Timeouts(2, 2, 1))

    measure("R06", "extra copies for a slow yes", sum(copies(peer).values()) - 3, "mails", "= 0", "9 of 10 minutes")
    assert count("accepted") == 3


@pytest.mark.proves("R08")
@pytest.mark.parametrize("phase", ["connect", "from", "to", "data", "dot"])
def test_what_is_refused_for_now_is_tried_by_the_table_for_three_days(
    mailing: Settings, phase: str, measure: Measure
) -> None:
    put(mailing, 1)
    now, off, attempts = clock.wall(), 0, list[datetime]()
    while count("queued"):
        with database.reading() as session:
            mail = session.scalars(select(OutgoingMail)).one()
            paused = session.get_one(Installation, 1).paused_until
        waits = (*RETRIES, *[THEN_EVERY] * 99)
        if attempts:
            wanted = waits[len(attempts) - 1]
            off += abs((mail.next_at - attempts[-1]) / wanted - 1) > JITTER + 0.01
        now = max(now, mail.next_at, paused or now) + timedelta(seconds=1)
        attempts.append(now)
        [claimed] = outbox.claim("one", now)
        with database.transaction() as session:
            outcome = Outcome(phase, 451, "4.3.0 later")
            outcomes.settle(session, Attempt(claimed.id, claimed.token, outcome, "peer", now, now))
    hours = (attempts[-1] - attempts[0]) / timedelta(hours=1)
    measure("R08", f"attempts off the table by more than a fifth ({phase})", off, "attempts", "= 0")
    measure("R08", f"hours until it is given up ({phase})", hours, "h", "≤ 90")
    assert hours > 60
    assert count("failed") == 1
