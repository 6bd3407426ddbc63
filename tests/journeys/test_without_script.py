"""The life of a recommendation in a browser that runs no script: pasted, accepted, asked, answered, assessed."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from tests.journeys.conftest import Visit

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys")]
ANNEX = "2025/1\tFormer chaque enquêteur.\tPolice\n2025/2\tPublier un rapport.\tMagistrats\n"


@pytest.fixture
def plain(visit: Visit) -> Iterator[Page]:
    """A page of a browser that runs no script, in English."""
    browser = visit.page.context.browser
    assert browser is not None
    context = browser.new_context(java_script_enabled=False, locale="en-GB", base_url=visit.url)
    yield context.new_page()
    context.close()


def enter(page: Page, email: str) -> None:
    """Come in as somebody, in English."""
    page.context.clear_cookies()
    page.goto("/demo?lang=en")
    for summary in page.locator("main summary").all():
        summary.click()
    page.locator("li", has_text=email).get_by_role("button").click()


def press(page: Page, name: str) -> None:
    """Press the button or follow the link of this name."""
    page.get_by_role("button", name=name).or_(page.get_by_role("link", name=name)).first.click()


def test_the_life_of_a_recommendation_needs_no_script(plain: Page) -> None:
    page = plain
    enter(page, "coordination@myria.example")
    page.goto("/imports?lang=en")
    page.fill("textarea[name=text]", ANNEX)
    press(page, "Read it")
    page.fill("input[name=title]", "Annual report 2025")
    page.fill("input[name=slug]", "myria-2025")
    page.fill("input[name=issued_on]", "2025-12-18")
    press(page, "Accept")
    assert "2 recommendations were added with 2 addressees" in page.locator("main").inner_text()

    page.goto("/rounds/new?report=myria-2025&lang=en")
    press(page, "Look at who gets a mail")
    press(page, "Ask")

    enter(page, "police@organismes.example")
    page.goto("/answers?lang=en")
    press(page, "Former chaque enquêteur.")
    press(page, "Send the answer")
    assert "There is a problem" in page.locator("main").inner_text()
    page.check("input[name=response][value=accepted]")
    page.check("input[name=reported][value=in_progress]")
    page.fill("textarea[name=done]", "A course began.")
    press(page, "Save for later")
    page.goto("/answers?lang=en")
    press(page, "Former chaque enquêteur.")
    assert page.input_value("textarea[name=done]") == "A course began."
    press(page, "Send the answer")
    assert "is on the timeline" in page.locator("main").inner_text()

    enter(page, "coordination@myria.example")
    page.goto("/review?lang=en")
    press(page, "2025/1")
    page.check("input[name=assessed][value=not_started]")
    page.fill("textarea[name=reason]", "The course has no date yet.")
    press(page, "File and assess")
    page.goto("/recommendations/myria-2025/2025-1?lang=en")
    told = page.locator("main").inner_text()
    assert "A course began." in told
    assert "The course has no date yet." in told
