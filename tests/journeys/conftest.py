"""A real browser on a real installation: web, worker, sender and mail server, as `make demo` runs them."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ConsoleMessage, Page, Request, Response, sync_playwright

BROWSER = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
)
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
)
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
"""What axe looks for."""
HERE = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """The address of a demonstration of its own, and its folder."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    folder = tmp_path_factory.mktemp("demo") / "with a space"
    code = f"import config; from tracker.demo.run import run; run(config.demo({port}, {str(folder)!r}), {port})"
    log = (folder.parent / "log").open("w")
    process = subprocess.Popen([sys.executable, "-c", code], cwd=HERE, stdout=log, stderr=log)
    url = f"http://127.0.0.1:{port}"
    try:
        wait_for(("127.0.0.1", port), process)
        yield url, folder
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(40)
        log.close()


def wait_for(address: tuple[str, int], process: subprocess.Popen[bytes]) -> None:
    """Until a server answers."""
    give_up_at = time.monotonic() + 90
    while time.monotonic() < give_up_at and process.poll() is None:
        try:
            with socket.create_connection(address, timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    raise AssertionError("it did not start")


def violations(page: Page, *, of_colours: bool = True) -> list[dict[str, Any]]:
    """What axe finds on a page as it stands. Looking at colours takes longer than all the rest."""
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(Axe().axe_script)
    options = {
        "runOnly": TAGS,
        "resultTypes": ["violations"],
        "rules": {"color-contrast": {"enabled": of_colours}},
    }
    found: list[dict[str, Any]] = page.evaluate("async options => (await axe.run(options)).violations", options)
    return found


@dataclass
class Visit:
    """A browser that looks at each page it comes to."""

    page: Page
    url: str
    problems: list[str]

    def go(self, path: str) -> None:
        """Open an address and look at the page."""
        self.page.goto(f"{self.url}{path}")
        self.look()

    def press(self, name: str) -> None:
        """Press the button or follow the link of this name, and look at the page that comes."""
        control = self.page.get_by_role("button", name=name).or_(self.page.get_by_role("link", name=name)).first
        control.click()
        self.page.wait_for_load_state()
        self.look()

    def look(self) -> None:
        """axe finds nothing, on a desk and on a phone, and nothing is wider than the phone."""
        for width in (390, 1280):
            self.page.set_viewport_size({"width": width, "height": 900})
            found = violations(self.page, of_colours=width == 1280)
            self.problems += [f"{self.page.url} at {width}: {one['id']}" for one in found]
            if self.page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                self.problems.append(f"{self.page.url} is wider than {width} pixels")

    def text(self) -> str:
        """What the main part of the page says."""
        return " ".join(self.page.locator("main").inner_text().split())


@contextmanager
def browsing(url: str) -> Iterator[Visit]:
    """A browser in English on an installation; in the end nothing may have gone wrong on any page."""
    if BROWSER is None:
        if os.environ.get("CI"):
            pytest.fail("no Chromium was found: install it")
        pytest.skip("NO CHROMIUM: the journeys in a real browser are skipped")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=BROWSER, args=list(FLAGS))
        page = browser.new_context(locale="en-GB", viewport={"width": 1280, "height": 900}).new_page()
        visit = Visit(page, url, [])

        def heard(message: ConsoleMessage) -> None:
            # Chromium logs the answer 422 of a form that misses something.
            if message.type in ("error", "warning") and "422" not in message.text:
                visit.problems.append(f"{page.url}: {message.text}")

        def asked(request: Request) -> None:
            if not request.url.startswith((url, "about:", "data:")):
                visit.problems.append(f"{page.url} asked for {request.url}")

        def answered(response: Response) -> None:
            if response.status >= 400 and response.status != 422:
                visit.problems.append(f"{response.url} answered {response.status}")

        page.on("console", heard)
        page.on("request", asked)
        page.on("response", answered)
        yield visit
        browser.close()
        assert not visit.problems, "\n".join(visit.problems)


@pytest.fixture
def visit(demonstration: tuple[str, Path]) -> Iterator[Visit]:
    """A browser on the demonstration."""
    with browsing(demonstration[0]) as visit:
        yield visit
