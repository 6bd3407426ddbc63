"""The plan of reminders: the ladder, the hours, and that no list of ticks loses or doubles a decision."""

import itertools
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.domain.policies import Policy, Quiet
from tracker.domain.reminders import Expected, Plan, due_on_of, leaves_at, moment_of, next_sending, plan, steps

BRUSSELS = "Europe/Brussels"
ONE = Expected(
    id=1,
    addressee=1,
    body="police",
    code="2023/8",
    asked_on=date(2026, 9, 1),
    due_on=date(2026, 11, 16),
    recipients=(7,),
)
ZONES = [
    "Europe/Brussels",
    "Europe/Lisbon",
    "Europe/London",
    "Europe/Helsinki",
    "Atlantic/Azores",
    "America/New_York",
    "America/Santiago",
    "America/Sao_Paulo",
    "America/Havana",
    "America/St_Johns",
    "America/Asuncion",
    "Asia/Beirut",
    "Asia/Gaza",
    "Asia/Tehran",
    "Asia/Kathmandu",
    "Asia/Tokyo",
    "Asia/Amman",
    "Africa/Cairo",
    "Africa/Casablanca",
    "Australia/Lord_Howe",
    "Australia/Sydney",
    "Pacific/Apia",
    "Pacific/Chatham",
    "Pacific/Kiritimati",
]


def at(day: str, hour: str = "12:00", zone: str = BRUSSELS) -> datetime:
    return datetime.fromisoformat(f"{day}T{hour}").replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def tick(now: datetime, *expected: Expected, existing: set[str] | None = None, zone: str = BRUSSELS) -> Plan:
    return plan(now, zone, expected, existing if existing is not None else set())


def test_a_reply_is_asked_for_then_reminded_before_on_and_after_its_due_date():
    assert [(step.name, step.on.isoformat()) for step in steps(ONE)] == [
        ("ask", "2026-09-01"),
        ("before-30", "2026-10-19"),  # the 17th is a Saturday
        ("before-7", "2026-11-09"),
        ("due", "2026-11-16"),
        ("overdue-1", "2026-11-30"),
        ("overdue-2", "2026-12-14"),
        ("overdue-3", "2026-12-28"),
        ("overdue-4", "2027-01-11"),
    ]


def test_nothing_leaves_before_the_hour_of_sending():
    assert [skip.why for skip in tick(at("2026-09-01", "08:29"), ONE).skipped] == ["quiet"]
    assert [one.step.name for one in tick(at("2026-09-01", "08:30"), ONE).planned] == ["ask"]


def test_a_weekend_waits_for_monday_and_says_so():
    saturday = tick(at("2026-10-17"), ONE, existing={"before/1/2026-11-16/ask/7"})

    assert saturday.planned == ()
    assert [(skip.why, skip.is_final) for skip in saturday.skipped] == [("quiet", False)]


def test_after_a_long_sleep_only_the_newest_step_is_sent():
    found = tick(at("2026-12-01"), ONE)

    assert [one.step.name for one in found.planned] == ["overdue-1"]
    assert [one.step.name for one in found.superseded] == ["ask", "before-30", "before-7", "due"]


def test_a_step_that_follows_too_closely_is_left_out_with_its_reason():
    late = replace(ONE, asked_on=date(2026, 11, 5))

    found = tick(at("2026-11-09"), late, existing={"before/1/2026-11-16/ask/7"})

    assert [(one.step.name, one.why) for one in found.skipped] == [("before-7", "throttled")]
    assert found.planned == ()


def test_a_question_keeps_its_own_kind_and_its_short_ladder():
    question = replace(ONE, asked_on=date(2026, 11, 10), is_question=True)

    assert [(step.kind, step.name) for step in steps(question)][:2] == [("question", "ask"), ("due", "due")]


def test_without_a_focal_point_the_reason_is_kept_and_the_reminder_stays_possible():
    nobody = tick(at("2026-09-01"), replace(ONE, recipients=()))
    keys = {one.key for one in nobody.skipped}

    assert [(one.why, one.person) for one in nobody.skipped] == [("no_focal_point", None)]
    assert [one.person for one in tick(at("2026-09-02"), ONE, existing=keys).planned] == [7]


def test_a_refused_address_is_left_out_and_the_other_focal_point_is_written_to():
    found = tick(at("2026-09-01"), replace(ONE, recipients=(7, 8), suppressed=frozenset({7})))

    assert [(one.person, one.why) for one in found.skipped] == [(7, "suppressed")]
    assert [one.person for one in found.planned] == [8]


def test_an_answer_stops_reminders_and_the_next_one_is_told_as_not_sent():
    answered = replace(ONE, answered_on=date(2026, 11, 10))

    assert tick(at("2026-11-12"), answered) == Plan()
    assert [(one.step.name, one.why) for one in tick(at("2027-03-01"), answered).skipped] == [("due", "answered")]


def test_whoever_got_a_digest_today_hears_the_rest_tomorrow_at_the_hour_of_sending():
    def told(now: datetime, last: str) -> tuple[list[str | None], list[int | None]]:
        found = plan(now, BRUSSELS, [ONE], set(), {7: date.fromisoformat(last)})
        assert not any(one.is_final for one in found.skipped)
        return [one.why for one in found.skipped], [one.person for one in found.planned]

    assert told(at("2026-09-01"), "2026-09-01") == (["throttled"], [])
    assert told(at("2026-09-02", "08:29"), "2026-09-01") == (["throttled"], [])
    assert told(at("2026-09-02", "08:30"), "2026-09-01") == ([], [7])


def test_whoever_got_a_digest_on_a_friday_hears_the_rest_on_monday_at_the_hour_of_sending():
    friday = date(2026, 9, 4)
    moments = [at("2026-09-05"), at("2026-09-06"), at("2026-09-07", "08:29"), at("2026-09-07", "08:30")]

    found = [[one.person for one in plan(now, BRUSSELS, [ONE], set(), {7: friday}).planned] for now in moments]

    assert found == [[], [], [], [7]]
    assert next_sending(at("2026-09-04", "17:00"), Policy(), BRUSSELS) == at("2026-09-07", "08:30")
    assert next_sending(at("2026-09-07", "08:29"), Policy(), BRUSSELS) == at("2026-09-07", "08:30")


@pytest.mark.parametrize(
    ("now", "is_sent", "leaves"),
    [
        (at("2026-09-01", "08:30"), True, at("2026-09-01", "08:30")),
        (at("2026-09-01", "18:29"), True, at("2026-09-01", "18:29")),
        (at("2026-09-01", "23:00"), False, at("2026-09-02", "08:30")),
        (at("2026-09-05", "09:00"), False, at("2026-09-07", "08:30")),
        (at("2026-09-06", "12:00"), False, at("2026-09-07", "08:30")),
        (at("2026-09-07", "08:29"), False, at("2026-09-07", "08:30")),
    ],
)
def test_a_step_that_was_missed_waits_for_the_next_morning_of_a_working_day(now, is_sent, leaves):
    found = tick(now, ONE).by_day(now, BRUSSELS)

    assert bool(found.planned) is is_sent
    assert [(one.why, one.is_final) for one in found.skipped] == ([] if is_sent else [("quiet", False)])
    assert leaves_at(now, Policy(), BRUSSELS) == leaves


def test_while_held_every_reminder_waits_and_says_why():
    found = tick(at("2026-09-01"), ONE).held()

    assert (found.planned, [one.why for one in found.skipped]) == ((), ["held"])


def test_a_moved_due_date_is_a_new_ladder():
    old = tick(at("2026-11-16"), ONE).planned[0].key
    moved = replace(ONE, due_on=date(2026, 12, 15))

    assert due_on_of(old) == date(2026, 11, 16)
    assert tick(at("2026-12-15"), moved, existing={old}).planned[0].step.kind == "due"


def test_a_belgian_public_holiday_waits_for_the_day_after_it():
    belgian = replace(ONE, due_on=date(2026, 11, 11), policy=Policy(country="BE"))

    assert [one.on for one in steps(belgian) if one.kind == "due"] == [date(2026, 11, 12)]
    assert [one.on for one in steps(replace(belgian, policy=Policy())) if one.kind == "due"] == [date(2026, 11, 11)]


def test_what_falls_into_a_quiet_period_leaves_once_after_it():
    recess = Policy(quiet=(Quiet(date(2026, 11, 9), date(2026, 12, 6)),))
    one = replace(ONE, policy=recess)
    now = at("2026-11-20")

    waiting = tick(now, one).by_day(now, BRUSSELS)
    after = tick(at("2026-12-07"), one)

    assert {decision.why for decision in waiting.skipped} == {"quiet"}
    assert waiting.planned == ()
    assert leaves_at(now, recess, BRUSSELS) == at("2026-12-07", "08:30")
    assert [decision.step.name for decision in after.planned] == ["overdue-1"]
    assert [decision.step.name for decision in after.superseded] == ["ask", "before-30", "before-7", "due"]


policies = st.builds(
    lambda before, every, most, country, quiet, length: Policy(
        tuple(sorted(before, reverse=True)),
        every,
        most,
        country=country,
        quiet=(Quiet(quiet, quiet + timedelta(days=length)),),
    ),
    st.sets(st.integers(0, 60), max_size=4),
    st.integers(3, 60),
    st.integers(0, 8),
    st.sampled_from(["", "BE"]),
    st.dates(date(2026, 1, 1), date(2028, 6, 30)),
    st.integers(0, 60),
)
days = st.dates(date(2026, 1, 1), date(2027, 12, 31))
replies = st.builds(
    lambda asked, length, people, policy: replace(
        ONE, asked_on=asked, due_on=asked + timedelta(days=length), recipients=tuple(sorted(people)), policy=policy
    ),
    days,
    st.integers(1, 200),
    st.sets(st.integers(1, 3), min_size=1),
    policies,
)
hours = st.times(time(0), time(23, 59)).map(lambda value: value.replace(second=0, microsecond=0))


def run(ticks: list[datetime], one: Expected, zone: str) -> tuple[set[str], list[str]]:
    """All keys after these ticks, and each planned one as often as it was planned."""
    existing: set[str] = set()
    planned: list[str] = []
    for now in ticks:
        found = plan(now, zone, [one], existing)
        planned += [decision.key for decision in found.planned]
        final = (*found.planned, *found.superseded, *found.skipped)
        existing |= {decision.key for decision in final if decision.is_final}
    return existing, planned


@settings(max_examples=150, deadline=None)
@given(replies, hours, st.sampled_from(ZONES), st.lists(st.integers(0, 30 * 24 * 60), min_size=1, max_size=25))
def test_any_list_of_ticks_decides_what_a_perfect_clock_decides(one, hour, zone, gaps):
    one = replace(one, policy=replace(one.policy, send_at=hour))
    start = datetime.combine(one.asked_on, time(0), tzinfo=UTC) - timedelta(days=2)
    ticks = [start + timedelta(minutes=sum(gaps[: n + 1])) for n in range(len(gaps))]
    # A perfect minute clock acts exactly at the moments of the steps; other minutes change nothing.
    perfect = sorted({moment_of(step.on, hour, zone) for step in steps(one)} | {ticks[-1]})

    kept, planned = run(ticks, one, zone)
    wanted, wanted_planned = run([moment for moment in perfect if moment <= ticks[-1]], one, zone)

    assert kept == wanted
    assert len(planned) == len(set(planned))
    assert set(planned) <= set(wanted_planned)
    newest = {key.split("/")[-1]: key for key in wanted_planned}
    assert set(newest.values()) <= set(planned)


@settings(max_examples=100, deadline=None)
@given(replies, st.sampled_from(ZONES), st.integers(0, 400 * 24 * 60))
def test_planning_twice_at_one_moment_adds_nothing(one, zone, minutes):
    now = datetime.combine(one.asked_on, time(0), tzinfo=UTC) + timedelta(minutes=minutes)

    existing, planned = run([now, now], one, zone)

    assert len(planned) == len(set(planned))
    assert plan(now, zone, [one], existing).planned == ()


@settings(max_examples=100, deadline=None)
@given(replies, st.integers(0, 300), st.integers(0, 400 * 24 * 60))
def test_after_an_answer_nothing_is_planned(one, answered_after, minutes):
    answered = replace(one, answered_on=one.asked_on + timedelta(days=answered_after))
    now = datetime.combine(one.asked_on, time(0), tzinfo=UTC) + timedelta(minutes=minutes)

    assert plan(now, BRUSSELS, [answered], set()).planned == ()


@pytest.mark.parametrize("zone", ZONES)
def test_in_every_zone_each_day_of_two_years_has_one_moment_of_sending(zone):
    """Also where clocks jump over the hour or show it twice."""
    for hour in (time(0), time(0, 30), time(2, 30), time(23, 30)):
        moments = [moment_of(date(2026, 1, 1) + timedelta(days=n), hour, zone) for n in range(730)]
        gaps = [(later - earlier) / timedelta(hours=1) for earlier, later in itertools.pairwise(moments)]
        assert all(22 <= gap <= 26 for gap in gaps)
        assert all(moment.astimezone(ZoneInfo(zone)).time() >= hour for moment in moments)


def test_a_day_that_a_country_skipped_counts_as_passed():
    assert moment_of(date(2011, 12, 30), time(8, 30), "Pacific/Apia") == datetime(2011, 12, 30, 10, tzinfo=UTC)
