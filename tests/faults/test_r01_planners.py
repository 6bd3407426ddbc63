"""Planners that tick together, and clocks that jump."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from tests.faults.together import in_processes
from tests.measuring import Measure
from tracker import clock, database
from tracker.domain.policies import Policy
from tracker.domain.reminders import leaves_at
from tracker.models import OutgoingMail, Reminder
from tracker.services import installation, reminders
from tracker.settings import Settings


def tick(settings: Settings, now: datetime) -> None:
    """What one planner does in its own process."""
    installation.connect(settings)
    reminders.plan(now, settings)
    database.close()


@pytest.fixture
def planning(filled: str) -> tuple[Settings, datetime]:
    """A filled installation in which many are late, and a morning on which they are written to."""
    settings = Settings(secret_key="k" * 40, database_url=filled, _env_file=None)
    now = leaves_at(clock.wall(), Policy(country="BE"), settings.timezone)
    installation.release(at=now)
    return settings, now


@pytest.mark.proves("R01")
def test_three_planners_at_once_write_each_reminder_and_each_mail_once(
    planning: tuple[Settings, datetime], measure: Measure
) -> None:
    settings, now = planning

    database.close()
    ended = in_processes(tick, [(settings, now)] * 3)
    installation.connect(settings)

    assert ended == [0, 0, 0]
    with database.reading() as session:
        planned = session.scalar(select(func.count(Reminder.id)).where(Reminder.state == "planned")) or 0
        mails = session.scalar(select(func.count(OutgoingMail.id))) or 0
        people = session.scalar(select(func.count(OutgoingMail.person_id.distinct()))) or 0
        loose = session.scalar(
            select(func.count(Reminder.id)).where(Reminder.state == "planned", Reminder.outgoing_mail_id.is_(None))
        )
    assert mails > 1
    measure("R01", "mails of one person on one day, beyond the first", mails - people, "mails", "= 0", f"{planned} due")
    measure("R01", "reminders in no mail", loose or 0, "reminders", "= 0", f"{planned} due")


@pytest.mark.proves("R13")
def test_a_clock_that_jumps_doubles_nothing(planning: tuple[Settings, datetime], measure: Measure) -> None:
    settings, now = planning
    reminders.plan(now, settings)
    with database.reading() as session:
        first = session.scalar(select(func.count(OutgoingMail.id))) or 0

    for jump in (timedelta(hours=-1), timedelta(minutes=-10), timedelta(minutes=1), timedelta(minutes=2)):
        reminders.plan(now + jump, settings)

    with database.reading() as session:
        again = session.scalar(select(func.count(OutgoingMail.id))) or 0
        per_step = select(func.count()).group_by(Reminder.expected_reply_id, Reminder.step, Reminder.person_id)
        doubles = sum(n > 1 for n in session.scalars(per_step.where(Reminder.state == "planned")))
    measure("R13", "mails after the clock went back and on again, beyond those before", again - first, "mails", "= 0")
    measure("R13", "steps planned twice", doubles, "steps", "= 0")
