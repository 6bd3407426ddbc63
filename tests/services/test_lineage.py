"""Which recommendation restates which: proposed by likeness, decided by a coordinator, taken back on record."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DatabaseError

from tests.making import BEGIN, Office
from tracker import database
from tracker.domain.acts import Act
from tracker.errors import NotFound, Refusal
from tracker.models import AuditRow, Recommendation, RecommendationText, Restatement
from tracker.queries import likeness
from tracker.queries import lineage as queries
from tracker.services import ends, lineage, stems

LATER = BEGIN + timedelta(days=1)
DUTCH = "Het geld van netwerken volgen."


def of(code: str) -> Recommendation:
    with database.reading() as session:
        return session.scalars(select(Recommendation).filter_by(code=code, is_hidden=False)).one()


def codes(found: list[Recommendation]) -> list[str | None]:
    return [one.code for one in found]


def restate(office: Office, later: str, earlier: str, *, is_same: bool = True) -> Restatement:
    return lineage.decide(of(later).id, of(earlier).id, is_same=is_same, by=office.coordinator, at=LATER)


def test_the_earlier_one_that_shares_most_is_proposed_and_none_of_the_same_report(office: Office) -> None:
    with database.reading():
        found = queries.proposed(of("2023/4"))

    assert found[0].recommendation.code == "2018/40"
    assert [piece for piece, is_shared in found[0].shared if is_shared] == ["financièrement", "approche", "chaîne"]
    assert all((one.recommendation.code or "").startswith("2018/") for one in found)


def test_a_text_in_another_language_finds_those_that_have_it_too(office: Office) -> None:
    with database.transaction() as session:
        session.add(RecommendationText(recommendation_id=of("2018/40").id, language="nl", text=DUTCH))
    with database.transaction() as session:
        stems.keep_more(session, [(of("2018/40").id, {"nl": DUTCH})])
        stems.keep_more(session, [(of("2018/40").id, {"nl": DUTCH})])
    with database.reading():
        new = of("2023/4").report.issued_on
        found = likeness.like(office.issuer.id, new, {"nl": "Volg altijd het geld van netwerken."})
        in_french = likeness.like(office.issuer.id, new, {"fr": "Volg altijd het geld van netwerken."})

    assert (found[0].recommendation.code, found[0].language) == ("2018/40", "nl")
    assert in_french == []


def test_what_was_decided_is_told_both_ways_and_along_the_whole_line(office: Office) -> None:
    restate(office, "2023/4", "2018/40")
    restate(office, "2023/4", "2018/36")
    restate(office, "2023/5", "2018/40")
    restate(office, "2023/6", "2018/40", is_same=False)

    with database.reading():
        assert codes(queries.earlier(of("2023/4").id)) == ["2018/36", "2018/40"]
        assert codes(queries.later(of("2018/40").id)) == ["2023/4", "2023/5"]
        assert queries.earlier(of("2023/6").id) == []
        assert "2018/40" not in codes([one.recommendation for one in queries.proposed(of("2023/4"))])
        [first, _second] = queries.told(queries.earlier(of("2023/4").id), LATER.date())
        assert [said.body.slug for said in first.said]


def test_a_decision_is_taken_back_and_stays_on_record(office: Office) -> None:
    first = restate(office, "2023/4", "2018/40")
    assert restate(office, "2023/4", "2018/40").id == first.id  # the second of two clicks
    later, earlier = of("2023/4").id, of("2018/40").id

    lineage.take_back(later, earlier, by=office.coordinator, at=LATER)
    with pytest.raises(NotFound):
        lineage.take_back(later, earlier, by=office.coordinator, at=LATER)
    restate(office, "2023/4", "2018/40", is_same=False)
    restate(office, "2023/4", "2018/40")

    with database.reading() as session:
        rows = session.scalars(select(Restatement).order_by(Restatement.id)).all()
        assert [(row.is_same, row.taken_back_by_id is not None) for row in rows] == [
            (True, True), (False, True), (True, False)
        ]  # fmt: skip
        acts = [row.act for row in session.scalars(select(AuditRow).order_by(AuditRow.id)) if "restate" in row.act]
        confirmed, denied, taken = Act.RESTATEMENT_CONFIRMED, Act.RESTATEMENT_DENIED, Act.RESTATEMENT_TAKEN_BACK
        assert acts == [confirmed, taken, denied, confirmed]


def test_only_an_earlier_one_of_the_same_issuer_can_have_been_asked_before(office: Office) -> None:
    for code in ("2018/36", "2018/40"):
        with pytest.raises(Refusal, match="earlier report"):
            restate(office, "2018/40", code)
    with pytest.raises(NotFound):
        lineage.decide(of("2023/4").id, of("2018/40").id, is_same=True, by=office.reader, at=LATER)
    with pytest.raises(NotFound):
        lineage.decide(of("2023/4").id, of("2018/40").id, is_same=True, by=office.police, at=LATER)


def test_one_may_be_named_by_its_number(office: Office) -> None:
    later = of("2023/8").id
    lineage.decide_named(later, "myria-2018", "2018/40", by=office.coordinator, at=LATER)
    lineage.decide_named(later, "myria-2018", "2018-36", by=office.coordinator, at=LATER)
    with pytest.raises(Refusal, match="no such number"):
        lineage.decide_named(later, "myria-2018", "2018/400", by=office.coordinator, at=LATER)

    with database.reading():
        assert codes(queries.earlier(later)) == ["2018/36", "2018/40"]


def test_what_an_undone_import_had_added_is_told_nowhere(office: Office) -> None:
    restate(office, "2023/4", "2018/40")
    earlier = of("2018/40")
    assert earlier.import_id is not None
    ends.undo_import(earlier.import_id, by=office.coordinator, at=LATER)

    with database.reading():
        assert queries.earlier(of("2023/4").id) == []
        assert queries.decided(of("2023/4").id) == []
        assert queries.proposed(of("2023/4")) == []
        assert not queries.has_earlier(of("2023/4").report)


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM restatement",
        "UPDATE restatement SET is_same = NOT is_same",
        "UPDATE restatement SET earlier_id = recommendation_id",
    ],
)
def test_the_database_itself_keeps_decisions(office: Office, statement: str) -> None:
    restate(office, "2023/4", "2018/40")

    with pytest.raises(DatabaseError), database.transaction() as session:
        session.connection().exec_driver_sql(statement)
