"""Commands of whoever looks after an installation, as they are typed."""

import json
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.cli.commands import run
from tests.making import Office
from tracker import database
from tracker.queries import anchors as of_anchors
from tracker.services import anchors
from tracker.settings import Settings


@pytest.fixture
def env(database_url: str, tmp_path: Path) -> dict[str, str]:
    """The environment of an installation on the test's database."""
    return {
        "TRACKER_SECRET_KEY": "Fq7-a-key-that-nobody-else-knows-at-all",
        "TRACKER_DATA_DIR": str(tmp_path),
        "TRACKER_DATABASE_URL": database_url,
        "TRACKER_SMTP_URL": "smtp://127.0.0.1:1",
    }


def test_the_doctor_names_what_is_wrong_and_ends_with_one(env: dict[str, str], office: Office) -> None:
    told = run("doctor", env=env)
    found = {one["check"]: one for one in json.loads(run("doctor", "--json", env=env).stdout)["findings"]}

    assert told.returncode == 1
    assert "WRONG    The mail server cannot be reached. (127.0.0.1:1:" in told.stdout
    assert "→ Start `tracker serve --all`" in told.stdout
    assert (found["chain"]["state"], found["worker"]["state"]) == ("fine", "wrong")


def test_the_doctor_names_wrong_settings_too(env: dict[str, str]) -> None:
    told = run("doctor", env={**env, "TRACKER_SECRET_KEY": "changeme" * 5, "TRACKER_BASE_URL": "https://x.test"})
    assert told.returncode == 1
    assert "TRACKER_SECRET_KEY can be guessed" in told.stdout

    several = run("doctor", env={**env, "TRACKER_SECRET_KEY": "", "TRACKER_TIMEZONE": "Mars/Base"}).stdout
    assert "TRACKER_SECRET_KEY is missing" in several
    assert "TRACKER_TIMEZONE is wrong" in several


def test_a_backup_is_made_and_put_back(env: dict[str, str], office: Office, tmp_path: Path) -> None:
    file = tmp_path / "a.sqlite"
    made = run("backup", file, env=env)
    assert made.returncode == 0, made.stderr
    assert "entries" in made.stdout
    again = run("backup", file, env=env)
    assert (again.returncode, "add --force" in again.stderr) == (2, True)
    assert run("backup", file, "--force", env=env).returncode == 0
    assert (run("restore", file, env=env).returncode, run("restore", file, "--replace", env=env).returncode) == (2, 1)

    elsewhere = {**env, "TRACKER_DATABASE_URL": "", "TRACKER_DATA_DIR": str(tmp_path / "new")}
    restored = run("restore", file, env=elsewhere)

    assert restored.returncode == 0, restored.stderr
    assert "entries are as they were recorded" in restored.stdout
    assert "`tracker release`" in restored.stdout
    hashes = [word.rstrip(".") for word in (made.stdout + restored.stdout).split() if len(word.rstrip(".")) == 64]
    assert len(set(hashes)) == 1


def test_verify_asks_the_anchors_when_told_to(env: dict[str, str], office: Office, tmp_path: Path) -> None:
    assert "no anchors" in run("verify", "--anchors", env=env).stderr
    settings = Settings(secret_key="k" * 40, data_dir=tmp_path, _env_file=None)
    anchors.write_daily(settings)
    assert run("verify", "--anchors", env=env).returncode == 0

    copied = tmp_path / "copy.jsonl"
    anchors.write(copied, 3, "0" * 64, "day")
    found = run("verify", "--anchors", copied, "--json", env=env)

    assert (found.returncode, json.loads(found.stdout)["first_wrong"]) == (1, 3)
    assert of_anchors.file_of(settings).read_text().count("\n") == 1


def test_people_are_listed_with_what_they_may_do(env: dict[str, str], office: Office) -> None:
    lines = run("user", "list", env=env).stdout.splitlines()

    assert "coordination@myria.test  Coordination  coordinator of myria" in lines
    assert "police@bodies.test  Focal point, police  answers for police" in lines


def test_an_account_is_closed(env: dict[str, str], office: Office) -> None:
    assert run("user", "disable", "police@bodies.test", env=env).returncode == 0
    assert "police@bodies.test" not in run("user", "list", env=env).stdout
    again = run("user", "disable", "police@bodies.test", env=env)
    assert (again.returncode, "tracker user list" in again.stderr) == (2, True)


def test_a_migration_tells_what_it_did_and_refuses_what_it_does_not_know(tmp_path: Path) -> None:
    env = {"TRACKER_SECRET_KEY": "Fq7-a-key-that-nobody-else-knows-at-all", "TRACKER_DATA_DIR": str(tmp_path)}
    assert "was at nothing and is at" in run("migrate", env=env).stdout
    assert "already" in run("migrate", env=env).stdout

    with database.sqlite_file(tmp_path / "repons.sqlite").begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999_later'"))
    refused = run("migrate", env=env)

    assert (refused.returncode, "install the newer one again" in refused.stderr) == (2, True)


def test_the_version_is_told() -> None:
    assert run("--version").stdout.startswith("tracker, version ")
