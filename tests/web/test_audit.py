"""What people did, in a browser."""

import pytest
from flask import Flask
from sqlalchemy import select

from tests.making import Office
from tests.web.checking import CheckingClient, Enter, visible
from tracker import database
from tracker.models import AuditRow
from tracker.queries import audit_words
from tracker.web.access import Access


@pytest.fixture
def coordinator(followed: Office, enter: Enter) -> CheckingClient:
    """The coordinator's browser."""
    return enter("coordination@myria.test")


def last() -> AuditRow:
    with database.reading() as session:
        return session.scalars(select(AuditRow).order_by(AuditRow.id.desc()).limit(1)).one()


def test_it_says_who_did_what_in_sentences(coordinator: CheckingClient) -> None:
    told = visible(coordinator.get("/audit?act=assessed"))
    assert "Coordination assessed 2018/36 (Annual report 2018)" in told
    assert "opened the round" not in told


def test_it_is_narrowed_by_person_and_days(coordinator: CheckingClient, followed: Office) -> None:
    person = followed.coordinator.id
    told = visible(coordinator.get(f"/audit?person={person}&from=2026-05-04&until=2026-05-04"))
    assert told.count("opened the round “Follow-up”") == 2
    assert "Nobody did this in these days." in visible(coordinator.get("/audit?until=2001-01-01"))


def test_days_that_do_not_fit_are_told(coordinator: CheckingClient) -> None:
    for query, sentence in (
        ("from=soon", "“soon” is not a date"),
        ("from=2026-02-02&until=2026-02-01", "The last day is before the first"),
        ("until=9999-12-31", "Enter a day between 1900 and 2200."),
    ):
        assert sentence in visible_of(coordinator, f"/audit?{query}")
    assert coordinator.get("/audit?act=none&person=x&after=y").status_code == 200


def visible_of(client: CheckingClient, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 422
    return visible(response)


def test_a_page_of_somebody_else_is_kept_with_the_address_and_nothing_typed(
    coordinator: CheckingClient, enter: Enter, followed: Office
) -> None:
    police = enter(followed.police.email)
    assert police.get("/people/1").status_code == 403
    row = last()
    assert (row.act, row.actor_id, row.address) == ("denied", followed.police.id, "127.0.0.1")
    assert (row.ref, row.facts) == ("people.show", '{"person_id": 1, "status": 403}')
    told = visible(coordinator.get("/audit?act=denied"))
    assert "was refused a page: a person" in told
    assert "no. 1, answer 403" in told

    assert police.get("/answers/99999").status_code == 404
    assert last().ref == "answers.write"
    assert coordinator.get("/bodies/typed-by-somebody").status_code == 404
    assert "typed" not in last().facts + (last().ref or "")
    assert "Focal point, police was refused a page: a person" in visible(coordinator.get("/audit"))


def test_visitors_leave_no_rows(followed: Office, enter: Enter) -> None:
    enter().get("/people/1")
    enter().get("/nowhere")
    with database.reading() as session:
        assert session.scalar(select(AuditRow.id).where(AuditRow.act == "denied")) is None


def test_every_page_that_can_be_refused_has_a_name_there(app: Flask) -> None:
    refused = {
        endpoint.partition(".")[0]
        for endpoint, view in app.view_functions.items()
        if getattr(view, "access", Access.EVERYONE) is not Access.EVERYONE
    }
    assert refused <= set(audit_words.PAGES)
