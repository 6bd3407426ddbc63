"""Codes by mail and the sessions they open."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from tests.making import Office
from tracker import database
from tracker.errors import NotAllowed
from tracker.models import Base, OutgoingMail, Person, SignedInSession, SignInCode
from tracker.queries import people
from tracker.services import sign_in
from tracker.settings import Settings

NOW = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)
EMAIL = "police@bodies.test"


def rows(model: type) -> list:
    with database.reading() as session:
        return list(session.scalars(select(model)))


def test_a_code_opens_one_session_once(office: Office, settings: Settings) -> None:
    digits = sign_in.code_for(EMAIL, settings, at=NOW)

    token = sign_in.enter(EMAIL, f" {digits[:3]} {digits[3:]} ", settings, at=NOW)

    with database.reading():
        found = people.signed_in(token, at=NOW)
    assert found is not None
    assert found[0].email == EMAIL
    with pytest.raises(NotAllowed):
        sign_in.enter(EMAIL, digits, settings, at=NOW)


def test_a_code_lives_ten_minutes(office: Office, settings: Settings) -> None:
    digits = sign_in.code_for(EMAIL, settings, at=NOW)

    with pytest.raises(NotAllowed):
        sign_in.enter(EMAIL, digits, settings, at=NOW + timedelta(minutes=10))


def test_five_wrong_tries_spend_a_code(office: Office, settings: Settings) -> None:
    digits = sign_in.code_for(EMAIL, settings, at=NOW)
    wrong = str((int(digits) + 1) % 1_000_000).zfill(6)

    for _again in range(sign_in.CODE_TRIES):
        with pytest.raises(NotAllowed):
            sign_in.enter(EMAIL, wrong, settings, at=NOW)

    with pytest.raises(NotAllowed):
        sign_in.enter(EMAIL, digits, settings, at=NOW)


def test_the_code_of_one_person_does_not_open_another_s_session(office: Office, settings: Settings) -> None:
    digits = sign_in.code_for(EMAIL, settings, at=NOW)

    with pytest.raises(NotAllowed):
        sign_in.enter("coordination@myria.test", digits, settings, at=NOW)


def test_five_codes_an_hour_are_enough(office: Office, settings: Settings) -> None:
    for _again in range(8):
        sign_in.send_code(EMAIL, settings, at=NOW)
    assert len(rows(SignInCode)) == sign_in.CODES_PER_HOUR

    sign_in.send_code(EMAIL, settings, at=NOW + timedelta(minutes=61))
    assert len(rows(SignInCode)) == sign_in.CODES_PER_HOUR + 1


def test_an_unknown_address_gets_nothing_and_is_told_nothing(office: Office, settings: Settings) -> None:
    sign_in.send_code("nobody@bodies.test", settings, at=NOW)

    assert rows(SignInCode) == rows(OutgoingMail) == []


def test_neither_code_nor_token_lies_in_the_database(office: Office, settings: Settings) -> None:
    sign_in.send_code(EMAIL, settings, at=NOW)
    (code,) = rows(SignInCode)
    digits = sign_in.code_digits(settings.secret_key.get_secret_value(), code.uid)
    token = sign_in.enter(EMAIL, digits, settings, at=NOW)

    (mail,) = rows(OutgoingMail)
    assert digits.encode() not in mail.content
    assert mail.secret_of == code.uid
    with database.reading() as session:
        kept = [repr(row) for table in Base.metadata.sorted_tables for row in session.execute(select(table))]
    assert not [row for row in kept if token in row or f"'{digits}'" in row]


def test_codes_leave_while_everything_else_is_held(office: Office, settings: Settings) -> None:
    sign_in.send_code(EMAIL, settings, at=NOW)

    (mail,) = rows(OutgoingMail)
    assert (mail.state, mail.lane, mail.on_uncertain) == ("queued", 0, "hold")


@pytest.mark.parametrize(
    ("later", "is_open"),
    [
        (timedelta(hours=1, minutes=59), True),
        (timedelta(hours=2), False),
        (timedelta(hours=12), False),
    ],
)
def test_a_session_ends_when_it_lies_idle(office: Office, settings: Settings, later: timedelta, is_open: bool) -> None:
    token = sign_in.enter(EMAIL, sign_in.code_for(EMAIL, settings, at=NOW), settings, at=NOW)

    with database.reading():
        assert (people.signed_in(token, at=NOW + later) is not None) is is_open


def test_a_session_in_use_ends_after_twelve_hours(office: Office, settings: Settings) -> None:
    token = sign_in.enter(EMAIL, sign_in.code_for(EMAIL, settings, at=NOW), settings, at=NOW)
    for hour in range(1, 12):
        sign_in.seen(token, at=NOW + timedelta(hours=hour))

    with database.reading():
        assert people.signed_in(token, at=NOW + timedelta(hours=11, minutes=59)) is not None
        assert people.signed_in(token, at=NOW + timedelta(hours=12)) is None


def test_leaving_and_disabling_end_sessions_at_once(office: Office, settings: Settings) -> None:
    first = sign_in.enter(EMAIL, sign_in.code_for(EMAIL, settings, at=NOW), settings, at=NOW)
    second = sign_in.enter(EMAIL, sign_in.code_for(EMAIL, settings, at=NOW), settings, at=NOW)
    sign_in.leave(first)
    with database.reading():
        assert people.signed_in(first, at=NOW) is None
        assert people.signed_in(second, at=NOW) is not None

    with database.transaction() as session:
        session.get_one(Person, office.police.id).disabled_at = NOW
    with database.reading():
        assert people.signed_in(second, at=NOW) is None
    with pytest.raises(NotAllowed):
        sign_in.code_for(EMAIL, settings, at=NOW)


def test_ended_sessions_are_swept_when_another_opens(office: Office, settings: Settings) -> None:
    sign_in.enter(EMAIL, sign_in.code_for(EMAIL, settings, at=NOW), settings, at=NOW)
    later = NOW + timedelta(days=1)
    sign_in.enter(EMAIL, sign_in.code_for(EMAIL, settings, at=later), settings, at=later)

    assert len(rows(SignedInSession)) == 1
