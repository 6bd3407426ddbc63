"""Documents that mean harm are read or refused with a sentence, in time; nothing outside is touched: S18–S21, S23."""

import csv
import io
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st

from tests.intake import files, hostile
from tests.making import Office
from tests.measuring import Measure
from tests.web.checking import Enter
from tracker import clock, intake
from tracker.errors import NotReadable
from tracker.intake.refusals import Unreadable
from tracker.services import imports
from tracker.web.downloads import as_csv

REGISTER = intake.Register.shipped()
SCRIPT = b"<script>alert(1)</script>"
POLYGLOTS = {
    "page.pdf": b"%PDF-1.4\n" + SCRIPT,
    "picture.svg": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)">' + SCRIPT + b"</svg>",
    "annex.pdf.html": b"<html><body><p>Recommandation 1 : former la police.</p>" + SCRIPT,
    "annex.docx.exe": files.word("Recommandation 1 : former la police.") + SCRIPT,
    "annex.txt": b"2024/1\tFormer " + SCRIPT + b"\tPolice\n",
    "annex.html": b"<!doctype html>" + SCRIPT + b"<table><tr><td>2024/1</td><td>Former.</td></tr></table>",
    "gif.js": b"GIF89a=1;alert(1)//",
}


@pytest.mark.proves("S18")
def test_what_is_two_things_at_once_is_given_back_as_neither(enter: Enter, office: Office, measure: Measure) -> None:
    coordinator, active, stored = enter("coordination@myria.test"), list[str](), 0
    for name, content in POLYGLOTS.items():
        try:
            read = imports.read(office.issuer.id, content, name, by=office.coordinator, at=clock.now())
        except NotReadable:
            continue
        stored += 1
        answered = coordinator.get(f"/imports/{read.id}/document")
        told = answered.headers
        is_dead = (
            told["Content-Type"] == "application/octet-stream",
            told["Content-Disposition"].startswith("attachment"),
            told["X-Content-Type-Options"] == "nosniff",
            "sandbox" in told["Content-Security-Policy"],
            SCRIPT not in coordinator.get(f"/imports/{read.id}").data,
        )
        if not all(is_dead):
            active.append(f"{name}: {is_dead}")

    assert active == []
    assert stored > 0
    measure("S18", "documents that a browser would run", len(active), f"of {stored} kept", "= 0")


def _read(content: bytes) -> tuple[float, str]:
    """How long reading took, and what came of it: the lines, or the sentence."""
    begun = time.monotonic()
    try:
        told = "\n".join(intake.read(content, "annex", REGISTER).lines)
    except NotReadable as refusal:
        told = f"refused: {refusal}"
    return time.monotonic() - begun, told


def _all(documents: Mapping[str, bytes]) -> tuple[dict[str, str], float]:
    """What came of each, and the longest time."""
    read = {name: _read(content) for name, content in documents.items()}
    return {name: told for name, (_took, told) in read.items()}, max(took for took, _told in read.values())


@pytest.mark.proves("S19")
def test_what_grows_when_it_is_unpacked_is_refused_or_read_small(is_full: bool, measure: Measure) -> None:
    told, slowest = _all(
        hostile.bombs() if is_full else {"overlap": hostile.overlapping(), "wide": hostile.wide_sheet()}
    )
    large = [name for name, one in told.items() if len(one) > 1_000_000]

    measure("S19", "bombs that were unfolded", len(large), f"of {len(told)}", "= 0", on="none")
    measure("S19", "the slowest of them", round(slowest, 1), "s", "≤ 60", on="none")


@contextmanager
def listening() -> Iterator[tuple[str, list[str]]]:
    """An address of this machine, and who came there."""
    came: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        is_over = threading.Event()

        def listen() -> None:
            while not is_over.is_set():
                try:
                    connection, whence = server.accept()
                except TimeoutError:
                    continue
                came.append(str(whence))
                connection.close()

        listener = threading.Thread(target=listen)
        listener.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/x", came
        time.sleep(0.5)
        is_over.set()
        listener.join()


@pytest.mark.proves("S20")
def test_nothing_outside_a_document_is_read_or_asked_for(tmp_path: Path, is_full: bool, measure: Measure) -> None:
    secret = tmp_path / "secret"
    secret.write_text("canary-of-a-file")
    few = slice(None if is_full else 3)
    with listening() as (address, came):
        told, _slowest = _all(dict([*hostile.references(address).items()][few]))
    read, _slowest = _all(dict([*hostile.references(secret.as_uri()).items()][few]))
    leaked = [name for name, one in read.items() if "canary-of-a-file" in one]
    bombs, _slowest = _all(dict([*hostile.entity_bombs().items()][few]))
    grown = [name for name, one in bombs.items() if len(one) > 10_000]

    measure("S20", "connections that documents made", len(came), f"by {len(told)} documents", "= 0", on="none")
    measure("S20", "documents that read a file", len(leaked), f"of {len(read)}", "= 0", on="none")
    measure("S20", "documents whose entities grew", len(grown), f"of {len(bombs)}", "= 0", on="none")


@pytest.mark.proves("S21")
def test_pdfs_that_turn_in_circles_come_to_an_end(is_full: bool, measure: Measure) -> None:
    documents = dict(hostile.pdfs())
    chosen = documents if is_full else dict(list(documents.items())[::10])
    told, slowest = _all(chosen)

    hung = [name for name, one in told.items() if one == f"refused: {Unreadable('too_slow').sentence}"]
    measure("S21", "PDFs that the limits of the child ended", len(hung), f"of {len(told)}", on="none")
    measure("S21", "the slowest of them", round(slowest, 1), "s", "≤ 60", on="none")


CELLS = st.lists(
    st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | st.sampled_from(
        ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1", "\0=1", "'=1"]
    ), min_size=2, max_size=2),
    max_size=5,
)  # fmt: skip
_FORMULA = tuple("=+-@\t\r\n＝＋－＠")


@pytest.mark.proves("S23")
def test_no_cell_that_is_taken_away_is_a_formula(app: Flask, is_full: bool, measure: Measure) -> None:
    n = 0

    @hypothesis(max_examples=500 if is_full else 50, deadline=None, database=None)
    @given(CELLS)
    def look(rows: list[list[str]]) -> None:
        nonlocal n
        with app.test_request_context():
            told = as_csv("cells", ["a", "b"], rows).get_data(as_text=True).removeprefix("\ufeff")
        _heads, *back = csv.reader(io.StringIO(told, newline=""), delimiter=",")
        n += len(rows)
        assert not [cell for row in back for cell in row if cell.lstrip(" ").startswith(_FORMULA)]
        for row, read in zip(rows, back, strict=True):
            assert [cell.removeprefix("'") for cell in read] == [one.replace("\0", "").removeprefix("'") for one in row]

    look()
    measure("S23", "cells that a spreadsheet would run", 0, f"of rows looked at: {n}", "= 0", on="none")
