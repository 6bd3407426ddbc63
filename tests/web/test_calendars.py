"""Due dates in somebody's calendar, and what became public as a feed."""

from datetime import date
from xml.etree import ElementTree

import pytest
from icalendar import Calendar

from tests.making import BEGIN, Office
from tests.web.checking import CheckingClient, Enter
from tests.web.test_public import publish, publish_all
from tracker.services import people

POLICE = "police@bodies.test"


def addresses(client: CheckingClient) -> list[str]:
    page = client.page("/account")
    return [node.attributes["href"] or "" for node in page.css("a[href*='/calendar/']")]


def opened(client: CheckingClient) -> str:
    client.send("/account/calendar", on="/account")
    return addresses(client)[0].replace("http://127.0.0.1:8000", "")


def test_a_calendar_shows_when_replies_of_ones_bodies_are_due_and_no_text(followed: Office, enter: Enter) -> None:
    address = opened(enter(followed.police.email))

    answer = enter().get(address)

    assert answer.mimetype == "text/calendar"
    events = Calendar.from_ical(answer.data).walk("VEVENT")
    assert events
    assert {event["DTSTART"].dt for event in events} == {date(2026, 11, 16)}
    assert all("Politie" in event["SUMMARY"] for event in events), "in the language of whom it is for"
    assert len({event["UID"] for event in events}) == len(events)
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_a_coordinator_s_calendar_shows_all_that_is_due_and_one_body_alone(followed: Office, enter: Enter) -> None:
    address = opened(enter(followed.coordinator.email))

    everything = Calendar.from_ical(enter().get(address).data).walk("VEVENT")
    police = Calendar.from_ical(enter().get(f"{address}?body=police").data).walk("VEVENT")

    assert len(everything) > len(police) == 1


def test_an_address_opens_nothing_once_there_is_a_new_one_or_none(followed: Office, enter: Enter) -> None:
    client = enter(followed.police.email)
    first = opened(client)
    second = opened(client)

    assert enter().get(first).status_code == 404
    assert enter().get(second).status_code == 200
    assert enter().get(second[:-6] + "00.ics").status_code == 404
    client.send("/account/calendar/stop", on="/account")
    assert enter().get(second).status_code == 404
    assert addresses(client) == []


def test_whoever_has_no_access_has_no_calendar(followed: Office, enter: Enter) -> None:
    address = opened(enter(followed.police.email))

    people.disable(followed.police.id, by=followed.coordinator, at=BEGIN)

    assert enter().get(address).status_code == 404


@pytest.mark.parametrize("language", ["en", "fr", "nl"])
def test_what_became_public_is_a_feed(followed: Office, enter: Enter, language: str) -> None:
    publish(followed)
    publish_all(followed)

    answer = enter().get(f"/changes.atom?lang={language}")

    assert answer.mimetype == "application/atom+xml"
    feed = ElementTree.fromstring(answer.data)  # noqa: S314  # ours
    found = [
        {one.tag.partition("}")[2]: one.text or "" for one in entry}
        for entry in feed.findall("{http://www.w3.org/2005/Atom}entry")
    ]
    [trust] = [one for one in found if one["title"].startswith("2018/36, ")]
    assert trust["updated"] == "2026-11-23T00:00:00Z"
    assert "Myria" in trust["summary"]
    assert len({one["id"] for one in found}) == len(found)
