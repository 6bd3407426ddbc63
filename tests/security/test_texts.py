"""What people type makes no header, no recipient and no line of the log; and no secret lies about."""

import json
import logging
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from email import policy
from email.parser import BytesParser
from io import StringIO

import pytest
from flask import Flask
from hypothesis import HealthCheck, given
from hypothesis import settings as of_hypothesis
from hypothesis import strategies as st
from pydantic import SecretStr
from sqlalchemy import select, update

from tests.making import BEGIN, KEY, Office
from tests.web.checking import CheckingClient, Enter
from tracker import clock, database, logs
from tracker.errors import Misconfigured, Refusal
from tracker.mail import messages
from tracker.models import Base, OutgoingMail, Person, Report, SignInCode
from tracker.services import installation, people, reminders, sign_in
from tracker.settings import Settings, from_environment
from tracker.web.app import create_app

AT = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)
EMAIL = "police@bodies.test"
NASTY = [
    *("a\r\nBcc: evil@evil.test", "a\nTo: evil@evil.test", "a\rX-Evil: 1", "a\r\n\r\nbody", "a\x00b"),
    *("a\u2028Bcc: e@evil.test", "a\u2029Cc: e@evil.test", "a\x85Bcc: e@evil.test", "a\x0bBcc: e@evil.test"),
    *("a\x0cBcc: e@evil.test", "=?utf-8?q?=0ABcc:_e?=", "a" * 2000, "\r\n.\r\nMAIL FROM:<e@evil.test>\r\n"),
    *("\u202etxt.exe", "a\x1cb\x1db\x1eb", "<script>alert(1)</script>"),
]  # fmt: skip
HEADERS = {
    *("Subject", "From", "To", "Date", "Message-ID", "Auto-Submitted", "X-Auto-Response-Suppress"),
    *("MIME-Version", "Content-Type", "Content-Language", "List-Id"),
}
FACTS = {"base_url": "https://suivi.test", "code": messages.PLACEHOLDER, "minutes": 10}


def written(**changed: object) -> messages.Composed:
    facts = {"recipient": EMAIL, "sender": "Répons <repons@suivi.test>", "message_id": "<1.a@suivi.test>", "at": AT}
    return messages.compose("code", "en", **{**facts, **FACTS, **changed})


def assert_is_one_mail(content: bytes, recipient: str) -> None:
    """One recipient, our headers once each, and lines that end as they should."""
    message = BytesParser(policy=policy.default).parsebytes(content)
    assert set(message.keys()) <= HEADERS
    assert len(message.keys()) == len(set(message.keys()))
    assert [one.addr_spec for one in message["To"].addresses] == [recipient]
    assert not message.defects
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert b"\r" not in content.replace(b"\r\n", b"")


@pytest.mark.parametrize("text", NASTY)
def test_no_title_or_name_makes_a_header_or_a_recipient(
    office: Office, settings: Settings, text: str, tamper: Callable[[str], None]
) -> None:
    kept = text.replace("\x00", "")  # which no form can send and PostgreSQL cannot keep
    with database.transaction() as session:
        session.get_one(Person, office.police.id).display_name = kept[:200]
        session.merge(office.issuer).name = kept[:200]
        session.execute(update(Report).values(title=kept[:300]))
    office.ask("myria-2023")
    installation.release(at=BEGIN)
    clock.use(lambda: BEGIN)
    assert reminders.plan(BEGIN, settings) > 0
    with database.reading() as session:
        for mail in session.scalars(select(OutgoingMail)):
            assert mail.state == "queued", mail.smtp_text
            assert_is_one_mail(mail.content, mail.recipient)


@pytest.mark.parametrize("text", NASTY)
def test_no_address_is_two(office: Office, settings: Settings, text: str) -> None:
    with pytest.raises(Refusal):
        people.add(f"x@bodies.test{text}", "X", "fr", from_on=BEGIN.date())
    with pytest.raises(Refusal):
        people.add(f"{text}@bodies.test,e@evil.test", "X", "fr", from_on=BEGIN.date())
    sign_in.send_code(f"{EMAIL}{text}".replace("\x00", "")[:254], settings, at=AT)
    with database.reading() as session:
        assert session.scalars(select(OutgoingMail)).all() == []


@of_hypothesis(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=300))
def test_whatever_a_subject_is_made_of_it_is_one_line(text: str) -> None:
    line = messages.one_line(text)
    assert len(line.splitlines()) <= 1
    assert "\x00" not in line


class Log:
    """What a process would write."""

    def __init__(self) -> None:
        self.stream = StringIO()

    @property
    def lines(self) -> list[str]:
        return self.stream.getvalue().splitlines()

    @property
    def events(self) -> list[dict[str, str]]:
        """The security events."""
        return [
            json.loads(line.partition("tracker.security: ")[2]) for line in self.lines if "tracker.security" in line
        ]


@pytest.fixture
def log() -> Iterator[Log]:
    """The log as `tracker serve` configures it, in the test's hands."""
    found, root = Log(), logging.getLogger()
    before, level = root.handlers[:], root.level
    root.handlers = []
    logs.configure()
    root.handlers[0].setStream(found.stream)  # type: ignore[attr-defined]
    yield found
    root.handlers = before
    root.setLevel(level)


@pytest.mark.parametrize("text", NASTY)
def test_no_text_begins_a_line_of_the_log(log: Log, text: str) -> None:
    forged = f"{text}\n2026-01-05 12:00:00,000 INFO tracker.security: forged"
    logging.getLogger("tracker.web").warning("a page failed: %s", forged)
    try:
        raise ValueError(forged)
    except ValueError:
        logging.getLogger("tracker.web").exception("it failed with %s", forged)
    logs.security("sign_in_failed", actor=None, address=forged, path=forged)

    entries = [line for line in log.lines if not line.startswith("    ")]
    assert len(entries) == 3
    assert len(log.lines) == len(log.stream.getvalue().split("\n")) - 1, "another kind of line break"
    assert all(re.match(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} [A-Z]+ tracker", entry) for entry in entries)
    assert not [entry for entry in entries if entry.startswith("2026-01-05")]


def test_every_security_event_is_told_with_who_when_and_from_where(
    log: Log, enter: Enter, app: Flask, office: Office, settings: Settings
) -> None:
    client = enter()
    client.send("/sign-in", email=EMAIL)
    client.send("/sign-in/code", code="x", status=422)
    client.send("/sign-in/code", code=sign_in.code_for(EMAIL, settings, at=clock.wall()))
    client.page("/imports", 403)
    client.post("/sign-out")
    for n in range(4):
        enter().send("/sign-in", email=EMAIL, status=302 if n < 4 else 429)
    enter().send("/sign-in", email=EMAIL, status=429)
    people.add(EMAIL, "Focal point, police", "nl", reads="myria", from_on=BEGIN.date())
    client.send("/sign-out", on="/sign-in")

    events = [(one["event"], one["actor"]) for one in log.events]
    uid = office.police.uid
    assert events == [
        ("sign_in_failed", uid),
        ("signed_in", uid),
        ("denied", uid),
        ("form_refused", uid),
        ("limited", None),
        ("role_changed", None),
    ]
    for one in log.events:
        assert abs((datetime.fromisoformat(one["at"]) - clock.wall()).total_seconds()) < 60
        assert one["event"] == "role_changed" or one["address"] == "127.0.0.1"


def test_no_secret_and_nothing_that_was_typed_is_in_the_log_the_mail_or_the_database(
    log: Log, office: Office, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = settings.model_copy(
        update={"secret_key": SecretStr(KEY), "smtp_url": "smtps://user:canary-password@mail.test"}
    )
    app = create_app(settings)
    app.test_client_class = CheckingClient
    client = app.test_client()
    assert isinstance(client, CheckingClient)
    client.get("/?lang=en")
    client.send("/sign-in", email=EMAIL)
    with database.reading() as session:
        digits = sign_in.code_digits(KEY, session.scalars(select(SignInCode.uid)).one())
    client.send("/sign-in/code", code=digits)
    with client.session_transaction() as cookie:
        token = cookie["_user_id"]
    item = office.addressee("2023/8", "police")
    note = "canary-note"
    client.send(f"/answers/{item.id}", response="accepted", done=note, seen="999", status=409)

    def break_down(*_args: object, **_values: object) -> str:
        with database.reading() as session:
            session.execute(select(Person.id).where(Person.email == note, Base.metadata.tables["body"].c.nothing == 1))
        return ""

    app.view_functions["answers.write"] = break_down
    page = client.post(f"/answers/{item.id}", data={"csrf_token": _token(client), "done": note})
    assert page.status_code == 500

    with database.reading() as session:
        kept = [repr(row) for table in Base.metadata.sorted_tables for row in session.execute(select(table))]
    for secret in (KEY, digits, token, "canary-password"):
        assert secret not in log.stream.getvalue()
        assert secret not in page.text
        assert secret not in repr(settings)
        assert not [row for row in kept if re.search(rf"(?<![\w.]){re.escape(secret)}(?![\w])", row)], secret
    assert note not in log.stream.getvalue()
    assert "a page failed" in log.stream.getvalue()


def _token(client: CheckingClient) -> str:
    page = client.page("/sign-in")
    return str(page.css_first("input[name=csrf_token]").attributes["value"])


@pytest.mark.parametrize(
    ("key", "told"),
    [
        (None, "is missing or shorter"),
        ("", "is missing or shorter"),
        ("x" * 31, "is missing or shorter"),
        ("x" * 64, "can be guessed"),
        ("0123" * 16, "can be guessed"),
        ("change-me-please-9fQ2mLx7RtB4vNc8KpZ1", "can be guessed"),
        ("this-is-a-SECRET-key-of-our-own-9fQ2mL", "can be guessed"),
    ],
)
def test_a_key_that_is_missing_short_or_copied_refuses_the_start(
    monkeypatch: pytest.MonkeyPatch, tmp_path: object, key: str | None, told: str
) -> None:
    monkeypatch.chdir(str(tmp_path))
    monkeypatch.delenv("TRACKER_SECRET_KEY", raising=False)
    if key is not None:
        monkeypatch.setenv("TRACKER_SECRET_KEY", key)
    with pytest.raises(Misconfigured, match=told) as refused:
        from_environment()
    assert not key or key not in str(refused.value)


def test_a_new_key_signs_nobody_out_and_leaves_open_forms_good(office: Office, settings: Settings) -> None:
    old = settings.model_copy(update={"secret_key": SecretStr(KEY)})
    new_key = KEY[::-1]
    both = old.model_copy(
        update={"secret_key": SecretStr(new_key), "secret_key_fallbacks": SecretStr(f"z{KEY}, {KEY}")}
    )
    alone = old.model_copy(update={"secret_key": SecretStr(new_key)})
    token = sign_in.enter_as(office.police.id, at=clock.wall())
    before = create_app(old).test_client()
    with before.session_transaction() as cookie:
        cookie["_user_id"], cookie["_fresh"] = token, True
    form = {"csrf_token": re.findall(r'csrf_token"[^>]*value="([^"]+)"', before.get("/sign-in").text)[0], "email": ""}
    kept = before.get_cookie("repons")
    assert kept is not None

    def status(of: Settings) -> tuple[int, str]:
        client = create_app(of).test_client()
        client.set_cookie("repons", kept.value)
        return client.get("/answers").status_code, client.post("/sign-in", data=form).text

    assert status(both)[0] == 200
    assert "open for too long" not in status(both)[1]
    assert status(alone)[0] == 302
