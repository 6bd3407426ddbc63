"""Files that mean harm or are broken: each is refused with a sentence, in time, and nothing outside is touched."""

import time
from pathlib import Path

import pytest

from tests.intake import files
from tests.intake.annexes import REGISTER
from tracker.errors import NotReadable
from tracker.intake import child, read

WORD = files.word("Recommandation 1 : former la police.")
DOCUMENT = "word/document.xml"


def entity_bomb() -> bytes:
    levels = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    head = f'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY e0 "aaaaaaaaaa">{levels}]>'
    return files.with_part(
        WORD, DOCUMENT, head.encode() + files.part_of(WORD, DOCUMENT).split(b"?>", 1)[1].replace(b"former", b"&e11;")
    )


def outside_entity() -> bytes:
    head = b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    return files.with_part(
        WORD, DOCUMENT, head + files.part_of(WORD, DOCUMENT).split(b"?>", 1)[1].replace(b"former", b"&x;")
    )


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (files.with_part(WORD, "word/media/zeros.bin", b"\0" * 210_000_000), "far larger than any annex"),
        (files.scan(), "pictures without text"),
        (files.locked_pdf(), "password"),
        (WORD[: len(WORD) // 2], "damaged"),
        (files.with_part(WORD, DOCUMENT, b"<broken"), "damaged"),
        (files.sheet([("a",)])[:-40], "damaged"),
        (b"%PDF-1.7\n" + b"<< /Length 99999999999 >> stream" * 200, "damaged"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 100, "picture"),
        (b"\x1f\x8b" + b"\0" * 100, "packed folder"),
    ],
    ids=["bomb", "scan", "locked", "cut", "broken xml", "cut sheet", "endless pdf", "picture", "archive"],
)
def test_it_is_refused_with_one_sentence(content: bytes, says: str) -> None:
    begun = time.monotonic()

    with pytest.raises(NotReadable, match=says):
        read(content, "annex", REGISTER)

    assert time.monotonic() - begun < 60


@pytest.mark.parametrize("content", [entity_bomb(), outside_entity()], ids=["entities", "file"])
def test_entities_are_neither_unfolded_nor_fetched(content: bytes) -> None:
    try:
        reading = read(content, "annex", REGISTER)
    except NotReadable:
        return
    assert "root:" not in "".join(reading.lines)
    assert sum(map(len, reading.lines)) < 10_000


def test_the_child_knows_no_secret_and_runs_nothing_that_lies_beside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "json.py").write_text("import pathlib; pathlib.Path('ran').touch()")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TRACKER_SECRET_KEY", "secret")

    reading = read(WORD, "annex.docx", REGISTER)

    assert not (tmp_path / "ran").exists()
    assert reading.drafts
    assert not [name for name in child.environment() if name.startswith("TRACKER_")]
