"""The definitions behind every figure."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.figures import (
    Counted,
    Figures,
    is_closed,
    is_disputed,
    is_overdue,
    is_stale,
    months_after,
    stale_until,
    total,
)
from tracker.domain.vocabulary import SEVEN, Implementation, Response, Role

TODAY = date(2026, 11, 23)
FULLY, CONTINUING, PARTIALLY = Implementation.FULLY, Implementation.CONTINUING, Implementation.PARTIALLY


def counted(**differing: object) -> Counted:
    """An implementer that has accepted and reported nothing, unless told otherwise."""
    usual = {
        "role": Role.IMPLEMENTER,
        "response": Response.ACCEPTED,
        "reported": None,
        "assessed": Implementation.NOT_ASSESSED,
        "reply_due_on": None,
        "last_answer_on": TODAY,
        "has_focal_point": True,
    }
    return Counted(**(usual | differing))  # type: ignore[arg-type]


def figures_of(*all_: Counted) -> Figures:
    """Figures over these."""
    found = Figures("police", "Police")
    for one in all_:
        found.count(one, TODAY)
    return found


def test_a_reply_is_overdue_from_the_day_after_it_was_due() -> None:
    assert not is_overdue(TODAY, TODAY)
    assert is_overdue(TODAY - timedelta(days=1), TODAY)
    assert not is_overdue(None, TODAY)


@pytest.mark.parametrize("reported", SEVEN)
@pytest.mark.parametrize("assessed", list(Implementation))
def test_voices_differ_only_where_both_have_spoken(reported: Implementation, assessed: Implementation) -> None:
    is_comparable = assessed in SEVEN and reported != assessed
    assert is_disputed(reported, assessed) is (is_comparable and {reported, assessed} != {FULLY, CONTINUING})
    assert not is_disputed(None, assessed)


def test_what_is_found_fully_done_continuing_or_overtaken_is_closed() -> None:
    closed = {code for code in Implementation if is_closed(code)}
    assert closed == {FULLY, CONTINUING, Implementation.OVERTAKEN}


def test_an_answer_is_stale_after_thirteen_months() -> None:
    assert not is_stale(date(2025, 10, 23), TODAY)
    assert is_stale(date(2025, 10, 22), TODAY)
    assert not is_stale(None, TODAY)


def test_the_latest_day_that_is_stale_is_the_same_definition_the_other_way_round() -> None:
    for n in range(4 * 366):
        today = date(2024, 1, 1) + timedelta(days=n)
        latest = stale_until(today)
        assert is_stale(latest, today)
        assert not any(is_stale(latest + timedelta(days=later), today) for later in range(1, 40))


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2023, 12, 18), 6, date(2024, 6, 18)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 3, 31), -13, date(2025, 2, 28)),
    ],
)
def test_months_end_on_the_same_day_or_the_last_of_a_shorter_month(day: date, months: int, expected: date) -> None:
    assert months_after(day, months) == expected


def test_a_relay_counts_in_responses_and_not_in_implementation() -> None:
    figures = figures_of(counted(role=Role.RELAY, reported=FULLY, assessed=PARTIALLY))
    assert figures.response["accepted"] == figures.addressees == 1
    assert figures.implementers == figures.disputed == sum(figures.reported.values()) == 0


def test_a_body_that_cannot_be_written_to_is_not_silent() -> None:
    unreachable = figures_of(counted(last_answer_on=None, has_focal_point=False))
    assert (unreachable.no_focal_point, unreachable.no_reply) == (1, 0)
    silent = figures_of(counted(last_answer_on=None))
    assert (silent.no_focal_point, silent.no_reply) == (0, 1)


_ANY = st.builds(
    Counted,
    role=st.sampled_from(Role),
    response=st.sampled_from(Response),
    reported=st.none() | st.sampled_from(SEVEN),
    assessed=st.sampled_from(Implementation),
    reply_due_on=st.none() | st.dates(date(2026, 11, 1), date(2026, 12, 31)),
    last_answer_on=st.none() | st.just(TODAY),
    has_focal_point=st.booleans(),
)


@given(st.lists(_ANY), st.lists(_ANY))
def test_the_total_is_the_sum_and_every_addressee_has_one_status(ones: list[Counted], others: list[Counted]) -> None:
    whole = total({"one": figures_of(*ones), "other": figures_of(*others)})
    together = figures_of(*ones, *others)
    assert whole.as_json() | {"key": "", "name": ""} == together.as_json() | {"key": "", "name": ""}
    assert sum(whole.response.values()) == whole.addressees
    assert sum(whole.reported.values()) == sum(whole.assessed.values()) == whole.implementers
