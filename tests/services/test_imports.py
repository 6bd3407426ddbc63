"""From a document to recommendations: drafts are kept, corrected, left out and put back; accepting is all or none."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from tests.making import BEGIN, Office
from tracker import clock, database, intake
from tracker.domain.vocabulary import EntryKind, Role
from tracker.errors import ChangedMeanwhile, NotAccepted, NotFound, NotReadable, Refusal
from tracker.models import Addressee, Draft, Entry, Import, Recommendation, Report, Section
from tracker.queries import imports as of_imports
from tracker.queries.imports import Description, Review
from tracker.services import doubts, imports, jobs

ROWS = "Police et justice\n\n2024/1\tFormer la police.\tPolice\n2024/2\tFormer les magistrats.\tmagistrats\n"


@pytest.fixture
def office(database_url: str) -> Office:
    """An issuer with nothing on record yet."""
    return Office.set_up(is_imported=False)


def read(office: Office, text: str = ROWS, slug: str = "myria-2024") -> Import:
    return imports.read(
        office.issuer.id,
        text.encode(),
        "annex.txt",
        report=slug,
        title="Rapport 2024",
        issued_on=date(2024, 10, 18),
        by=office.coordinator,
        at=BEGIN,
    )


def accept(import_: Import) -> imports.Accepted:
    return imports.accept(import_.id, by=None, at=BEGIN)


def review(import_: Import) -> Review:
    with database.reading():
        return of_imports.review(import_.id)


def count(table: type) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_reading_keeps_drafts_and_nothing_else(office: Office) -> None:
    import_ = read(office)
    assert [draft.code for draft in review(import_).reading.drafts] == ["2024/1", "2024/2"]
    assert (count(Draft), count(Report), count(Recommendation), count(Entry)) == (2, 0, 0, 0)


def test_a_document_that_cannot_be_read_leaves_nothing(office: Office) -> None:
    with pytest.raises(NotReadable, match="damaged"):
        imports.read(office.issuer.id, b"%PDF-1.7", "a.pdf", by=None, at=BEGIN)
    assert count(Import) == 0


def test_accepting_puts_texts_sections_addressees_and_first_entries_on_record(office: Office) -> None:
    done = accept(read(office))
    assert (done.report, done.added, done.known, done.links) == ("myria-2024", 2, 0, 2)
    with database.reading() as session:
        recommendation = session.scalars(select(Recommendation).filter_by(code="2024/1")).one()
        assert recommendation.text("fr").text == "Former la police."
        assert session.get_one(Section, recommendation.section_id).title == "Police et justice"
        kinds = session.scalars(select(Entry.kind)).all()
        assert set(kinds) == {EntryKind.ISSUED}
        assert len(kinds) == 4
        addressee = session.scalars(select(Addressee).filter_by(recommendation_id=recommendation.id)).one()
        assert (addressee.body.slug, addressee.role) == ("police", Role.IMPLEMENTER)


def test_one_draft_that_stops_keeps_all_of_them_out(office: Office) -> None:
    import_ = read(office, ROWS + "2024/3\tSans destinataire connu.\tCommission des Étoiles\n")
    with pytest.raises(NotAccepted, match=r"Line 5: “Commission des Étoiles”"):
        accept(import_)
    assert (count(Report), count(Recommendation), count(Entry)) == (0, 0, 0)


def test_the_same_document_again_adds_nothing(office: Office) -> None:
    accept(read(office))
    before = (count(Recommendation), count(Addressee), count(Entry))
    done = accept(read(office))
    assert (done.added, done.known, done.links) == (0, 2, 0)
    assert (count(Recommendation), count(Addressee), count(Entry)) == before


def test_what_is_new_is_added_to_what_is_there(office: Office) -> None:
    accept(read(office))
    done = accept(read(office, ROWS + "2024/3\tInformer.\tPolice\n"))
    assert (done.added, done.known) == (1, 2)


def test_a_code_with_another_text_stops(office: Office) -> None:
    accept(read(office))
    with pytest.raises(NotAccepted, match="2024/2 is in this report already, with another text"):
        accept(read(office, ROWS.replace("Former les", "Former tous les")))


def test_a_code_with_other_addressees_stops(office: Office) -> None:
    accept(read(office))
    with pytest.raises(NotAccepted, match=r"2024/2 is in this report already, addressed to \w"):
        accept(read(office, ROWS.replace("magistrats\n", "magistrats, Police\n")))


def test_a_recommendation_without_a_code_is_known_by_its_text_and_its_addressees(office: Office) -> None:
    """It has nothing else to be known by."""

    def uncoded(addressee: str) -> Import:
        import_ = read(office, f"2024/3\tInformer les victimes.\t{addressee}\n")
        draft = replace(review(import_).draft(0), code=None)
        imports.correct(import_.id, 0, draft, version=1, by=office.coordinator)
        return import_

    assert accept(uncoded("Police")).added == 1
    assert accept(uncoded("Police")).known == 1
    with pytest.raises(NotAccepted, match=r"“Informer les victimes\.…” is in this report already, addressed to Police"):
        accept(uncoded("magistrats"))


def test_the_longest_short_name_has_room_for_recommendations_without_a_code(office: Office) -> None:
    import_ = read(office, slug="m" * 80)
    for position, version in ((0, 1), (1, 2)):
        draft = replace(review(import_).draft(position), code=None)
        imports.correct(import_.id, position, draft, version=version, by=office.coordinator)
    accept(import_)
    with database.reading() as session:
        addresses = session.scalars(select(Recommendation.address).order_by(Recommendation.position)).all()
    assert addresses == [f"{'m' * 70}-1", f"{'m' * 70}-2"]


def test_accepting_on_an_old_version_is_refused_and_nothing_is_kept(office: Office) -> None:
    import_ = read(office)
    imports.drop(import_.id, 0, version=1, by=office.coordinator)
    with pytest.raises(ChangedMeanwhile, match="meanwhile"):
        imports.accept(import_.id, version=1, by=office.coordinator, at=BEGIN)
    assert count(Report) == 0
    assert imports.accept(import_.id, version=2, by=office.coordinator, at=BEGIN).added == 1


def test_the_report_as_the_page_shows_it_is_kept_where_something_else_stops(office: Office) -> None:
    import_ = read(office, ROWS + "2024/3\tSans destinataire connu.\tCommission des Étoiles\n")
    of = Description("myria-2024", "Un autre titre", date(2024, 10, 18))
    with pytest.raises(NotAccepted):
        imports.accept(import_.id, of, by=office.coordinator, at=BEGIN)
    assert review(import_).import_.report_title == "Un autre titre"


def test_only_the_issuer_s_coordinators_change_an_import(office: Office) -> None:
    import_ = read(office)
    draft = review(import_).draft(0)
    for by in (office.reader, office.police):
        for change in (
            lambda by: imports.describe(import_.id, Description("x", "X", date(2024, 1, 1)), version=1, by=by),
            lambda by: imports.correct(import_.id, 0, draft, version=1, by=by),
            lambda by: imports.drop(import_.id, 0, version=1, by=by),
            lambda by: imports.restore(import_.id, 0, version=1, by=by),
            lambda by: imports.settle(import_.id, "encoding", version=1, by=by),
            lambda by: imports.discard(import_.id, version=1, by=by),
            lambda by: imports.resume(import_.id, by=by),
            lambda by: imports.accept(import_.id, by=by, at=BEGIN),
        ):
            with pytest.raises(NotFound, match="no such import"):
                change(by)
    assert review(import_).import_.version == 1


def test_every_act_on_a_review_is_done_on_the_version_that_was_seen_and_moves_it(office: Office) -> None:
    import_ = read(office, ROWS.replace("Police et", "2024/0\tPolice et"))
    by, of = office.coordinator, Description("myria-2024", "Un autre titre", date(2024, 10, 18))
    draft = review(import_).draft(0)
    acts: list[Callable[[int], object]] = [
        lambda version: imports.describe(import_.id, of, version=version, by=by),
        lambda version: imports.correct(import_.id, 0, draft, version=version, by=by),
        lambda version: imports.drop(import_.id, 0, version=version, by=by),
        lambda version: imports.restore(import_.id, 0, version=version, by=by),
        lambda version: imports.settle(import_.id, "encoding", version=version, by=by),
        lambda version: imports.discard(import_.id, version=version, by=by),
    ]
    for number, act in enumerate(acts, start=1):
        for stale in (number - 1, number + 1):
            with pytest.raises(ChangedMeanwhile):
                act(stale)
        act(number)
    imports.resume(import_.id, by=by)
    assert review(import_).import_.version == len(acts) + 2


def test_a_document_is_read_for_an_issuer_by_its_coordinators_alone(office: Office) -> None:
    for by in (office.reader, office.police):
        with pytest.raises(NotFound, match="no such issuer"):
            imports.read(office.issuer.id, ROWS.encode(), "a.txt", by=by, at=BEGIN)
        with pytest.raises(NotFound, match="no such issuer"):
            jobs.read(office.issuer.id, ROWS.encode(), "a.txt", language=None, by=by, at=BEGIN)
    assert count(Import) == 0


def test_a_code_whose_address_is_taken_on_record_stops(office: Office) -> None:
    accept(read(office))
    import_ = read(office, "2024/7\tInformer.\tPolice\n")
    draft = review(import_).draft(0)
    imports.correct(import_.id, 0, replace(draft, code="2024-1"), version=1, by=office.coordinator)
    with pytest.raises(NotAccepted, match="2024-1 would have the same address as 2024/1"):
        accept(import_)


def test_a_report_of_the_same_name_with_another_title_stops(office: Office) -> None:
    accept(read(office))
    import_ = read(office, "2024/3\tInformer.\tPolice\n")
    of = Description("myria-2024", "Un autre titre", date(2024, 10, 18))
    imports.describe(import_.id, of, version=1, by=office.coordinator)
    with pytest.raises(NotAccepted, match="is here already as “Rapport 2024”"):
        accept(import_)


@pytest.mark.parametrize("day", [date(9999, 12, 31), date(2026, 11, 24), date(1899, 12, 31), date(1, 1, 1)])
def test_a_report_that_is_not_published_yet_or_long_ago_stops(office: Office, day: date) -> None:
    """What was asked before its report was published would count for nothing."""
    clock.use(lambda: datetime(2026, 11, 23, 22, 59, tzinfo=UTC))
    import_ = read(office)
    imports.describe(import_.id, Description("myria-2024", "Rapport 2024", day), version=1, by=office.coordinator)
    with pytest.raises(NotAccepted, match="Correct the day of publication"):
        accept(import_)

    today = Description("myria-2024", "Rapport 2024", date(2026, 11, 23))
    imports.describe(import_.id, today, version=2, by=office.coordinator)
    assert accept(import_).added == 2


def test_an_accepted_import_is_not_accepted_twice(office: Office) -> None:
    import_ = read(office)
    accept(import_)
    with pytest.raises(Refusal, match="no longer under review"):
        accept(import_)
    assert not review(import_).stops


def test_a_correction_on_an_old_version_is_refused(office: Office) -> None:
    import_ = read(office)
    draft = review(import_).draft(0)
    imports.correct(import_.id, 0, replace(draft, text="Un."), version=1, by=office.coordinator)
    with pytest.raises(ChangedMeanwhile, match="meanwhile"):
        imports.correct(import_.id, 0, replace(draft, text="Deux."), version=1, by=office.coordinator)
    with pytest.raises(ChangedMeanwhile):
        imports.drop(import_.id, 0, version=1, by=office.coordinator)
    assert review(import_).draft(0).text == "Un."


def test_what_is_left_out_is_told_line_by_line_and_comes_back_as_it_was(office: Office) -> None:
    import_ = read(office)
    before = review(import_)
    imports.drop(import_.id, 0, version=1, by=office.coordinator)
    without = review(import_)
    assert without.positions == (1,)
    assert [(one.line, one.why) for one in without.reading.leftover if one.why == "dropped"] == [(3, "dropped")]
    assert [position for position, _draft in without.dropped] == [0]
    with pytest.raises(NotFound):
        without.draft(0)

    imports.restore(import_.id, 0, version=2, by=office.coordinator)
    after = review(import_)
    assert (after.reading, after.positions, after.dropped) == (before.reading, before.positions, ())
    with pytest.raises(NotFound):
        imports.restore(import_.id, 0, version=3, by=office.coordinator)


def test_an_import_of_which_everything_is_left_out_is_not_accepted(office: Office) -> None:
    import_ = read(office, "2024/1\tA b c.\tPolice\n")
    imports.drop(import_.id, 0, version=1, by=office.coordinator)
    with pytest.raises(NotAccepted, match="Everything is left out"):
        accept(import_)
    assert count(Report) == 0


def test_a_discarded_import_cannot_be_accepted_until_it_is_taken_up_again(office: Office) -> None:
    import_ = read(office)
    imports.discard(import_.id, version=1, by=office.coordinator)
    with pytest.raises(Refusal):
        accept(import_)
    imports.resume(import_.id, by=office.coordinator)
    assert accept(import_).added == 2


def test_only_what_does_not_stop_is_settled_by_a_word(office: Office) -> None:
    import_ = read(office, "Rien du tout.\n")
    imports.settle(import_.id, "no_recommendations", version=1, by=office.coordinator)
    assert [one.code for one in review(import_).stops] == ["no_recommendations"]


def test_the_report_is_proposed_from_issuer_and_year(office: Office) -> None:
    import_ = imports.read(office.issuer.id, ROWS.encode(), "a.txt", language="fr", by=None, at=BEGIN)
    with database.reading():
        proposed = of_imports.proposed(of_imports.review(import_.id))
    assert (proposed.slug, proposed.issued_on) == ("myria-2024", None)
    assert "2024" in proposed.title


def typed(name: str = "", qualifier: str = "", body: str = "", role: str = "") -> doubts.Typed:
    return doubts.Typed(name, qualifier, body, role)


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (typed("Police"), ("Police", None, "police", "exact", "implementer")),
        (typed("Police", role="relay"), ("Police", None, "police", "exact", "relay")),
        (typed("La maréchaussée", body="police"), ("La maréchaussée", None, "police", "exact", "implementer")),
        (typed("Police (locale)"), ("Police", "locale", "police", "exact", "implementer")),
        (typed("Police", "fédérale"), ("Police", "fédérale", "police", "exact", "implementer")),
        (typed("Commission des Étoiles"), ("Commission des Étoiles", None, None, "none", "implementer")),
    ],
)
def test_what_was_typed_becomes_an_addressee(office: Office, row: doubts.Typed, expected: tuple[str, ...]) -> None:
    draft = review(read(office, "2024/1\tA b c.\tmagistrats\n")).draft(0)
    shipped = intake.Register.shipped()
    made = doubts.corrected(draft, code="", section="", text="D.", typed=[typed(), row], register=shipped)
    (one,) = made.addressees
    assert (one.as_written, one.qualifier, one.body, one.match, one.role) == expected
    assert (made.code, made.section, made.text, made.alternatives) == (None, None, "D.", ())


def test_a_likely_body_stays_a_question_until_it_is_chosen(office: Office) -> None:
    draft = review(read(office, "2024/1\tA b c.\tServices de polices\n")).draft(0)
    said = {"code": "2024/1", "section": "", "text": "A b c.", "register": intake.Register.shipped()}
    (left,) = doubts.corrected(draft, typed=[typed("Services de polices")], **said).addressees
    assert left.match == "likely"
    (chosen,) = doubts.corrected(draft, typed=[typed("Services de polices", body="police")], **said).addressees
    assert chosen.match == "exact"
    assert doubts.confirm_body(draft, 0).addressees[0].match == "exact"


def test_of_the_same_body_twice_the_first_is_kept(office: Office) -> None:
    draft = review(read(office, "2024/1\tA b c.\tPolice - Services de police - magistrats\n")).draft(0)
    assert [one.as_written for one in doubts.keep_first(draft).addressees] == ["Police", "magistrats"]


def test_a_body_can_be_added_and_then_accepted(office: Office) -> None:
    import_ = read(office, "2024/1\tA b c.\tCommission des Étoiles\n")
    draft = review(import_).draft(0)
    chosen = replace(draft.addressees[0], body="police", match="exact")
    imports.correct(import_.id, 0, replace(draft, addressees=(chosen,)), version=1, by=office.coordinator)
    assert accept(import_).links == 1

    with database.reading() as session:
        [added] = session.scalars(select(Addressee).join(Recommendation).where(Recommendation.code == "2024/1"))
        assert added.body.slug == "police"
        assert [one.as_printed for one in added.wordings] == ["Commission des Étoiles"]


SHEET = "Cote;Objet;Pour\n" + "".join(
    f"2024/{n};Former les équipes numéro {n} à la détection.;Police\n" for n in range(1, 7)
)


def test_what_a_column_holds_is_said_once_and_remembered(office: Office) -> None:
    first = imports.read(office.issuer.id, SHEET.encode(), "a.csv", by=office.coordinator, at=BEGIN)
    with database.reading():
        [table] = of_imports.review(first.id).reading.tables

    imports.read_again(
        first.id, chosen={table.key: ["code", "text", "addressee"]}, version=first.version, by=office.coordinator
    )
    second = imports.read(
        office.issuer.id, SHEET.replace("2024", "2025").encode(), "b.csv", by=office.coordinator, at=BEGIN
    )

    for import_, code in ((first, "2024/1"), (second, "2025/1")):
        with database.reading():
            reading = of_imports.review(import_.id).reading
        assert (reading.drafts[0].code, reading.drafts[0].addressees[0].body, len(reading.drafts)) == (
            code,
            "police",
            6,
        )


def test_a_document_is_not_read_again_over_a_correction_nobody_saw(office: Office) -> None:
    import_ = imports.read(office.issuer.id, SHEET.encode(), "a.csv", by=office.coordinator, at=BEGIN)

    with pytest.raises(ChangedMeanwhile):
        imports.read_again(import_.id, chosen={}, version=import_.version + 1, by=office.coordinator)


def test_the_same_annex_under_another_name_is_doubted_once(office: Office) -> None:
    accept(read(office))

    other = read(office, slug="myria-again")

    doubts = [one for one in review(other).doubts if one.code == "in_another_report"]
    assert [str(one.values["code"]) for one in doubts] == ["2024/1"]


def test_the_same_document_again_belongs_where_it_went(office: Office) -> None:
    accept(read(office))

    again = imports.read(office.issuer.id, ROWS.encode(), "copy.txt", by=office.coordinator, at=BEGIN)

    assert (again.report_slug, again.report_title) == ("myria-2024", "Rapport 2024")
    assert not review(again).stops


WORDS = st.text(alphabet="abcdéô ,;-'’()1", min_size=1, max_size=60).filter(str.strip)
ADDRESSEES = st.lists(st.sampled_from(["Police", "magistrats", "SIRS"]), min_size=1, max_size=2, unique=True)


@settings(deadline=None, max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.tuples(WORDS, ADDRESSEES), min_size=1, max_size=5), repeated=st.integers(1, 3))
def test_importing_again_is_importing_once(office: Office, rows: list[tuple[str, list[str]]], repeated: int) -> None:
    slug = f"r{uuid4().hex[:12]}"
    text = "".join(f"2024/{n}\t{words.strip()}.\t{', '.join(to)}\n" for n, (words, to) in enumerate(rows, start=1))
    import_ = read(office, text, slug)
    assume(not review(import_).stops)
    first = accept(import_)
    before = [count(table) for table in (Recommendation, Addressee, Section, Entry)]
    for _time in range(repeated):
        again = accept(read(office, text, slug))
        assert (again.added, again.known, again.links) == (0, first.added, 0)
    assert [count(table) for table in (Recommendation, Addressee, Section, Entry)] == before
