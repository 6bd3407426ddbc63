"""Recommendations in running text: which numbers begin one, and where it ends."""

from tests.intake.annexes import assert_every_line_is_accounted_for, reading_of


def told(text: str) -> list[tuple[str | None, str]]:
    reading = reading_of(text)
    assert_every_line_is_accounted_for(reading)
    return [(one.code, one.text) for one in reading.drafts]


def test_dotted_numbers_below_a_paragraph_that_announces_them() -> None:
    assert told(
        "89. The delegation said 100.2 million was spent.\n\n"
        "100. The recommendations listed below enjoy the support of the State:\n\n"
        "100.1. Ratify the Protocol (Chile);\n"
        "100.2. Allocate at least\n2.5 million euros to shelters, as stated in\n100.1 and in its pledge (Peru);\n\n"
        "101. The following recommendations did not enjoy the support of the State:\n\n"
        "101.1 “Zero tolerance” (Iran\n(Islamic Republic of)).\n\n"
        "102. All recommendations reflect the position of the submitting States.\n"
    ) == [
        ("100.1", "Ratify the Protocol (Chile);"),
        ("100.2", "Allocate at least 2.5 million euros to shelters, as stated in 100.1 and in its pledge (Peru);"),
        ("101.1", "“Zero tolerance” (Iran (Islamic Republic of))."),
    ]


def test_the_year_of_a_title_is_no_code_and_numbered_headings_are_sections() -> None:
    reading = reading_of(
        "Recommandations 2025\n\n1. Victimes\n\n1.1 Former la police\n1.2 Garantir un accueil.\n\n"
        "2. Poursuites\n\n2.1 Désigner un magistrat\n"
    )

    assert_every_line_is_accounted_for(reading)
    assert [(one.code, one.section) for one in reading.drafts] == [
        ("1.1", "1. Victimes"), ("1.2", "1. Victimes"), ("2.1", "2. Poursuites"),
    ]  # fmt: skip


def test_below_a_heading_that_announces_others_too_only_demands_count() -> None:
    assert told(
        "Constats et recommandations\n\n45. Le Comité note l'adoption d'un plan.\n\n"
        "46. Le Comité recommande :\na) de publier les chiffres ;\nb) de financer les centres.\n\n"
        "Annexe\n\n47. Le Comité devrait se réunir.\n"
    ) == [("46", "Le Comité recommande :\na) de publier les chiffres ;\nb) de financer les centres.")]


def test_a_list_ends_with_the_next_heading() -> None:
    assert told(
        "Aanbevelingen\n\n1. De minister dient de opleiding te verbeteren.\n2. De politie moet:\n"
        "- cijfers publiceren\n- een meldpunt oprichten\n\nBijlagen\n\n1. Lijst van afkortingen\n"
    ) == [
        ("1", "De minister dient de opleiding te verbeteren."),
        ("2", "De politie moet:\n- cijfers publiceren\n- een meldpunt oprichten"),
    ]


def test_a_label_may_stand_on_a_line_of_its_own() -> None:
    assert told(
        "Key findings\n1. Staff were rude.\n\nRecommendations\nRecommendation 1\nThe governor should keep records.\n"
        "These should be complete.\n\nA comment.\n\nRecommendation 2: Staff should be trained.\n"
    ) == [
        ("1", "The governor should keep records. These should be complete."),
        ("2", "Staff should be trained."),
    ]


def test_numbered_paragraphs_that_nothing_announces_are_none() -> None:
    assert told("Jugement\n\n1. Sur la recevabilité de la requête.\n\n2. Sur le fond.\n") == []
