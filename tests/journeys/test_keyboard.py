"""An answer is given and assessed by keyboard alone: focus is always seen, and goes where something is wrong."""

import pytest
from playwright.sync_api import Page

from tests.journeys.conftest import Visit
from tests.journeys.test_life import mail_with

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys")]
FARTHEST = 120
"""Tab stops within which everything on a page is reached."""
STOP = """() => {
    const one = document.activeElement, box = one.getBoundingClientRect()
    const ring = [one, one.closest('label'), one.parentElement].filter(Boolean).map(each => getComputedStyle(each))
    const over = document.elementFromPoint(box.x + box.width / 2, box.y + Math.min(box.height / 2, 10))
    return {
        is_page: one === document.body,
        name: one.getAttribute('aria-label') ?? one.labels?.[0]?.textContent ?? one.textContent,
        id: one.id, kind: one.className,
        is_seen: ring.some(style => style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2),
        is_covered: Boolean(over?.closest('.r-send') && !one.closest('.r-send')),
    }
}"""


def focused(page: Page) -> dict[str, str]:
    """What has the focus; it is seen, and nothing lies over it."""
    stop: dict[str, str] = page.evaluate(STOP)
    if not stop["is_page"]:
        assert stop["is_seen"], f"{page.url}: no ring around {stop['name'] or stop['id']}"
        assert not stop["is_covered"], f"{page.url}: the bar covers {stop['name'] or stop['id']}"
    return stop


def tab_to(page: Page, name: str) -> None:
    """Tab until a control of this name, or with this id, has the focus."""
    for _stop in range(FARTHEST):
        page.keyboard.press("Tab")
        stop = focused(page)
        if name in " ".join(stop["name"].split()) or name == stop["id"]:
            return
    raise AssertionError(f"{page.url}: Tab does not reach {name}")


def press(page: Page, name: str, key: str = "Enter") -> None:
    """Tab to a link or button and press it; the page that comes."""
    tab_to(page, name)
    with page.expect_navigation():
        page.keyboard.press(key)


def choose(page: Page, group: str, value: str) -> None:
    """With the arrows, the option of a group of radio buttons that has the focus."""
    for _option in range(12):
        if page.evaluate("document.activeElement.value") == value:
            page.keyboard.press("Space")
            assert page.locator(f"input[name={group}][value={value}]").is_checked()
            return
        page.keyboard.press("ArrowDown")
        focused(page)
    raise AssertionError(f"{page.url}: no arrow leads to {value}")


def test_an_answer_is_given_and_assessed_by_keyboard_alone(visit: Visit) -> None:
    page = visit.page
    page.goto(f"{visit.url}/sign-in?lang=en")
    tab_to(page, "Skip to the content")
    page.keyboard.press("Enter")
    assert focused(page)["id"] == "content"

    # Sign in with a code
    tab_to(page, "email")
    page.keyboard.type("parlements@organismes.example")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    digits = mail_with(visit, "parlements@organismes.example", r"\b\d{6}\b")
    page.goto(f"{visit.url}/sign-in/code")
    tab_to(page, "code")
    page.keyboard.type(digits)
    with page.expect_navigation():
        page.keyboard.press("Enter")

    # Answer: what is missing takes the focus, and leads to its field
    page.goto(f"{visit.url}/answers?lang=en")
    press(page, "Prêter attention à l'approche en chaîne")
    press(page, "Send the answer")
    assert "govuk-error-summary" in focused(page)["kind"]
    page.keyboard.press("Tab")
    focused(page)
    page.keyboard.press("Enter")
    focused(page)
    choose(page, "response", "accepted")
    page.keyboard.press("Tab")
    choose(page, "reported", "partially")
    tab_to(page, "done")
    page.keyboard.type("Two hearings were held.")
    press(page, "Send the answer")
    assert "is on the timeline" in visit.text()
    press(page, "Sign out")

    # Review and assess
    page.goto(f"{visit.url}/demo?lang=en")
    press(page, "Enter as Coordination")
    page.goto(f"{visit.url}/dashboard?lang=en")
    press(page, "To review")
    press(page, "2023/5")
    tab_to(page, "assessed-0")
    choose(page, "assessed", "in_progress")
    tab_to(page, "reason")
    page.keyboard.type("The minutes were read.")
    press(page, "File and assess")
    page.goto(f"{visit.url}/recommendations?flag=answered&body=parlements&assessed=in_progress")
    assert "2023/5" in visit.text()
