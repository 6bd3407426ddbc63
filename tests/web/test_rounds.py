"""A round is shown as it would be before it is opened: who gets a mail, and when it leaves."""

from datetime import UTC, date, datetime

import pytest

from tests.making import Office
from tests.web.checking import Enter, visible
from tracker import clock
from tracker.services import installation, reminders
from tracker.settings import Settings

COORDINATOR = "coordination@myria.test"
FRIDAY = datetime(2024, 10, 4, 8, 0, tzinfo=UTC)
PREVIEW = "/rounds/new/preview?title=Next&report=myria-2023&due-myria-2023=2025-03-03"


@pytest.fixture
def written(office: Office, settings: Settings) -> Office:
    """On a Friday both focal points were asked about 2018; at noon another round is prepared."""
    clock.use(lambda: FRIDAY)
    installation.release(at=FRIDAY)
    office.ask("myria-2018", due_on=date(2025, 3, 3), at=FRIDAY)
    assert reminders.plan(FRIDAY, settings) == 2
    clock.use(lambda: FRIDAY.replace(hour=12))
    return office


def test_a_round_on_a_day_with_mails_says_until_when_its_own_wait(enter: Enter, written: Office) -> None:
    shown = visible(enter(COORDINATOR).get(PREVIEW))

    assert "Monday 7 October at 08:30" in shown
    assert "within minutes" not in shown


def test_the_mails_that_wait_stand_under_reminders_and_leave_when_it_says(
    enter: Enter, written: Office, settings: Settings
) -> None:
    written.ask("myria-2023", due_on=date(2025, 3, 3), at=clock.now())

    assert "Monday 7 October, 08:30: one mail" in visible(enter(COORDINATOR).get("/reminders"))
    assert reminders.plan(datetime(2024, 10, 5, 12, tzinfo=UTC), settings) == 0
    assert reminders.plan(datetime(2024, 10, 7, 6, 29, tzinfo=UTC), settings) == 0
    assert reminders.plan(datetime(2024, 10, 7, 6, 30, tzinfo=UTC), settings) == 1


def test_a_due_date_by_rule_that_is_past_is_told_as_past(enter: Enter, office: Office) -> None:
    clock.use(lambda: datetime(2025, 12, 1, 9, 0, tzinfo=UTC))

    shown = visible(enter(COORDINATOR).get("/rounds/new"))

    assert "That day is past, so thirty days from today are proposed." in shown
    assert "less than thirty days" not in shown
