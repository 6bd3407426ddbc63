"""Policies: what people may type, and the days on which mail leaves."""

from datetime import date, timedelta

import pytest

from tracker.domain.policies import Policy, Quiet, days_before, is_sound


@pytest.mark.parametrize(
    ("typed", "days"),
    [
        ("30, 7, 0", (30, 7, 0)),
        ("7;30 0", (30, 7, 0)),
        ("7, 7", (7,)),
        ("", ()),
        ("a week", None),
        ("-3", None),
        ("366", None),
        ("1 2 3 4 5 6 7", None),
    ],
)
def test_days_before_the_due_date_are_read_as_people_type_them(typed, days):
    assert days_before(typed) == days


def test_a_working_day_is_no_weekend_no_public_holiday_and_in_no_quiet_period():
    policy = Policy(country="BE", quiet=(Quiet(date(2026, 7, 15), date(2026, 8, 16)),))

    assert policy.working_day(date(2026, 5, 1)) == date(2026, 5, 4), "Labour Day, then a weekend"
    assert policy.working_day(date(2026, 7, 15)) == date(2026, 8, 17)
    assert policy.working_day(date(2026, 12, 25)) == date(2026, 12, 28)
    assert Policy().working_day(date(2026, 5, 1)) == date(2026, 5, 1)


def test_quiet_periods_end_after_they_begin_and_leave_days_to_write_in():
    begin = date(2026, 7, 1)

    assert is_sound([Quiet(begin, begin)])
    assert not is_sound([Quiet(begin, begin - timedelta(days=1))])
    assert not is_sound([Quiet(begin, begin + timedelta(days=92))])
    assert not is_sound([Quiet(begin + timedelta(days=n), begin + timedelta(days=n)) for n in range(13)])
