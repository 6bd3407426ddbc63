"""What probes and machines that watch read."""

from datetime import timedelta

import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import select

from tests.databases import Databases
from tests.making import Office
from tests.web.checking import Enter, visible
from tracker import clock, database
from tracker.errors import Misconfigured
from tracker.models import Backup, ChainHead
from tracker.services import installation, ticks
from tracker.settings import Settings


def backed_up(days_ago: int, why: str | None = None) -> None:
    at = clock.wall() - timedelta(days=days_ago)
    with database.transaction() as session:
        session.add(Backup(begun_at=at, ended_at=at, file="a", size=None if why else 9, why=why, owner="test"))


def test_readiness_tells_how_old_the_backup_is_and_stays_true(enter: Enter, office: Office) -> None:
    probe = enter()
    fresh = probe.get("/readyz")
    backed_up(3)
    backed_up(1, why="the disk is full")
    ticks.went_well("planner", "test", at=clock.wall())
    later = probe.get("/readyz")

    assert (fresh.status_code, fresh.text.splitlines()[:2]) == (200, ["ready", "last backup: never"])
    assert later.status_code == 200
    lines = dict(line.split(": ") for line in later.text.splitlines()[1:])
    ages = {name: int(line.split()[-3]) for name, line in lines.items() if line.endswith(" s ago")}
    assert ages == pytest.approx({"last backup": 3 * 86400, "backup failed": 86400, "planner": 0}, abs=30)
    assert (lines["sender"], lines["mail"]) == ("never", "held")
    assert "disk is full" not in later.text


def test_a_database_that_is_away_is_not_ready_and_the_process_lives(
    enter: Enter, office: Office, databases: Databases
) -> None:
    probe = enter()
    database.connect(database.engine().url.render_as_string(hide_password=False))
    if database.engine().dialect.name == "sqlite":
        pytest.skip("an SQLite that somebody else writes to is read all the same")

    with databases.out_of_order("test"):
        found = probe.get("/readyz")
        assert probe.get("/healthz").status_code == 200

    assert (found.status_code, found.text[:9], found.headers["Retry-After"]) == (503, "not ready", "5")
    assert probe.get("/readyz").status_code == 200


def test_figures_for_machines(enter: Enter, office: Office) -> None:
    installation.release(at=clock.wall())
    backed_up(2)
    found = enter().get("/metrics")

    values = {one.name: sample.value for one in text_string_to_metric_families(found.text) for sample in one.samples}
    assert found.status_code == 200
    assert values["repons_backup_age_seconds"] == pytest.approx(2 * 86400, abs=60)
    assert (values["repons_mail_held"], values["repons_backup_failed"]) == (0, 0)
    with database.reading() as session:
        assert values["repons_entries"] == session.scalar(select(ChainHead.seq))


def test_coordinators_read_that_a_backup_failed(enter: Enter, office: Office) -> None:
    client = enter("coordination@myria.test")
    assert "backup" not in visible(client.get("/reminders"))

    backed_up(0, why="the disk is full")

    assert "names the remedy" in visible(client.get("/reminders"))


def test_coordinators_read_that_the_sender_stands_still(enter: Enter, office: Office) -> None:
    client = enter("coordination@myria.test")
    ticks.went_well("planner", "test", at=clock.wall())
    assert "No mail has been handed over yet" in visible(client.get("/reminders"))

    ticks.went_well("sender", "test", at=clock.wall() - timedelta(minutes=10))
    assert "have not been handed over since" in visible(client.get("/reminders"))

    ticks.went_well("sender", "test", at=clock.wall())
    assert "handed over" not in visible(client.get("/reminders"))


def test_a_wrong_address_of_the_mail_server_stops_the_start(settings: Settings) -> None:
    with pytest.raises(Misconfigured, match="TRACKER_SMTP_URL is wrong"):
        installation.connect(settings.model_copy(update={"smtp_url": "http://mail.example"}))
