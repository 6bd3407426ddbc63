"""Files as they come from offices: encodings, and what is no text at all."""

import time

import pytest

from tests.intake.annexes import REGISTER, YEARS, annex, assert_every_line_is_accounted_for, codes_of, reading_of
from tracker.errors import NotReadable
from tracker.intake import read
from tracker.intake.readers.text import LIMIT

BOM = b"\xef\xbb\xbf"


@pytest.mark.parametrize("year", YEARS)
@pytest.mark.parametrize(
    "encoding", ["latin-1", "cp1252", "utf-16", "utf-16-le", "utf-16-be", "utf-8-sig", "mac_roman"]
)
def test_the_annex_reads_the_same_in_every_encoding(year: int, encoding: str) -> None:
    expected = read(annex(year), "annex.txt", REGISTER)

    reading = read(annex(year).decode().encode(encoding), "annex.txt", REGISTER)

    assert (reading.lines, reading.drafts, reading.leftover) == (expected.lines, expected.drafts, expected.leftover)


@pytest.mark.parametrize("year", YEARS)
def test_the_mark_of_utf8_before_text_that_is_not_utf8_is_dropped(year: int) -> None:
    expected = read(annex(year), "annex.txt", REGISTER)

    reading = read(BOM + annex(year).decode().encode("cp1252"), "annex.txt", REGISTER)

    assert (reading.encoding, reading.lines, reading.drafts) == ("cp1252", expected.lines, expected.drafts)
    assert codes_of(reading.findings) == ["encoding"]


@pytest.mark.parametrize("year", YEARS)
def test_a_few_damaged_bytes_do_not_make_another_encoding_of_a_whole_file(year: int) -> None:
    whole = annex(year)
    at = whole.index("é".encode(), len(whole) // 2)
    damaged = whole[:at] + b"\xe9" + whole[at + 2 :]

    reading = read(damaged, "annex.txt", REGISTER)

    expected = whole.decode().split("\n")
    differing = [n for n, line in enumerate(reading.lines) if line != expected[n]]
    assert (reading.encoding, differing) == ("utf-8", [whole[:at].count(b"\n")])
    assert [(one.code, one.line) for one in reading.findings if one.code == "lost_letters"] == [
        ("lost_letters", differing[0] + 1)
    ]


def test_typographic_apostrophes_survive_an_old_encoding() -> None:
    text = annex(2018).decode().replace("'", "’")

    reading = read(text.encode("cp1252"), "annex.txt", REGISTER)

    assert reading.lines == tuple(text.removesuffix("\n").split("\n"))
    assert len([one for draft in reading.drafts for one in draft.addressees if one.match in ("exact", "alias")]) == 23


@pytest.mark.parametrize("ends", ["\r\n", "\r"])
def test_the_ends_of_lines_of_other_systems_are_ends_of_lines(ends: str) -> None:
    reading = read(annex(2018).decode().replace("\n", ends).encode(), "annex.txt", REGISTER)

    assert reading.drafts == read(annex(2018), "annex.txt", REGISTER).drafts


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b"  \n\t\n \r\n", "empty"),
        (BOM, "only blank lines"),
        ("\u00a0\n\u200b\n".encode(), "only blank lines"),
        (b"%PDF-1.7\n1 0 obj", "damaged"),
        (b"PK\x03\x04\x14\x00", "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old Word file"),
        (b"{\\rtf1\\ansi", "Rich Text file"),
        (b"2018/1\tA\x00B\tPolice\n", "Save it as PDF, Word or text, or paste it"),
        (bytes(range(256)) * 20, "Save it as PDF, Word or text, or paste it"),
        (b"\xff\xfe\x00", "Save it as PDF, Word or text, or paste it"),
        (b"\x01\x02\x03\x04\x05\x06\x07\x08" * 10, "Save it as PDF, Word or text, or paste it"),
    ],
)
def test_what_is_no_text_is_refused_with_one_sentence_that_says_what_to_do(content: bytes, says: str) -> None:
    with pytest.raises(NotReadable, match=says):
        read(content, "annex.txt", REGISTER)


def test_a_file_of_thirty_megabytes_is_refused_at_once() -> None:
    begun = time.monotonic()

    with pytest.raises(NotReadable, match="larger than 20 MB"):
        read(b"x" * 30_000_000, "annex.txt", REGISTER)

    assert time.monotonic() - begun < 1


@pytest.mark.parametrize("filling", ["x", "x ", "Police, ", "- Police ", "(", "a et b ", ". A", "2018/1 ", " (a"])
@pytest.mark.parametrize("line", ["2018/1\tMener.\t{}\n", "2018/1\t{}\n", "{}\n"])
def test_a_very_long_line_is_read(line: str, filling: str) -> None:
    reading = reading_of(line.format(filling * (300_000 // len(filling))))

    assert_every_line_is_accounted_for(reading)


def test_a_file_as_large_as_the_limit_is_read() -> None:
    reading = reading_of(("2018/1\tMener.\t" + "Police, " * LIMIT)[:LIMIT])

    assert [one.code for one in reading.drafts[0].findings if one.stops] == ["unknown_body", "too_long"]


@pytest.mark.parametrize("line", ["x\n", "\ta\tb\n", "2018/1\n", "\n\nVictimes\n", "- Police\n", "mot-\n"])
def test_a_great_many_lines_are_read(line: str) -> None:
    reading = reading_of("2018/1\tMener.\tPolice\n" + line * (20_000 // line.count("\n")))

    assert_every_line_is_accounted_for(reading)


def test_more_lines_than_the_limit_are_refused() -> None:
    with pytest.raises(NotReadable, match=r"more than 100,000 lines"):
        read(b"x\n" * 100_001, "annex.txt", REGISTER)


def test_control_characters_are_removed_and_told() -> None:
    reading = reading_of("2018/1\tMener\x07 des\x0c enquêtes.\t\x0bPolice\n")

    [draft] = reading.drafts
    assert (draft.text, draft.addressees[0].body) == ("Mener des enquêtes.", "police")
    assert codes_of(reading.findings) == ["control_characters"]


def test_letters_that_were_lost_before_are_told_with_their_line() -> None:
    reading = reading_of("2018/1\tMener une enqu\ufffdte.\tPolice\n")

    assert [(one.code, one.line, one.stops) for one in reading.findings] == [("lost_letters", 1, False)]
