"""An SQLite library that may damage a write-ahead log starts on none: each command says so, and what to do."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.making import KEY
from tests.measuring import Measure
from tracker import database
from tracker.database import sqlite_library, wal_is_safe

TRACKER = Path(sys.executable).parent / "tracker"
AFFECTED = (3, 40, 1)
"""The library of many servers."""
COMMANDS = ("migrate", "serve --port 0", "serve --all --port 0", "work", "verify", "figures", "remind --dry-run")
REMEDY = "Stop the other process, or install pysqlite3"


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    """An installation whose commands find an affected library and nothing better."""
    stub = f"import sqlite3, sys\nsys.modules['pysqlite3'] = None\nsqlite3.sqlite_version_info = {AFFECTED}\n"
    (tmp_path / "sitecustomize.py").write_text(stub)
    return {"TRACKER_SECRET_KEY": KEY, "TRACKER_DATA_DIR": str(tmp_path), "PATH": "/usr/bin:/bin"}


def run(command: str, env: dict[str, str], folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [TRACKER, *command.split()], env=env, cwd=folder, capture_output=True, text=True, timeout=60, check=False
    )


@pytest.mark.proves("D05")
def test_an_affected_library_starts_nothing_on_a_log_that_is_in_use(
    env: dict[str, str], tmp_path: Path, is_full: bool, measure: Measure
) -> None:
    if not wal_is_safe(sqlite_library().sqlite_version_info):
        pytest.skip("no library here may write a log, so that none is in use")
    affected, commands = {**env, "PYTHONPATH": str(tmp_path)}, COMMANDS if is_full else COMMANDS[:2]
    assert run("migrate", env, tmp_path).returncode == 0
    engine = database.engine_at(f"sqlite:///{tmp_path / 'repons.sqlite'}")

    with engine.connect() as somebody:
        somebody.exec_driver_sql("SELECT 1 FROM installation")
        told = [run(command, affected, tmp_path) for command in commands]
    engine.dispose()

    refused = [one for one in told if one.returncode == 2 and REMEDY in one.stderr and one.stderr.count("\n") == 1]
    alone = run("verify", affected, tmp_path)
    with engine.connect() as after:
        kept = after.exec_driver_sql("PRAGMA integrity_check").scalar()
    engine.dispose()
    measure("D05", "commands that refuse a log in use, with code 2 and one sentence", len(refused), "commands",
            f"= {len(commands)}", on="sqlite")  # fmt: skip
    whole = (alone.returncode, kept) == (0, "ok")
    measure("D05", "alone it takes the log away and goes on", int(whole), "", "= 1", on="sqlite")
