"""Takes the pictures of the README and the guides from a demonstration of its own: `make pictures`."""

import io
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

HERE = Path(__file__).parents[1]
PICTURES = HERE / "docs" / "pictures"
AT_MOST = 80_000
"""Bytes of a picture: guides are read over slow lines too."""
ANNEX = """Annexe : Recommandations

CONTRÔLER LES CHANTIERS

\t\tDestinataire
2024/1\tContrôler chaque grand chantier une fois par an.\t- Police - Équipes ECOSOC de l'Inspection de l'ONSS
2024/2\tPublier les résultats de ces contrôles.\tCellule interdépartementale de coordination
2024/3\tFormer les inspecteurs à reconnaître les signes de traite.\tInspection sociale
"""


NAMES = """2024/1\tFormer les inspecteurs.\tInspection du travail, Police
2024/2\tPublier les résultats. En rendre compte chaque année.\tInspection du travail
2024/3\tDésigner un point de contact.\tCentres d'accueil agréés
"""
SHEET = """N°;Recommandation;Destinataire;Réponse;Statut;Date
2023/8;Mieux détecter les groupes de victimes.;Police;Une liste de signes est utilisée.;Partiellement;12/03/2024
2023/9;Faire annuler les dettes des victimes.;Parlement(s);Une proposition est déposée.;En cours;02/04/2024
"""
PRINTED = (
    "#Recommandations",
    "Recommandation 1 : Le centre recommande de contrôler chaque",
    "grand chantier une fois par an.",
    "",
    "Recommandation 2 : Le centre recommande à la police de former",
    "ses équipes à reconnaître les signes de traite.",
    "",
    "Recommandation 3 : Le centre recommande de publier les",
    "résultats de ces contrôles.",
)


def main() -> None:
    """Every picture, in each language of the guides."""
    PICTURES.mkdir(exist_ok=True)
    with _demonstration() as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        office = _enter(browser, url, "coordination@")
        body = _enter(browser, url, "police@")
        pages = {
            "dashboard": (office, "/dashboard", 900),
            "import": (office, _read(office, url, "annexe-2024.txt", ANNEX.encode()), 760),
            "names": (office, _read(office, url, "inspection-2024.txt", NAMES.encode()) + "/names", 700),
            "split": (office, _read(office, url, "inspection-2024.txt", NAMES.encode()) + "/drafts/1/lines", 720),
            "pages": (office, _read(office, url, "rapport-2024.pdf", _pdf()), 1180),
            "sheet": (office, _read(office, url, "reponses-2024.csv", SHEET.encode()) + "/answers", 760),
            "round": (office, _round_prepared(office, url), 760),
            "reminders": (office, "/reminders", 620),
            "review": (office, _first(office, url, "/review"), 900),
            "answers": (body, "/answers", 700),
            "answer": (body, _first(body, url, "/answers"), 1000),
        }
        for language in ("en", "fr", "nl"):
            for name, (page, path, height) in pages.items():
                page.set_viewport_size({"width": 1100, "height": height})
                page.goto(f"{url}{path}{'&' if '?' in path else '?'}lang={language}")
                for picture in page.locator(".r-sheet img").all():
                    picture.evaluate("one => one.decode()")
                _keep(page, PICTURES / f"{name}.{language}.png")
        browser.close()


def _enter(browser: Browser, url: str, address: str) -> Page:
    page = browser.new_context(locale="en-GB").new_page()
    page.goto(f"{url}/demo")
    page.locator("li", has_text=address).get_by_role("button").click()
    return page


def _read(page: Page, url: str, name: str, content: bytes) -> str:
    """The review of a document; that of one under review is opened again."""
    page.goto(f"{url}/imports?lang=en")
    page.set_input_files("input[type=file]", {"name": name, "mimeType": "text/plain", "buffer": content})
    page.get_by_role("button", name="Read it").click()
    page.wait_for_url("**/imports/*")
    return page.url.removeprefix(url).split("?")[0]


def _pdf() -> bytes:
    """A page of a report as it is printed."""
    from reportlab.pdfgen.canvas import Canvas

    file = io.BytesIO()
    canvas, at = Canvas(file, pagesize=(420, 300)), 250
    for line in PRINTED:
        canvas.setFont("Times-Bold" if line.startswith("#") else "Times-Roman", 15 if line.startswith("#") else 12)
        canvas.drawString(40, at, line.removeprefix("#"))
        at -= 30 if line.startswith("#") else 17
    canvas.save()
    return file.getvalue()


def _round_prepared(page: Page, url: str) -> str:
    page.goto(f"{url}/rounds/new?report=myria-2023&lang=en")
    page.get_by_role("button", name="Look at who gets a mail").click()
    page.wait_for_url("**/preview?*")
    return page.url.removeprefix(url)


def _first(page: Page, url: str, path: str) -> str:
    """Where the first entry of a list leads."""
    page.goto(url + path)
    return page.locator(f"main a[href^='{path}/']").first.get_attribute("href") or path


def _keep(page: Page, path: Path) -> None:
    # The bar of the demonstration stands above every page, and belongs to none of them.
    top = page.locator("header.r-top").evaluate("header => header.offsetTop")
    width, height = page.evaluate("[innerWidth, innerHeight]")
    clip = {"x": 0, "y": top, "width": width, "height": height - top}
    picture = Image.open(io.BytesIO(page.screenshot(clip=clip)))
    picture.convert("RGB").quantize(160, dither=Image.Dither.NONE).save(path, optimize=True)
    if path.stat().st_size > AT_MOST:
        sys.exit(f"{path.name} has {path.stat().st_size} bytes, more than {AT_MOST}: show less of the page")


@contextmanager
def _demonstration() -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        code = f"import config; from tracker.demo.run import run; run(config.demo({port}, {folder!r}), {port})"
        process = subprocess.Popen([sys.executable, "-c", code], cwd=HERE, stdout=subprocess.DEVNULL)
        try:
            _wait_for(port, process)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(40)


def _wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    give_up_at = time.monotonic() + 90
    while time.monotonic() < give_up_at and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.2)
    sys.exit("The demonstration did not start: see what `make demo` says.")


if __name__ == "__main__":
    main()
