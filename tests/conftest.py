"""What tests share: a migrated database copied per test, and people and bodies made through the services."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tracker import clock, database
from tracker.services import schema


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database that went through the real migrations."""
    path = tmp_path_factory.mktemp("migrated") / "empty.sqlite"
    database.connect(f"sqlite:///{path}")
    schema.migrate()
    database.close()
    return path


@pytest.fixture
def database_url(migrated: Path, tmp_path: Path) -> Iterator[str]:
    """The address of a fresh copy, connected; the clock is the system's again afterwards."""
    url = f"sqlite:///{shutil.copy(migrated, tmp_path / 'test.sqlite')}"
    database.connect(url)
    yield url
    database.close()
    clock.use(clock.wall)
    clock.live_in("Europe/Brussels")
