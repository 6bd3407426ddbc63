"""The outbox against a real mail server on loopback that refuses, hesitates, drops the line or is not there."""

import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tests.mail.peer import Peer, free_port, running
from tests.making import Office
from tracker import clock, database
from tracker.errors import NotAllowed
from tracker.mail import messages
from tracker.mail.smtp import Outcome, Timeouts
from tracker.models import AddressState, Installation, MailAttempt, OutgoingMail, Person, SignInCode
from tracker.queries import mailing
from tracker.services import fencing, handover, installation, outbox, outcomes, retention, sign_in
from tracker.services.handover import send_waiting
from tracker.settings import Settings

NOW = datetime(2026, 11, 24, 7, 30, tzinfo=UTC)
QUICK = Timeouts(connect=2, command=2, dot=2)


@pytest.fixture
def peer() -> Iterator[Peer]:
    with running() as found:
        yield found


@pytest.fixture
def settings(database_url: str, peer: Peer) -> Settings:
    installation.release(at=NOW)
    return Settings(
        secret_key="k" * 40, database_url=database_url, smtp_url=peer.url, mail_from="Myria <suivi@myria.example>"
    )


@pytest.fixture
def coordinator(settings: Settings) -> Person:
    """Of the only issuer."""
    return Office.set_up(is_imported=False).coordinator


def put(settings: Settings, *names: str, **options: Any) -> list[int]:
    """Queue one mail per name; their ids."""
    found = []
    for name in names:
        values = {"kind": "weekly", "lane": 1, "on_uncertain": "resend", "expires_at": clock.wall() + timedelta(days=9)}
        message_id = outbox.new_message_id(settings)
        common = {"recipient": f"{name}@bodies.example", "sender": settings.mail_from, "message_id": message_id}
        composed = messages.compose("code", "en", **common, at=NOW, base_url="https://x.example", code=name, minutes=10)
        with database.transaction() as session:
            mail = outbox.queue(
                session,
                composed,
                message_id=message_id,
                key=f"test/{name}",
                language="en",
                at=NOW,
                **{"person": None, "recipient": common["recipient"], **values, **options},
            )
        assert mail is not None
        found.append(mail.id)
    return found


def row(mail_id: int) -> OutgoingMail:
    with database.reading() as session:
        return session.get_one(OutgoingMail, mail_id)


def attempts(mail_id: int) -> list[MailAttempt]:
    with database.reading() as session:
        return list(
            session.scalars(select(MailAttempt).filter_by(outgoing_mail_id=mail_id).order_by(MailAttempt.number))
        )


def change(mail_id: int, **values: Any) -> None:
    with database.transaction() as session:
        for name, value in values.items():
            setattr(session.get_one(OutgoingMail, mail_id), name, value)


def fence(settings: Settings, claimed: outbox.Claimed, now: datetime | None = None) -> bool:
    with database.transaction() as session:
        return fencing.fence(session, settings, claimed.id, claimed.token, now or clock.wall())


def settle(mail_id: int, token: int, outcome: Outcome, started_at: datetime, ended_at: datetime) -> None:
    with database.transaction() as session:
        outcomes.settle(session, outcomes.Attempt(mail_id, token, outcome, "peer", started_at, ended_at))


def test_a_mail_leaves_and_its_row_keeps_what_the_server_said(settings, peer):
    [mail] = put(settings, "police")

    assert send_waiting(settings, "one") == 1

    assert (row(mail).state, row(mail).smtp_code, row(mail).attempts) == ("accepted", 250, 1)
    assert [(one.number, one.phase, one.code, one.host) for one in attempts(mail)] == [
        (1, "dot", 250, f"127.0.0.1:{peer.port}")
    ]
    assert peer.recipients == ["police@bodies.example"]


def test_the_same_cause_is_queued_once(settings):
    put(settings, "police")

    with pytest.raises(AssertionError):
        put(settings, "police")


def test_codes_go_first_and_leave_while_the_installation_is_held(settings, peer):
    put(settings, "digest")
    put(settings, "code", lane=0, kind="code")
    installation.hold()

    send_waiting(settings, "one")
    assert peer.recipients == ["code@bodies.example"]

    installation.release(at=NOW)
    send_waiting(settings, "one")
    assert peer.recipients == ["code@bodies.example", "digest@bodies.example"]


def test_nothing_waits_while_all_is_held_or_paused_but_a_code(settings):
    put(settings, "one")
    assert outbox.is_anything_waiting(clock.wall())

    installation.hold()
    assert not outbox.is_anything_waiting(clock.wall())
    put(settings, "code", lane=0)
    assert outbox.is_anything_waiting(clock.wall())

    with database.transaction() as session:
        session.get_one(Installation, 1).paused_until = clock.wall() + timedelta(minutes=1)
    assert not outbox.is_anything_waiting(clock.wall())


def test_a_refused_address_is_not_written_to_again_and_the_others_leave(settings, peer):
    peer.refuse("RCPT", "550 5.1.1 no such mailbox", only="gone")
    gone, there = put(settings, "gone", "there")

    send_waiting(settings, "one")

    assert (row(gone).state, row(gone).why, row(gone).smtp_text) == ("failed", "refused", "5.1.1 no such mailbox")
    assert row(there).state == "accepted"
    with database.reading() as session:
        assert session.get_one(AddressState, "gone@bodies.example").reason == "550 5.1.1 no such mailbox"
        [trouble] = mailing.troubles(since=NOW - timedelta(days=1))
    assert trouble.sentence == "Refused by the mail server – 550 5.1.1 no such mailbox"

    peer.replies.clear()
    change(gone, state="queued")
    send_waiting(settings, "one")
    assert peer.recipients == ["there@bodies.example"]
    assert row(gone).state == "suppressed"


def test_a_refusal_by_policy_is_not_held_against_the_address(settings, peer):
    peer.refuse("RCPT", "554 5.7.1 relay access denied")
    [mail] = put(settings, "police")

    send_waiting(settings, "one")

    assert row(mail).state == "failed"
    with database.reading() as session:
        assert session.get(AddressState, "police@bodies.example") is None


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA"])
def test_a_temporary_refusal_is_tried_again_by_the_table_with_the_same_bytes(settings, peer, command):
    peer.refuse(command, "451 4.3.0 later")
    [mail] = put(settings, "police")
    frozen = row(mail).content

    waits = []
    for _attempt in range(6):
        before = clock.wall()
        send_waiting(settings, "one")
        waits.append((row(mail).next_at - before) / timedelta(minutes=1))
        change(mail, next_at=clock.wall())
    peer.replies.clear()
    send_waiting(settings, "one")

    wanted = [1, 5, 15, 60, 120, 120]
    assert all(0.8 * want <= wait <= 1.2 * want + 0.1 for want, wait in zip(wanted, waits, strict=True))
    assert [one.code for one in attempts(mail)] == [451] * 6 + [250]
    assert row(mail).state == "accepted"
    assert peer.accepted[0][1].replace(b"\r\n", b"\n").strip() == frozen.replace(b"\r\n", b"\n").strip()


def test_after_three_days_of_refusals_it_gives_up_and_can_be_sent_again(settings, peer, coordinator):
    peer.refuse("RCPT", "451 later")
    [mail] = put(settings, "police")
    tried = timedelta()
    while row(mail).state == "queued" and tried < timedelta(days=9):
        before = clock.wall()
        send_waiting(settings, "one")
        tried += max(row(mail).next_at - before, timedelta())
        change(mail, next_at=clock.wall())

    assert (row(mail).state, row(mail).why) == ("failed", "gave_up")
    assert timedelta(hours=56) < tried < timedelta(hours=88)

    peer.replies.clear()
    outbox.resend(mail, by=coordinator)
    send_waiting(settings, "one")
    assert row(mail).state == "accepted"


def test_a_dead_server_costs_one_attempt_pauses_the_queue_and_raises_nothing(settings):
    dead = settings.model_copy(update={"smtp_url": f"smtp://127.0.0.1:{free_port()}"})
    first, second = put(settings, "first", "second")

    assert send_waiting(dead, "one") == 1
    assert send_waiting(dead, "one") == 0

    assert [(row(one).state, row(one).attempts) for one in (first, second)] == [("queued", 1), ("queued", 0)]
    assert [one.phase for one in attempts(first)] == ["connect"]
    with database.reading():
        health = mailing.health()
    assert health.pause.startswith("The mail server cannot be reached.")
    assert health.paused_until - clock.wall() < timedelta(minutes=2)

    installation.release(at=NOW)
    change(first, next_at=clock.wall())
    assert send_waiting(settings, "one") == 2


def test_a_mail_that_no_server_was_there_for_gives_up_too(settings):
    [mail] = put(settings, "police", expires_at=clock.wall() + timedelta(days=30))
    silence = Outcome("connect", None, "Connection refused")
    now = clock.wall()
    while row(mail).state == "queued":
        now = max(row(mail).next_at, now) + timedelta(minutes=6)
        [claimed] = outbox.claim("one", now)
        settle(mail, claimed.token, silence, now, now)

    assert (row(mail).state, row(mail).why) == ("failed", "gave_up")
    assert timedelta(hours=56) < now - clock.wall() < timedelta(hours=96)


@pytest.mark.parametrize("reply", ["421 4.3.2 closing", "432 4.3.2 too many", "450 4.7.1 slow down", "451 4.7.0 wait"])
def test_a_server_that_asks_us_to_slow_down_gets_nothing_for_a_while(settings, peer, reply):
    peer.refuse("RCPT", reply)
    put(settings, "one", "two")

    assert send_waiting(settings, "one") == 1

    with database.reading():
        assert mailing.health().paused_until is not None


def tried(settings: Settings, day: float, outcome: Outcome) -> OutgoingMail:
    """What becomes of a mail whose first attempt, so many days from now, ends like this."""
    at = clock.wall().replace(hour=12) + timedelta(days=1 + day)
    [mail] = put(settings, f"day-{day}", recipient="full@bodies.example", expires_at=at + timedelta(days=3))
    claimed = next(one for one in outbox.claim("one", at) if one.id == mail)
    settle(mail, claimed.token, outcome, at, at)
    return row(mail)


FULL = Outcome("to", 452, "4.2.2 mailbox full")


def test_an_address_that_refuses_for_now_on_five_days_is_refused_for_good(settings):
    states = [tried(settings, day, FULL).state for day in (0, 0.001, 1, 2, 3, 4)]

    assert states == ["queued"] * 5 + ["failed"]
    with database.reading() as session:
        assert session.get_one(AddressState, "full@bodies.example").reason == "452 4.2.2 mailbox full"


def test_an_address_that_took_a_mail_in_between_begins_anew(settings):
    for day in (0, 1, 2, 3):
        tried(settings, day, FULL)
    tried(settings, 4, Outcome("dot", 250, "taken"))

    assert tried(settings, 5, FULL).state == "queued"
    assert tried(settings, 40, FULL).state == "queued"


def test_a_database_that_fails_at_the_fence_sends_nothing_and_keeps_nothing_leased(settings, peer, tamper):
    mails = put(settings, "first", "second")
    peer.replies["RCPT"] = lambda _recipient: tamper("ALTER TABLE reminder RENAME TO gone") or ""

    with pytest.raises(Exception, match=r"reminder|does not answer"):
        send_waiting(settings, "one")

    assert peer.accepted == []
    with database.reading() as session:
        found = session.execute(select(OutgoingMail.state, OutgoingMail.attempts).where(OutgoingMail.id.in_(mails)))
        assert [tuple(one) for one in found] == [("queued", 0), ("queued", 0)]


def test_a_server_that_refuses_us_stops_the_queue_without_counting(settings, peer):
    peer.refuse("MAIL", "550 5.7.1 not from you")
    mails = put(settings, "one", "two")

    send_waiting(settings, "one")

    assert [(row(one).state, row(one).attempts) for one in mails] == [("queued", 0), ("queued", 0)]
    with database.reading():
        assert mailing.health().pause == (
            "The mail server does not take mail from our address. (550 5.7.1 not from you)"
        )


def test_a_line_that_drops_after_the_dot_gives_two_identical_copies_and_never_a_third(settings, peer):
    peer.refuse("DATA", None)
    [mail] = put(settings, "police")

    for _round in range(4):
        send_waiting(settings, "one", timeouts=QUICK)
        if row(mail).state == "queued":
            change(mail, next_at=clock.wall())

    assert (row(mail).state, row(mail).why, row(mail).uncertain_times) == ("held", "uncertain", 2)
    assert len(peer.accepted) == 2
    assert peer.accepted[0] == peer.accepted[1]


def test_where_doubt_means_hold_one_copy_leaves_and_a_person_decides(settings, peer, coordinator):
    peer.refuse("DATA", None)
    [mail] = put(settings, "police", on_uncertain="hold")

    send_waiting(settings, "one", timeouts=QUICK)
    assert (row(mail).state, len(peer.accepted)) == ("held", 1)

    peer.replies.clear()
    outbox.resend(mail, by=coordinator)
    send_waiting(settings, "one")
    assert row(mail).state == "accepted"


def test_the_fence_refuses_a_stale_token(settings):
    put(settings, "police")
    [claimed] = outbox.claim("slow", clock.wall())
    [again] = outbox.claim("quick", clock.wall() + timedelta(minutes=4))

    assert not fence(settings, claimed)
    assert fence(settings, again)
    assert again.token == claimed.token + 1


def test_a_sender_lost_before_the_fence_costs_nothing_and_after_it_one_more_copy(settings):
    before, after = put(settings, "before", "after")
    now = clock.wall()
    claimed = {one.id: one for one in outbox.claim("lost", now)}
    assert fence(settings, claimed[after], now)

    outbox.claim("other", now + timedelta(minutes=4), limit=0)
    assert (row(before).state, row(before).uncertain_times) == ("queued", 0)
    [attempt] = attempts(before)
    assert (attempt.started_at, attempt.host, attempt.text) == (now, "", "the sender lost stopped in the middle")
    assert row(after).state == "leased"

    outbox.claim("other", now + timedelta(minutes=16), limit=0)
    assert (row(after).state, row(after).uncertain_times) == ("queued", 1)
    assert [one.phase for one in attempts(after)] == ["dot"]


def test_a_slow_sender_that_learns_of_acceptance_spares_the_second_copy(settings):
    [mail] = put(settings, "police")
    now = clock.wall()
    [claimed] = outbox.claim("slow", now)
    assert fence(settings, claimed, now)
    outbox.claim("other", now + timedelta(minutes=16), limit=0)
    assert row(mail).state == "queued"

    done = Outcome("dot", 250, "taken")
    settle(mail, claimed.token, done, now, now + timedelta(minutes=17))

    assert row(mail).state == "accepted"


@pytest.mark.parametrize("kind", ["code", "weekly"])
def test_what_was_written_to_an_address_that_changed_does_not_leave(settings, peer, coordinator, kind):
    [mail] = put(settings, "old", kind=kind, person=coordinator, recipient="old@myria.test")

    send_waiting(settings, "one")

    assert (row(mail).state, row(mail).why, peer.accepted) == ("cancelled", "address_changed", [])


def test_an_expired_mail_is_not_sent(settings, peer):
    [mail] = put(settings, "police", expires_at=clock.wall() - timedelta(seconds=1))

    send_waiting(settings, "one")

    assert (row(mail).state, peer.accepted) == ("expired", [])


def test_a_held_mail_waits_for_its_release(settings, peer, coordinator):
    [mail] = put(settings, "police")
    outbox.hold(mail, by=coordinator)

    send_waiting(settings, "one")
    assert peer.accepted == []
    with pytest.raises(NotAllowed, match="held already"):
        outbox.hold(mail, by=coordinator)

    outbox.release(mail, by=coordinator)
    send_waiting(settings, "one")
    assert len(peer.accepted) == 1


def test_a_cancelled_mail_never_leaves(settings, peer, coordinator):
    [mail] = put(settings, "police")
    outbox.hold(mail, by=coordinator)
    outbox.cancel(mail, by=coordinator)

    for again in (outbox.release, outbox.resend, outbox.cancel):
        with pytest.raises(NotAllowed, match="found its end"):
            again(mail, by=coordinator)
    send_waiting(settings, "one")

    assert peer.accepted == []
    assert (row(mail).state, row(mail).why) == ("cancelled", "by_hand")


def test_a_delivered_mail_is_never_sent_again(settings, peer, coordinator):
    [mail] = put(settings, "police")
    send_waiting(settings, "one")

    for act in (outbox.hold, outbox.release, outbox.resend, outbox.cancel):
        with pytest.raises(NotAllowed, match="nobody gets the same mail twice"):
            act(mail, by=coordinator)


def test_a_mail_in_the_hands_of_a_sender_is_left_alone(settings, peer, coordinator):
    [mail] = put(settings, "police")
    outbox.claim("one", clock.wall())

    for act in (outbox.hold, outbox.cancel):
        with pytest.raises(NotAllowed, match="being handed over"):
            act(mail, by=coordinator)


def test_a_doubt_that_is_left_alone_is_no_trouble_any_more(settings, peer, coordinator):
    [mail] = put(settings, "police")
    change(mail, state="held", why="uncertain", was_fenced=True)
    with database.reading():
        assert len(mailing.troubles(since=NOW - timedelta(days=1))) == 1

    outbox.cancel(mail, by=coordinator)

    with database.reading():
        assert mailing.troubles(since=NOW - timedelta(days=1)) == []
    assert row(mail).why == "left"


def test_after_ninety_days_only_the_digest_of_a_mail_is_kept(settings, peer, coordinator):
    sent, held, young = put(settings, "police", "justice", "finance")
    outbox.hold(held, by=coordinator)
    outbox.hold(young, by=coordinator)
    send_waiting(settings, "one")
    change(young, created_at=NOW + timedelta(days=1))
    digest = row(sent).content_digest

    assert retention.purge(NOW + timedelta(days=89)) == 0
    assert retention.purge(NOW + timedelta(days=90)) == 2
    assert retention.purge(NOW + timedelta(days=90)) == 0

    assert (row(sent).state, row(sent).content, row(sent).content_digest) == ("accepted", b"", digest)
    assert (row(held).state, row(held).content) == ("expired", b"")
    assert row(young).content
    with pytest.raises(NotAllowed, match="not kept any more"):
        outbox.resend(held, by=coordinator)


def test_two_senders_at_once_send_nothing_twice(settings, peer):
    put(settings, *(f"n{n}" for n in range(40)))

    def drain() -> None:
        while send_waiting(settings, threading.current_thread().name):
            pass

    senders = [threading.Thread(target=drain) for _ in range(2)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()

    assert sorted(peer.recipients) == sorted(f"n{n}@bodies.example" for n in range(40))


def test_a_code_is_nowhere_in_the_database_and_arrives(settings, peer):
    with database.transaction() as session:
        session.add(Person(email="who@myria.example", display_name="Who", language="fr"))
    sign_in.send_code("who@myria.example", settings, at=clock.wall())
    with database.reading() as session:
        [mail] = session.scalars(select(OutgoingMail))
        [code] = session.scalars(select(SignInCode))
    digits = sign_in.code_digits("k" * 40, code.uid).encode()

    send_waiting(settings, "one")

    assert digits not in mail.content
    assert peer.accepted[0][1].count(digits) == 2
    assert messages.PLACEHOLDER.encode() not in peer.accepted[0][1]


def test_a_slow_server_is_given_no_mail_whose_lease_is_nearly_over(settings, peer, monkeypatch):
    ids = put(settings, *"abcd")
    monkeypatch.setattr(handover, "LEFT", outbox.LEASE - timedelta(seconds=1))
    peer.seconds = lambda _recipient: 0.6

    send_waiting(settings, "a")

    assert sorted(peer.recipients) == [f"{name}@bodies.example" for name in "abcd"]
    assert [row(id_).state for id_ in ids] == ["accepted"] * 4
    assert [row(id_).attempts for id_ in ids] == [1] * 4  # what was given back does not count
    assert {row(id_).token for id_ in ids} == {1, 2}


def test_an_acceptance_that_cannot_be_written_at_once_is_written_later(settings, peer, databases, monkeypatch):
    (id_,) = put(settings, "a")
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.2)
    is_away = threading.Event()

    def away() -> None:
        with databases.out_of_order("test"):
            is_away.set()
            time.sleep(1)

    def leave_for_a_while() -> None:
        elsewhere.start()
        is_away.wait()

    elsewhere = threading.Thread(target=away)
    send_waiting(settings, "a", after_each=leave_for_a_while, limit=1)
    elsewhere.join()

    assert (row(id_).state, len(attempts(id_)), len(peer.accepted)) == ("accepted", 1, 1)


def test_an_installation_that_was_paused_is_tried_again_after_the_pause(settings, peer):
    put(settings, "police")
    with database.transaction() as session:
        session.get_one(Installation, 1).paused_until = clock.wall() + timedelta(minutes=1)
    assert send_waiting(settings, "one") == 0

    with database.transaction() as session:
        session.get_one(Installation, 1).paused_until = clock.wall() - timedelta(seconds=1)
    assert send_waiting(settings, "one") == 1
