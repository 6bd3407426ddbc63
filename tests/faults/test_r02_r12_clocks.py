"""The plan against a perfect minute clock, in many zones."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.domain.test_reminders import ZONES, hours, replies, run
from tests.measuring import Measure
from tracker.domain.policies import Policy
from tracker.domain.reminders import moment_of, next_sending, steps


@pytest.mark.proves("R02")
def test_any_list_of_ticks_decides_what_a_perfect_clock_decides(is_full: bool, measure: Measure) -> None:
    examples, differences = 2_000 if is_full else 100, 0
    seen = 0

    @settings(max_examples=examples, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(replies, hours, st.sampled_from(ZONES), st.lists(st.integers(0, 30 * 24 * 60), min_size=1, max_size=25))
    def compare(one, hour, zone, gaps):  # type: ignore[no-untyped-def]  # hypothesis fills them in
        nonlocal differences, seen
        seen += 1
        one = replace(one, policy=replace(one.policy, send_at=hour))
        start = datetime.combine(one.asked_on, time(0), tzinfo=UTC) - timedelta(days=2)
        ticks = [start + timedelta(minutes=sum(gaps[: n + 1])) for n in range(len(gaps))]
        perfect = sorted({moment_of(step.on, hour, zone) for step in steps(one)} | {ticks[-1]})
        kept, planned = run(ticks, one, zone)
        wanted, _planned = run([moment for moment in perfect if moment <= ticks[-1]], one, zone)
        differences += kept != wanted or len(planned) != len(set(planned))

    compare()
    assert seen >= examples
    measure(
        "R02", "plans that differ from a perfect minute clock", differences, "", "= 0", f"{examples} ex.", on="none"
    )


@pytest.mark.proves("R12")
def test_each_working_day_of_two_years_has_one_mailing_in_every_zone(is_full: bool, measure: Measure) -> None:
    begin, end = date(2026, 1, 1), date(2027, 12, 31)
    belgian = Policy(country="BE")
    working = [day for n in range((end - begin).days + 1) if belgian.works_on(day := begin + timedelta(days=n))]
    missing, double = 0, 0
    zones = ZONES if is_full else ZONES[::6]
    for zone in zones:
        for hour in (time(0), time(0, 30), time(2, 30), time(8, 30), time(23, 30)):
            now = datetime.combine(begin, time(0), tzinfo=ZoneInfo(zone)).astimezone(UTC) - timedelta(minutes=1)
            days = []
            while (now := next_sending(now, replace(belgian, send_at=hour), zone)).astimezone(
                ZoneInfo(zone)
            ).date() <= end:
                days.append(now.astimezone(ZoneInfo(zone)).date())
            missing += len(set(working) - set(days))
            double += len(days) - len(set(days))
    measure("R12", "days without a mailing", missing, "days", "= 0", f"{len(zones)} zones, 730 days", on="none")
    measure("R12", "days with two", double, "days", "= 0", f"{len(zones)} zones, 730 days", on="none")
