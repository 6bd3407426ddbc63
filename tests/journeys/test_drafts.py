"""A half-written answer in a real browser: kept while it is written and when its page is left."""

import pytest

from tests.journeys.conftest import Visit

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys")]


def test_what_was_begun_is_there_again(visit: Visit) -> None:
    page = visit.page
    page.goto(f"{visit.url}/demo")
    page.locator("li", has_text="police@organismes.example").get_by_role("button").click()
    visit.go("/answers?lang=en")
    page.locator(".r-item a").first.click()
    form = page.url
    done = page.locator("textarea[name=done]")

    done.fill("Half a sen")
    page.locator("[data-kept]", has_text="Saved at").wait_for(timeout=10_000)
    visit.look()
    done.fill("Half a sentence, and away")
    page.goto(f"{visit.url}/answers")
    page.wait_for_timeout(500)
    visit.go("/answers")

    assert "Draft begun, saved on" in visit.text()
    page.goto(form)
    assert done.input_value() == "Half a sentence, and away"
    visit.look()
    visit.press("Begin again")
    assert "Half a sentence" not in done.input_value()
