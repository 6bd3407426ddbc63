"""From the link in a mail to the receipt, on a phone, without a script and without an account."""

import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.journeys.conftest import Visit
from tests.journeys.test_without_script import enter, press

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys")]
MOST_CLICKS = 8
MAILBOX = "cellule@organismes.example"


@pytest.fixture
def phone(visit: Visit) -> Iterator[Page]:
    """A page of a phone that runs no script; `visit` looks at it."""
    browser = visit.page.context.browser
    assert browser is not None
    context = browser.new_context(
        java_script_enabled=False, locale="en-GB", base_url=visit.url, viewport={"width": 390, "height": 844}
    )
    page = context.new_page()
    yield page
    context.close()


class Finger:
    """Taps, and counts."""

    def __init__(self, page: Page, visit: Visit) -> None:
        self.page, self.visit, self.n = page, visit, 0

    def tap(self, name: str) -> None:
        """Press the first button of this name."""
        self.page.get_by_role("button", name=name).first.click()
        self.n += 1
        self.look()

    def look(self) -> None:
        """The page in the browser that runs axe: the phone's own runs no script."""
        beside, here = self.visit.page, self.page
        beside.context.clear_cookies()
        beside.context.add_cookies(here.context.cookies())  # type: ignore[arg-type]  # what one gives the other takes
        beside.goto(here.url)
        self.visit.look()


def asked_anew(page: Page) -> None:
    """Whoever answered is asked again."""
    enter(page, "coordination@myria.example")
    page.goto("/rounds/new?lang=en")
    for box in page.locator("input[name=report]").all():
        box.check()
    press(page, "Look at who gets a mail")
    press(page, "Ask")
    page.wait_for_url("**/rounds")


def link_in(page: Page) -> str:
    """The link in the newest mail to the body, once it has arrived."""
    for _n in range(100):
        page.goto("/demo/mail")
        rows = page.locator("tbody tr", has_text=MAILBOX)
        if rows.count():
            rows.first.locator("a").first.click()
            found = re.search(r"/answer\?link=[\w-]{32}", page.locator("main").inner_text())
            if found:
                return found.group()
        page.wait_for_timeout(300)
    raise AssertionError("no mail with a link arrived")


def test_five_answers_four_of_them_unchanged_take_at_most_eight_clicks(
    visit: Visit, phone: Page, demonstration: tuple[str, Path]
) -> None:
    asked_anew(phone)
    address = link_in(phone)
    phone.context.clear_cookies()
    phone.goto(f"{address}&lang=en")
    finger = Finger(phone, visit)
    finger.look()

    finger.tap("Open the form")
    for _n in range(4):
        finger.tap("Nothing has changed")
    finger.tap("There is news")
    phone.locator("textarea[name=done]").focus()
    phone.keyboard.type("A third house has opened.")
    finger.tap("Look through")
    assert "5" in phone.locator("h1").inner_text()
    phone.locator("input[name=name]").focus()
    phone.keyboard.type("A. Role")
    finger.tap("Send 5 answers")

    told = phone.locator("main").inner_text()
    assert "answers have arrived" in told
    assert told.count("Nothing has changed since the answer of") == 4
    assert "A third house has opened." in told
    assert finger.n <= MOST_CLICKS
    with sqlite3.connect(demonstration[1] / "repons.sqlite") as database:
        assert database.execute("SELECT count(*) FROM outgoing_mail WHERE kind = 'receipt'").fetchone() == (1,)
