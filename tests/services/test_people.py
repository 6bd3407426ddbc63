"""Accounts and parts: who may give and take them, and what a change ends at once."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from tests.making import BEGIN, Office
from tracker import database
from tracker.errors import NotAllowed, NotFound, Refusal
from tracker.models import Issuer, Person, SignedInSession
from tracker.queries import people as of_people
from tracker.services import parts, people, sign_in
from tracker.settings import Settings

NOW = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)


@pytest.fixture
def admin(office: Office) -> Person:
    """An administrator."""
    return people.add("admin@myria.test", "Administration", "fr", is_admin=True, from_on=BEGIN.date())


def sessions_of(person: Person) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).where(SignedInSession.person_id == person.id)) or 0


def known(email: str) -> Person:
    with database.reading():
        person = of_people.by_email(email)
    assert person is not None
    return person


def another_issuer() -> int:
    with database.transaction() as session:
        issuer = Issuer(slug="unia", name="Unia")
        session.add(issuer)
        session.flush()
        return issuer.id


def test_closing_an_account_ends_its_sessions_and_codes_at_once(office: Office, settings: Settings) -> None:
    sign_in.enter_as(office.police.id, at=NOW)
    digits = sign_in.code_for(office.police.email, settings, at=NOW)

    people.disable(office.police.id, by=office.coordinator, at=NOW)

    assert sessions_of(office.police) == 0
    with pytest.raises(NotAllowed):
        sign_in.enter(office.police.email, digits, settings, at=NOW)
    people.enable(office.police.id, by=office.coordinator)
    with pytest.raises(NotAllowed):
        sign_in.enter(office.police.email, digits, settings, at=NOW)
    assert known(office.police.email).disabled_at is None


def test_another_mail_address_ends_sessions_and_makes_codes_to_the_old_one_void(
    office: Office, settings: Settings
) -> None:
    sign_in.enter_as(office.police.id, at=NOW)
    digits = sign_in.code_for(office.police.email, settings, at=NOW)

    people.change(office.police.id, " New@Bodies.test ", "Police", "fr", by=office.coordinator, at=NOW)

    assert sessions_of(office.police) == 0
    with pytest.raises(NotAllowed):
        sign_in.enter("new@bodies.test", digits, settings, at=NOW)
    assert known("new@bodies.test").language == "fr"


def test_another_name_ends_nothing(office: Office) -> None:
    sign_in.enter_as(office.police.id, at=NOW)

    people.change(office.police.id, office.police.email, "Police", "nl", by=office.coordinator, at=NOW)

    assert sessions_of(office.police) == 1


@pytest.mark.parametrize(
    ("email", "name", "told"),
    [
        ("nobody", "Police", "is not a mail address"),
        ("reader@myria.test", "Police", "Somebody here has the address"),
        ("police@bodies.test", "  ", "Say who this is"),
    ],
)
def test_a_change_that_does_not_fit_is_refused(office: Office, email: str, name: str, told: str) -> None:
    with pytest.raises(Refusal, match=told):
        people.change(office.police.id, email, name, "fr", by=office.coordinator, at=NOW)

    assert known("police@bodies.test").display_name == "Focal point, police"


def test_the_last_coordinator_neither_leaves_nor_is_shut_out(office: Office, admin: Person) -> None:
    with pytest.raises(NotAllowed, match="the last coordinator of Myria"):
        people.disable(office.coordinator.id, by=admin, at=NOW)
    with pytest.raises(NotAllowed, match="the last coordinator of Myria"):
        parts.set_(office.coordinator.id, {office.issuer.id: "reader"}, is_admin=False, by=office.coordinator)

    parts.set_(office.reader.id, {office.issuer.id: "coordinator"}, is_admin=False, by=office.coordinator)
    people.disable(office.coordinator.id, by=admin, at=NOW)


def test_nobody_coordinates_two_issuers_but_passes_from_one_to_another(office: Office, admin: Person) -> None:
    unia = another_issuer()
    reader = office.reader.id
    parts.set_(reader, {office.issuer.id: "coordinator"}, is_admin=False, by=admin)

    with pytest.raises(NotAllowed, match="coordinates Myria already"):
        parts.set_(reader, {unia: "coordinator"}, is_admin=False, by=admin)
    with pytest.raises(NotAllowed, match="coordinates Myria already"):
        people.add(office.reader.email, "", "en", coordinates="unia", from_on=BEGIN.date())
    parts.set_(reader, {unia: "reader"}, is_admin=False, by=admin)

    parts.set_(reader, {unia: "coordinator", office.issuer.id: ""}, is_admin=False, by=admin)
    with database.reading() as session:
        assert of_people.rights(session.get_one(Person, reader)).coordinates == {unia}


def test_a_coordinator_whose_account_is_closed_does_not_count(office: Office, admin: Person) -> None:
    parts.set_(office.reader.id, {office.issuer.id: "coordinator"}, is_admin=False, by=admin)
    people.disable(office.reader.id, by=admin, at=NOW)

    with pytest.raises(NotAllowed, match="the last coordinator"):
        people.disable(office.coordinator.id, by=admin, at=NOW)


def test_the_last_administrator_stays(office: Office, admin: Person) -> None:
    with pytest.raises(NotAllowed, match="the last administrator"):
        parts.set_(admin.id, {}, is_admin=False, by=admin)


def test_nobody_closes_their_own_account(office: Office) -> None:
    with pytest.raises(NotAllowed, match="your own account"):
        people.disable(office.coordinator.id, by=office.coordinator, at=NOW)


def test_a_coordinator_has_no_hold_on_administrators_and_other_issuers(office: Office, admin: Person) -> None:
    unia = another_issuer()
    colleague = people.add("coordination@unia.test", "Unia", "nl", coordinates="unia", from_on=BEGIN.date())

    with pytest.raises(NotAllowed, match="ask an administrator"):
        people.change(admin.id, "mine@myria.test", "Mine", "fr", by=office.coordinator, at=NOW)
    with pytest.raises(NotFound):
        people.disable(colleague.id, by=office.coordinator, at=NOW)
    with pytest.raises(NotFound):
        parts.set_(office.police.id, {unia: "coordinator"}, is_admin=False, by=office.coordinator)
    parts.set_(office.police.id, {}, is_admin=True, by=office.coordinator)
    assert not known(office.police.email).is_admin


def test_a_reader_or_focal_point_changes_nobody(office: Office) -> None:
    for by in (office.reader, office.police):
        with pytest.raises((NotAllowed, NotFound)):
            people.disable(office.federal_prosecutor.id, by=by, at=NOW)


def test_somebody_new_gets_an_account_and_parts_and_an_address_is_taken_once(office: Office, admin: Person) -> None:
    roles = {office.issuer.id: "reader"}
    added = people.create("new@myria.test", "New", "nl", roles, by=office.coordinator)

    with database.reading():
        assert of_people.rights(added).reads == {office.issuer.id}
    with pytest.raises(Refusal, match="has the address"):
        people.create("NEW@myria.test", "Again", "nl", roles, by=office.coordinator)


def test_everybody_may_be_signed_out_everywhere_by_who_keeps_them_and_by_themselves(office: Office) -> None:
    for _browser in range(2):
        sign_in.enter_as(office.police.id, at=NOW)
        sign_in.enter_as(office.reader.id, at=NOW)

    assert people.end_sessions(office.police.id, by=office.coordinator, at=NOW) == 2
    assert people.end_sessions(office.reader.id, by=office.reader, at=NOW) == 2


def test_the_terminal_does_not_open_a_closed_account_by_the_way(office: Office) -> None:
    people.disable(office.police.id, by=office.coordinator, at=NOW)

    with pytest.raises(Refusal, match="Open it again first"):
        people.add(office.police.email, "Police", "nl", answers_for="parquet-federal", from_on=BEGIN.date())
