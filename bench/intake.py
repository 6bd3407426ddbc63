"""What reading and accepting cost, on documents made here: `make intake` prints a line for each bar.

Times are of this machine as it is now; the memory is that of the child that read, as the system counted it.
"""

import io
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

from bench import figures, likeness
from tracker import database, intake
from tracker.queries import imports as of_imports
from tracker.services import imports, installation, schema
from tracker.settings import Settings

ROWS, PAGES = 2_000, 300
AT = datetime(2024, 10, 1, 8, tzinfo=UTC)
REGISTER = intake.Register.shipped()


def sheet(rows: int = ROWS) -> bytes:
    """A spreadsheet with a recommendation a row, every second one with two addressees."""
    import xlsxwriter

    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as workbook:
        page = workbook.add_worksheet()
        page.write_row(0, 0, ("Code", "Recommandation", "Destinataire"))
        for n in range(1, rows + 1):
            text = f"Former les équipes numéro {n} à la détection des victimes et en rendre compte chaque année."
            page.write_row(n, 0, (f"2024/{n}", text, "Police, magistrats" if n % 2 else "Police"))
    return file.getvalue()


def pdf(pages: int = PAGES) -> bytes:
    """A PDF of running text with two recommendations a page, a running head and page numbers."""
    from reportlab.pdfgen.canvas import Canvas  # type: ignore[import-untyped]

    file = io.BytesIO()
    canvas = Canvas(file, pagesize=(595, 842))
    for page in range(1, pages + 1):
        canvas.setFont("Helvetica", 10)
        canvas.drawString(60, 810, "Rapport annuel 2024")
        canvas.drawString(290, 30, str(page))
        for line in range(48):
            number = f"Recommandation {2 * page - 1 + line // 24} : " if line % 24 == 0 else ""
            canvas.drawString(60, 780 - 15 * line, f"{number}le centre recommande de former les équipes, ligne {line}.")
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def told(what: str, value: float, unit: str, bar: str) -> bool:
    """One line; whether it keeps to its bar."""
    is_kept = figures.holds(value, bar)
    print(f"{what}: {value:g} {unit} (bar {bar} {unit}){'' if is_kept else '  MISSED'}")
    return is_kept


def timed(act: Callable[[], object]) -> float:
    """Seconds that an act takes."""
    begun = time.monotonic()
    act()
    return round(time.monotonic() - begun, 2)


def run() -> bool:
    """Measure everything; whether every bar is kept."""
    content, kept = sheet(), []
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'intake.sqlite'}"
        schema.bring_up_to_date(Settings(secret_key="k" * 40, database_url=url, _env_file=None))  # type: ignore[call-arg, arg-type]
        database.connect(url)
        issuer = installation.set_up("Myria", REGISTER)
        told_of = {"report": "myria-2024", "title": "Rapport 2024", "issued_on": date(2024, 9, 18)}
        ids: list[int] = []

        def shown() -> None:
            read = imports.read(issuer.id, content, "sheet.xlsx", **told_of, by=None, at=AT)  # type: ignore[arg-type]
            with database.reading():
                ids.append(len(of_imports.review(read.id).reading.drafts))
            ids.append(read.id)

        kept.append(told(f"a sheet of {ROWS:,} rows, read and reviewed", timed(shown), "s", "≤ 10"))
        kept.append(told("its recommendations", ids[0], "rows", f"= {ROWS}"))
        kept.append(told("the same, accepted", timed(lambda: imports.accept(ids[1], by=None, at=AT)), "s", "≤ 10"))
        database.close()
    found: list[int] = []
    long = pdf()
    took = timed(lambda: found.append(len(intake.read(long, "long.pdf", REGISTER).drafts)))
    kept.append(told(f"a PDF of {PAGES} pages, read", took, "s", "≤ 60"))
    kept.append(told("its recommendations", found[0], "found", f"= {2 * PAGES}"))
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    kept.append(told("memory of the child, at most", round(memory), "MiB", "≤ 512"))
    # Last: a child begins with the pages of its parent, and by then the parent has these in memory.
    with tempfile.TemporaryDirectory() as folder:
        database.connect(f"sqlite:///{Path(folder) / 'likeness.sqlite'}")
        schema.migrate()
        what = f"likeness of one text against {likeness.WORDINGS:,}, slowest of {likeness.TEXTS}"
        kept.append(told(what, round(likeness.slowest()), "ms", "≤ 300"))
        database.close()
    return all(kept)


if __name__ == "__main__":
    sys.exit(not run())
