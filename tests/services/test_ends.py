"""What ends recommendations: a withdrawal with its reason, an import undone."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.making import ANNEXES, BEGIN, ISSUED, Office
from tracker import clock, database
from tracker.errors import NotAllowed, NotFound
from tracker.models import Addressee, ExpectedReply, Import, Recommendation, StandingRow
from tracker.queries import figures, import_undo, recommendations
from tracker.queries.figures import By
from tracker.queries.filters import Filters
from tracker.queries.verify import verify
from tracker.services import ends
from tracker.services import imports as read_imports

LATER = BEGIN + timedelta(days=10)


@pytest.fixture(autouse=True)
def today(office: Office) -> None:
    clock.use(lambda: LATER)


def the_import(name: str = "myria-2023.txt") -> int:
    with database.reading() as session:
        return session.scalars(select(Import.id).filter_by(name=name)).one()


def the_recommendation(code: str = "2023/8") -> int:
    with database.reading() as session:
        return session.scalars(select(Recommendation.id).filter_by(code=code, is_hidden=False)).one()


def open_standings(report: str = "2023") -> int:
    with database.reading() as session:
        rows = select(Recommendation.code).join(Addressee).join(StandingRow).where(StandingRow.until_on.is_(None))
        return sum(code.startswith(report) for code in session.scalars(rows) if code)


def open_replies() -> int:
    with database.reading() as session:
        return len(session.scalars(select(ExpectedReply).filter_by(is_open=True)).all())


def test_an_import_is_undone_and_the_document_can_be_read_again(office: Office) -> None:
    office.ask()
    before = open_standings()
    with database.reading():
        added = import_undo.added(the_import())
    assert (added.recommendations, added.addressees, added.awaited) == (12, before, open_replies())

    assert ends.undo_import(the_import(), by=office.coordinator, at=LATER) == 12

    assert (open_standings(), open_replies()) == (0, 0)
    with database.reading():
        assert verify().ok
    office.accept("2023")
    assert open_standings() == before
    with database.reading():
        assert verify().ok


def test_a_report_whose_import_was_undone_may_be_called_otherwise(office: Office) -> None:
    ends.undo_import(the_import(), by=office.coordinator, at=LATER)
    again = read_imports.read(
        office.issuer.id,
        (ANNEXES / "myria-2023.txt").read_bytes(),
        "again.txt",
        report="myria-2023",
        title="Another title",
        issued_on=ISSUED["2023"],
        by=office.coordinator,
        at=LATER,
    )
    read_imports.accept(again.id, by=office.coordinator, at=LATER)

    with database.reading():
        assert recommendations.reports(frozenset({office.issuer.id}))[0].title == "Another title"


def test_nothing_is_undone_once_a_body_has_answered(office: Office) -> None:
    office.answer(office.addressee("2023/8", "police"), office.police)
    before = open_standings()

    with pytest.raises(NotAllowed, match="withdraw single recommendations"):
        ends.undo_import(the_import(), by=office.coordinator, at=LATER)

    assert open_standings() == before


def test_an_import_is_undone_once_and_by_its_issuer(office: Office) -> None:
    with pytest.raises(NotFound):
        ends.undo_import(the_import(), by=office.reader, at=LATER)
    ends.undo_import(the_import(), by=office.coordinator, at=LATER)
    with pytest.raises(NotAllowed, match="accepted"):
        ends.undo_import(the_import(), by=office.coordinator, at=LATER)


def test_a_withdrawn_recommendation_leaves_figures_from_its_day_on(office: Office) -> None:
    office.ask()
    police = office.addressee("2023/8", "police")
    replies = open_replies()

    ends.withdraw(police.recommendation_id, "The law changed.", by=office.coordinator, at=LATER)

    with database.reading():
        ours = frozenset({office.issuer.id})
        _rows, now = figures.figures(By.REPORT, Filters(LATER.date(), issuer_ids=ours))
        _rows, before = figures.figures(By.REPORT, Filters(LATER.date() - timedelta(days=1), issuer_ids=ours))
        assert before.addressees - now.addressees == 2
    assert replies - open_replies() == 2
    with database.reading():
        assert recommendations.history(police.recommendation_id)[0].words == {"reason": "The law changed."}
        assert verify().ok
    with pytest.raises(NotFound):
        office.answer(police, office.police, at=LATER)


def test_a_withdrawal_owes_its_reason_and_happens_once(office: Office) -> None:
    of = the_recommendation()
    with pytest.raises(NotAllowed, match="Say why"):
        ends.withdraw(of, "", by=office.coordinator, at=LATER)
    with pytest.raises(NotFound):
        ends.withdraw(of, "No.", by=office.police, at=LATER)
    ends.withdraw(of, "The law changed.", by=office.coordinator, at=LATER)
    with pytest.raises(NotAllowed, match="before"):
        ends.withdraw(of, "Again.", by=office.coordinator, at=LATER)
