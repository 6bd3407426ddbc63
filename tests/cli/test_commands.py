"""The command line, as an administrator types it: in a process of its own."""

import json
import socket
import time
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.cli.commands import run, run_from_nothing
from tests.databases import Databases, Tamper
from tests.making import ANNEXES, KEY, Office
from tracker import clock


@pytest.fixture
def env(database_url: str, tmp_path: Path) -> dict[str, str]:
    """The environment of an installation on the test's database."""
    return {
        "TRACKER_SECRET_KEY": KEY,
        "TRACKER_DATA_DIR": str(tmp_path),
        "TRACKER_DATABASE_URL": database_url,
    }


def test_a_dry_run_needs_no_database_and_no_secret() -> None:
    done = run_from_nothing("import", "--dry-run", "--json", ANNEXES / "myria-2018.txt", ANNEXES / "myria-2023.txt")

    first, second = (json.loads(line) for line in done.stdout.splitlines())
    assert done.returncode == 0
    assert [len(one["recommendations"]) for one in (first, second)] == [11, 12]
    assert first["document"] == {"name": "myria-2018.txt", "language": "fr"}
    lines = {n for one in first["recommendations"] for n in range(one["lines"][0], one["lines"][1] + 1)}
    lines |= {one["line"] for one in first["leftover"]}
    assert lines == set(range(1, len((ANNEXES / "myria-2018.txt").read_text().splitlines()) + 1))


@pytest.mark.parametrize("content", [b"", b"   \n", b"%PDF-1.7 ...", b"PK\x03\x04....", b"\x00\x01\x02" * 50])
def test_an_unreadable_file_is_one_sentence_and_exit_code_3(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "annex.txt"
    file.write_bytes(content)

    done = run("import", "--dry-run", file)

    assert (done.returncode, done.stdout) == (3, "")
    assert len(done.stderr.strip().splitlines()) == 1
    assert "Traceback" not in done.stderr


def test_a_file_that_is_not_there_is_one_sentence() -> None:
    done = run("import", "--dry-run", "/nowhere.txt")

    assert done.returncode == 3
    assert "/nowhere.txt" in done.stderr


def test_a_first_annex_can_be_looked_at_before_it_is_accepted(env: dict[str, str]) -> None:
    read = run("import", ANNEXES / "myria-2018.txt", "--issuer", "Myria", env=env)

    assert read.returncode == 0, read.stderr
    assert "left to review at" in read.stdout


def test_a_port_that_is_taken_is_told_in_one_sentence(env: dict[str, str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        told = run("serve", "--port", str(other.getsockname()[1]), env=env)

    assert told.returncode == 2
    assert "Choose another port" in told.stderr
    assert len(told.stderr.splitlines()) == 1


def test_an_empty_installation_takes_its_issuer_from_the_first_annex(env: dict[str, str]) -> None:
    arguments = (
        "--issuer",
        "Myria",
        "--report",
        "myria-2018",
        "--title",
        "Report",
        "--issued",
        "2018-12-18",
        "--accept",
    )

    first = run("import", ANNEXES / "myria-2018.txt", *arguments, env=env)
    again = run("import", ANNEXES / "myria-2018.txt", *arguments, env=env)

    assert first.returncode == 0, first.stderr
    assert "11 added to myria-2018 with 23 addressees" in first.stdout
    assert "0 added" in again.stdout
    other = run("import", ANNEXES / "myria-2023.txt", "--issuer", "Nobody", env=env)
    assert other.returncode == 2
    assert "no issuer “Nobody”" in other.stderr


def test_without_accepting_nothing_but_drafts_is_left(env: dict[str, str], office: Office) -> None:
    changed = ANNEXES.joinpath("myria-2018.txt").read_text().replace("2018/32", "2018/99")
    file = Path(env["TRACKER_DATA_DIR"]) / "new.txt"
    file.write_text(changed)

    done = run("import", file, "--issuer", "myria", "--report", "r", "--title", "T", "--issued", "2018-12-18", env=env)

    assert "left to review at http://127.0.0.1:8000/imports/" in done.stdout
    assert json.loads(run("figures", "--by", "report", "--json", env=env).stdout)["total"]["addressees"] == 49


def test_figures_are_printed_for_today_and_for_any_day(env: dict[str, str], office: Office) -> None:
    office.ask()
    now = json.loads(run("figures", "--json", env=env).stdout)
    before = json.loads(run("figures", "--json", "--as-of", "2020-01-01", env=env).stdout)

    assert now["total"]["addressees"] == 49
    assert now["total"]["overdue"] == 26
    assert len(now["rows"]) == 19
    assert before["as_of"] == "2020-01-01"
    assert (before["total"]["addressees"], before["total"]["overdue"]) == (23, 0)
    assert "police" in {row["key"] for row in now["rows"]}
    assert "overdue" in run("figures", env=env).stdout
    refused = run("figures", "--as-of", "2200-01-01", env=env)
    assert "nothing is known yet" in refused.stderr


def test_a_command_counts_from_the_day_to_which_the_demonstration_was_moved(
    env: dict[str, str], office: Office, tmp_path: Path
) -> None:
    clock.move_forward(tmp_path / "today", 30)
    day = clock.day_of(clock.wall())

    beside, elsewhere = ({**env, "TRACKER_BESIDE_DEMO": "true"}, env)
    moved, kept = (json.loads(run("figures", "--json", env=one).stdout)["as_of"] for one in (beside, elsewhere))

    assert date.fromisoformat(moved) > day + timedelta(days=28)
    assert date.fromisoformat(kept) <= day + timedelta(days=1), "in any other installation the file is no clock"


def test_reminders_are_told_and_never_sent_from_here(env: dict[str, str], office: Office) -> None:
    office.ask()

    plan = json.loads(run("remind", "--dry-run", "--now", "2024-10-02T10:00:00+02:00", "--json", env=env).stdout)

    assert set(plan) == {"planned", "skipped"}
    assert {one["why"] for one in plan["skipped"]} >= {"held"}
    assert run("remind", env=env).returncode == 2
    assert "no time zone" in run("remind", "--dry-run", "--now", "2024-10-02", env=env).stderr


def test_verify_names_the_first_wrong_entry(env: dict[str, str], office: Office, tamper: Tamper) -> None:
    whole = run("verify", "--json", env=env)
    assert (whole.returncode, json.loads(whole.stdout)["ok"]) == (0, True)

    tamper("UPDATE entry SET facts = facts || ' ' WHERE seq = 5")

    broken = run("verify", "--json", env=env)
    assert broken.returncode == 1
    assert json.loads(broken.stdout)["first_wrong"] == 5
    assert run("verify", env=env).stdout.startswith("Entry 5:")


def test_an_administrator_gives_someone_a_way_in_when_mail_is_dead(env: dict[str, str], office: Office) -> None:
    added = run("user", "add", "new@bodies.test", "--name", "Focal point", "--answers-for", "police", env=env)
    code = run("user", "code", "new@bodies.test", env=env)

    assert added.returncode == 0, added.stderr
    assert code.stdout[:6].isdigit()
    assert run("user", "code", "nobody@bodies.test", env=env).returncode == 2
    assert run("user", "add", "x", "--name", "X", env=env).returncode == 2


def test_a_release_lets_mail_leave(env: dict[str, str], office: Office) -> None:
    assert "leave from now on" in run("release", env=env).stdout


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"TRACKER_SECRET_KEY": ""}, "TRACKER_SECRET_KEY is missing or shorter"),
        ({"TRACKER_SECRET_KEY": "short"}, "TRACKER_SECRET_KEY is missing or shorter"),
        ({"TRACKER_TIMEZONE": "Mars/Base"}, "TRACKER_TIMEZONE is wrong"),
        ({"TRACKER_BASE_URL": "myria.be"}, "TRACKER_BASE_URL is wrong"),
        ({"TRACKER_DATA_DIR": "/proc/nowhere"}, "cannot be made"),
    ],
)
def test_a_wrong_setting_stops_the_start_with_a_sentence(
    env: dict[str, str], changed: dict[str, str], sentence: str
) -> None:
    done = run("figures", env={**env, **changed})

    assert done.returncode == 2
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("command", ["figures", "verify", "remind --dry-run"])
def test_in_a_wrong_folder_a_command_says_so_and_makes_nothing(command: str, tmp_path: Path) -> None:
    here = str(tmp_path)
    told = {
        f"There is no .env in {here}": {},
        f"There is no installation: {here}/data/repons.sqlite does not exist": {"TRACKER_SECRET_KEY": KEY},
        f"There is no installation: {here}/else/repons.sqlite does not exist": {
            "TRACKER_SECRET_KEY": KEY, "TRACKER_DATA_DIR": "else",
        },
    }  # fmt: skip
    for sentence, env in told.items():
        done = run(*command.split(), env=env, cwd=tmp_path)
        assert (done.returncode, done.stdout) == (2, "")
        assert sentence in done.stderr
        assert len(done.stderr.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def test_a_database_that_was_not_migrated_is_refused_and_migrated(env: dict[str, str], databases: Databases) -> None:
    databases.drop("fresh")
    url = databases.empty("fresh")
    fresh = {**env, "TRACKER_DATABASE_URL": url, "TRACKER_MIGRATION_URL": databases.owned(url)}

    assert "`tracker migrate`" in run("figures", env=fresh).stderr
    assert run("migrate", env=fresh).returncode == 0
    assert run("figures", env=fresh).returncode == 0


def test_help_answers_at_once_and_names_every_command() -> None:
    begun = time.monotonic()
    done = run_from_nothing("--help")

    assert time.monotonic() - begun < 2  # half a second on a quiet machine; this only notices a heavy import
    for name in ("import", "serve", "work", "remind", "figures", "verify", "migrate", "release", "user"):
        assert name in done.stdout
        assert run(name, "--help").returncode == 0


def test_settings_may_lie_in_a_file_beside(env: dict[str, str], tmp_path: Path, office: Office) -> None:
    (tmp_path / ".env").write_text("\n".join(f"{name}={value}" for name, value in env.items()))

    assert run("verify", cwd=tmp_path).returncode == 0


def test_contacts_come_from_a_file_all_or_none(office: Office, env: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "contacts.csv"
    file.write_bytes(
        "instantie;mailadres;naam of functie;taal\nPolitie;new@bodies.test;Élodie;Frans\n".encode("cp1252")
    )

    assert (
        run("user", "import", file, "--dry-run", env=env).stdout == "contacts.csv: 1 would be added, 0 there already.\n"
    )
    assert run("user", "import", file, env=env).stdout == "contacts.csv: 1 added, 0 there already.\n"
    assert run("user", "import", file, env=env).stdout == "contacts.csv: 0 added, 1 there already.\n"

    file.write_text("body,mail address,name,language\npolice,fresh@bodies.test,Fresh,nl\nNobody,x,,\n")
    done = run("user", "import", file, env=env)
    assert done.returncode == 2
    assert "contacts.csv, row 3, body: “Nobody” is not a known body." in done.stderr
    assert "contacts.csv, row 3, mail address: “x” is not a mail address." in done.stderr
    assert run("user", "code", "fresh@bodies.test", env=env).returncode == 2


def test_a_whole_register_is_loaded_from_an_open_file(env: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "register.jsonl"
    report = {"report": "myria-2024", "title": "Rapport 2024", "issued_on": "2024-09-18", "language": "fr"}
    one = {"code": "2024/1", "texts": {"fr": "Former la police."}, "addressees": [{"as_written": "Police"}]}
    file.write_text("\n".join(map(json.dumps, (report, one))), encoding="utf-8")

    assert run("load", file, "--issuer", "Myria", env=env).stdout == (
        "register.jsonl: 1 added in 1 new reports with 1 addressees, 0 there already.\n"
    )
    assert "0 added in 0 new reports" in run("load", file, "--issuer", "Myria", env=env).stdout

    file.write_text("{", encoding="utf-8")
    wrong = run("load", file, "--issuer", "Myria", env=env)
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert wrong.stderr.startswith("Line 1: This line is not JSON")
    assert run("load", tmp_path / "nowhere.jsonl", "--issuer", "Myria", env=env).returncode == 3
