"""The ledger on its pages: what it is narrowed to, its pages, its file, and what can be done with a mail."""

import csv
from datetime import UTC, datetime, timedelta

import pytest
from selectolax.lexbor import LexborHTMLParser

from tests.followed import ASKED
from tests.making import Office
from tests.web.checking import Enter, visible
from tracker import clock, database
from tracker.models import OutgoingMail
from tracker.queries import ledger_pages
from tracker.queries.ledger_pages import Filters
from tracker.services import installation, outbox, people, reminders
from tracker.settings import Settings
from tracker.web.downloads import plain

COORDINATOR = "coordination@myria.test"
LEDGER = "/reminders/ledger"
NOVEMBER = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.fixture
def reminded(followed: Office, settings: Settings) -> Office:
    """First mails in May, of which one failed, and reminders in November."""
    installation.release(at=ASKED)
    clock.use(lambda: ASKED)
    reminders.plan(ASKED, settings)
    with database.transaction() as session:
        for mail in session.query(OutgoingMail):
            mail.state, mail.accepted_at = "accepted", ASKED
            if mail.person_id != followed.police.id:
                mail.state, mail.why, mail.smtp_code, mail.smtp_text = "failed", "refused", 550, "no such mailbox"
    clock.use(lambda: NOVEMBER)
    reminders.plan(NOVEMBER, settings)
    return followed


def lines(page: LexborHTMLParser) -> list[str]:
    return [" ".join(node.text(separator=" ").split()) for node in page.css(".r-ledger tbody tr")]


def first_mail(state: str) -> int:
    with database.reading() as session:
        return session.query(OutgoingMail.id).filter_by(state=state).order_by(OutgoingMail.id).first()[0]


def test_the_ledger_tells_mails_skips_and_steps_that_were_passed_over(enter: Enter, reminded: Office) -> None:
    client = enter(COORDINATOR)

    assert "Waiting" in " ".join(lines(client.page(LEDGER)))
    found = " ".join(lines(client.page(f"{LEDGER}?show=not_sent&body=police")))
    assert "No focal point" in visible(client.get(f"{LEDGER}?show=not_sent"))
    assert "Replaced" in found
    assert "A newer reminder takes its place" in found


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("show=failed", {"Failed"}),
        ("show=waiting", {"Waiting"}),
        ("show=delivered", {"Delivered"}),
        ("body=police&show=delivered", {"Delivered"}),
        ("body=police&from_on=2026-11-01&show=waiting", {"Waiting"}),
        ("recommendation=2023/8&show=delivered", {"Delivered"}),
        ("recommendation=2023-8&show=delivered", {"Delivered"}),
        ("person=police%40bodies&show=delivered", {"Delivered"}),
        ("until_on=2026-05-04&show=waiting", set()),
        ("from_on=2026-05-05&until_on=2026-11-22", set()),
        ("person=nobody", set()),
        ("body=none", set()),
        ("round=none", set()),
    ],
)
def test_it_is_narrowed_by_a_link(enter: Enter, reminded: Office, asked: str, told: set[str]) -> None:
    page = enter(COORDINATOR).page(f"{LEDGER}?{asked}")

    states = {node.text(strip=True) for node in page.css(".r-ledger .r-state")}
    assert states == told
    assert int(page.css_first(".r-count-line").text().split()[0].replace("No", "0").replace("One", "1")) == len(
        lines(page)
    )


def test_it_is_narrowed_to_a_round(enter: Enter, reminded: Office) -> None:
    client = enter(COORDINATOR)
    rounds = [
        node.attributes["value"] for node in client.page(LEDGER).css("#filter-round option") if node.attributes["value"]
    ]

    with database.reading():
        one, other, both = (ledger_pages.counts(Filters(round=uid))[""] for uid in (*rounds, ""))

    assert 0 < one < both
    assert 0 < other < both


def test_a_day_that_is_none_says_so_and_keeps_what_was_typed(enter: Enter, reminded: Office) -> None:
    page = enter(COORDINATOR).page(f"{LEDGER}?from_on=yesterday&person=police", 422)

    assert "is not a date" in page.css_first("#from_on-error").text()
    assert page.css_first("#filter-from_on").attributes["value"] == "yesterday"
    assert page.css_first("#filter-person").attributes["value"] == "police"


@pytest.mark.parametrize("cut", ["x", "-", "1-", "99999999999-1", "²-1"])
def test_a_place_that_is_none_is_the_top(enter: Enter, reminded: Office, cut: str) -> None:
    client = enter(COORDINATOR)

    assert lines(client.page(f"{LEDGER}?after={cut}")) == lines(client.page(LEDGER))


def test_pages_lead_down_and_up_again_over_the_same_lines(reminded: Office) -> None:
    with database.reading():
        down, page = [], ledger_pages.page(Filters(), size=5)
        while page.next:
            down.append(page.rows)
            page = ledger_pages.page(Filters(), after=page.next, size=5)
        up = []
        while page.previous:
            page = ledger_pages.page(Filters(), before=page.previous, size=5)
            up.append(page.rows)

    keys = [[(row.mail is None, row.number) for row in rows] for rows in down]
    assert len(keys) > 3
    assert [[(row.mail is None, row.number) for row in rows] for rows in up] == keys[::-1]


def test_the_file_holds_every_line_that_fits_and_no_formula(enter: Enter, reminded: Office) -> None:
    with database.transaction() as session:
        for person in session.query(OutgoingMail).first().person, reminded.police:
            session.merge(person).display_name = "=HYPERLINK(1)"
    client = enter(COORDINATOR)

    sent = client.get(f"{LEDGER}.csv?body=police")

    rows = list(csv.reader(sent.get_data().decode("utf-8-sig").splitlines()))
    with database.reading():
        assert len(rows) - 1 == ledger_pages.counts(Filters(body="police"))[""]
    assert sent.mimetype == "text/csv"
    assert {row[1] for row in rows[1:]} >= {"'=HYPERLINK(1)"}
    assert not [cell for row in rows for cell in row if cell[:1] in ("=", "+", "-", "@")]
    client.get(f"{LEDGER}?lang=fr")
    assert ";" in client.get(f"{LEDGER}.csv").get_data(as_text=True).splitlines()[0]


@pytest.mark.parametrize("cell", ["=1", "+1", "-1", "@x", "\t=1", "\r=1", " =1", "＝1", "\0=1"])
def test_what_a_program_would_run_is_text(cell: str) -> None:
    assert plain(cell).startswith("'")


def test_a_reader_and_a_body_see_no_ledger(enter: Enter, reminded: Office) -> None:
    for who in ("reader@myria.test", "police@bodies.test"):
        for page in (LEDGER, f"{LEDGER}.csv", "/reminders/mails/1"):
            assert enter(who).get(page).status_code == 403


def test_a_waiting_mail_is_held_and_released(enter: Enter, reminded: Office) -> None:
    client, mail = enter(COORDINATOR), f"/reminders/mails/{first_mail('queued')}"

    client.send(f"{mail}/hold", on=mail)
    assert "This mail is held." in visible(client.get(mail))
    client.send(f"{mail}/release", on=mail)
    assert "leaves within minutes" in visible(client.get(mail))


def test_one_mail_released_while_all_are_held_says_that_it_still_waits(enter: Enter, reminded: Office) -> None:
    client, mail = enter(COORDINATOR), first_mail("queued")
    outbox.hold(mail, by=reminded.coordinator)
    installation.hold()

    client.send(f"/reminders/mails/{mail}/release", on=f"/reminders/mails/{mail}")

    assert "leaves when mail as a whole is released" in visible(client.get(f"/reminders/mails/{mail}"))


def test_a_mail_is_cancelled_after_a_second_look(enter: Enter, reminded: Office) -> None:
    client, mail = enter(COORDINATOR), f"/reminders/mails/{first_mail('queued')}"

    assert "cannot be undone" in visible(client.get(f"{mail}/cancel"))
    client.send(f"{mail}/cancel", on=f"{mail}/cancel")

    told = visible(client.get(mail))
    assert "does not leave any more" in told
    assert "Cancelled by a coordinator" in told
    client.send(f"{mail}/release", on="/reminders")
    assert "found its end" in visible(client.get(mail))


def test_a_failed_mail_is_sent_again_word_for_word(enter: Enter, reminded: Office) -> None:
    client, number = enter(COORDINATOR), first_mail("failed")
    mail = f"/reminders/mails/{number}"
    assert "550 no such mailbox" in visible(client.get(mail))
    with database.reading() as session:
        before = session.get_one(OutgoingMail, number).content

    client.send(f"{mail}/resend", on=mail)

    assert "word for word the same" in visible(client.get(mail))
    with database.reading() as session:
        after = session.get_one(OutgoingMail, number)
    assert (after.state, after.content) == ("queued", before)


def test_a_doubtful_mail_is_sent_again_only_after_a_second_look(enter: Enter, reminded: Office) -> None:
    client, number = enter(COORDINATOR), first_mail("queued")
    with database.transaction() as session:
        mail = session.get_one(OutgoingMail, number)
        mail.state, mail.why, mail.was_fenced = "held", "uncertain", True
    mail = f"/reminders/mails/{number}"

    assert "Uncertain" in visible(client.get(mail))
    assert f"{mail}/resend" in {node.attributes["href"] for node in client.page(mail).css("a")}
    assert "it may arrive twice" in visible(client.get(f"{mail}/resend"))
    client.send(f"{mail}/cancel", on=f"{mail}/cancel")
    assert "Left as it is" in visible(client.get(mail))


def test_a_mail_of_which_only_the_digest_is_left_says_so(enter: Enter, reminded: Office) -> None:
    number = first_mail("accepted")
    with database.transaction() as session:
        session.get_one(OutgoingMail, number).content = b""

    assert "only its digest is kept" in visible(enter(COORDINATOR).get(f"/reminders/mails/{number}"))


def test_timelines_tell_what_was_not_sent_and_a_body_s_page_its_mails(enter: Enter, reminded: Office) -> None:
    client = enter(COORDINATOR)
    with database.transaction() as session:
        for mail in session.query(OutgoingMail).filter_by(state="queued"):
            mail.state = "held" if mail.person_id == reminded.police.id else mail.state

    told = visible(client.get("/recommendations/myria-2023/2023-8"))
    assert "sent to Focal point, police" in told
    assert "Held" in told
    shown = client.page("/bodies/police")
    assert shown.css_first("#mails").text() == "Its latest mails"
    assert f"{LEDGER}?body=police" in {node.attributes["href"] for node in shown.css("a")}


def test_what_leaves_next_stands_above_the_latest_of_the_ledger(enter: Enter, reminded: Office) -> None:
    page = enter(COORDINATOR).page("/reminders")

    assert 0 < len(lines(page)) <= 8
    assert LEDGER in {node.attributes["href"] for node in page.css("a")}


def test_nothing_wanted_yet_says_what_to_do(enter: Enter, office: Office) -> None:
    assert "Open a round" in visible(enter(COORDINATOR).get(LEDGER))


def test_a_person_is_found_by_name_or_address_and_percent_signs_are_letters(reminded: Office) -> None:
    people.add("new@bodies.test", "Nobody yet", "fr", answers_for="police", from_on=(ASKED + timedelta(days=1)).date())

    with database.reading():
        by_name, by_address, none = (
            ledger_pages.counts(Filters(person=typed))[""] for typed in ("POLICE", "magistrats@", "%")
        )

    assert by_name
    assert by_address
    assert none == 0
