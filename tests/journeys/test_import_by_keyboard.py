"""An import from the file to the record without ever touching a mouse."""

import pytest

from tests.journeys.conftest import Visit

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys")]
ANNEX = """2024/1\tFormer la police.\tPolice
Publier les chiffres chaque année.
2024/2\tLes compter.\tMinistre de la Justise
2024/3\tRien à faire ici.\tMagistrats
"""
MOST_TABS = 120


def tab_to(visit: Visit, selector: str, *, words: str = "") -> None:
    """Press Tab until a control of this kind has the focus."""
    for _press in range(MOST_TABS):
        visit.page.keyboard.press("Tab")
        if visit.page.evaluate(
            "([selector, words]) => document.activeElement.matches(selector)"
            " && document.activeElement.textContent.includes(words)",
            [selector, words],
        ):
            return
    raise AssertionError(f"{selector} “{words}” cannot be reached with Tab on {visit.page.url}")


def press(visit: Visit, key: str) -> None:
    """Press a key that leads to another page, or to this one anew."""
    with visit.page.expect_navigation(timeout=15_000):
        visit.page.keyboard.press(key)


def focused(visit: Visit) -> str:
    """The code of the draft that has the focus."""
    return str(visit.page.evaluate("document.activeElement.querySelector('.r-code')?.textContent ?? ''"))


def step_to(visit: Visit, key: str, code: str) -> None:
    """Press a key that leads from draft to draft until the one with this code has the focus."""
    for _press in range(10):
        if focused(visit) == code:
            return
        visit.page.keyboard.press(key)
    raise AssertionError(f"{key} does not lead to {code}, but to {focused(visit)}")


def codes(visit: Visit) -> list[str]:
    """The drafts as the page shows them."""
    return visit.page.locator("article.r-draft h3").all_inner_texts()


def test_an_annex_is_imported_by_keyboard_alone(visit: Visit) -> None:
    visit.page.goto(f"{visit.url}/demo?lang=en")
    tab_to(visit, "button", words="Coordination")
    press(visit, "Enter")
    visit.page.goto(f"{visit.url}/imports?lang=en")
    tab_to(visit, "textarea[name=text]")
    visit.page.keyboard.insert_text(ANNEX)
    tab_to(visit, "form.r-upload button")
    press(visit, "Enter")
    visit.look()

    # The keys are told, and do nothing once they are switched off.
    visit.page.keyboard.press("?")
    assert visit.page.locator("[data-keys] dl").is_visible()
    tab_to(visit, "[data-keys-off]")
    visit.page.keyboard.press("Space")
    visit.page.keyboard.press("j")
    assert focused(visit) == ""
    visit.page.keyboard.press("Space")
    visit.page.keyboard.press("?")

    # The first recommendation has taken the second one in: it is split.
    visit.page.keyboard.press("j")
    assert focused(visit) == "2024/1"
    press(visit, "s")
    visit.look()
    visit.page.keyboard.press("Space")
    press(visit, "Enter")
    assert focused(visit) == "2024/1"
    assert codes(visit).count("No code") == 1

    # It is joined again, which is taken back.
    press(visit, "n")
    assert visit.page.evaluate("document.activeElement.id") == "join-after"
    press(visit, "Enter")
    assert "No code" not in codes(visit)
    press(visit, "u")
    assert "2024/1, line 2 were joined" in visit.text()
    assert "No code" in codes(visit)

    # From doubt to doubt: the likely body is confirmed.
    step_to(visit, "d", "2024/2")
    press(visit, "y")
    assert visit.page.locator("article.r-draft.is-ready", has_text="2024/2").count() == 1

    # What is no recommendation is left out; what is left without a code gets one.
    step_to(visit, "j", "2024/3")
    press(visit, "x")
    assert "2024/3" not in codes(visit)
    step_to(visit, "j", "No code")
    press(visit, "e")
    tab_to(visit, "input[name=code]")
    visit.page.keyboard.type("2024/1a")
    press(visit, "Enter")

    # The report, and all of it on record.
    tab_to(visit, "input[name=title]")
    visit.page.keyboard.press("Control+A")
    visit.page.keyboard.type("By keyboard 2024")
    tab_to(visit, "input[name=slug]")
    visit.page.keyboard.press("Control+A")
    visit.page.keyboard.type("keyboard-2024")
    tab_to(visit, "input[name=issued_on]")
    visit.page.keyboard.type("10102024")
    tab_to(visit, "button[form=report]")
    press(visit, "Enter")
    assert "3 recommendations were added" in visit.text()
