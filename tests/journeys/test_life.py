"""One recommendation's whole life, in a real browser: read, asked, reminded, answered, assessed, counted."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.journeys.conftest import Visit
from tests.making import KEY

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys")]
ANNEX = """Annexe : Recommandations

CONTRÔLER LES CHANTIERS

\t\tDestinataire
2024/1\tContrôler chaque grand chantier une fois par an.\t- Police - Équipes ECOSOC de l'Inspection de l'ONSS
2024/2\tPublier les résultats de ces contrôles.\tCellule interdépartementale de coordination
"""


def mail_with(visit: Visit, address: str, pattern: str) -> str:
    """Open the newest mail to `address` once it says what matches `pattern`; the match."""
    for _second in range(30):
        visit.page.goto(f"{visit.url}/demo/mail")
        mail = visit.page.locator("tbody tr", has_text=address).first
        if mail.count():
            mail.get_by_role("link").click()
            found = re.search(pattern, visit.page.locator("pre").inner_text())
            if found:
                return found.group()
        visit.page.wait_for_timeout(1000)
    raise AssertionError(f"no mail to {address} says {pattern}")


def sign_in(visit: Visit, address: str) -> None:
    """From the sign-in page to where the person wanted to go."""
    visit.page.fill("input[name=email]", address)
    visit.press("Send me a code")
    digits = mail_with(visit, address, r"\b\d{6}\b")
    visit.go("/sign-in/code")
    visit.page.fill("input[name=code]", digits)
    visit.press("Sign in")


def count(visit: Visit, code: str) -> int:
    """How many rows a list of addressees has for a recommendation."""
    return visit.page.locator("tbody tr", has_text=code).count()


def test_one_recommendation_from_the_printed_annex_to_the_dashboard(
    visit: Visit, demonstration: tuple[str, Path]
) -> None:
    # Read
    visit.go("/sign-in?lang=en")
    sign_in(visit, "coordination@myria.example")
    assert visit.page.url.endswith("/dashboard")
    visit.go("/imports")
    visit.page.fill("textarea[name=text]", ANNEX)
    visit.press("Read it")
    assert "2024/1" in visit.text()
    visit.page.fill("input[name=title]", "Annual report 2024")
    visit.page.fill("input[name=slug]", "myria-2024")
    visit.page.fill("input[name=issued_on]", "2024-12-18")
    visit.press("Accept")
    assert "2 recommendations were added with 3 addressees" in visit.text()

    # Ask
    visit.go("/rounds/new?report=myria-2024")
    visit.press("Look at who gets a mail")
    assert "police@organismes.example" in visit.text() or "Police" in visit.text()
    visit.press("Ask")

    # Remind
    visit.press("Move today")
    mail_with(visit, "police@organismes.example", "2024/1")
    visit.look()
    link = visit.page.locator("pre a").first.get_attribute("href")
    assert link is not None
    assert link.startswith(visit.url)

    # Answer
    visit.page.goto(f"{visit.url}/demo")
    visit.press("Sign out")
    visit.page.goto(link)
    visit.look()
    visit.page.locator("main form button").click()
    visit.look()
    visit.go("/answers?lang=en")  # the other way in
    sign_in(visit, "police@organismes.example")
    visit.go("/answers?lang=en")
    visit.press("Contrôler chaque grand chantier")
    visit.page.check("input[name=response][value=accepted]")
    visit.page.check("input[name=reported][value=partially]")
    visit.press("Send the answer")
    assert "Say in a few sentences what was done" in visit.text()
    visit.page.fill("textarea[name=done]", "Forty of sixty sites were visited.")
    visit.press("Send the answer")
    assert "is on the timeline" in visit.text()

    # Assess
    visit.page.goto(f"{visit.url}/demo")
    visit.page.locator("li", has_text="coordination@myria.example").get_by_role("button").click()
    visit.go("/review?lang=en")
    visit.press("2024/1")
    visit.page.check("input[name=assessed][value=in_progress]")
    visit.page.fill("textarea[name=reason]", "The reports of ten visits were seen.")
    visit.page.locator("input[name=is_public]").first.check()
    visit.press("File and assess")

    # Both voices, and the count
    visit.go("/recommendations/myria-2024/2024-1")
    visit.page.eval_on_selector_all("main details", "all => all.forEach(one => { one.open = true })")
    visit.look()
    told = visit.text()
    assert "Forty of sixty sites were visited." in told
    assert "The reports of ten visits were seen." in told
    visit.go("/recommendations?report=myria-2024&reported=partially&assessed=in_progress")
    assert count(visit, "2024/1") == 1
    visit.go("/dashboard")
    for path in ("/bodies", "/bodies/police", "/reminders", "/rounds", "/recommendations?flag=overdue", "/?lang=nl"):
        visit.go(path)

    # Published, and read by everybody
    visit.go("/publication/myria-2024?lang=en")
    visit.page.check("input[name=when][value=now]")
    visit.press("Publish the report")
    for path in ("/publication", "/publication/myria-2023/reviewed", "/publication/myria-2024/take-back"):
        visit.go(path)
    visit.go("/?lang=en")
    visit.press("Annual report 2024")
    visit.press("Contrôler chaque grand chantier")
    told = visit.text()
    assert "Forty of sixty sites were visited." in told
    assert "The reports of ten visits were seen." in told
    assert "This text exists in French only." in told
    for path in ("/b/police?lang=nl", "/find?q=victimes&lang=fr", "/accessibility?lang=nl", "/privacy?lang=fr"):
        visit.go(path)
    visit.press("Connexion")
    assert visit.page.url.endswith("/dashboard?lang=fr") or visit.page.url.endswith("/dashboard")

    # Proof
    _url, folder = demonstration
    environment = {**os.environ, "TRACKER_SECRET_KEY": KEY, "TRACKER_DATA_DIR": str(folder)}
    done = subprocess.run([Path(sys.executable).parent / "tracker", "verify"], env=environment, check=False, timeout=60)
    assert done.returncode == 0
