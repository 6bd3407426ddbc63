"""A whole register from an open file: all of it or nothing, again adds nothing, and every bad line is named."""

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from tests.making import BEGIN, Office
from tracker import database
from tracker.errors import NotAccepted
from tracker.intake.registers import AT_ONCE
from tracker.models import Addressee, Entry, Recommendation, RecommendationText, Report
from tracker.queries.verify import verify
from tracker.services import registers

REPORT = {"report": "myria-2024", "title": "Rapport 2024", "issued_on": "2024-09-18", "language": "fr"}


@pytest.fixture
def office(database_url: str) -> Office:
    """An issuer with nothing on record yet."""
    return Office.set_up(is_imported=False)


def demand(n: int, **said: Any) -> dict[str, Any]:
    given = {
        "code": f"2024/{n}",
        "section": "Police et justice",
        "texts": {"fr": f"Former les équipes numéro {n}.", "nl": f"Leid ploeg {n} op."},
        "addressees": [{"as_written": "Police"}, {"as_written": "le juge", "body": "magistrats"}],
    }
    return given | said


def written(path: Path, *lines: object) -> Path:
    file = path / "register.jsonl"
    told = (one if isinstance(one, str) else json.dumps(one, ensure_ascii=False) for one in lines)
    file.write_text("\n".join(told) + "\n", encoding="utf-8")
    return file


def counts() -> tuple[int, ...]:
    with database.reading() as session:
        tables = (Report, Recommendation, RecommendationText, Addressee, Entry)
        return tuple(session.scalar(select(func.count()).select_from(table)) or 0 for table in tables)


def test_a_register_is_loaded_whole_and_again_adds_nothing(office: Office, tmp_path: Path) -> None:
    n = AT_ONCE + 3  # more than are held at once
    second = {**REPORT, "report": "myria-2023", "issued_on": "2023-09-18"}
    file = written(tmp_path, REPORT, *map(demand, range(1, n + 1)), "", second, demand(1), demand(2, code=None))
    heard: list[int] = []

    done = registers.load(office.issuer.id, file, at=BEGIN, progress=heard.append)

    assert (done.reports, done.added, done.known, done.links) == (2, n + 2, 0, 2 * (n + 2))
    assert counts() == (2, n + 2, 2 * (n + 2), 2 * (n + 2), 3 * (n + 2))
    assert sum(heard) == 2 * file.stat().st_size
    with database.reading() as session:
        assert verify().ok
        assert session.scalars(select(Recommendation.position).join(Report).filter_by(slug="myria-2024")).all() == [
            *range(n)
        ]
    before = counts()
    again = registers.load(office.issuer.id, file, at=BEGIN)
    assert (again.reports, again.added, again.known) == (0, 0, n + 2)
    assert counts() == before


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ((REPORT, "{"), "Line 2: This line is not JSON"),
        ((REPORT, "[1]"), "Line 2: This line is not JSON"),
        ((demand(1),), "Line 1: No report stands above this line"),
        (({**REPORT, "report": "Myria 2024"},), "Line 1: The short name"),
        (({**REPORT, "issued_on": "18/9/2024"},), "Line 1: “issued_on” is a day"),
        (({**REPORT, "issued_on": "2999-01-01"}, demand(1)), "Line 1: A report has been published"),
        (({**REPORT, "language": "xx"},), "Line 1: “language” is one of fr, nl, en"),
        ((REPORT, demand(1, code=7)), "Line 2: “code” is a text"),
        ((REPORT, demand(1, texts={"nl": "Leid op."})), "Line 2: There is no text in the language of the report"),
        ((REPORT, demand(1, texts="Former.")), "Line 2: “texts” has the wording by language"),
        ((REPORT, demand(1, addressees=[])), "Line 2: No addressee was found"),
        ((REPORT, demand(1, addressees=["Police"])), "Line 2: “addressees” is a list"),
        ((REPORT, demand(1, addressees=[{"as_written": "Les Étoiles"}])), "Line 2: “Les Étoiles”"),
        ((REPORT, demand(1, addressees=[{"body": "etoiles"}])), "Line 2: “etoiles” is not a known body"),
        ((REPORT, demand(1, addressees=[{"body": "police", "role": "x"}])), "Line 2: “role” is one of"),
        ((REPORT, demand(1), demand(2), demand(1)), "Line 4: 2024/1 is on line 2 too"),
    ],
)  # fmt: skip
def test_a_bad_line_is_named_and_nothing_is_loaded(
    office: Office, tmp_path: Path, lines: tuple[object, ...], says: str
) -> None:
    with pytest.raises(NotAccepted, match=says):
        registers.load(office.issuer.id, written(tmp_path, *lines), at=BEGIN)
    assert counts() == (0, 0, 0, 0, 0)


def test_every_bad_line_is_told_up_to_twenty(office: Office, tmp_path: Path) -> None:
    with pytest.raises(NotAccepted) as refusal:
        registers.load(office.issuer.id, written(tmp_path, REPORT, *["{"] * 23), at=BEGIN)
    told = str(refusal.value).splitlines()
    assert (len(told), told[19][:8], told[20:]) == (22, "Line 21:", ["3 more lines are wrong.", "Nothing was loaded."])


def test_what_is_on_record_otherwise_stops_a_load(office: Office, tmp_path: Path) -> None:
    registers.load(office.issuer.id, written(tmp_path, REPORT, demand(1)), at=BEGIN)
    for line, says in ((demand(1, texts={"fr": "Autre."}), "another text"), (demand(1, code="2024-1"), "same address")):
        with pytest.raises(NotAccepted, match=f"Line 2: .*{says}"):
            registers.load(office.issuer.id, written(tmp_path, REPORT, line), at=BEGIN)
    with pytest.raises(NotAccepted, match=r"Line 1: .*is here already"):
        registers.load(office.issuer.id, written(tmp_path, {**REPORT, "title": "Autre"}, demand(1)), at=BEGIN)
