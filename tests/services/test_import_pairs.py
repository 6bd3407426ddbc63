"""The same report in two languages becomes one record with two texts."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from tests.making import BEGIN, Office
from tracker import database
from tracker.domain.vocabulary import Channel, EntryKind
from tracker.errors import NotAccepted, NotAllowed
from tracker.models import Addressee, AddresseeWording, Entry, Import, Recommendation, RecommendationText
from tracker.queries import import_undo
from tracker.queries import imports as of_imports
from tracker.queries.entries import Told
from tracker.queries.imports import Review
from tracker.queries.verify import verify
from tracker.services import ends, imports

FRENCH = "2024/1\tFormer la police à la détection.\tPolice\n2024/2\tFormer les magistrats.\tmagistrats\n"
DUTCH = (
    "2024/1\tLeid de politie op om slachtoffers te herkennen.\tPolitie\n2024/2\tLeid de magistraten op.\tmagistraten\n"
)
LATER = BEGIN + timedelta(days=30)
HOUR = timedelta(hours=1)
PAPER = {"channel": Channel.LETTER, "received_on": (LATER - HOUR).date()}


@pytest.fixture
def office(database_url: str) -> Office:
    """An issuer with nothing on record yet."""
    return Office.set_up(is_imported=False)


def read(office: Office, text: str, language: str, name: str = "annex.txt") -> Import:
    return imports.read(
        office.issuer.id, text.encode(), name, language=language, report="myria-2024", title="Rapport 2024",
        issued_on=date(2024, 9, 18), by=office.coordinator, at=BEGIN,
    )  # fmt: skip


def accept(import_: Import) -> imports.Accepted:
    return imports.accept(import_.id, by=None, at=LATER)


def review(import_: Import) -> Review:
    with database.reading():
        return of_imports.review(import_.id)


def found(import_: Import) -> list[str]:
    of = review(import_)
    return sorted({one.code for one in (*of.stops, *of.doubts)} - {"no_code"})


def count(table: type) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_a_second_language_adds_its_texts_to_the_record_with_their_source(office: Office) -> None:
    accept(read(office, FRENCH, "fr"))
    dutch = read(office, DUTCH, "nl")
    done = accept(dutch)

    assert (done.added, done.paired, done.known, done.links) == (0, 2, 0, 0)
    assert (count(Recommendation), count(RecommendationText), count(Addressee)) == (2, 4, 2)
    with database.reading() as session:
        one = session.scalars(select(Recommendation).filter_by(code="2024/1")).one()
        assert {text.language: text.text[:6] for text in one.texts} == {"fr": "Former", "nl": "Leid d"}
        addressee = session.scalars(select(Addressee).filter_by(recommendation_id=one.id)).one()
        assert {wording.language: wording.as_written for wording in addressee.wordings} == {
            "fr": "Police",
            "nl": "Politie",
        }
        of_it = session.scalars(select(Entry).filter_by(recommendation_id=one.id).order_by(Entry.seq)).all()
        assert [entry.kind for entry in of_it] == [EntryKind.ISSUED, EntryKind.ISSUED, EntryKind.TEXT_CORRECTED]
        assert dutch.digest in of_it[-1].facts
        assert verify().ok


def test_a_second_language_again_adds_nothing(office: Office) -> None:
    accept(read(office, FRENCH, "fr"))
    accept(read(office, DUTCH, "nl"))
    before = (count(RecommendationText), count(Entry))
    for text, language in ((DUTCH, "nl"), (FRENCH, "fr")):
        done = accept(read(office, text, language))
        assert (done.added, done.paired, done.known) == (0, 0, 2)
    assert (count(RecommendationText), count(Entry)) == before


def test_a_pair_with_other_addressees_stops_until_they_agree(office: Office) -> None:
    accept(read(office, FRENCH, "fr"))
    dutch = read(office, DUTCH.replace("magistraten\n", "magistraten, Politie\n"), "nl")
    assert found(dutch) == ["addressees_differ"]
    with pytest.raises(NotAccepted, match="addressed to"):
        accept(dutch)


def test_codes_without_a_counterpart_are_told_on_both_sides(office: Office) -> None:
    accept(read(office, FRENCH, "fr"))
    dutch = read(office, DUTCH.replace("2024/2", "2024/3"), "nl")
    assert found(dutch) == ["unpaired", "unpaired_there"]
    told = {one.code: one for one in (*review(dutch).findings,)}
    assert (told["unpaired"].line, told["unpaired_there"].values["codes"]) == (2, "2024/2")
    done = accept(dutch)
    assert (done.added, done.paired) == (1, 1)
    with database.reading() as session:
        new = session.scalars(select(Recommendation).filter_by(code="2024/3")).one()
        assert [text.language for text in new.texts] == ["nl"]
        assert verify().ok


def test_without_codes_only_the_place_pairs_and_that_is_a_doubt(office: Office) -> None:
    def uncoded(text: str) -> str:
        return "Recommandation;Destinataire\n" + "".join(
            ";".join(line.split("\t")[1:]) + "\n" for line in text.splitlines()
        )

    accept(read(office, uncoded(FRENCH), "fr"))
    dutch = read(office, uncoded(DUTCH), "nl")
    assert found(dutch) == ["paired_by_place"]
    done = accept(dutch)
    assert (done.added, done.paired) == (0, 2)
    assert accept(read(office, uncoded(DUTCH), "nl")).known == 2


def test_two_languages_under_review_at_once_look_at_each_other(office: Office) -> None:
    french = read(office, FRENCH, "fr", "fr.txt")
    dutch = read(office, DUTCH.replace("magistraten\n", "Politie\n"), "nl", "nl.txt")
    assert found(french) == found(dutch) == ["other_language", "others_in_other"]
    assert review(dutch).others["2024/1"].draft.text.startswith("Former la police")
    assert not review(dutch).stops


def test_whichever_language_comes_first_the_other_joins_it(office: Office) -> None:
    french, dutch = read(office, FRENCH, "fr"), read(office, DUTCH, "nl")
    assert accept(dutch).added == 2
    assert accept(french).paired == 2


def test_undoing_takes_added_texts_back_and_the_document_can_be_read_again(office: Office) -> None:
    accept(read(office, FRENCH, "fr"))
    before = on_record()
    dutch = read(office, DUTCH.replace("2024/2", "2024/3"), "nl")
    accept(dutch)
    with database.reading():
        added = import_undo.added(dutch.id)
    assert (added.recommendations, added.texts) == (1, 1)

    assert ends.undo_import(dutch.id, by=office.coordinator, at=LATER + HOUR) == 2
    assert on_record() == before
    with database.reading() as session:
        assert verify().ok
        last = session.scalars(select(Entry).filter_by(kind=EntryKind.TEXT_CORRECTED).order_by(Entry.seq)).all()[-1]
        told = Told(last)
        assert (told.facts["removed"], told.words) == (
            ["nl"],
            {"nl": "Leid de politie op om slachtoffers te herkennen."},
        )

    again = read(office, DUTCH, "nl")
    assert imports.accept(again.id, by=None, at=LATER + 2 * HOUR).paired == 2
    assert ends.undo_import(again.id, by=office.coordinator, at=LATER + 3 * HOUR) == 2
    assert on_record() == before
    with database.reading():
        assert verify().ok


def test_the_same_document_twice_is_undone_where_it_added_something(office: Office) -> None:
    accept(read(office, FRENCH, "fr"))
    accept(read(office, DUTCH, "nl"))
    second = read(office, DUTCH, "nl")
    imports.accept(second.id, by=None, at=LATER + HOUR)
    with pytest.raises(NotAllowed, match="nothing to take back"):
        ends.undo_import(second.id, by=office.coordinator, at=LATER + HOUR)


def test_added_texts_stay_once_somebody_has_answered(office: Office) -> None:
    accept(read(office, FRENCH, "fr"))
    office.answer(office.addressee("2024/2", "magistrats"), office.coordinator, at=LATER - HOUR, **PAPER)
    dutch = read(office, DUTCH, "nl")
    accept(dutch)
    with database.reading():
        assert import_undo.first_answered(dutch.id) is None
    office.answer(office.addressee("2024/1", "police"), office.police, at=LATER + HOUR)
    with pytest.raises(NotAllowed, match="A body has answered"):
        ends.undo_import(dutch.id, by=office.coordinator, at=LATER + 2 * HOUR)


def on_record() -> list[tuple[str, str, str]]:
    """What each recommendation that is not hidden says, and how its addressees are called."""
    with database.reading() as session:
        texts = select(Recommendation.code, RecommendationText.language, RecommendationText.text)
        named = select(Recommendation.code, AddresseeWording.language, AddresseeWording.as_written)
        of_texts = texts.join(RecommendationText).where(~Recommendation.is_hidden)
        of_names = named.join(Addressee, Addressee.recommendation_id == Recommendation.id).join(AddresseeWording)
        shown = of_names.where(~Recommendation.is_hidden)
        return sorted(tuple(row) for rows in (of_texts, shown) for row in session.execute(rows))
