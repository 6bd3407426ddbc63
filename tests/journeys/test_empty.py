"""An installation with nothing in it yet: every page says what to do next, and axe finds nothing."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urldefrag, urlsplit

import pytest
from flask import Flask
from werkzeug.routing import MapAdapter

from tests.journeys.conftest import Visit, browsing, violations, wait_for
from tests.making import KEY
from tracker import database
from tracker.intake import Register
from tracker.language import LANGUAGES
from tracker.services import installation, people, schema, sign_in
from tracker.settings import Settings
from tracker.web.app import create_app

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys")]
COORDINATOR, READER, POLICE = "desk@office.test", "reader@office.test", "police@bodies.test"
START = {COORDINATOR: "/dashboard", READER: "/dashboard", POLICE: "/answers", "": "/"}
FILES = ("static", "health.alive", "health.ready", "health.metrics", "contacts.example", "reminders.ledger.csv")


@pytest.fixture
def settings(tmp_path: Path) -> Iterator[Settings]:
    """An installation as it is on the first day: an issuer, the register, three people."""
    url = f"sqlite:///{tmp_path / 'empty.sqlite'}"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    values = {"secret_key": KEY, "database_url": url, "data_dir": tmp_path, "base_url": f"http://127.0.0.1:{port}"}
    settings = Settings(**values, _env_file=None)  # type: ignore[arg-type, call-arg]
    schema.bring_up_to_date(settings)
    database.connect(url)
    installation.set_up("Office", Register.shipped())
    day = datetime.now(UTC).date()
    people.add(COORDINATOR, "Desk", "en", is_admin=True, coordinates="office", from_on=day)
    people.add(READER, "Reader", "en", reads="office", from_on=day)
    people.add(POLICE, "Police", "en", answers_for="police", from_on=day)
    yield settings
    database.close()


@pytest.fixture
def first_day(settings: Settings) -> Iterator[Visit]:
    """A browser on it."""
    address = urlsplit(settings.base_url)
    code = "from tracker.cli.main import main; main()"
    told = {
        "TRACKER_SECRET_KEY": KEY, "TRACKER_DATABASE_URL": settings.database, "TRACKER_BASE_URL": settings.base_url,
        "TRACKER_DATA_DIR": str(settings.data_dir),
    }  # fmt: skip
    command = [sys.executable, "-c", code, "serve", "--port", str(address.port)]
    process = subprocess.Popen(command, env={**os.environ, **told}, cwd=settings.data_dir)
    try:
        wait_for(("127.0.0.1", address.port or 0), process)
        with browsing(settings.base_url) as visit:
            yield visit
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(40)


@pytest.fixture
def routes(settings: Settings) -> MapAdapter:
    """Its routes."""
    app: Flask = create_app(settings)
    return app.url_map.bind("127.0.0.1")


def enter(visit: Visit, settings: Settings, email: str) -> None:
    """Sign in with a code, as people do."""
    visit.page.context.clear_cookies()
    if email:
        visit.page.goto(f"{visit.url}/sign-in")
        visit.page.fill("input[name=email]", email)
        visit.page.locator("main form button").click()
        visit.page.fill("input[name=code]", sign_in.code_for(email, settings, at=datetime.now(UTC)))
        visit.page.locator("main form button").first.click()
        visit.page.wait_for_url(lambda url: "sign-in" not in url)


def look(visit: Visit, where: str) -> None:
    """axe finds nothing, nothing is wider than 320 pixels, and the page has more than its heading."""
    visit.page.set_viewport_size({"width": 1280, "height": 900})
    for one in violations(visit.page):
        visit.problems.append(f"{where}: {one['id']}: {one['nodes'][0]['html'][:160]}")
    visit.page.set_viewport_size({"width": 320, "height": 900})
    if visit.page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        visit.problems.append(f"{where} is wider than 320 pixels")


def test_every_page_of_an_empty_installation_is_whole(first_day: Visit, settings: Settings, routes: MapAdapter) -> None:
    page, seen = first_day.page, set[str]()
    for email, start in START.items():
        enter(first_day, settings, email)
        queue, known = [f"{first_day.url}{start}"], set[str]()
        while queue:
            address = queue.pop(0)
            route = str(routes.match(urlsplit(address).path, method="GET")[0])
            if route in FILES or (route in seen and known):
                continue  # each once, but for the page on which somebody begins
            seen.add(route)
            language = LANGUAGES[len(seen) % len(LANGUAGES)]
            page.goto(f"{address}{'&' if '?' in address else '?'}lang={language}")
            look(first_day, f"{route} for {email or 'everybody'} in {language}")
            links = page.eval_on_selector_all("a[href]", "links => links.map(link => link.href)")
            for link in (urldefrag(one)[0] for one in links):
                if link.startswith(f"{first_day.url}/") and link not in known and "lang=" not in link:
                    known.add(link)
                    queue.append(link)
    assert {"dashboard.show", "recommendations.all_", "imports.all_", "rounds.all_", "review.queue"} <= seen
    assert {"reminders.show", "publication.all_", "bodies.show", "people.all_", "answers.all_", "public.home"} <= seen


def test_nothing_moves_for_those_who_asked_for_stillness(first_day: Visit) -> None:
    page = first_day.page
    page.goto(first_day.url)
    page.evaluate("document.querySelector('main').style.transition = 'color 3s'")
    lasts = "getComputedStyle(document.querySelector('main')).transitionDuration"
    assert page.evaluate(lasts) == "3s"
    page.emulate_media(reduced_motion="reduce")
    assert page.evaluate(lasts) == "0s"
