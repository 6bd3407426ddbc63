"""The two annexes of Myria, read as they were published."""

import json

import pytest

from tests.intake.annexes import REGISTER, YEARS, annex, assert_every_line_is_accounted_for, codes_of
from tracker.intake import Reading, read


@pytest.mark.parametrize(("year", "recommendations", "sections", "addressees"), [(2018, 11, 2, 23), (2023, 12, 3, 26)])
def test_the_annex_has_as_many_recommendations_sections_and_addressees_as_were_printed(
    year: int, recommendations: int, sections: int, addressees: int
) -> None:
    reading = read(annex(year), f"myria-{year}.txt", REGISTER)

    assert len(reading.drafts) == recommendations
    assert len({draft.section for draft in reading.drafts}) == sections
    assert sum(len(draft.addressees) for draft in reading.drafts) == addressees
    assert_every_line_is_accounted_for(reading)


@pytest.mark.parametrize("year", YEARS)
def test_nothing_stops_the_annex_and_every_addressee_is_a_known_body(year: int) -> None:
    reading = read(annex(year), f"myria-{year}.txt", REGISTER)

    assert reading.findings == ()
    assert not [finding for draft in reading.drafts for finding in draft.findings if finding.stops]
    assert {one.match for draft in reading.drafts for one in draft.addressees} <= {"exact", "alias"}


def test_the_two_annexes_address_every_body_of_the_shipped_register() -> None:
    drafts = [draft for year in YEARS for draft in read(annex(year), "annex.txt", REGISTER).drafts]

    addressed = [one.body for draft in drafts for one in draft.addressees]

    assert set(addressed) == set(REGISTER.by_slug)
    assert addressed.count("cellule-interdepartementale-de-coordination") == 15
    assert addressed.count("parlements") == 5
    assert addressed.count("police") == 4


def test_the_lines_are_those_of_the_file_with_blank_ones_counted() -> None:
    reading = read(annex(2018), "myria-2018.txt", REGISTER)

    assert [draft.lines for draft in reading.drafts][:2] == [(8, 8), (9, 9)]
    assert [(one.line, one.why) for one in reading.leftover if one.why != "blank"] == [
        (3, "title"),
        (5, "section"),
        (7, "column_heads"),
        (16, "section"),
        (18, "column_heads"),
    ]


def test_a_group_of_authorities_is_unfolded_and_can_be_taken_as_one() -> None:
    draft = next(draft for draft in read(annex(2018), "annex.txt", REGISTER).drafts if draft.code == "2018/39")

    assert [(one.as_written, one.qualifier, one.body) for one in draft.addressees] == [
        ("Cellule interdépartementale de coordination", None, "cellule-interdepartementale-de-coordination"),
        ("Ministre de l'Intérieur", "Autorités politiques fédérales", "ministre-de-l-interieur"),
        ("Ministre de la Justice", "Autorités politiques fédérales", "ministre-de-la-justice"),
        ("gouverneurs", "locales", "gouverneurs"),
        ("bourgmestres", "locales", "bourgmestres"),
    ]
    assert codes_of(draft.findings) == ["unfolded"]
    [as_a_group] = draft.alternatives
    assert [one.as_written for one in as_a_group] == [
        "Cellule interdépartementale de coordination",
        "Autorités politiques fédérales (Ministres de l'Intérieur et de la Justice), et locales (gouverneurs et"
        " bourgmestres)",
    ]


def test_a_qualifier_stays_with_its_addressee_and_is_a_doubt() -> None:
    draft = next(draft for draft in read(annex(2018), "annex.txt", REGISTER).drafts if draft.code == "2018/33")

    [addressee] = draft.addressees
    assert (addressee.as_written, addressee.qualifier) == (
        "Cellule interdépartementale de coordination",
        "niveau politique",
    )
    assert codes_of(draft.findings) == ["qualifier"]


@pytest.mark.parametrize("year", YEARS)
def test_a_reading_survives_being_stored(year: int) -> None:
    reading = read(annex(year), "annex.txt", REGISTER)

    assert Reading.from_json(json.loads(json.dumps(reading.to_json()))) == reading


def test_the_printed_form_has_what_the_command_promises() -> None:
    printed = read(annex(2023), "myria-2023.txt", REGISTER).as_printed()

    assert set(printed) == {"document", "recommendations", "leftover"}
    assert printed["document"] == {"name": "myria-2023.txt", "language": "fr"}
    assert printed["recommendations"][4] == {
        "code": "2023/5",
        "section": "Approche en chaîne et diligence raisonnable",
        "text": "Prêter attention à l'approche en chaîne pour atteindre les échelons supérieurs des donneurs d'ordre",
        "addressees": [
            {
                "as_written": "Magistrats de référence traite et trafic des êtres humains",
                "qualifier": None,
                "body": "magistrats-de-reference",
                "match": "alias",
            },
            {
                "as_written": "Cellule interdépartementale de coordination de la lutte contre la traite et le trafic"
                " des êtres humains",
                "qualifier": None,
                "body": "cellule-interdepartementale-de-coordination",
                "match": "alias",
            },
            {"as_written": "le Parlement", "qualifier": None, "body": "parlements", "match": "alias"},
        ],
        "lines": [14, 14],
        "warnings": [],
    }
    assert printed["leftover"][2] == {"line": 3, "text": "Annexe : Recommandations", "why": "title"}
    json.dumps(printed)
