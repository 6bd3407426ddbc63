"""The issuer's own themes, groups and priorities: kept in lists, given one by one or in a review, narrowed by."""

import pytest
from sqlalchemy import select

from tests.making import ANNEXES, BEGIN, ISSUED, Office
from tests.services.test_lineage import of
from tracker import clock, database
from tracker.domain.vocabulary import TermKind
from tracker.errors import NotFound, Refusal
from tracker.models import Import, RecommendationTerm, Term
from tracker.queries import addressees as of_addressees
from tracker.queries import figures
from tracker.queries import imports as of_imports
from tracker.queries import terms as queries
from tracker.queries.figures import By
from tracker.queries.filters import Filters
from tracker.services import ends, import_terms, imports, splits, terms
from tracker.services.splits import Demand


@pytest.fixture(autouse=True)
def today(office: Office) -> None:
    clock.use(lambda: BEGIN)


def add(office: Office, kind: TermKind, fr: str, nl: str = "") -> Term:
    return terms.add(office.issuer.id, kind, {"fr": fr, "nl": nl}, by=office.coordinator, at=BEGIN)


def addressees(office: Office, **narrowed: str) -> int:
    with database.reading():
        filters = Filters(BEGIN.date(), issuer_ids=frozenset({office.issuer.id}), **narrowed)
        return figures.figures(By.BODY, filters)[1].addressees


def test_what_a_recommendation_is_given_narrows_lists_and_figures(office: Office) -> None:
    minors, money = add(office, TermKind.THEME, "Mineurs", "Minderjarigen"), add(office, TermKind.THEME, "Argent")
    first = add(office, TermKind.PRIORITY, "Haute")
    terms.assign(of("2023/8").id, [minors.id, first.id], by=office.coordinator, at=BEGIN)
    terms.assign(of("2023/4").id, [money.id], by=office.coordinator, at=BEGIN)
    terms.assign(of("2023/4").id, [minors.id], by=office.coordinator, at=BEGIN)

    with database.reading():
        assert [one.name("nl") for one in queries.of_recommendation(of("2023/8").id)[TermKind.THEME]] == [
            "Minderjarigen"
        ]
        assert queries.uses({office.issuer.id}) == {minors.id: 2, first.id: 1}
    assert (
        0 < addressees(office, theme=str(minors.id), priority=str(first.id)) < addressees(office, theme=str(minors.id))
    )
    assert addressees(office, theme=str(money.id)) == 0
    assert addressees(office, theme="x") == addressees(office, group="99999999999") == 0


def test_a_recommendation_has_one_priority_and_only_what_is_in_the_lists(office: Office) -> None:
    high, low = add(office, TermKind.PRIORITY, "Haute"), add(office, TermKind.PRIORITY, "Basse")
    with pytest.raises(Refusal, match="one priority"):
        terms.assign(of("2023/8").id, [high.id, low.id], by=office.coordinator, at=BEGIN)
    with pytest.raises(NotFound):
        terms.assign(of("2023/8").id, [99], by=office.coordinator, at=BEGIN)
    with pytest.raises(NotFound):
        terms.assign(of("2023/8").id, [high.id], by=office.reader, at=BEGIN)


def test_names_are_told_apart_and_an_entry_that_ends_stays_where_it_is(office: Office) -> None:
    minors = add(office, TermKind.THEME, "Mineurs")
    terms.assign(of("2023/8").id, [minors.id], by=office.coordinator, at=BEGIN)
    with pytest.raises(Refusal, match="in this list already"):
        add(office, TermKind.THEME, " mineurs ")
    with pytest.raises(Refusal, match="one language at least"):
        add(office, TermKind.THEME, " ")
    with pytest.raises(Refusal, match="120 characters"):
        add(office, TermKind.THEME, "x" * 121)
    add(office, TermKind.GROUP, "Mineurs")

    terms.change(minors.id, {"nl": "Minderjarigen"}, is_ended=True, by=office.coordinator, at=BEGIN)

    with database.reading():
        assert queries.lists({office.issuer.id})[TermKind.THEME] == []
        [kept] = queries.of_recommendation(of("2023/8").id)[TermKind.THEME]
        assert kept.name("fr") == "Minderjarigen"
    with pytest.raises(NotFound):
        terms.change(minors.id, {"fr": "X"}, is_ended=False, by=office.police, at=BEGIN)


def test_a_review_gives_them_to_everything_and_to_sections(office: Office) -> None:
    everything, some = add(office, TermKind.THEME, "Traite"), add(office, TermKind.GROUP, "Première ligne")
    with database.reading() as session:
        import_id = session.scalars(select(Import.id).filter_by(name="myria-2023.txt")).one()
    ends.undo_import(import_id, by=office.coordinator, at=BEGIN)
    content = (ANNEXES / "myria-2023.txt").read_bytes()
    told = {"report": "myria-2023", "title": "Annual report", "issued_on": ISSUED["2023"]}
    again = imports.read(office.issuer.id, content, "again.txt", by=office.coordinator, at=BEGIN, **told)  # type: ignore[arg-type]
    with database.reading() as session:
        section = of_section(session.get_one(Import, again.id))
    chosen = {"": [everything.id], section: [some.id]}
    with pytest.raises(NotFound):
        import_terms.plan(again.id, chosen, by=office.reader)
    import_terms.plan(again.id, chosen, by=office.coordinator)

    imports.accept(again.id, by=office.coordinator, at=BEGIN)

    with database.reading():
        given = queries.uses({office.issuer.id})
        assert given[everything.id] == 12
        assert 0 < given[some.id] < 12


def of_section(import_: Import) -> str:
    return next(draft.section for draft in of_imports.review(import_.id).reading.drafts if draft.section)


def test_parts_are_of_what_the_whole_is(office: Office) -> None:
    minors = add(office, TermKind.THEME, "Mineurs")
    whole = of("2023/8")
    terms.assign(whole.id, [minors.id], by=office.coordinator, at=BEGIN)
    with database.reading():
        ids = frozenset(row.addressee.id for row in of_addressees.of_recommendation(whole.id, BEGIN.date()))
    demands = [Demand({"fr": "Un."}, ids), Demand({"fr": "Deux."}, ids)]
    splits.split(whole.id, demands, by=office.coordinator, at=BEGIN)

    with database.reading() as session:
        assert len(session.scalars(select(RecommendationTerm).filter_by(term_id=minors.id)).all()) == 3
