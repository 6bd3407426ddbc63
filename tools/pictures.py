"""Takes the pictures of the guides from a running demonstration: `.venv/bin/python tools/pictures.py PORT`."""

import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

PICTURES = Path(__file__).parents[1] / "docs" / "pictures"


def main(port: str) -> None:
    """The dashboard in English, as a coordinator sees it."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1280, "height": 1000}, locale="en-GB")
        page.goto(f"http://127.0.0.1:{port}/demo")
        page.locator("li", has_text="coordination@").get_by_role("button").click()
        page.goto(f"http://127.0.0.1:{port}/dashboard?lang=en")
        page.screenshot(path=PICTURES / "dashboard.png")
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1])
