"""A response sheet: its answers come in as recorded on paper, all of them or none, and again none."""

from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from tests.intake import files
from tests.making import BEGIN, Office
from tracker import database, intake
from tracker.domain.vocabulary import Channel, EntryKind, Implementation, Response
from tracker.errors import NotAccepted, NotFound
from tracker.intake.replies import day_of, meaning
from tracker.models import Entry, Import, StandingRow
from tracker.queries import import_answers as of_answers
from tracker.queries import imports as of_imports
from tracker.queries.verify import verify
from tracker.services import import_answers, imports
from tracker.services.import_answers import Meaning, Sheet

LATER = BEGIN + timedelta(days=200)
HEADS = ("N°", "Recommandation", "Destinataire", "Réponse", "Statut", "Date de la réponse")
TEXT = "Le Centre recommande de former les magistrats et la police."
DONE = (Response.ACCEPTED, Implementation.FULLY)


@pytest.fixture
def office(office: Office) -> Office:
    """An office with a report of two recommendations, the first put to two bodies."""
    annex = f"2024/1\t{TEXT}\tPolice, magistrats\n2024/2\tInformer les victimes.\tPolice\n"
    accept(office, read(office, annex.encode()))
    return office


def read(office: Office, content: bytes) -> Import:
    return imports.read(
        office.issuer.id, content, "sheet.xlsx", language="fr", report="myria-2024", title="Rapport 2024",
        issued_on=date(2024, 9, 18), by=office.coordinator, at=BEGIN,
    )  # fmt: skip


def accept(office: Office, import_: Import) -> imports.Accepted:
    return imports.accept(import_.id, by=office.coordinator, at=BEGIN)


def sheet(office: Office, *rows: Sequence[str]) -> Import:
    return read(office, files.sheet([HEADS, *rows]))


ROWS = (
    ("2024/1", TEXT, "Police", "Une formation est donnée.", "Mise en œuvre", "12 mars 2025"),
    ("2024/1", TEXT, "magistrats", "Cela revient à l’Institut.", "Hors compétence", "12/03/2025"),
    ("2024/2", "Informer les victimes.", "Police", "", "", ""),
)
SURE = Sheet(
    {"Mise en œuvre": Meaning(*DONE), "Hors compétence": Meaning(Response.NOT_COMPETENT, None)},
    None,
    Channel.LETTER,
)


def rows(import_: Import) -> list[of_answers.Row]:
    with database.reading():
        return of_answers.rows(of_imports.review(import_.id))


def answered() -> list[Entry]:
    with database.reading() as session:
        of_them = select(Entry).where(Entry.kind == EntryKind.ANSWERED).order_by(Entry.seq)
        return list(session.scalars(of_them))


def test_each_answer_goes_to_the_body_beside_it_on_its_day(office: Office) -> None:
    import_ = sheet(office, *ROWS)
    assert [(row.code, row.body, row.on) for row in rows(import_)] == [
        ("2024/1", "police", date(2025, 3, 12)),
        ("2024/1", "magistrats", date(2025, 3, 12)),
    ]
    done = import_answers.record(import_.id, SURE, by=office.coordinator, at=LATER)
    assert (done.added, done.known, done.left_out) == (2, 0, 0)
    first, second = answered()
    assert first.counts_on == second.counts_on == date(2025, 3, 12)
    assert first.text
    assert "Une formation est donnée." in first.text.text
    assert '"channel":"letter"' in first.facts
    with database.reading() as session:
        standing = session.scalars(select(StandingRow).filter_by(addressee_id=first.addressee_id, until_on=None)).one()
        assert (standing.response, standing.reported) == DONE
        assert verify().ok


def test_a_sheet_recorded_again_adds_nothing(office: Office) -> None:
    import_ = sheet(office, *ROWS)
    import_answers.record(import_.id, SURE, by=office.coordinator, at=LATER)
    again = import_answers.record(import_.id, SURE, by=office.coordinator, at=LATER)
    assert (again.added, again.known, len(answered())) == (0, 2, 2)
    assert accept(office, import_).added == 0


def test_an_answer_ends_what_was_expected(office: Office) -> None:
    office.ask("myria-2024")
    import_answers.record(sheet(office, *ROWS).id, SURE, by=office.coordinator, at=LATER)
    with database.reading() as session:
        first = answered()[0]
        standing = session.scalars(select(StandingRow).filter_by(addressee_id=first.addressee_id, until_on=None)).one()
        assert standing.reply_due_on is None
        assert verify().ok


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (("2024/9", "Une autre demande.", "Police", "Oui.", "Acceptée", "1/3/2025"), "2024/9 is not on record"),
        (("2024/1", TEXT, "", "Oui.", "Acceptée", "1/3/2025"), "cannot be told who answers: “–”"),
        (("2024/2", "Informer les victimes.", "magistrats", "Oui.", "Acceptée", "1/3/2025"), "who answers: “mag"),
        (("2024/2", "Informer les victimes.", "Police", "Oui.", "Peut-être", "1/3/2025"), "what “Peut-être” means"),
        (("2024/2", "Informer les victimes.", "Police", "Oui.", "Acceptée", ""), "the day on which the answer"),
        (("2024/2", "Informer les victimes.", "Police", "Oui.", "Acceptée", "1/3/2020"), "before the report"),
        (("2024/2", "Informer les victimes.", "Police", "", "Refusée", "1/3/2025"), "why the body does not accept"),
    ],
)  # fmt: skip
def test_one_line_that_cannot_be_recorded_stops_all_unless_it_is_left_out(
    office: Office, row: Sequence[str], says: str
) -> None:
    import_ = sheet(office, ROWS[0], row)
    meanings = {one: Meaning(*meaning(one)) for one in ("Mise en œuvre", "Acceptée", "Refusée")}
    with pytest.raises(NotAccepted, match=f"Line 3: .*{says}"):
        import_answers.record(import_.id, Sheet(meanings, None, Channel.MAIL), by=office.coordinator, at=LATER)
    assert answered() == []
    left = import_answers.record(
        import_.id, Sheet(meanings, None, Channel.MAIL, leaves_out=True), by=office.coordinator, at=LATER
    )
    assert (left.added, left.left_out) == (1, 1)


def test_only_the_issuer_s_coordinators_record_a_sheet(office: Office) -> None:
    import_ = sheet(office, *ROWS)
    for by in (office.reader, office.police):
        with pytest.raises(NotFound):
            import_answers.record(import_.id, SURE, by=by, at=LATER)


@pytest.mark.parametrize(
    "heads",
    [
        ("Nr.", "Aanbeveling", "Geadresseerde", "Antwoord", "Stand van uitvoering", "Datum antwoord"),
        ("No.", "Recommendation", "Addressee", "Response", "Status", "Date of response"),
        ("Nr.", "Empfehlung", "Adressat", "Antwort", "Status der Umsetzung", "Datum"),
        HEADS,
    ],
)
def test_the_columns_of_answers_are_found_by_their_heads_in_four_languages(heads: Sequence[str]) -> None:
    content = files.sheet([heads, *ROWS])
    reading = intake.read(content, "a.xlsx", intake.Register.shipped())
    first, second = reading.drafts[0].answers
    assert (first.bodies, first.status, first.on) == (("police",), "Mise en œuvre", "2025-03-12")
    assert second.text == "Cela revient à l’Institut."
    assert intake.Reading.from_json(reading.to_json()) == reading


@pytest.mark.parametrize(
    ("status", "meant"),
    [
        ("Implemented", DONE),
        ("Gedeeltelijk uitgevoerd", (Response.ACCEPTED, Implementation.PARTIALLY)),
        ("Non mise en œuvre", (None, Implementation.NOT_IMPLEMENTED)),
        ("Refusée", (Response.NOT_ACCEPTED, None)),
        ("In Umsetzung", (Response.ACCEPTED, Implementation.IN_PROGRESS)),
        ("Acceptée en partie", (Response.ACCEPTED_IN_PART, None)),
        ("Noted", (Response.UNDER_CONSIDERATION, None)),
        ("Voir ci-dessus", (None, None)),
        ("", (None, None)),
    ],
)
def test_a_status_proposes_what_its_words_say(status: str, meant: tuple[object, object]) -> None:
    assert meaning(status) == meant


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("2024-03-12", date(2024, 3, 12)),
        ("12.3.2024", date(2024, 3, 12)),
        ("1er août 2023", date(2023, 8, 1)),
        ("3 mrt. 2024", date(2024, 3, 3)),
        ("31/02/2024", None),
        ("printemps 2024", None),
        ("", None),
    ],
)
def test_a_day_is_read_as_people_write_it(cell: str, day: date | None) -> None:
    assert day_of(cell) == day
