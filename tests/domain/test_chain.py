"""The chain of entries, as anyone with an export recomputes it."""

from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain import chain

LINK = chain.Link(
    1, "r", "a", 1, "issued", "{}", "", "", "2026-01-01T00:00:00.000000Z", "p", "2026-01-01", chain.GENESIS
)


def test_the_hash_of_a_known_entry_never_changes() -> None:
    assert LINK.hash() == "e5afdeb348be1633cbb0672ad6e2dbcd307f9f1d178d9ebc63e99f908168ce50"


@pytest.mark.parametrize("name", [field.name for field in fields(chain.Link)])
def test_every_field_is_covered_by_the_hash(name: str) -> None:
    changed = replace(LINK, **{name: 2 if isinstance(getattr(LINK, name), int) else getattr(LINK, name) + "x"})

    assert changed.hash() != LINK.hash()


@given(st.text(), st.text())
def test_a_letter_that_moves_from_one_field_to_the_next_is_noticed(one: str, other: str) -> None:
    joined, split = replace(LINK, kind=one + other, facts=""), replace(LINK, kind=one, facts=other)

    assert (joined.hash() == split.hash()) is (not other)


def test_the_same_facts_are_the_same_bytes() -> None:
    assert chain.canonical({"b": 1, "a": date(2026, 1, 2)}) == chain.canonical({"a": date(2026, 1, 2), "b": 1})
    assert chain.canonical({"a": "é"}) == '{"a":"é"}'


def test_facts_hold_no_objects() -> None:
    with pytest.raises(TypeError, match="not object"):
        chain.canonical({"a": object()})


def test_a_moment_is_written_alike_from_every_time_zone() -> None:
    moment = datetime(2026, 7, 1, 12, 0, 0, 5, tzinfo=UTC)

    assert chain.instant(moment) == "2026-07-01T12:00:00.000005Z"
    assert chain.instant(moment.astimezone(timezone(timedelta(hours=2)))) == chain.instant(moment)


def test_a_commitment_tells_nothing_without_its_salt() -> None:
    assert chain.commitment(chain.salt(), "yes") != chain.commitment(chain.salt(), "yes")
    assert chain.commitment(b"s", "yes") == chain.commitment(b"s", "yes")
