"""Codes by mail and the sessions they open."""

from datetime import UTC, datetime, timedelta

import pytest
from pydantic import SecretStr
from sqlalchemy import select

from tests.making import KEY, Office
from tracker import database
from tracker.errors import NotAllowed, TooOften
from tracker.models import AuditRow, Base, LimitedAct, OutgoingMail, Person, SignedInSession, SignInCode
from tracker.queries import people
from tracker.services import limits, sign_in
from tracker.services import people as grant
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
    assert found.person.email == EMAIL
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


@pytest.mark.parametrize("typed", ["é", "１２３４５６", "", "12345x"])
def test_what_is_no_code_is_a_wrong_try_and_nothing_worse(office: Office, settings: Settings, typed: str) -> None:
    sign_in.send_code(EMAIL, settings, at=NOW)

    with pytest.raises(NotAllowed, match="does not fit"):
        sign_in.enter(EMAIL, typed, settings, at=NOW)
    assert rows(SignInCode)[0].tries == 1


def test_the_code_of_one_person_does_not_open_another_s_session(office: Office, settings: Settings) -> None:
    digits = sign_in.code_for(EMAIL, settings, at=NOW)

    with pytest.raises(NotAllowed):
        sign_in.enter("coordination@myria.test", digits, settings, at=NOW)


def test_five_codes_an_hour_are_enough(office: Office, settings: Settings) -> None:
    for minute in range(5):
        sign_in.send_code(EMAIL, settings, at=NOW + timedelta(minutes=minute))
    with pytest.raises(TooOften, match="ask again at 14:00") as refused:
        sign_in.send_code(EMAIL, settings, at=NOW + timedelta(minutes=59))
    assert refused.value.again_at == NOW + timedelta(hours=1)
    assert len(rows(SignInCode)) == 5

    sign_in.send_code(EMAIL, settings, at=NOW + timedelta(hours=1))
    assert len(rows(SignInCode)) == 6


@pytest.mark.parametrize("email", [EMAIL, "nobody@bodies.test"])
def test_whoever_is_asked_for_too_often_is_refused_alike(office: Office, settings: Settings, email: str) -> None:
    for _again in range(5):
        sign_in.send_code(f" {email.upper()}", settings, at=NOW)

    with pytest.raises(TooOften):
        sign_in.send_code(email, settings, at=NOW)
    sign_in.send_code("parquet@bodies.test", settings, at=NOW)  # others are not kept waiting


def test_one_client_asks_for_many_people_and_not_for_everybody(office: Office, settings: Settings) -> None:
    for n in range(limits.CODES_FROM_A_CLIENT.at_most):
        sign_in.send_code(f"{n}@bodies.test", settings, client="192.0.2.1", at=NOW)

    with pytest.raises(TooOften, match="your network"):
        sign_in.send_code(EMAIL, settings, client="192.0.2.1", at=NOW)
    sign_in.send_code(EMAIL, settings, client="192.0.2.2", at=NOW)


def test_ten_wrong_codes_close_the_door_of_an_address_for_five_minutes(office: Office, settings: Settings) -> None:
    for n in range(10):
        with pytest.raises(NotAllowed):
            sign_in.enter(EMAIL, "x", settings, client=f"192.0.2.{n}", at=NOW)

    digits = sign_in.code_for(EMAIL, settings, at=NOW)
    with pytest.raises(TooOften, match="this address"):
        sign_in.enter(EMAIL, digits, settings, client="192.0.2.99", at=NOW)
    other = "parquet@bodies.test"
    sign_in.enter(other, sign_in.code_for(other, settings, at=NOW), settings, client="192.0.2.1", at=NOW)
    sign_in.enter(EMAIL, digits, settings, client="192.0.2.1", at=NOW + timedelta(minutes=5))


def test_right_codes_keep_nobody_out_behind_the_same_proxy(office: Office, settings: Settings) -> None:
    for _again in range(12):
        digits = sign_in.code_for(EMAIL, settings, at=NOW)
        sign_in.enter(EMAIL, digits, settings, client="192.0.2.1", at=NOW)

    assert rows(LimitedAct) == []


def test_what_counts_no_more_is_forgotten_and_names_nobody(office: Office, settings: Settings) -> None:
    sign_in.send_code(EMAIL, settings, client="192.0.2.1", at=NOW)
    kept = repr([vars(row) for row in rows(LimitedAct)])
    assert "police" not in kept
    assert "192.0.2.1" not in kept

    limits.forget(at=NOW + timedelta(minutes=59))
    assert len(rows(LimitedAct)) == 2
    limits.forget(at=NOW + timedelta(hours=1))
    assert rows(LimitedAct) == []


@pytest.mark.parametrize("change", ["coordinates", "is_admin"])
def test_with_another_role_one_signs_in_anew(office: Office, settings: Settings, change: str) -> None:
    token = sign_in.enter(EMAIL, sign_in.code_for(EMAIL, settings, at=NOW), settings, at=NOW)
    what = {"coordinates": "myria"} if change == "coordinates" else {"is_admin": True}
    grant.add(EMAIL, "Focal point, police", "nl", from_on=NOW.date(), **what)

    with database.reading():
        assert people.signed_in(token, at=NOW) is None
    token = sign_in.enter(EMAIL, sign_in.code_for(EMAIL, settings, at=NOW), settings, at=NOW)
    with database.reading():
        assert people.signed_in(token, at=NOW) is not None


def test_a_code_and_a_session_outlive_a_new_secret_key(office: Office, settings: Settings) -> None:
    digits = sign_in.code_for(EMAIL, settings, at=NOW)
    turned = {"secret_key": SecretStr(KEY), "secret_key_fallbacks": settings.secret_key}

    assert sign_in.enter(EMAIL, digits, settings.model_copy(update=turned), at=NOW)


def test_an_unknown_address_gets_nothing_and_is_told_nothing(office: Office, settings: Settings) -> None:
    sign_in.send_code("nobody@bodies.test", settings, at=NOW)

    assert rows(SignInCode) == rows(OutgoingMail) == []


def test_a_code_that_has_not_left_is_not_sent_after_a_newer_one_or_once_its_person_is_in(
    office: Office, settings: Settings
) -> None:
    def states() -> list[tuple[str, str | None]]:
        return [(mail.state, mail.why) for mail in sorted(rows(OutgoingMail), key=lambda mail: mail.id)]

    sign_in.send_code("parquet@bodies.test", settings, at=NOW)
    for _again in range(2):
        sign_in.send_code(EMAIL, settings, at=NOW)
    assert states() == [("queued", None), ("cancelled", "needless"), ("queued", None)]

    sign_in.enter(EMAIL, sign_in.code_for(EMAIL, settings, at=NOW), settings, at=NOW)

    assert states() == [("queued", None), *[("cancelled", "needless")] * 2]


def test_the_audit_log_tells_the_moment_of_each_way_in(office: Office, settings: Settings) -> None:
    n = len(rows(AuditRow))
    digits = sign_in.code_for(EMAIL, settings, at=NOW)
    with pytest.raises(NotAllowed):
        sign_in.enter(EMAIL, "none", settings, at=NOW)
    sign_in.leave(sign_in.enter(EMAIL, digits, settings, at=NOW), at=NOW + timedelta(hours=1))

    told = [(row.act, row.at) for row in rows(AuditRow)[n:]]
    later = NOW + timedelta(hours=1)
    assert told == [("sign_in_refused", NOW), ("signed_in", NOW), ("signed_out", later)]


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
    sign_in.leave(first, at=NOW)
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
