"""Adding to the timeline, and proving it."""

import json
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from tests.databases import Tamper
from tests.making import BEGIN, Office
from tracker import clock, database
from tracker.domain.vocabulary import Channel, EntryKind, Implementation, Response
from tracker.errors import Refusal
from tracker.models import Entry, ExpectedReply, Recommendation, StandingRow
from tracker.queries import entries, projections
from tracker.queries.verify import Verdict, verify
from tracker.services import answers, review, timeline


def verdict() -> Verdict:
    with database.reading():
        return verify()


def first_answer() -> int:
    with database.reading() as session:
        return session.scalars(select(Entry.seq).where(Entry.kind == EntryKind.ANSWERED).order_by(Entry.seq)).first()


@pytest.fixture
def lived(office: Office) -> Office:
    """An office in which something was asked, answered, filed and assessed."""
    office.ask()
    police, prosecutor = office.addressee("2023/8", "police"), office.addressee("2018/40", "parquet-federal")
    office.answer(police, office.police, reported=Implementation.PARTIALLY, done="A list is used.")
    office.answer(prosecutor, office.federal_prosecutor, response=Response.NOT_ACCEPTED, reason="Too dear.")
    review.assess(
        police.id, Implementation.IN_PROGRESS, "Not seen.", seen=office.seen(police), by=office.coordinator, at=BEGIN
    )
    review.file(prosecutor.id, seen=office.seen(prosecutor), by=office.coordinator, at=BEGIN)
    return office


def test_a_whole_life_verifies(lived: Office) -> None:
    assert verdict() == Verdict(True, 23 + 49 + 26 + 4)


@pytest.mark.parametrize(
    ("statement", "why"),
    [
        ("UPDATE entry SET facts = replace(facts, 'partially', 'fully') WHERE seq = {seq}", "its content"),
        ("UPDATE entry SET recorded_at = '2020-01-01 00:00:00.000000' WHERE seq = {seq}", "its content"),
        ("UPDATE entry SET counts_on = '2020-01-01' WHERE seq = {seq}", "its content"),
        ("UPDATE entry SET recorded_by_id = 1 WHERE seq = {seq}", "its content"),
        ("UPDATE entry SET hash = 'x' WHERE seq = {seq}", "its content"),
        ("UPDATE entry SET previous_hash = 'x' WHERE seq = {seq}", "the entry before it"),
        ("UPDATE entry_text SET text = '{{}}' WHERE seq = {seq}", "its text"),
        ("DELETE FROM entry_text WHERE seq = {seq}", "without a redaction"),
    ],
)
def test_the_first_wrong_entry_is_named(lived: Office, tamper: Tamper, statement: str, why: str) -> None:
    seq = first_answer()

    tamper(statement.format(seq=seq))

    found = verdict()
    assert (found.ok, found.first_wrong) == (False, seq)
    assert why in (found.why or "")


def test_what_no_entry_can_hold_is_named(lived: Office, tamper: Tamper) -> None:
    if database.engine().dialect.name == "postgresql":
        pytest.skip("the types of its columns refuse it")
    seq = first_answer()

    tamper(f"UPDATE entry SET recorded_at = 'x' WHERE seq = {seq}")  # noqa: S608

    assert verdict().first_wrong == seq


def test_a_standing_by_which_another_day_is_counted_than_is_expected_is_named(lived: Office, tamper: Tamper) -> None:
    lived.ask()
    tamper("UPDATE expected_reply SET due_on = '2031-01-01' WHERE id = (SELECT min(id) FROM expected_reply)")

    with database.reading():
        [named] = projections.differing_due_dates()
    assert "another due date" in named


def test_a_removed_tail_is_noticed(lived: Office, tamper: Tamper) -> None:
    tamper("DELETE FROM entry WHERE seq = (SELECT max(seq) FROM entry)")

    assert "should end at" in (verdict().why or "")


def test_a_standing_that_its_entries_do_not_give_is_noticed(lived: Office, tamper: Tamper) -> None:
    tamper("UPDATE standing SET assessed = 'fully' WHERE assessed = 'in_progress'")

    assert "the standing of addressee" in (verdict().why or "")


@pytest.mark.parametrize(
    ("statement", "why"),
    [
        ("UPDATE recommendation_text SET text = 'Do nothing.'", "the text of myria-2018/2018-32"),
        ("DELETE FROM recommendation_text WHERE recommendation_id = 2", "the text of myria-2018/2018-33"),
        ("UPDATE addressee_wording SET as_written = 'Nobody' WHERE addressee_id = 5", "wording of addressee 5"),
        ("UPDATE addressee_wording SET qualifier = 'x' WHERE addressee_id = 5", "wording of addressee 5"),
        (
            "UPDATE addressee SET role = CASE role WHEN 'relay' THEN 'implementer' ELSE 'relay' END WHERE id = 1",
            "wording of addressee 1",
        ),
        ("UPDATE recommendation SET is_hidden = true WHERE code = '2023/3'", "myria-2023/2023-3 is hidden"),
        ("DELETE FROM expected_reply", "what is expected of addressee"),
        ("UPDATE expected_reply SET is_open = false, closed_seq = 1 WHERE is_open", "what is expected of addressee"),
        ("UPDATE expected_reply SET due_on = '2030-01-01' WHERE NOT is_open", "what is expected of addressee"),
    ],
)
def test_what_is_kept_beside_the_chain_is_proved_too(lived: Office, tamper: Tamper, statement: str, why: str) -> None:
    tamper(statement)

    assert why in (verdict().why or "")


def test_missing_protection_is_noticed(lived: Office, tamper: Tamper) -> None:
    tamper("SELECT 1")

    assert "triggers" in (verdict().why or "")


def test_appends_from_many_threads_make_one_chain(office: Office) -> None:
    police = office.addressee("2023/8", "police")
    wrong: list[BaseException] = []

    def append() -> None:
        try:
            for _again in range(10):
                with database.transaction() as session:
                    subject = session.get_one(type(police), police.id)
                    timeline.append(session, subject, EntryKind.NOTED, {}, by=office.coordinator, at=BEGIN)
        except BaseException as error:
            wrong.append(error)

    threads = [threading.Thread(target=append) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert wrong == []
    assert verdict() == Verdict(True, 23 + 49 + 40)


def test_what_fails_half_way_leaves_nothing(office: Office) -> None:
    police = office.addressee("2023/8", "police")

    def fail_half_way() -> None:
        with database.transaction() as session:
            subject = session.get_one(type(police), police.id)
            timeline.append(session, subject, EntryKind.NOTED, {}, text={"note": "x"}, by=None, at=BEGIN)
            raise RuntimeError("half way")

    with pytest.raises(RuntimeError, match="half way"):
        fail_half_way()

    assert verdict() == Verdict(True, 23 + 49)


def test_a_withdrawal_ends_the_standing_of_every_addressee(office: Office) -> None:
    with database.transaction() as session:
        recommendation = session.scalars(select(Recommendation).where(Recommendation.code == "2023/3")).one()
        timeline.append(session, recommendation, EntryKind.WITHDRAWN, {}, by=office.coordinator, at=BEGIN)

    with database.reading() as session:
        open_rows = select(StandingRow).where(StandingRow.until_on.is_(None))
        addressees = [entry.addressee_id for entry in session.scalars(open_rows)]
    assert len(addressees) == 49 - 4
    assert verdict().ok


ACTS = st.sampled_from(["ask", "answer", "paper", "file", "assess", "return"])
MOVES = st.lists(st.tuples(ACTS, st.integers(0, 30), st.integers(0, 40)), max_size=8)


@given(MOVES)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_replaying_gives_the_standings_whatever_was_done(
    anew: Callable[[], Office], moves: list[tuple[str, int, int]]
) -> None:
    office = anew()
    police = office.addressee("2023/8", "police")
    at = BEGIN
    for move, later, back in moves:
        at += timedelta(days=later)
        try:
            _make(office, police, move, at, back)
        except Refusal:
            continue  # not every move is possible after every other; what was refused left nothing

    assert verdict().ok
    with database.reading() as session:
        open_ = session.scalar(select(ExpectedReply.due_on).filter_by(addressee_id=police.id, is_open=True))
        row = session.scalars(select(StandingRow).filter_by(addressee_id=police.id, until_on=None)).one()
        assert row.reply_due_on == open_


def _make(office: Office, police: Any, move: str, at: Any, back: int) -> None:
    seen = office.seen(police)
    if move == "ask":
        office.ask(at=at)
    elif move == "answer":
        office.answer(police, office.police, at=at)
    elif move == "paper":
        received = clock.day_of(at) - timedelta(days=back)
        answer = answers.Answer(Response.ACCEPTED, None, channel=Channel.LETTER, received_on=received)
        answers.submit(police.id, answer, seen=seen, by=office.coordinator, at=at)
    elif move == "return":
        day = clock.day_of(at) + timedelta(days=30)
        review.return_(police.id, "How many?", day, seen=seen, by=office.coordinator, at=at)
    elif move == "file":
        review.file(police.id, seen=seen, by=office.coordinator, at=at)
    else:
        review.assess(police.id, Implementation.NOT_STARTED, "", seen=seen, by=office.coordinator, at=at)


def test_a_lost_standing_is_noticed(lived: Office) -> None:
    with database.transaction() as session:
        session.execute(delete(StandingRow).where(StandingRow.addressee_id == 3))

    assert verdict().why == "the standing of addressee 3 is not what its entries give"


def test_free_text_stays_out_of_the_facts(lived: Office) -> None:
    with database.reading() as session:
        for entry in session.scalars(select(Entry)):
            assert "A list is used" not in entry.facts
            assert json.loads(entry.facts) is not None
    with database.reading():
        assert entries.last_answer(lived.addressee("2023/8", "police").id).words == {"done": "A list is used."}
