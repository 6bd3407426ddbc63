"""What people type makes no header, no recipient and no line of the log; and no secret lies about."""

import json
import logging
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from email import policy
from email.parser import BytesParser
from io import StringIO
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import settings as of_hypothesis
from hypothesis import strategies as st
from pydantic import SecretStr
from sqlalchemy import select, update
from sqlalchemy import text as sql

from tests.cli.commands import run
from tests.mail.peer import running
from tests.making import BEGIN, KEY, Office
from tests.measuring import Measure
from tests.web.checking import CheckingClient, Enter
from tracker import clock, database, logs
from tracker.errors import Refusal
from tracker.mail import messages
from tracker.models import Base, OutgoingMail, Person, Report, SignInCode
from tracker.services import backup, handover, installation, people, reminders, sign_in
from tracker.settings import Settings
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


def problems_of(recipients: list[str], content: bytes, recipient: str) -> list[str]:
    """Whether it is one recipient, our headers once each, and lines that end as they should."""
    message = BytesParser(policy=policy.default).parsebytes(content)
    wrong = {
        "other headers": not set(message.keys()) <= HEADERS,
        "headers twice": len(message.keys()) != len(set(message.keys())),
        "other addressees": [one.addr_spec for one in message["To"].addresses] != [recipient],
        "other recipients": recipients != [recipient],
        "defects": bool(message.defects),
        "lines": bool(set(b"\r\n") & set(content.replace(b"\r\n", b""))),
    }
    return [name for name, is_so in wrong.items() if is_so]


@pytest.mark.proves("S16")
def test_no_title_or_name_makes_a_header_or_a_recipient(
    anew: Callable[[], Office], settings: Settings, measure: Measure
) -> None:
    wrong, n = list[str](), 0
    with running() as peer:
        settings = settings.model_copy(update={"smtp_url": peer.url, "mail_from": "Répons <repons@suivi.test>"})
        for text in NASTY:
            clock.use(lambda: BEGIN)
            office = anew()
            _name_everything(office, text.replace("\x00", ""))  # which no form can send and PostgreSQL cannot keep
            office.ask("myria-2023")
            installation.release(at=BEGIN)
            assert reminders.plan(BEGIN, settings) > 0
            with database.reading() as session:
                due = sorted(session.scalars(select(OutgoingMail.recipient).where(OutgoingMail.state == "queued")))
            peer.accepted.clear()
            while handover.send_waiting(settings, "test"):
                pass
            n += len(peer.accepted)
            assert due
            if sorted(peer.recipients) != due:
                wrong.append(f"{text!r} reaches {peer.recipients}, not {due}")
            for recipient, content in peer.accepted:
                wrong += [f"{text!r}: {one}" for one in problems_of([recipient], content, recipient)]

    assert wrong == []
    measure("S16", "mails with another header or recipient, of nasty names and titles", len(wrong), f"of {n}", "= 0")


def _name_everything(office: Office, text: str) -> None:
    with database.transaction() as session:
        session.get_one(Person, office.police.id).display_name = text[:200]
        session.merge(office.issuer).name = text[:200]
        session.execute(update(Report).values(title=text[:300]))


@pytest.mark.proves("S16")
def test_no_address_is_two(office: Office, settings: Settings, measure: Measure) -> None:
    taken = list[str]()
    for text in NASTY:
        for address in (f"x@bodies.test{text}", f"{text}@bodies.test,e@evil.test"):
            try:
                people.add(address, "X", "fr", from_on=BEGIN.date())
            except Refusal:
                continue
            taken.append(address)
        sign_in.send_code(f"{EMAIL}{text}".replace("\x00", "")[:254], settings, at=AT)
    with database.reading() as session:
        assert session.scalars(select(OutgoingMail)).all() == []

    measure("S16", "addresses taken that hold more than one", len(taken), f"of {2 * len(NASTY)}", "= 0")


TYPED = st.text(st.characters(exclude_categories=["Cs"]), max_size=300)


@pytest.mark.proves("S16")
def test_whatever_mails_are_made_of_their_subjects_are_one_line(
    database_url: str, is_full: bool, measure: Measure
) -> None:
    broken, n = list[str](), 0

    @of_hypothesis(max_examples=2000 if is_full else 60, deadline=None, database=None)
    @given(TYPED)
    def look_at(text: str) -> None:
        nonlocal n
        n += 1
        line = messages.one_line(text)
        if len(line.splitlines()) > 1 or "\x00" in line:
            broken.append(text)

    look_at()

    measure("S16", "subjects made of any text that are more than one line", len(broken), f"of {n}", "= 0")


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


@pytest.mark.proves("S29")
def test_no_text_begins_a_line_of_the_log(log: Log, database_url: str, measure: Measure) -> None:
    begins = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} [A-Z]+ tracker")
    for text in NASTY:
        forged = f"{text}\n2026-01-05 12:00:00,000 INFO tracker.security: forged"
        logging.getLogger("tracker.web").warning("a page failed: %s", forged)
        try:
            raise ValueError(forged)
        except ValueError:
            logging.getLogger("tracker.web").exception("it failed with %s", forged)
        logs.security("sign_in_failed", actor=None, address=forged, path=forged)

    written, entries = 3 * len(NASTY), [line for line in log.lines if not line.startswith("    ")]
    assert len(log.lines) == len(log.stream.getvalue().split("\n")) - 1, "another kind of line break"
    ours = [one for one in entries if begins.match(one) and not one.startswith("2026-01-05")]
    measure("S29", "forged lines of the log", len(entries) - len(ours), f"of {len(entries)}", "= 0")
    measure("S29", "entries of the log, one line each", len(ours), "entries", f"= {written}")


@pytest.mark.proves("S32")
def test_every_security_event_is_told_with_who_when_and_from_where(
    log: Log, enter: Enter, app: Flask, office: Office, settings: Settings, measure: Measure
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
    expected = [
        ("sign_in_failed", uid),
        ("signed_in", uid),
        ("denied", uid),
        ("form_refused", uid),
        ("limited", None),
        ("role_changed", None),
    ]
    assert events == expected
    for one in log.events:
        assert abs((datetime.fromisoformat(one["at"]) - clock.wall()).total_seconds()) < 60
        assert one["event"] == "role_changed" or one["address"] == "127.0.0.1"
    measure("S32", "events in the log for whoever watches it", len(events), "events", f"= {len(expected)}")


@pytest.mark.proves("S28", "S29")
def test_no_secret_and_nothing_that_was_typed_lies_about(
    log: Log, office: Office, settings: Settings, tmp_path: Path, measure: Measure
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
            session.execute(sql("SELECT nothing FROM body WHERE slug = :typed"), {"typed": note})
        return ""

    app.view_functions["answers.write"] = break_down
    page = client.post(f"/answers/{item.id}", data={"csrf_token": _token(client), "done": note})
    assert page.status_code == 500

    with database.reading() as session:
        kept = [repr(row) for table in Base.metadata.sorted_tables for row in session.execute(select(table))]
    backup.write(settings, tmp_path / "a.backup", replace=False, told=lambda _done, _of: None)
    places = {
        "the log": log.stream.getvalue(),
        "a page of an error": page.text,
        "the settings as they are printed": repr(settings),
        "the database": "\n".join(kept),
        "a backup": (tmp_path / "a.backup").read_bytes().decode("latin-1"),
    }
    secrets = (KEY, digits, token, "canary-password")
    hits = [
        f"{secret} in {place}"
        for secret in secrets
        for place, content in places.items()
        if re.search(rf"(?<![\w.]){re.escape(secret)}(?![\w])", content)
    ]
    assert hits == []
    assert "a page failed" in places["the log"]
    n = len(secrets) * len(places)
    measure("S28", "secrets found in logs, errors, settings, database and backup", len(hits), f"of {n}", "= 0")
    measure("S29", "words of a note in the log", places["the log"].count(note), "", "= 0")


def _token(client: CheckingClient) -> str:
    page = client.page("/sign-in")
    return str(page.css_first("input[name=csrf_token]").attributes["value"])


KEYS = {
    None: "is missing or shorter",
    "": "is missing or shorter",
    "x" * 31: "is missing or shorter",
    "x" * 64: "can be guessed",
    "0123" * 16: "can be guessed",
    "change-me-please-9fQ2mLx7RtB4vNc8KpZ1": "can be guessed",
    "this-is-a-SECRET-key-of-our-own-9fQ2mL": "can be guessed",
}


@pytest.mark.proves("S28")
def test_a_key_that_is_missing_short_or_copied_refuses_the_start(
    tmp_path: Path, is_full: bool, measure: Measure
) -> None:
    commands = ("serve", "serve --all", "work", "verify") if is_full else ("serve",)
    refused = 0
    for key, told in KEYS.items():
        env = {"TRACKER_DATA_DIR": str(tmp_path), **({} if key is None else {"TRACKER_SECRET_KEY": key})}
        for command in commands:
            done = run(*command.split(), env=env, cwd=tmp_path)
            assert not key or key not in done.stderr
            refused += done.returncode == 2 and told in done.stderr and done.stderr.count("\n") == 1

    measure("S28", "starts refused with a key that is missing, short or copied", refused, "starts",
            f"= {len(KEYS) * len(commands)}", on="none")  # fmt: skip


@pytest.mark.proves("S28")
def test_a_new_key_signs_nobody_out_and_leaves_open_forms_good(
    office: Office, settings: Settings, measure: Measure
) -> None:
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

    is_in, page = status(both)
    assert status(alone)[0] == 302
    kept_good = (is_in == 200) + ("open for too long" not in page)
    measure("S28", "sessions and open forms that outlive a new key", kept_good, "of 2", "= 2")
