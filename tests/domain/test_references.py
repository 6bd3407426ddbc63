"""Addresses and keys made from what is printed."""

import pytest

from tracker.domain.references import address, code_order, slug


@pytest.mark.parametrize(("code", "expected"), [("2023/11", "2023-11"), ("4a (i)", "4a-(i)"), (" 059/95 ", "059-95")])
def test_a_code_becomes_an_address(code: str, expected: str) -> None:
    assert address(code) == expected


def test_a_name_becomes_letters_digits_and_hyphens() -> None:
    assert slug("Équipes ECOSOC de l’Inspection") == "equipes-ecosoc-de-l-inspection"


def test_codes_are_ordered_as_people_count() -> None:
    codes = ["2023/11", None, "2023/2", "8.10", "8.1", "2a", "2b"]

    assert sorted(codes, key=code_order) == ["2a", "2b", "8.1", "8.10", "2023/2", "2023/11", None]


def test_a_digit_that_is_no_number_orders_like_a_letter() -> None:
    assert sorted(["A²", "A2", "A1"], key=code_order)[:2] == ["A1", "A2"]
