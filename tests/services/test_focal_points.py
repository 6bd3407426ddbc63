"""Who answers for a body, from a day to a day, and where reminders go."""

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.making import BEGIN, Office
from tracker import clock, database
from tracker.errors import NotAllowed, NotFound, Refusal
from tracker.models import FocalPoint
from tracker.queries import directory, people
from tracker.services import contacts, focal_points, installation, reminders
from tracker.services import people as accounts
from tracker.services.focal_points import Contact
from tracker.settings import Settings

NOW = datetime(2024, 12, 2, 9, 0, tzinfo=UTC)
TODAY = NOW.date()
NEW = Contact("new@bodies.test", "Focal point, new", "fr")


@pytest.fixture(autouse=True)
def on_a_day(database_url: str) -> None:
    clock.use(lambda: NOW)


def answering(slug: str, day: date = TODAY) -> list[str]:
    with database.reading() as session:
        body = people.body_by_slug(session, slug)
        return [one.person.email for one in people.focal_points(body.id, day)]


def row(slug: str) -> FocalPoint:
    with database.reading() as session:
        return directory.answering(people.body_by_slug(session, slug).id, TODAY).present[0]


def office_row(office: Office) -> int:
    """The one of the person who answered first."""
    with database.reading():
        return directory.answers_for(office.police.id)[0].id


def written_to(settings: Settings, at: datetime) -> set[str]:
    planned = reminders.preview(at, settings)["planned"]
    return {one["person"] for one in planned if one["body"] == "police"}


def test_somebody_new_answers_from_the_day_on(office: Office) -> None:
    focal_points.name("sirs", NEW, TODAY + timedelta(days=3), by=office.coordinator)

    assert answering("sirs") == []
    assert answering("sirs", TODAY + timedelta(days=3)) == ["new@bodies.test"]


def test_somebody_who_is_here_keeps_name_and_language_and_several_may_answer(office: Office) -> None:
    known = Contact(office.federal_prosecutor.email.upper(), "", "en")
    focal_points.name("police", known, TODAY, by=office.coordinator)

    assert answering("police") == ["police@bodies.test", "parquet@bodies.test"]
    with database.reading():
        person = people.by_email(office.federal_prosecutor.email)
    assert person is not None
    assert (person.display_name, person.language) == ("Focal point, prosecutor", "fr")


@pytest.mark.parametrize(
    ("contact", "told"),
    [
        (Contact("police@bodies.test", "", "nl"), "answers for this body already"),
        (Contact("somebody@bodies.test", "", "nl"), "Say who this is"),
        (Contact("somebody", "Somebody", "nl"), "is not a mail address"),
    ],
)
def test_who_cannot_be_named_is_told_why(office: Office, contact: Contact, told: str) -> None:
    with pytest.raises(Refusal, match=told):
        focal_points.name("police", contact, TODAY, by=office.coordinator)

    assert answering("police") == ["police@bodies.test"]


def test_a_closed_account_is_not_named(office: Office) -> None:
    accounts.disable(office.police.id, by=office.coordinator, at=NOW)

    with pytest.raises(Refusal, match="Open it again first"):
        focal_points.name("sirs", Contact(office.police.email, "", "nl"), TODAY, by=office.coordinator)


def test_one_is_ended_from_a_day_on(office: Office) -> None:
    focal_points.end(row("police").id, TODAY + timedelta(days=10), by=office.coordinator, at=NOW)

    assert answering("police", TODAY + timedelta(days=9)) == ["police@bodies.test"]
    assert answering("police", TODAY + timedelta(days=10)) == []


def test_an_end_in_the_past_is_refused_for_they_were_written_to_since(office: Office) -> None:
    for day in (BEGIN.date(), TODAY - timedelta(days=1)):
        with pytest.raises(Refusal, match="today or later"):
            focal_points.end(row("police").id, day, by=office.coordinator, at=NOW)

    assert answering("police") == ["police@bodies.test"]
    focal_points.end(row("police").id, TODAY, by=office.coordinator, at=NOW)
    assert answering("police") == []


def test_only_who_keeps_the_register_says_who_answers(office: Office) -> None:
    for by in (office.reader, office.police):
        for act in (
            lambda by: focal_points.name("sirs", NEW, TODAY, by=by),
            lambda by: focal_points.end(row("police").id, TODAY, by=by, at=NOW),
            lambda by: focal_points.hand_over(row("police").id, NEW, TODAY, by=by, at=NOW),
            lambda by: contacts.accept(b"", by=by, at=NOW),
        ):
            with pytest.raises(NotAllowed, match="Only coordinators and administrators"):
                act(by)
    assert (answering("police"), answering("sirs")) == (["police@bodies.test"], [])


def test_one_named_by_mistake_today_can_be_taken_off_today(office: Office) -> None:
    named = focal_points.name("sirs", NEW, TODAY, by=office.coordinator)

    focal_points.end(named.id, TODAY, by=office.coordinator, at=NOW)

    assert answering("sirs") == []
    with pytest.raises(NotFound):
        focal_points.end(named.id, TODAY, by=office.coordinator, at=NOW)


def test_a_hand_over_passes_reminders_to_the_one_who_comes(office: Office, settings: Settings) -> None:
    office.ask(due_on=TODAY + timedelta(days=60))
    installation.release(at=BEGIN)
    due = NOW + timedelta(days=60)
    assert written_to(settings, due) == {"police@bodies.test"}

    focal_points.hand_over(row("police").id, NEW, TODAY + timedelta(days=1), by=office.coordinator, at=NOW)

    assert answering("police") == ["police@bodies.test"]
    assert answering("police", TODAY + timedelta(days=1)) == ["new@bodies.test"]
    assert written_to(settings, due) == {"new@bodies.test"}


def test_nobody_hands_over_to_themselves_and_nothing_half_is_kept(office: Office) -> None:
    same = Contact(office.police.email, "", "nl")
    with pytest.raises(Refusal, match="the one who comes"):
        focal_points.hand_over(row("police").id, same, TODAY, by=office.coordinator, at=NOW)
    focal_points.name("police", NEW, TODAY, by=office.coordinator)
    with pytest.raises(Refusal, match="answers for this body already"):
        focal_points.hand_over(office_row(office), NEW, TODAY, by=office.coordinator, at=NOW)

    assert answering("police") == ["new@bodies.test", "police@bodies.test"]
