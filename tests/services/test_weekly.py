"""The coordinators' digest: one a week and issuer, whatever befalls another."""

from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from sqlalchemy import select

from tests.making import BEGIN, Office
from tracker import clock, database
from tracker.models import Issuer, Membership, OutgoingMail, Person, Report
from tracker.services import imports, installation, outbox, people, reminders, rounds, weekly
from tracker.settings import Settings

MONDAY = datetime(2024, 12, 9, 8, 0, tzinfo=UTC)
"""At nine in Brussels."""


@pytest.fixture
def office(office: Office) -> Office:
    """Everything asked, nothing held; today is a Monday two months later."""
    office.ask("myria-2018")
    office.ask("myria-2023")
    installation.release(at=BEGIN)
    clock.use(lambda: MONDAY)
    return office


@pytest.fixture
def unia(office: Office) -> Issuer:
    """A second issuer on the same installation, which asked the police too."""
    with database.transaction() as session:
        other = Issuer(slug="unia", name="Unia")
        session.add(other)
    people.add("coordination@unia.test", "Coordination", "nl", coordinates="unia", from_on=BEGIN.date())
    import_ = imports.read(
        other.id,
        b"2024/1\tFormer la police.\tPolice\n2024/2\tInformer.\tPolice\n",
        "unia.txt",
        language="fr",
        report="unia-2024",
        title="Unia 2024",
        issued_on=date(2024, 9, 1),
        by=None,
        at=BEGIN,
    )
    imports.accept(import_.id, by=None, at=BEGIN)
    with database.reading() as session:
        report = session.scalars(select(Report.id).filter_by(slug="unia-2024")).one()
    rounds.open_round(other.id, "Follow-up", {report: date(2024, 12, 2)}, by=person("coordination@unia.test"), at=BEGIN)
    return other


def person(email: str) -> Person:
    with database.reading() as session:
        return session.scalars(select(Person).filter_by(email=email)).one()


def digests() -> list[OutgoingMail]:
    with database.reading() as session:
        return list(session.scalars(select(OutgoingMail).filter_by(kind="weekly").order_by(OutgoingMail.id)))


def test_each_issuer_writes_to_its_own_coordinators(office: Office, unia: Issuer, settings: Settings) -> None:
    with database.transaction() as session:
        session.add(Membership(person_id=office.coordinator.id, issuer_id=unia.id, role="coordinator"))

    assert weekly.plan(MONDAY, settings) == 3

    found = {(mail.recipient, mail.issuer_id): mail.content for mail in digests()}
    assert found.keys() == {
        (office.coordinator.email, office.issuer.id),
        (office.coordinator.email, unia.id),
        ("coordination@unia.test", unia.id),
    }
    assert b"Unia" not in found[office.coordinator.email, office.issuer.id]
    assert weekly.plan(MONDAY, settings) == 0


def test_each_digest_waits_for_the_hour_of_its_issuer(office: Office, unia: Issuer, settings: Settings) -> None:
    with database.transaction() as session:
        session.add(Membership(person_id=office.coordinator.id, issuer_id=unia.id, role="coordinator"))
        session.get_one(Issuer, unia.id).send_at = "14:00"

    assert weekly.plan(MONDAY, settings) == 1
    assert weekly.plan(MONDAY + timedelta(hours=6), settings) == 2


def test_one_that_cannot_be_written_stops_no_other(office: Office, settings: Settings) -> None:
    """A name that no header can hold, as only somebody with the database could put it there."""
    broken = people.add("broken@myria.test", "Broken", "fr", coordinates="myria", from_on=BEGIN.date())
    with database.transaction() as session:
        session.get_one(Person, broken.id).email = "broken\n@myria.test"
        session.get_one(Person, office.coordinator.id).display_name = "Last"

    assert weekly.plan(MONDAY, settings) == 1
    assert weekly.plan(MONDAY, settings) == 0

    assert {mail.recipient: (mail.state, mail.why) for mail in digests()} == {
        office.coordinator.email: ("queued", None),
        "broken\n@myria.test": ("failed", "not_composed"),
    }


def test_a_week_without_news_is_settled_on_its_monday(settings: Settings) -> None:
    office = Office.set_up(is_imported=False)
    installation.release(at=BEGIN)
    clock.use(lambda: MONDAY)

    assert weekly.plan(MONDAY, settings) == 0
    office.accept("2023")
    office.ask(at=MONDAY + timedelta(days=1))
    office.answer(office.addressee("2023/8", "police"), office.police, at=MONDAY + timedelta(days=1))
    assert weekly.plan(MONDAY + timedelta(days=2), settings) == 0

    [mail] = digests()
    assert (mail.state, mail.why) == ("cancelled", "nothing_to_say")
    assert weekly.plan(MONDAY + timedelta(days=7), settings) == 1


@pytest.mark.parametrize(("days", "hours"), [(5, 0), (6, 3), (0, 12), (1, -4)])
def test_a_digest_that_was_missed_leaves_by_day_on_a_working_day_and_once(
    office: Office, settings: Settings, days: int, hours: int
) -> None:
    moment = MONDAY + timedelta(days=days, hours=hours)

    assert weekly.plan(moment, settings) == 0
    next_morning = MONDAY + timedelta(days=7 if days >= 5 else 1)
    assert weekly.plan(next_morning, settings) == 1
    assert weekly.plan(next_morning + timedelta(days=2), settings) == 0


def test_each_answer_is_told_in_one_digest(office: Office, settings: Settings) -> None:
    """Also where a digest left late: the next one begins where it ended."""
    police = [office.addressee(code, "police") for code in CODES]
    late = MONDAY + timedelta(days=2)
    for addressee, at in zip(police, (MONDAY, late + timedelta(hours=1), MONDAY + timedelta(days=6)), strict=True):
        office.answer(addressee, office.police, at=at)
    weekly.plan(late, settings)
    weekly.plan(MONDAY + timedelta(days=7), settings)

    first, second = (arrived(mail.content) for mail in digests())
    assert (first, second) == ({"2023/8"}, {"2018/35", "2018/36"})


CODES = ("2023/8", "2018/35", "2018/36")


def arrived(content: bytes) -> set[str]:
    """The answers that a digest names."""
    message = message_from_bytes(content, policy=policy.default)
    assert isinstance(message, EmailMessage)
    body = message.get_body(("plain",))
    assert body is not None
    return {code for code in CODES if code in str(body.get_content())}


def test_trouble_with_the_mail_of_one_issuer_is_not_told_to_another(
    office: Office, unia: Issuer, settings: Settings
) -> None:
    reminders.plan(MONDAY - timedelta(days=4), settings)
    with database.transaction() as session:
        for mail in session.scalars(select(OutgoingMail)):
            mail.state, mail.why = "failed", "refused"
    weekly.plan(MONDAY, settings)

    ours, theirs = (mail.content.decode() for mail in digests())
    assert "parquet@bodies.test" in ours
    assert "parquet@bodies.test" not in theirs
    assert "police@bodies.test" in theirs


def test_the_mail_of_another_issuer_is_not_there(office: Office, unia: Issuer, settings: Settings) -> None:
    reminders.plan(MONDAY - timedelta(days=4), settings)
    with database.reading() as session:
        of_prosecutor = OutgoingMail.person_id == office.federal_prosecutor.id
        mail = session.scalars(select(OutgoingMail).where(of_prosecutor)).one()

    for act in (outbox.hold, outbox.release, outbox.resend, outbox.cancel):
        with pytest.raises(Exception, match="no such mail"):
            act(mail.id, by=person("coordination@unia.test"))
    with pytest.raises(Exception, match="no such mail"):
        outbox.trust_again(mail.recipient, by=person("coordination@unia.test"))
