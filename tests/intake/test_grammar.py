"""Layouts of annexes: wrapped rows, lost columns, headings, pages."""

import pytest

from tests.intake.annexes import REGISTER, annex, assert_every_line_is_accounted_for, codes_of, reading_of
from tracker.intake import read, why_label


def test_a_row_wrapped_over_lines_is_one_recommendation() -> None:
    reading = reading_of(
        "Victimes\n\n"
        "2023/8\tMieux détecter les groupes de\nvictimes dépourvues\nde moyens d'action\tDestinataires\tServices de\n"
        "police, équipes ECOSOC de\nl'Inspection de l'ONSS\n"
        "2023/9\tFaire annuler les dettes.\t- Police\n\t\t- Parquet fédéral\n"
    )

    first, second = reading.drafts
    assert (first.code, first.section, first.lines) == ("2023/8", "Victimes", (3, 7))
    assert first.text == "Mieux détecter les groupes de victimes dépourvues de moyens d'action"
    assert [one.body for one in first.addressees] == ["police", "equipes-ecosoc"]
    assert [one.body for one in second.addressees] == ["police", "parquet-federal"]
    assert second.lines == (8, 9)


def test_a_text_below_its_code_is_taken_with_a_doubt_that_it_may_be_another_row() -> None:
    reading = reading_of("2023/8\t\tPolice\n\tMieux détecter les victimes.\tMinistre de la Justice\n")

    [draft] = reading.drafts
    assert draft.text == "Mieux détecter les victimes."
    assert [finding.code for finding in draft.findings] == ["late_text"]


def test_a_wrapped_row_goes_on_after_a_blank_line_that_cuts_a_sentence() -> None:
    reading = reading_of("2023/8\tMieux détecter les groupes\n\nde victimes.\tPolice\n")

    [draft] = reading.drafts
    assert (draft.text, draft.lines) == ("Mieux détecter les groupes de victimes.", (1, 3))
    assert_every_line_is_accounted_for(reading)


def test_the_word_addressees_on_a_line_of_its_own_begins_the_addressees() -> None:
    reading = reading_of("2023/8\tMieux détecter les victimes.\nDestinataires\nMinistre de la Justice,\nSIRS\n")

    [draft] = reading.drafts
    assert [one.body for one in draft.addressees] == ["ministre-de-la-justice", "sirs"]


@pytest.mark.parametrize("year", [2018, 2023])
def test_a_pasted_annex_that_lost_its_tabs_is_read_the_same_and_doubted(year: int) -> None:
    expected = read(annex(year), "annex.txt", REGISTER).drafts

    reading = reading_of(annex(year).decode().replace("\t", " "))

    assert [(one.code, one.text, one.addressees) for one in reading.drafts] == [
        (one.code, one.text, one.addressees) for one in expected
    ]
    assert all("no_columns" in codes_of(draft.findings) for draft in reading.drafts)


def test_a_row_without_a_code_is_a_recommendation_without_one() -> None:
    reading = reading_of("\t\tDestinataire\n\tFormer les magistrats.\tPolice\n\tInformer les victimes.\tSIRS\n")

    assert [(one.code, one.text) for one in reading.drafts] == [
        (None, "Former les magistrats."),
        (None, "Informer les victimes."),
    ]
    assert codes_of(reading.drafts[0].findings) == ["no_code"]


@pytest.mark.parametrize("code", ["2018/32", "140.7", "12", "R12", "2023-4", "REC 3", "3a"])
def test_codes_are_kept_as_printed(code: str) -> None:
    [draft] = reading_of(f"{code}\tFormer les magistrats.\tPolice\n").drafts

    assert draft.code == code


def test_a_heading_in_capitals_needs_no_blank_line_and_a_page_number_is_left_over() -> None:
    reading = reading_of("2018/1\tFormer.\tPolice\n12\nTRAFIC DES ÊTRES HUMAINS\n2018/2\tInformer.\tSIRS\n")

    assert [draft.section for draft in reading.drafts] == [None, "TRAFIC DES ÊTRES HUMAINS"]
    assert [(one.line, one.why) for one in reading.leftover] == [(2, "page_number"), (3, "section")]
    assert why_label("page_number") == "Page number"


def test_a_heading_stuck_to_a_row_is_no_addressee_in_silence() -> None:
    [first, _second] = reading_of("2023/7\tRendre compte.\tle Parlement\nVictimes\n2023/8\tFormer.\tPolice\n").drafts

    assert codes_of(first.findings) == ["unknown_body"]


def test_a_dash_at_the_end_of_a_text_is_no_addressee() -> None:
    [draft] = reading_of("2023/7 Rendre compte -\n").drafts

    assert (draft.text, draft.addressees) == ("Rendre compte -", ())


def test_lines_that_belong_to_nothing_are_told() -> None:
    reading = reading_of("2018/1\tFormer.\tPolice\n\nMyria remercie ceux qui ont relu ce rapport.\n")

    assert [(one.code, one.line, one.stops) for one in reading.findings] == [("left_over", 3, False)]


def test_a_text_without_recommendations_is_a_reading_that_stops_and_says_what_is_readable() -> None:
    reading = reading_of("Bonjour,\n\nvoici le rapport.\n")

    assert reading.drafts == ()
    [finding] = reading.findings
    assert (finding.code, finding.stops, finding.line) == ("no_recommendations", True, None)
    assert "a table with a row for each" in finding.sentence
    assert_every_line_is_accounted_for(reading)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("2018/1\tDe opleiding van de politie over mensenhandel versterken.\tPolitie\n", "nl"),
        ("2018/1\tThe training of the police should be strengthened.\tPolice\n", "en"),
        ("2018/1\tRenforcer la formation de la police.\tPolice\n", "fr"),
    ],
)
def test_the_language_is_told_by_the_text_unless_it_is_said(text: str, language: str) -> None:
    assert reading_of(text).language == language
    assert read(text.encode(), "annex.txt", REGISTER, "nl").language == "nl"
