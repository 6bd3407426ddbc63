"""Who is addressed: lists, names with “and” inside, groups, qualifiers, likely bodies."""

import pytest

from tests.intake.annexes import REGISTER
from tracker.intake import rematch
from tracker.intake.splitting import divide

NETWORK = "Réseau d'expertise Traite et trafic d'êtres humains de la magistrature"


def names(written: str) -> list[str]:
    return [one.as_written for one in divide(written, REGISTER).addressees]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("- Police - Parquet fédéral", ["Police", "Parquet fédéral"]),
        ("• Police\n• Parquet fédéral", ["Police", "Parquet fédéral"]),
        ("Police ; Parquet fédéral", ["Police", "Parquet fédéral"]),
        ("Police\nParquet fédéral", ["Police", "Parquet fédéral"]),
        ("magistrats et police", ["magistrats", "police"]),
        ("Police, le Parquet fédéral et SIRS", ["Police", "le Parquet fédéral", "SIRS"]),
        ("Minister van Justitie en Politie", ["Minister van Justitie", "Politie"]),
        ("Police, and Minister of Justice", ["Police", "Minister of Justice"]),
        (NETWORK, [NETWORK]),
        (f"Police et {NETWORK} et SIRS", ["Police", NETWORK, "SIRS"]),
        ("Conseil de la jeunesse et des sports", ["Conseil de la jeunesse et des sports"]),
        ("Agence de l'asile et de l'accueil et la Police", ["Agence de l'asile et de l'accueil", "la Police"]),
        ("Police (fédérale et locale), SIRS", ["Police", "SIRS"]),
        ("", []),
        ("Police,", ["Police"]),
        ("Police, , SIRS", ["Police", "SIRS"]),
        ("(Police", ["(Police"]),
    ],
)
def test_what_separates_bodies_divides_and_what_stands_inside_a_name_does_not(
    written: str, expected: list[str]
) -> None:
    assert names(written) == expected


def test_one_title_for_two_ministers_is_two_ministers_and_may_be_a_group() -> None:
    division = divide("Ministres de l'Intérieur et de la Justice", REGISTER)

    assert [one.body for one in division.addressees] == ["ministre-de-l-interieur", "ministre-de-la-justice"]
    assert [[one.as_written for one in reading] for reading in division.alternatives] == [
        ["Ministres de l'Intérieur et de la Justice"]
    ]


def test_a_group_with_a_member_nobody_knows_is_not_unfolded() -> None:
    [group] = divide("Autorités fédérales (Ministre de la Justice et Régie des mines)", REGISTER).addressees

    assert (group.as_written, group.body) == ("Autorités fédérales", None)
    assert group.qualifier == "Ministre de la Justice et Régie des mines"


def test_a_body_named_beside_a_group_is_not_lost_in_the_name_of_the_group() -> None:
    written = "Régie des mines, autorités fédérales (Ministre de la Justice et Ministre de l'Intérieur)"

    assert names(written) == ["Régie des mines", "Ministre de la Justice", "Ministre de l'Intérieur"]


@pytest.mark.parametrize(
    ("typed", "body", "match"),
    [
        ("Service des Tutelles", "service-des-tutelles", "exact"),
        ("le service des tutelles", "service-des-tutelles", "exact"),
        ("Ministre de l’Intérieur", "ministre-de-l-interieur", "exact"),
        ("SIRS", "sirs", "alias"),
        ("Federaal parket", "parquet-federal", "exact"),
        ("Service des Tuteles", "service-des-tutelles", "likely"),
        ("Ministère de la Justice", "ministre-de-la-justice", "likely"),
        ("Agence spatiale européenne", None, "none"),
        ("", None, "none"),
    ],
)
def test_a_typed_addressee_finds_its_body(typed: str, body: str | None, match: str) -> None:
    found = rematch(typed, REGISTER)

    assert (found.body, found.match) == (body, match)


def test_a_typed_qualifier_is_kept_apart_and_the_role_is_the_bodys() -> None:
    found = rematch("Cellule interdépartementale de coordination (niveau politique)", REGISTER)

    assert (found.as_written, found.qualifier) == ("Cellule interdépartementale de coordination", "niveau politique")
    assert found.role == "relay"
