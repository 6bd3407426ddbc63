"""Every page of the product in a real browser: found by following links, looked at by axe, on a desk and on a phone.

The pages are those of the URL map. A route that no link leads to, or that is nowhere excused, fails.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urldefrag, urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Page, Response
from werkzeug.exceptions import HTTPException
from werkzeug.routing import MapAdapter

from tests.journeys.conftest import Visit, violations
from tracker.language import LANGUAGES
from tracker.services import schema
from tracker.settings import Settings
from tracker.web.app import create_app

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys")]
PEOPLE = ("coordination@myria.example", "police@organismes.example", "lecture@myria.example", "")
"""Who walks, in this order; nobody at last, who sees the public pages."""
START = {"": "/", "police@organismes.example": "/answers"}
NO_PAGES = {
    "static", "health.alive", "health.ready", "health.metrics", "imports.document", "imports.sheet", "imports.back",
    "contacts.example", "calendars.show", "public.changes", "reply_forms.sheet",
    "public.recommendation_json", "reminders.ledger.csv", "reminders.mails.html", "demo.mail_html",
    "rounds.mail_html",
}  # fmt: skip
"""Files, figures for machines, and the frames in which mails are shown."""
ELSEWHERE = {"reminders.mails.confirm", "imports.reading", "reply_forms.receipt"}
"""What is there for a mail in doubt, a long document or sent answers alone: other tests look at them."""
MAILS = ("demo.mail", "reminders.mails.show")
"""Pages that show a mail: their links are the recipient's."""
SHEET = "N°;Recommandation;Destinataire;Réponse;Statut\n2026/9;Former la police.;Police;Formée.;Peut-être\n"
ANNEX = "\n".join(
    (
        "2026/1\tFormer la police.\tOrganisme inconnu, Police",
        "2026/2\tAgir.\tAutre inconnu",
        "2026/3\tLire.",
        "2026/4\tVoir.",
    )
)
WRONG = {
    "imports.all_", "people.new", "bodies.new", "recommendations.withdraw", "answers.write", "answers.record",
    "due_dates.move", "sign_in.ask", "sign_in.code", "body_names.add", "focal_points.name", "contacts.show",
}  # fmt: skip
"""Routes whose form is sent as it stands, to look at the page that refuses it."""
HEAVIEST = 200_000
"""Bytes that one page may transfer, its fonts and styles included."""


@dataclass
class Walk:
    """What was seen on the way."""

    routes: MapAdapter
    seen: set[str] = field(default_factory=set)
    queue: list[str] = field(default_factory=list)
    known: set[str] = field(default_factory=set)

    def route(self, path: str) -> str | None:
        """The name of the route that serves an address; None where none does."""
        try:
            return str(self.routes.match(path, method="GET")[0])
        except HTTPException:
            return None

    def add(self, links: list[str], url: str) -> None:
        """Take up the links of a page that lead to routes not seen often enough."""
        for link in links:
            address = urldefrag(link)[0]
            parts = urlsplit(address)
            if not address.startswith(url) or address in self.known:
                continue
            self.known.add(address)
            route = self.route(parts.path)
            if route and route not in NO_PAGES:
                self.queue.append(address)


@pytest.fixture
def routes(tmp_path: Path) -> MapAdapter:
    """The routes of the demonstration."""
    url = f"sqlite:///{tmp_path / 'routes.sqlite'}"
    settings = Settings(secret_key="s" * 40, database_url=url, demo=True, _env_file=None)
    schema.bring_up_to_date(settings)
    app: Flask = create_app(settings)
    return app.url_map.bind("127.0.0.1")


def enter(visit: Visit, email: str) -> None:
    """Come in as somebody, through the demonstration's door."""
    page = visit.page
    page.context.clear_cookies()
    page.goto(f"{visit.url}/?lang=fr")
    if email:
        page.goto(f"{visit.url}/demo")
        for summary in page.locator("main summary").all():
            summary.click()
        page.locator("li", has_text=email).get_by_role("button").click()


def begin(visit: Visit, email: str) -> list[str]:
    """What has to be done before some pages are there, and their addresses."""
    page = visit.page
    if email == PEOPLE[0]:
        page.goto(f"{visit.url}/imports")
        page.fill("textarea[name=text]", ANNEX)
        page.locator("form.r-upload button").click()
        review = urlsplit(page.url).path
        page.goto(f"{visit.url}/imports")
        page.fill("textarea[name=text]", SHEET)
        page.locator("form.r-upload button").click()
        answers = f"{urlsplit(page.url).path}/answers"
        page.goto(f"{visit.url}/bodies/parlements/members/new")
        page.locator("main form[method=post] select").first.select_option(index=1)
        page.locator("main form[method=post] button.govuk-button").first.click()
        page.wait_for_load_state()
        page.goto(f"{visit.url}/bodies/gouverneurs/succession?from_on=2026-01-01&first=bourgmestres&second=parlements")
        look(visit, "successions.enter, the preview")
        page.locator(".r-send form button").click()
        page.wait_for_load_state()
        shares = urlsplit(page.url).path
        page.goto(f"{visit.url}/bodies/gouverneurs")
        look(visit, "bodies.show, of a body that was split,")
        return [
            review,
            answers,
            shares,
            "/bodies/gouverneurs/succession/take-back",
            "/lineage/myria-2023/2023-4",
            "/recommendations/myria-2023/2023-9/split",
            "/imports/1/undo",
            "/bodies/parlements",
            "/reminders/release",
            "/demo",
        ]
    if not email:
        door, form = open_a_link(visit)
        page.goto(f"{visit.url}/sign-in")
        page.fill("input[name=email]", PEOPLE[0])
        page.locator("main form button").click()
        return ["/sign-in/code", "/find?q=police", door, form, f"{form}/send", f"{form}/hand-on"]
    return []


def open_a_link(visit: Visit) -> tuple[str, str]:
    """The door to which a reminder leads, and the form behind it."""
    page = visit.page
    page.goto(f"{visit.url}/demo/mail")
    page.locator("main a", has_text=re.compile("attend encore|wacht nog")).first.click()
    door = urlsplit(page.locator("pre a[href*='answer?link=']").first.get_attribute("href") or "")
    page.goto(f"{visit.url}{door.path}?{door.query}")
    page.locator("main form button").click()
    return f"{door.path}?{door.query}", urlsplit(page.url).path


def weight(page: Page) -> int:
    """Bytes that the page and everything it needs transferred, as a first visit would."""
    return int(
        page.evaluate(
            "performance.getEntriesByType('navigation').concat(performance.getEntriesByType('resource'))"
            ".reduce((sum, one) => sum + (one.encodedBodySize || one.transferSize), 0)"
        )
    )


def look(visit: Visit, where: str) -> None:
    """axe finds nothing at either width, nothing is wider than 320 pixels, which is 1280 at 400 %."""
    page = visit.page
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        for one in violations(page, of_colours=width == 1280):
            node = one["nodes"][0]["html"][:160]
            visit.problems.append(f"{where} at {width}: {one['id']}: {node}")
    page.set_viewport_size({"width": 320, "height": 900})
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        visit.problems.append(f"{where} is wider than 320 pixels: {widest(page)}")
    if (bytes_ := weight(page)) > HEAVIEST:
        visit.problems.append(f"{where} transfers {bytes_} bytes")


def widest(page: Page) -> str:
    """The innermost element that stands out at the right."""
    return str(
        page.evaluate(
            "[...document.querySelectorAll('body *')]"
            ".filter(one => one.getBoundingClientRect().right > innerWidth + 1)"
            ".filter(one => !one.closest('[tabindex], nav, thead'))"
            ".map(one => one.tagName + '.' + one.getAttribute('class')).slice(0, 4).join(' ')"
        )
    )


def send_as_it_stands(page: Page) -> None:
    """Send the form of a page without filling it in."""
    form = "main form[method=post]:has(textarea, select, input:not([type=hidden]))"
    with page.expect_navigation():
        page.evaluate(f"() => setTimeout(() => document.querySelector('{form}').requestSubmit())")


def narrow_in(visit: Visit, address: str, language: str) -> None:
    """The page in another language: it says so, and fits a phone."""
    page = visit.page
    address = re.sub(r"[?&]lang=\w+", "", address)
    separator = "&" if "?" in address else "?"
    page.goto(f"{address}{separator}lang={language}", wait_until="domcontentloaded")
    if page.evaluate("document.documentElement.lang") != language:
        visit.problems.append(f"{address} is not in {language}")
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        visit.problems.append(f"{address} in {language} is wider than 320 pixels")


def walk_as(visit: Visit, walk: Walk, email: str) -> Iterator[tuple[str, str]]:
    """Every route that links lead to, each a few times, with its address."""
    enter(visit, email)
    seen: set[str] = set()
    walk.queue, walk.known = (
        [f"{visit.url}{path}" for path in (START.get(email, "/dashboard"), *begin(visit, email))],
        set(),
    )
    while walk.queue:
        address = walk.queue.pop(0)
        route = walk.route(urlsplit(address).path) or ""
        if route in seen:
            continue
        seen.add(route)
        answer: Response | None = visit.page.goto(address)
        if answer is None or "text/html" not in answer.headers.get("content-type", ""):
            visit.problems.append(f"{address} is no page")
            continue
        if route not in MAILS:
            walk.add(visit.page.eval_on_selector_all("a[href]", "links => links.map(link => link.href)"), visit.url)
        walk.add(
            visit.page.eval_on_selector_all("form[method=get]", "forms => forms.map(form => form.action)"), visit.url
        )
        if route not in walk.seen:
            walk.seen.add(route)
            yield route, address


def test_every_page_can_be_read_by_everyone_who_may_enter(visit: Visit, routes: MapAdapter) -> None:
    walk = Walk(routes)
    for email in PEOPLE:
        walked = {}
        for route, address in walk_as(visit, walk, email):
            walked[address] = visit.page.evaluate("document.documentElement.lang")
            visit.page.eval_on_selector_all("main details", "all => all.forEach(one => { one.open = true })")
            look(visit, f"{route} {urlsplit(address).path}")
            if route in WRONG:
                send_as_it_stands(visit.page)
                look(visit, f"{route}, refused,")
        for language in LANGUAGES:
            for address in (address for address, before in walked.items() if before != language):
                narrow_in(visit, address, language)

    pages = {
        rule.endpoint
        for rule in routes.map.iter_rules()
        if "GET" in (rule.methods or ()) and rule.endpoint not in NO_PAGES
    }
    missing = sorted(pages - walk.seen - ELSEWHERE)
    assert not missing, f"no link leads to {', '.join(missing)}"
