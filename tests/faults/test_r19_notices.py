"""Notices of mail servers: told apart, believed only of mails of ours, and followed."""

import itertools

import pytest
from sqlalchemy import select

from tests.faults.sending import copies, put
from tests.mail.notices import HARD, SOFT, away, notice, read_receipt
from tests.mail.peer import Peer
from tests.measuring import Measure
from tracker import clock, database
from tracker.mail import bounces as reading
from tracker.models import AddressState, OutgoingMail
from tracker.services import bounces
from tracker.services.handover import send_waiting
from tracker.settings import Settings

MANNERS = ("headers", "whole", "vague")
WORDS = ("no such user", "user unknown, réessayez", "mailbox unavailable; see https://x.example/5.9.9")


@pytest.mark.proves("R19")
def test_notices_are_told_apart(measure: Measure) -> None:
    right, all_ = 0, 0
    for status, manner, said in itertools.product([*HARD, *SOFT], MANNERS, WORDS):
        found = reading.read(notice("<a@x.example>", status, manner=manner, said=said))
        right += found is not None and (found.message_id, found.is_final) == ("<a@x.example>", status in HARD)
        all_ += 1
    ignored = [away("<a@x.example>"), read_receipt("<a@x.example>"), b"", b"\xff\x00" * 999]
    ignored += [notice("<a@x.example>", "4.4.1", action=action) for action in ("delayed", "delivered", "relayed")]
    right += sum(reading.read(one) is None for one in ignored)
    all_ += len(ignored)
    measure("R19", "notices classified right", 100 * right / all_, "%", "≥ 98", f"{all_} notices", on="none")


@pytest.mark.proves("R19")
def test_after_a_hard_bounce_nothing_more_is_sent_there_and_forged_ones_change_nothing(
    mailing: Settings, peer: Peer, measure: Measure
) -> None:
    put(mailing, 40)
    send_waiting(mailing, "one")
    with database.reading() as session:
        ids = dict(session.execute(select(OutgoingMail.recipient, OutgoingMail.message_id)).all())
    hard, soft, forged = sorted(ids)[:5], sorted(ids)[5:10], sorted(ids)[10:]

    believed = sum(
        bounces.take(notice(f"<{'0' * 26}-{n}@myria.example>", "5.1.1"), at=clock.wall())
        for n, _one in enumerate(forged)
    )
    for one in hard:
        assert bounces.take(notice(ids[one], "5.1.1"), at=clock.wall())
        assert not bounces.take(notice(ids[one], "5.1.1"), at=clock.wall()), "told twice it says nothing new"
    for one in soft:
        assert bounces.take(notice(ids[one], "5.2.2"), at=clock.wall())
    with database.reading() as session:
        refused = set(session.scalars(select(AddressState.address).where(AddressState.suppressed_at.is_not(None))))
        states = dict(session.execute(select(OutgoingMail.recipient, OutgoingMail.state)).all())
    assert refused == set(hard)
    assert {states[one] for one in (*hard, *soft)} == {"failed"}
    assert {states[one] for one in forged} == {"accepted"}

    put(mailing, 40, again="/2")
    send_waiting(mailing, "one")
    measure("R19", "forged notices believed", believed, "notices", "= 0", f"{len(forged)} notices")
    after = sum(copies(peer)[one] - 1 for one in hard)
    measure("R19", "mails after suppression", after, "mails", "= 0", f"{len(hard)} addresses")
