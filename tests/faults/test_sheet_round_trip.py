"""The spreadsheet of a form at size: 300 rows are taken away, filled in, compared and taken over."""

import time
from datetime import date

import pytest
from sqlalchemy import select

from tests.making import BEGIN, Office
from tests.measuring import Measure
from tests.reply_forms import fields_of, opened, token_of
from tests.web.checking import Enter
from tests.web.test_reply_sheets import bring, taken
from tracker import clock, database
from tracker.models import AnswerLink, Report
from tracker.queries import digests
from tracker.services import answer_links, imports, rounds
from tracker.settings import Settings

ROWS = 300
BAR = 5.0
"""Seconds."""


@pytest.fixture
def link(office: Office, settings: Settings) -> AnswerLink:
    """To a form of the police with three hundred recommendations."""
    annex = "".join(f"2024/{n}\tContrôler le chantier numéro {n} chaque année.\tPolice\n" for n in range(1, ROWS + 1))
    read = {"report": "long", "title": "Long report", "issued_on": date(2024, 9, 2)}
    import_ = imports.read(office.issuer.id, annex.encode(), "long.txt", by=office.coordinator, at=BEGIN, **read)
    imports.accept(import_.id, by=office.coordinator, at=BEGIN)
    with database.reading() as session:
        report = session.scalars(select(Report.id).filter_by(slug="long")).one()
    rounds.open_round(office.issuer.id, "Long", {report: date(2024, 12, 2)}, by=office.coordinator, at=BEGIN)
    clock.use(lambda: BEGIN)
    with database.transaction() as session:
        form = digests.form_of(session, office.addressee("2024/1", "police").body_id, office.issuer.id)
        assert form is not None
        return answer_links.of_form(session, office.police, form, at=BEGIN, settings=settings)


@pytest.mark.proves("sheet")
def test_a_round_trip_of_300_rows_takes_less_than_five_seconds(
    enter: Enter, link: AnswerLink, settings: Settings, measure: Measure, monkeypatch: pytest.MonkeyPatch, is_full: bool
) -> None:
    monkeypatch.setattr("tests.web.checking.check", lambda _response: None)  # not a part of what is measured
    client = enter()
    opened(client, link, settings)

    begun = time.perf_counter()
    rows = taken(client, link)
    spent = time.perf_counter() - begun
    assert len(rows) == ROWS
    for code, row in rows.items():
        row |= {"response": "Accepted", "reported": "In progress", "done": f"What was done about {code}. " * 10}
    begun = time.perf_counter()
    page = bring(client, link, rows.values())
    data = fields_of(page.text, f"/form/{link.id}/sheet/accept")
    ids = [name.removeprefix("version-") for name in data if name.startswith("version-")]
    answered = client.post(f"/form/{link.id}/sheet/accept", data={**data, "take": ids})
    spent += time.perf_counter() - begun

    assert (answered.status_code, len(ids)) == (302, ROWS)
    assert token_of(link, settings) not in page.text
    # How long it takes is no question of `make test`, where others work beside.
    measure("sheet", "seconds of a round trip", round(spent, 2), f"{ROWS} rows", f"≤ {BAR:g}" if is_full else "")
