"""Every format in which annexes come, and what stands in them that is no recommendation."""

import pytest

from tests.intake import files
from tests.intake.annexes import REGISTER, assert_every_line_is_accounted_for, codes_of
from tracker.intake import Reading, read

HEADS = ("N°", "Recommandation", "Destinataire(s)")
ROWS = [
    ("2024/1", "Contrôler chaque grand chantier une fois par an.", "Police, Service des Tutelles"),
    (
        "2024/2",
        "Publier les résultats de ces contrôles au plus tard en mars.",
        "Cellule interdépartementale de coordination",
    ),
    ("2024/3", "Former les magistrats à la détection des victimes mineures.", "Magistrats"),
]
PAGES = [
    [
        "#Conclusions and recommendations",
        "The inspectorate makes the following recommendations:",
        "",
        "1. The ministry should publish the results of its inspections every year,",
        "including those of",
    ],
    [
        "the regions.",
        "",
        "2. The police should",
        "• train its members;",
        "• report on it.",
        "",
        "#Annex",
        "3. Not one of them.",
    ],
]


def reading_of(content: bytes, name: str = "annex") -> Reading:
    reading = read(content, name, REGISTER)
    assert_every_line_is_accounted_for(reading)
    return reading


def told(reading: Reading) -> list[tuple[str | None, str, list[str | None]]]:
    return [(one.code, one.text, [addressee.body for addressee in one.addressees]) for one in reading.drafts]


EXPECTED = [
    ("2024/1", ROWS[0][1], ["police", "service-des-tutelles"]),
    ("2024/2", ROWS[1][1], ["cellule-interdepartementale-de-coordination"]),
    ("2024/3", ROWS[2][1], ["magistrats"]),
]


@pytest.mark.parametrize(
    "content",
    [
        files.word("Annexe", [HEADS, *ROWS]),
        files.word([("", "", "Destinataire"), *ROWS]),
        files.sheet([("Titre", "", ""), HEADS, *ROWS]),
        files.ruled_pdf([HEADS, *ROWS]),
        "\n".join(";".join(row) for row in (HEADS, *ROWS)).encode("cp1252"),
        "\n".join("\t".join(row) for row in (HEADS, *ROWS)).encode("utf-16"),
        "\n".join(",".join(f'"{cell}"' for cell in row) for row in (HEADS, *ROWS)).encode(),
        (
            "<!doctype html><html><body><nav>Menu</nav><h1>Annexe</h1><table>"
            + "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in (HEADS, *ROWS))
            + "</table><script>alert(1)</script></body></html>"
        ).encode(),
    ],
    ids=["word", "word without heads", "sheet", "pdf", "semicolons", "tabs", "commas", "web"],
)
def test_a_table_is_read_in_every_format(content: bytes) -> None:
    assert told(reading_of(content)) == EXPECTED


@pytest.mark.parametrize(
    "heads",
    [
        ("Nr.", "Aanbeveling", "Geadresseerde"),
        ("No.", "Recommendation", "Addressed to"),
        ("Nr.", "Empfehlung", "Adressat"),
        ("Recommandation", "Libellé de la recommandation", "Responsable"),
    ],
)
def test_heads_are_known_in_four_languages(heads: tuple[str, str, str]) -> None:
    assert told(reading_of(files.sheet([heads, *ROWS]))) == EXPECTED


def test_each_addressee_may_have_a_column_of_its_own_and_nothing_in_it_is_divided() -> None:
    rows = [
        ("Libellé recommandation", "Destinataire 1", "Destinataire 2", "Destinataire 3"),
        (
            "Revoir le budget de la justice pour 2027.",
            "Ministère de la Santé et des affaires sociales",
            "Police",
            "Police",
        ),
    ]
    [draft] = reading_of(files.sheet(rows)).drafts

    assert [one.as_written for one in draft.addressees] == ["Ministère de la Santé et des affaires sociales", "Police"]


def test_a_row_for_each_addressee_is_one_recommendation() -> None:
    text = "Contrôler chaque grand chantier une fois par an."
    rows = [
        HEADS,
        ("1", text, "Police"),
        ("1", text, "Magistrats"),
        ("2", "Publier les résultats chaque année.", "Police"),
    ]

    reading = reading_of(files.sheet(rows))

    assert [(one.code, len(one.addressees)) for one in reading.drafts] == [("1", 2), ("2", 1)]


def test_a_chapter_in_the_column_of_codes_is_a_section_and_nothing_goes_on_over_it() -> None:
    rows = (
        "Code;Recommendation;Addressee", "1.1;Train the police.;Police", "1.2;Train the courts.;Magistrats",
        "Chapter two of the report;;", ";;Police", "2.1;Inform the parliament.;Police",
    )  # fmt: skip

    reading = read("\n".join(rows).encode(), "sheet.csv", REGISTER)

    assert [(one.code, one.section, len(one.addressees)) for one in reading.drafts] == [
        ("1.1", None, 1), ("1.2", None, 1), ("2.1", "Chapter two of the report", 1),
    ]  # fmt: skip
    assert [(one.line, one.why) for one in reading.leftover] == [
        (1, "column_heads"), (4, "section"), (5, "no_text"),
    ]  # fmt: skip
    assert "left_over" in {one.code for one in reading.findings}
    assert_every_line_is_accounted_for(reading)


def test_texts_in_two_languages_become_one_record() -> None:
    rows = [
        ("Nr", "Recommandation (FR)", "Aanbeveling (NL)", "Destinataire"),
        ("1", "Former la police à la détection.", "De politie opleiden in detectie.", "Police"),
    ]
    [draft] = reading_of(files.sheet(rows)).drafts

    assert (draft.text, draft.other_texts) == (rows[1][1], (("nl", rows[1][2]),))


def test_a_code_that_begins_the_cell_of_the_text_is_taken_out_and_the_source_left() -> None:
    rows = [
        ("Recommendation", "Position", "Full list of themes", "Comments"),
        ("Theme: A12 Acceptance of norms", "", "", ""),
        ("12.1 Ratify the protocol (Chile);\nSource of position: A/1", "Supported", "A12", "-"),
        ("12.10 Publish the report (Peru);\nSource of position: A/1", "Noted", "A12", "-"),
    ]
    reading = reading_of(files.word(rows))

    assert [(one.code, one.text, one.section) for one in reading.drafts] == [
        ("12.1", "Ratify the protocol (Chile);", "A12"),
        ("12.10", "Publish the report (Peru);", "A12"),
    ]


def test_running_text_is_read_over_the_ends_of_pages() -> None:
    reading = reading_of(files.pdf(PAGES, head="Report 2024", notes={1: "1 A note below the page."}))

    assert [(one.code, one.text) for one in reading.drafts] == [
        ("1", "The ministry should publish the results of its inspections every year, including those of the regions."),
        ("2", "The police should\n• train its members;\n• report on it."),
    ]
    assert [one.text for one in reading.leftover if one.why == "section"] == [
        "Conclusions and recommendations",
        "Annex",
    ]


def test_items_that_begin_at_the_top_of_each_page_are_no_running_heads() -> None:
    pages = [
        [f"Recommendation {2 * n - 1}: The centre asks for more staff.", *["It says why."] * 8, "",
         f"Recommendation {2 * n}: The centre asks for more rooms.", *["It says why."] * 8]
        for n in range(1, 7)
    ]  # fmt: skip
    reading = reading_of(files.pdf(pages, head="Report 2024, chapter 3"))

    assert [one.code for one in reading.drafts] == [str(n) for n in range(1, 13)]
    heads = [one.text for one in reading.leftover if one.why == "running_head"]
    assert heads.count("Report 2024, chapter 3") == 6


@pytest.mark.parametrize("label", ["Recommandation", "Aanbeveling", "Recommendation", "Empfehlung"])
def test_named_recommendations_need_no_announcement(label: str) -> None:
    text = (
        f"Introduction\n\n{label} 4a: Former la police.\n\nUn commentaire.\n\n{label} 4b(i) – Publier les chiffres.\n"
    )

    reading = reading_of(text.encode())

    assert [(one.code, one.text) for one in reading.drafts] == [
        ("4a", "Former la police."),
        ("4b(i)", "Publier les chiffres."),
    ]


def test_numbers_that_word_sets_before_paragraphs_are_read() -> None:
    items = ["Former la police.", "Publier les chiffres."]
    reading = reading_of(files.word("Recommandations", *items, headings=["Recommandations"], numbered=items))

    assert [(one.code, one.text) for one in reading.drafts] == [("1", items[0]), ("2", items[1])]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (
            files.word("Jugement", "LA COUR,", "1. Sur la recevabilité de la requête.", "2. Sur le fond."),
            "no_recommendations",
        ),
        (files.sheet([("Code", "Signification"), ("A", "Accepté"), ("B", "Refusé")]), "no_recommendations"),
        (b"Contents\n\nRecommendation 1 ........ 4\nRecommendation 2 ........ 9\n", "no_recommendations"),
        (b"Government response to the recommendations of the inquiry\n\nRecommendation 1: accepted.\n", "is_reply"),
        ("Réponse du gouvernement aux recommandations\n\nRecommandation 1 : acceptée.\n".encode(), "is_reply"),
    ],
    ids=["judgment", "legend", "contents", "response", "réponse"],
)
def test_what_is_no_recommendation_is_none_and_the_reason_is_told(content: bytes, why: str) -> None:
    reading = reading_of(content)

    assert (reading.drafts, codes_of(reading.findings)) == ((), [why])


def test_hidden_sheets_are_not_read_and_told() -> None:
    reading = reading_of(files.sheet([HEADS, *ROWS], [("secret",)], hidden=1))

    assert told(reading) == EXPECTED
    assert "hidden_sheet" in codes_of(reading.findings)


def test_a_cell_of_several_lines_is_one_row_and_its_lines_are_all_in_it() -> None:
    text = 'Code;Recommandation;Destinataire\r\n1;"Former\r\nla police";Police\r\n2;Publier les chiffres;Police\r\n'

    reading = reading_of(text.encode())

    assert [(one.code, one.text, one.lines) for one in reading.drafts] == [
        ("1", "Former la police", (2, 3)),
        ("2", "Publier les chiffres", (4, 4)),
    ]


def test_an_encoding_can_be_said_and_a_wrong_one_is_refused() -> None:
    content = "1/2024\tFormer les équipes.\tPolice\n".encode("cp437")

    assert read(content, "annex", REGISTER, encoding="cp437").drafts[0].text == "Former les équipes."
