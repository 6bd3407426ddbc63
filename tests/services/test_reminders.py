"""Reminders from the round to the mail: planned once, one digest a person and day, refused when overtaken."""

import itertools
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from sqlalchemy import delete, select, update

from tests.mail.peer import Peer, running
from tests.making import BEGIN, Office
from tracker import clock, database
from tracker.domain.reminders import Plan
from tracker.models import ExpectedReply, FocalPoint, OutgoingMail, Person, Reminder
from tracker.queries import ledger, ledger_pages, mailing
from tracker.queries import reminders as queries
from tracker.queries.ledger_pages import Filters
from tracker.services import due_dates, handover, installation, outbox, people, reminders, review, weekly
from tracker.settings import Settings

JUSTICE = "justice@bodies.test"
DUE = date(2024, 12, 2)
"""A Monday, two months after the round was opened."""


@pytest.fixture
def peer() -> Iterator[Peer]:
    with running() as found:
        yield found


@pytest.fixture
def settings(database_url: str, peer: Peer) -> Settings:
    return Settings(
        secret_key="k" * 40,
        database_url=database_url,
        smtp_url=peer.url,
        mail_from="Myria <suivi@myria.example>",
        base_url="https://suivi.example",
    )


@pytest.fixture
def office(settings: Settings) -> Office:
    """The 2023 annex asked on 1 October 2024, released; today is that day, noon."""
    office = Office.set_up(is_imported=False)
    office.accept("2023")
    people.add(JUSTICE, "Focal point, Justice", "fr", answers_for="ministre-de-la-justice", from_on=BEGIN.date())
    office.ask(due_on=DUE)
    installation.release(at=BEGIN)
    set_clock(at("2024-10-01"))
    return office


def at(day: str, hour: str = "12:00") -> datetime:
    return datetime.fromisoformat(f"{day}T{hour}+01:00").astimezone(UTC)


def set_clock(moment: datetime) -> datetime:
    clock.use(lambda: moment)
    return moment


def mails() -> list[OutgoingMail]:
    with database.reading() as session:
        return list(session.scalars(select(OutgoingMail).order_by(OutgoingMail.id)))


def reminders_of(state: str) -> list[Reminder]:
    with database.reading() as session:
        return list(session.scalars(select(Reminder).filter_by(state=state)))


def text_of(content: bytes) -> str:
    message = message_from_bytes(content, policy=policy.default)
    assert isinstance(message, EmailMessage)
    body = message.get_body(("plain",))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def codes_for(person: Person, moment: datetime, settings: Settings) -> list[str]:
    planned = reminders.preview(moment, settings)["planned"]
    return [code for one in planned if one["person"] == person.email for code in one["items"]]


def test_each_focal_point_gets_one_mail_in_their_language_with_everything_asked(office, settings):
    asked = codes_for(office.police, clock.now(), settings)

    assert reminders.plan(clock.now(), settings) == 2

    by_recipient = {mail.recipient: mail for mail in mails()}
    police = by_recipient[office.police.email]
    assert (police.kind, police.lane, police.language, police.on_uncertain) == ("digest", 1, "nl", "resend")
    assert len(asked) > 1
    assert all(f"  {code}  " in text_of(police.content) for code in asked)
    assert "https://suivi.example/answers" in text_of(police.content)


def test_planning_again_or_twice_at_once_adds_nothing(office, settings):
    with ThreadPoolExecutor(3) as pool:
        queued = list(pool.map(lambda _n: reminders.plan(at("2024-10-01"), settings), range(3)))

    assert sum(queued) == 2
    assert reminders.plan(at("2024-10-01", "16:00"), settings) == 0
    assert len(mails()) == 2


def test_while_held_nothing_is_planned_and_the_preview_says_so(office, settings):
    installation.hold()

    assert reminders.plan(clock.now(), settings) == 0
    found = reminders.preview(clock.now(), settings)
    assert found["planned"] == []
    assert {"held", "no_focal_point"} == {one["why"] for one in found["skipped"]}


def test_the_preview_speaks_in_codes_and_writes_nothing(office, settings):
    found = reminders.preview(at("2024-12-16"), settings)

    assert {one["kind"] for one in found["planned"]} == {"overdue"}
    assert {(one["body"], one["person"]) for one in found["planned"]} >= {("police", office.police.email)}
    assert {one["due_on"] for one in found["planned"]} == {"2024-12-02"}
    assert reminders_of("planned") == mails() == []


def test_a_body_without_a_focal_point_is_in_the_ledger_with_its_reason(office, settings):
    reminders.plan(clock.now(), settings)

    with database.reading():
        skipped = [row for row in ledger_pages.page(Filters(show="not_sent"), size=100).rows if row.state == "skipped"]
    assert {row.reason for row in skipped} == {"No focal point"}
    assert all(row.bodies and row.codes for row in skipped)


def test_an_answer_stops_the_reminder_and_the_ledger_says_why(office, settings):
    reminders.plan(clock.now(), settings)
    asked = codes_for(office.police, set_clock(at("2024-11-04")), settings)
    answered = office.addressee(asked[0], "police")
    office.answer(answered, office.police, at=at("2024-11-03"))

    reminders.plan(clock.now(), settings)

    last = [mail for mail in mails() if mail.recipient == office.police.email][-1]
    assert f"  {asked[0]}  " not in text_of(last.content)
    assert all(f"  {code}  " in text_of(last.content) for code in asked[1:])
    with database.reading():
        assert (
            next(row.reason for row in ledger.of_addressees([answered.id])[answered.id]) == "Answered in the meantime"
        )


def test_what_was_answered_before_the_mail_left_is_taken_out_of_it(office, settings, peer):
    asked = codes_for(office.police, clock.now(), settings)
    reminders.plan(clock.now(), settings)
    office.answer(office.addressee(asked[0], "police"), office.police, at=clock.now())

    while handover.send_waiting(settings, "one"):
        pass

    first, follower = [mail for mail in mails() if mail.recipient == office.police.email]
    assert (first.state, first.why, follower.state) == ("superseded", "answered", "accepted")
    assert peer.recipients.count(office.police.email) == 1
    arrived = next(content for recipient, content in peer.accepted if recipient == office.police.email)
    assert f"  {asked[0]}  " not in text_of(arrived)
    assert f"  {asked[1]}  " in text_of(arrived)


def test_a_mail_of_which_nothing_is_wanted_any_more_is_cancelled(office, settings, peer):
    reminders.plan(clock.now(), settings)
    with database.transaction() as session:
        session.execute(
            update(FocalPoint).values(until_on=date(2024, 10, 1) + timedelta(days=0), from_on=date(2024, 1, 1))
        )

    while handover.send_waiting(settings, "one"):
        pass

    assert {(mail.state, mail.why) for mail in mails()} == {("cancelled", "reassigned")}
    assert peer.accepted == []


def test_a_mail_that_may_have_arrived_keeps_its_bytes_even_when_an_item_was_answered(office, settings, peer):
    asked = codes_for(office.police, clock.now(), settings)
    reminders.plan(clock.now(), settings)
    peer.refuse("DATA", None, only=office.police.email)
    while handover.send_waiting(settings, "one"):
        pass
    peer.replies.clear()
    office.answer(office.addressee(asked[0], "police"), office.police, at=clock.now())
    with database.transaction() as session:
        session.execute(update(OutgoingMail).values(next_at=clock.wall()))

    while handover.send_waiting(settings, "one"):
        pass

    copies = [content for recipient, content in peer.accepted if recipient == office.police.email]
    assert len(copies) == 2
    assert copies[0] == copies[1]


def test_a_moved_due_date_and_a_newer_step_make_an_old_mail_needless(office, settings, peer):
    reminders.plan(clock.now(), settings)
    reminders.plan(set_clock(at("2024-11-04")), settings)  # the mail server was away for a month
    with database.transaction() as session:
        session.execute(update(ExpectedReply).values(due_on=date(2025, 1, 15)))

    while handover.send_waiting(settings, "one"):
        pass

    assert {mail.why for mail in mails()} == {"due_moved"}
    assert peer.accepted == []


def test_after_ten_days_without_a_mail_server_only_the_newest_step_leaves(office, settings, peer):
    reminders.plan(clock.now(), settings)
    reminders.plan(set_clock(at("2024-11-04")), settings)

    while handover.send_waiting(settings, "one"):
        pass

    assert sorted(peer.recipients) == sorted([office.police.email, JUSTICE])
    assert [mail.state for mail in mails()] == ["superseded", "superseded", "accepted", "accepted"]


def test_after_an_outage_nothing_leaves_at_night_or_at_a_weekend(office, settings):
    for moment in (at("2024-11-02", "09:00"), at("2024-11-03", "12:00"), at("2024-11-04", "03:00")):
        assert reminders.plan(set_clock(moment), settings) == 0
        assert {one["why"] for one in reminders.preview(moment, settings)["skipped"]} >= {"quiet"}
        with database.reading():
            following, *_later = mailing.mailings(moment, settings.timezone, limit=1)
            assert mailing.due_now(moment, settings.timezone).mails  # a release would let them go, by day
        assert following.at == at("2024-11-04", "08:30")
        assert {one.person.email for one in following.mails} == {office.police.email, JUSTICE}
    assert mails() == []

    assert reminders.plan(set_clock(at("2024-11-04", "08:30")), settings) == 2


def test_what_is_decided_for_nobody_is_written_in_short_turns_of_few_statements(
    office, settings, statements, monkeypatch
):
    monkeypatch.setattr(reminders, "TURN", 0)
    monkeypatch.setattr(reminders, "ROWS_PER_TURN", 5)
    monkeypatch.setattr(reminders, "PAUSE", 0)
    with database.transaction() as session:
        session.execute(delete(FocalPoint))
    turns = []
    monkeypatch.setattr(time, "sleep", lambda _seconds: turns.append(statements()))

    reminders.plan(clock.now(), settings)

    of_a_turn = [later - earlier for earlier, later in itertools.pairwise(turns)]
    assert len(reminders_of("skipped")) > 5 * len(of_a_turn) > 5
    assert max(of_a_turn) < 5


def test_a_reminder_is_not_told_by_the_number_of_those_that_never_left(office, settings):
    """The dashboard counts mails: after three steps that were missed, the first one is the first."""
    reminders.plan(set_clock(at("2025-01-28")), settings)

    with database.reading() as session:
        told = {row.subject for row in ledger.rows_of(session.scalars(select(OutgoingMail)))}
    assert told == {"Reminder after the due date"}


def test_whoever_got_a_digest_today_hears_of_a_second_round_tomorrow(office, settings):
    reminders.plan(clock.now(), settings)
    office.accept("2018")
    office.ask("myria-2018", due_on=DUE, at=at("2024-10-01", "13:00"))

    reminders.plan(at("2024-10-01", "13:01"), settings)
    assert [mail.recipient for mail in mails()].count(office.police.email) == 1
    assert "throttled" in {one["why"] for one in reminders.preview(at("2024-10-01", "13:01"), settings)["skipped"]}
    reminders.plan(at("2024-10-02"), settings)
    assert [mail.recipient for mail in mails()].count(office.police.email) == 2


def test_a_mail_that_cannot_be_written_is_one_failed_row_and_the_others_leave(office, settings, peer):
    with database.transaction() as session:
        session.get_one(Person, office.police.id).email = "no address\n@x"

    reminders.plan(clock.now(), settings)
    while handover.send_waiting(settings, "one"):
        pass

    assert {mail.recipient: mail.state for mail in mails()} == {
        "no address\n@x": "failed",
        JUSTICE: "accepted",
    }
    with database.reading():
        assert [one.sentence.split(" – ")[0] for one in mailing.troubles()] == ["The mail could not be written"]


def test_the_next_mailing_is_told_before_it_leaves(office, settings):
    reminders.plan(clock.now(), settings)

    with database.reading():
        [following] = mailing.mailings(clock.now(), settings.timezone, limit=1)

    assert following is not None
    assert following.at == at("2024-11-04", "08:30")  # thirty days before is a Saturday
    assert {one.person.email for one in following.mails} == {office.police.email, JUSTICE}
    assert {one.step for one in following.mails} == {"Announcement of the due date"}
    assert {one.why for one in following.skipped} == {"No focal point"}
    assert following.recommendations == sum(len(one.codes) for one in following.mails)


def test_a_sample_shows_the_first_mail_before_a_round_is_opened(database_url, settings):
    office = Office.set_up(is_imported=False)
    office.accept("2023")
    addressee = office.addressee("2023/8", "police")

    with database.reading():
        sample = reminders.sample(office.police, {addressee.id: DUE}, at=BEGIN, settings=settings)

    assert "  2023/8  " in text_of(sample.content)
    assert mails() == []


def test_the_ledger_is_read_page_by_page_without_a_gap_or_a_double(office, settings):
    reminders.plan(clock.now(), settings)
    reminders.plan(set_clock(at("2024-11-04")), settings)

    with database.reading():
        everything = ledger_pages.page(Filters(), size=1000).rows
        found, after = [], ""
        while after is not None:
            page = ledger_pages.page(Filters(), after=after, size=7)
            found += page.rows
            after = page.next

    key = [(row.mail is None, row.number) for row in everything]
    assert [(row.mail is None, row.number) for row in found] == key
    assert len(key) == len(set(key)) > 14


def test_a_coordinator_gets_one_digest_a_week_from_monday_morning_on(office, settings):
    reminders.plan(clock.now(), settings)
    asked = codes_for(office.police, at("2024-11-04"), settings)
    office.answer(office.addressee(asked[0], "police"), office.police, at=at("2024-12-05"))

    assert weekly.plan(set_clock(at("2024-12-09", "08:29")), settings) == 0
    assert weekly.plan(set_clock(at("2024-12-09", "08:30")), settings) == 1
    assert weekly.plan(set_clock(at("2024-12-11")), settings) == 0

    mail = mails()[-1]
    assert (mail.kind, mail.recipient, mail.lane, mail.on_uncertain) == ("weekly", office.coordinator.email, 3, "hold")
    text = text_of(mail.content)
    assert asked[0] in text
    assert "https://suivi.example/review" in text


def test_lifting_a_suppression_lets_an_address_be_written_to_again(office, settings, peer):
    peer.refuse("RCPT", "550 5.1.1 unknown", only="police")
    reminders.plan(clock.now(), settings)
    while handover.send_waiting(settings, "one"):
        pass
    assert {one["why"] for one in reminders.preview(at("2024-11-04"), settings)["skipped"]} >= {"suppressed"}

    outbox.trust_again(office.police.email, by=office.coordinator)

    assert codes_for(office.police, at("2024-11-04"), settings)


def test_a_question_leaves_with_the_next_mail_and_is_reminded_by_its_own_day(office, settings):
    police = office.addressee("2023/8", "police")
    office.answer(police, office.police, at=at("2024-10-02"))
    reminders.plan(set_clock(at("2024-10-02", "13:00")), settings)
    review.return_(
        police.id,
        "How many?",
        date(2024, 11, 15),
        seen=office.seen(police),
        by=office.coordinator,
        at=set_clock(at("2024-10-03", "10:00")),
    )

    reminders.plan(at("2024-10-04"), settings)

    mail = next(one for one in reversed(mails()) if one.person_id == office.police.id)
    assert "How many?" in text_of(mail.content)
    assert "ongewijzigd bevestigen" not in text_of(mail.content)
    found = reminders.preview(at("2024-11-15"), settings)
    assert ["2023/8"] in [one["items"] for one in found["planned"] if one["due_on"] == "2024-11-15"]


def test_a_due_date_that_moved_is_said_by_the_next_mail_and_reminded_by_the_new_day(office, settings):
    police = office.addressee("2023/8", "police")
    reminders.plan(set_clock(at("2024-10-02", "13:00")), settings)
    [waiting] = [one for one in mails() if one.person_id == office.police.id]
    seen = office.seen(police)
    due_dates.move(police.id, date(2025, 1, 6), "A new head.", seen=seen, by=office.coordinator, at=clock.now())

    handover.send_waiting(settings, "one")
    reminders.plan(set_clock(at("2024-10-03", "13:00")), settings)

    assert "2023/8" not in " ".join(text_of(one.content) for one in mails() if one.state == "accepted")
    [said] = [one for one in reminders_of("planned") if one.step == "moved"]
    with database.reading() as session:
        text = text_of(session.get_one(OutgoingMail, said.outgoing_mail_id).content)
    assert "2023/8" in text
    assert "6 januari 2025" in text
    assert waiting.subject not in text
    found = reminders.preview(at("2024-12-03"), settings)
    assert "2023/8" not in [code for one in found["planned"] if one["kind"] == "due" for code in one["items"]]


def test_the_replies_that_are_looked_at_are_those_about_which_something_is_decided(office, settings):
    """A tick looks at few of them; what it decides is what looking at all of them would."""
    for day in range(150):
        now = set_clock(at("2024-10-01") + timedelta(days=day))
        if day == 20:
            people.add("second@bodies.test", "Second", "fr", answers_for="police", from_on=clock.today())
        if day == 25:
            people.add("late@bodies.test", "Late", "fr", answers_for="magistrats", from_on=clock.today())
        if day == 40:
            office.answer(office.addressee("2023/8", "police"), office.police, at=now)
        if day == 60:
            moved = office.addressee("2023/3", "ministre-de-la-justice")
            seen = office.seen(moved)
            due_dates.move(moved.id, date(2025, 1, 6), "More time.", seen=seen, by=office.coordinator, at=now)
        with database.reading() as session:
            whole = queries.plan_at(session, now, settings.timezone, is_whole=True)
            narrowed = queries.plan_at(session, now, settings.timezone)
        assert final(narrowed) == final(whole), clock.today()
        if day % 3 != 1:  # a worker that sleeps now and then
            reminders.plan(now, settings)
    assert final(whole) == set()


def final(plan: Plan) -> set[tuple[str, str]]:
    """What a tick writes down."""
    states = {"planned": plan.planned, "superseded": plan.superseded, "skipped": plan.skipped}
    return {(state, one.key) for state, decisions in states.items() for one in decisions if one.is_final}
