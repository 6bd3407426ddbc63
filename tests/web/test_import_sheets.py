"""Beside the drafts of a PDF stand its pages as they are printed, with what was taken marked."""

import io
from pathlib import Path

import pytest

from tests.intake.files import pdf
from tests.making import Office
from tests.web.checking import CheckingClient, Enter
from tracker.intake import sheets
from tracker.intake.refusals import Unreadable
from tracker.settings import Settings

PAGES = [
    [
        "# Recommendations",
        "Recommendation 1: Train the police.",
        "",
        "Recommendation 2: Train the prosecutors,",
        "too.",
    ],
    ["Recommendation 3: Publish the figures.", "", "Recommendation 4: Count them."],
]
DOCUMENT = pdf(PAGES)


@pytest.fixture
def office(database_url: str) -> Office:
    return Office.set_up(is_imported=False)


@pytest.fixture
def coordinator(office: Office, enter: Enter) -> CheckingClient:
    return enter("coordination@myria.test")


@pytest.fixture
def review(coordinator: CheckingClient) -> str:
    return str(coordinator.send("/imports", file=(io.BytesIO(DOCUMENT), "report.pdf")).location)


def test_each_page_has_its_picture_its_marks_and_its_text(coordinator: CheckingClient, review: str) -> None:
    page = coordinator.page(f"{review}?order=printed")
    figures = page.css("figure.r-sheet")
    assert [one.attributes["id"] for one in figures] == ["sheet-1", "sheet-2"]
    # Recommendation 2 goes over two lines.
    assert [len(one.css("rect")) for one in figures] == [3, 2]
    first = figures[0].css_first("img")
    assert (first.attributes["loading"], first.attributes["width"]) == ("lazy", "595")
    assert "line by line" in (first.attributes["alt"] or "")
    assert page.css_first("details #line-2") or page.css_first("details li")

    url = first.attributes["src"] or ""
    picture = coordinator.get(url)
    assert picture.mimetype == "image/webp"
    assert picture.data[:4] == b"RIFF"
    assert 1_000 < len(picture.data) <= sheets.LARGEST
    assert "default-src" in picture.headers["Content-Security-Policy"]


def test_a_picture_is_drawn_once_and_kept_by_what_the_document_is(
    coordinator: CheckingClient, review: str, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = coordinator.get(f"{review}/sheet?n=2").data
    (kept,) = (settings.data_dir / "pages").iterdir()
    assert kept.read_bytes() == first
    assert kept.stat().st_mode & 0o777 & ~0o755 == 0
    monkeypatch.setattr(sheets, "draw", lambda *_: pytest.fail("it is drawn again"))
    assert coordinator.get(f"{review}/sheet?n=2").data == first


def test_there_is_no_picture_of_what_is_no_page(coordinator: CheckingClient, review: str, enter: Enter) -> None:
    assert coordinator.get(f"{review}/sheet?n=3").status_code == 404
    text = coordinator.send("/imports", text="2024/1\tFormer la police.\tPolice\n").location
    assert coordinator.get(f"{text}/sheet?n=1").status_code == 404
    assert not coordinator.page(text).css("figure.r-sheet")
    assert enter("police@bodies.test").get(f"{review}/sheet?n=1").status_code in (403, 404)


def test_a_page_that_cannot_be_drawn_is_refused_with_a_reason(tmp_path: Path) -> None:
    with pytest.raises(Unreadable):
        sheets.draw(b"%PDF-1.4 broken off", 1)


def test_a_page_larger_than_any_paper_is_drawn_small() -> None:
    from reportlab.pdfgen.canvas import Canvas

    file = io.BytesIO()
    canvas = Canvas(file, pagesize=(14_000, 14_000))
    canvas.drawString(60, 800, "far away")
    canvas.save()
    assert len(sheets.draw(file.getvalue(), 1)) <= sheets.LARGEST
