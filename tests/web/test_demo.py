"""The doors of the demonstration."""

import mailbox
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.making import KEY, Office
from tests.web.checking import CheckingClient, visible
from tracker import clock
from tracker.demo import run
from tracker.errors import Refusal
from tracker.settings import Settings, from_environment
from tracker.web.app import create_app


@pytest.fixture
def demo(settings: Settings, office: Office) -> CheckingClient:
    """A browser in the demonstration."""
    app = create_app(settings.model_copy(update={"demo": True}))
    app.testing = True
    app.test_client_class = CheckingClient
    client = app.test_client()
    client.get("/demo?lang=en")
    assert isinstance(client, CheckingClient)
    return client


def test_one_click_enters_as_anyone_in_the_list(demo: CheckingClient, office: Office) -> None:
    assert "Coordination" in visible(demo.get("/demo"))

    demo.send(f"/demo/enter/{office.police.id}", on="/demo")
    demo.page("/answers")
    demo.send(f"/demo/enter/{office.coordinator.id}", on="/demo")
    demo.page("/review")


def test_today_moves_forward_and_only_by_the_steps_that_are_offered(demo: CheckingClient) -> None:
    before = clock.today()

    demo.send("/demo/forward", on="/demo", days=30)
    assert (clock.today() - before).days == 30

    there = "/bodies?show=no_reply"
    assert demo.send("/demo/forward", on="/demo", days=7, here=there).location == there
    assert demo.send("/demo/forward", on="/demo", days=7, here="//elsewhere.example").location == "/demo"
    demo.send("/demo/forward", 422, on="/demo", days=-5)
    demo.send("/demo/forward", 422, on="/demo", days="many")


def test_mails_are_read_as_text_and_html(demo: CheckingClient, settings: Settings) -> None:
    message = EmailMessage()
    message["To"], message["Subject"] = "police@bodies.test", "A reminder"
    message["Date"] = "Mon, 05 Jan 2026 08:30:00 +0100"
    message.set_content("Plain words")
    message.add_alternative("<html><head></head><body><b>Bold words</b></body></html>", subtype="html")
    mailbox.Maildir(Path(settings.data_dir) / "mail").add(message)

    page = demo.page("/demo/mail")
    link = next(node for node in page.css("tbody a") if "A reminder" in node.text())
    address = str(link.attributes["href"])

    assert "Plain words" in visible(demo.get(address))
    html = demo.get(f"{address}/html")
    assert "Bold words" in html.text
    assert "sandbox" in html.headers["Content-Security-Policy"]
    assert "script-src" not in html.headers["Content-Security-Policy"]
    demo.page("/demo/mail/none", 404)


def test_no_mail_yet_says_how_to_get_one(demo: CheckingClient) -> None:
    assert "No mail yet" in visible(demo.get("/demo/mail"))


def test_the_components_are_shown_in_every_state(demo: CheckingClient) -> None:
    page = demo.page("/demo/components")

    assert len(page.css("form.r-card")) == 3
    assert page.css(".govuk-error-summary a[href='#wrong-where-0']")
    assert page.css(".r-stave--long")
    assert page.css(".r-empty")
    demo.send("/demo/components", 200, on="/demo/components")


def test_the_environment_cannot_open_the_doors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACKER_SECRET_KEY", KEY)
    monkeypatch.setenv("TRACKER_DEMO", "1")

    assert from_environment().demo is False


@pytest.mark.parametrize(
    ("wall", "begins"),
    [
        ("2026-11-24 11:00", "2026-11-24 11:00"),
        ("2026-11-24 06:00", "2026-11-24 09:00"),
        ("2026-11-27 18:40", "2026-11-30 09:00"),  # a Friday evening
        ("2026-12-25 11:00", "2026-12-28 09:00"),
    ],
)
def test_it_begins_when_reminders_leave(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, wall: str, begins: str
) -> None:
    zone = ZoneInfo(settings.timezone)
    monkeypatch.setattr(clock, "wall", lambda: datetime.fromisoformat(wall).replace(tzinfo=zone).astimezone(UTC))
    clock.follow(settings.moved_day)

    run.begin_by_day(settings)

    assert clock.now().astimezone(zone).strftime("%Y-%m-%d %H:%M") == begins


def test_a_second_demonstration_does_not_take_the_folder_of_the_first(tmp_path: Path) -> None:
    with run.claim(tmp_path / "demo"), pytest.raises(Refusal, match="already"):
        run.claim(tmp_path / "demo")
    run.claim(tmp_path / "demo").close()


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "demo").touch()

    with pytest.raises(Refusal, match="cannot be made"):
        run.claim(tmp_path / "demo")
