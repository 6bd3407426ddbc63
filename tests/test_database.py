"""Which journal an SQLite database keeps, and when it is refused (reliability D05)."""

import threading
import time
from pathlib import Path

import pytest
from sqlalchemy import text

from tracker import database
from tracker.errors import Misconfigured

AFFECTED = (3, 40, 1)


@pytest.fixture(autouse=True)
def anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each engine is a new one here: other tests keep theirs."""
    monkeypatch.setattr(database, "engine_at", getattr(database.engine_at, "__wrapped__"))  # noqa: B009


@pytest.fixture
def url(tmp_path: Path) -> str:
    """A database that a sound library left with a write-ahead log."""
    url = f"sqlite:///{tmp_path / 'a.sqlite'}"
    engine = database.engine_at(url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE kept (n INTEGER)"))
        connection.execute(text("INSERT INTO kept VALUES (7)"))
        assert connection.scalar(text("PRAGMA journal_mode")) == "wal"
    engine.dispose()
    return url


@pytest.mark.parametrize(
    ("version", "is_safe"),
    [((3, 6, 23), True), ((3, 7, 0), False), (AFFECTED, False), ((3, 51, 2), False), ((3, 51, 3), True)],
)
def test_the_versions_that_may_damage_a_log_are_known(version: tuple[int, ...], is_safe: bool) -> None:
    assert database.wal_is_safe(version) is is_safe


def test_an_affected_library_takes_the_log_away_when_it_is_alone(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database.sqlite_library(), "sqlite_version_info", AFFECTED)

    with database.engine_at(url).connect() as connection:
        assert connection.scalar(text("PRAGMA journal_mode")) == "truncate"
        assert connection.scalar(text("SELECT n FROM kept")) == 7


def test_an_affected_library_refuses_a_log_that_is_in_use(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.1)
    with database.engine_at(url).connect() as somebody:
        somebody.execute(text("SELECT n FROM kept"))
        monkeypatch.setattr(database.sqlite_library(), "sqlite_version_info", AFFECTED)

        with pytest.raises(Misconfigured, match="Stop the other process, or install pysqlite3"):
            database.engine_at(url).connect()


def test_a_writer_finds_the_gaps_between_others_who_never_rest(url: str) -> None:
    database.connect(url)
    over, waited = threading.Event(), []

    def write_without_a_rest() -> None:
        while not over.is_set():
            with database.transaction(is_told=False) as session:
                session.execute(text("UPDATE kept SET n = n + 1"))
                time.sleep(0.02)

    others = [threading.Thread(target=write_without_a_rest) for _other in range(2)]
    for other in others:
        other.start()
    for _again in range(10):
        begun = time.monotonic()
        with database.transaction(is_told=False) as session:
            waited.append(time.monotonic() - begun)
            session.execute(text("SELECT n FROM kept"))
    over.set()
    for other in others:
        other.join()
    database.close()

    assert max(waited) < database.BUSY_SECONDS / 2
