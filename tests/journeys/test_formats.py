"""Every format that is read, from the file to the record, in a real browser."""

from datetime import date
from urllib.parse import urlsplit

import pytest

from tests.intake import files
from tests.journeys.conftest import Visit

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys")]
CELLS = [
    ("Code", "Recommandation", "Destinataire"),
    ("{}/1", "Former la police à la détection des victimes.", "Police"),
    ("{}/2", "Publier les chiffres chaque année.", "Magistrats"),
]
PROSE = [
    "#Recommandations",
    "",
    "Recommandation 1 : Le centre recommande de former la police.",
    "",
    "Recommandation 2 : Le centre recommande de publier les chiffres.",
]
ISSUED = date(2024, 10, 10)


def rows(year: int) -> list[tuple[str, ...]]:
    """The table of a year, so that no code is in two reports."""
    return [tuple(cell.format(year) for cell in row) for row in CELLS]


def as_text(year: int, between: str) -> bytes:
    """The same as lines of text."""
    return "".join(between.join(row) + "\n" for row in rows(year)).encode()


def as_page(year: int) -> bytes:
    """The same as a web page."""
    cells = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows(year))
    return f"<!doctype html><html lang='fr'><body><table>{cells}</table></body></html>".encode()


DOCUMENTS = {
    "txt": lambda year: as_text(year, "\t"),
    "csv": lambda year: as_text(year, ";"),
    "docx": lambda year: files.word(rows(year)),
    "xlsx": lambda year: files.sheet(rows(year)),
    "ods": lambda year: files.ods(rows(year)),
    "html": as_page,
    "pdf": lambda _year: files.pdf([PROSE], head="Rapport"),
}


def test_each_format_is_read_reviewed_and_accepted(visit: Visit) -> None:
    page = visit.page
    page.goto(f"{visit.url}/demo?lang=en")
    page.locator("li", has_text="coordination@myria.example").get_by_role("button").click()
    for year, (kind, made) in enumerate(DOCUMENTS.items(), start=2011):
        page.goto(f"{visit.url}/imports?lang=en")
        document = {"name": f"annex.{kind}", "mimeType": "application/octet-stream", "buffer": made(year)}
        page.set_input_files("input[type=file]", document)
        page.locator("form.r-upload button").click()
        page.wait_for_url("**/imports/*")
        assert page.locator("article.r-draft").count() == 2, f"{kind}: {visit.text()[:600]}"
        if kind == "pdf":
            picture = page.locator(".r-sheet img")
            picture.scroll_into_view_if_needed()
            picture.evaluate("picture => picture.decode()")  # ends where there is none
            visit.look()
            page.select_option("#address-body", "police")
            visit.press("Address them")
        page.fill("input[name=title]", f"Report as {kind}")
        page.fill("input[name=slug]", f"as-{kind}-{year}")
        page.fill("input[name=issued_on]", ISSUED.isoformat())
        page.locator("button[form=report]").last.click()
        page.wait_for_load_state()
        assert urlsplit(page.url).path == "/recommendations", f"{kind}: {visit.text()[:600]}"
        assert "2 recommendations were added with 2 addressees." in visit.text(), kind
