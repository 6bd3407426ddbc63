"""Databases of a size: as large as `--full` says, otherwise scaled down, as part of all tests."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bench import loading
from tests.databases import Databases
from tests.mail.peer import Peer, running
from tracker import database
from tracker.services import installation
from tracker.settings import Settings


@pytest.fixture(scope="session")
def size(is_full: bool) -> loading.Size:
    """How much is in a filled database."""
    return loading.M if is_full else loading.XS


@pytest.fixture(scope="session")
def filled_once(size: loading.Size, databases: Databases, migrated: str) -> str:
    """The name of a database of that size, made once."""

    def make() -> str:
        database.connect(databases.owned(databases.copy(migrated, "filled")))
        loading.load(size)
        return "filled"

    return databases.once("filled", make)


@pytest.fixture
def filled(filled_once: str, databases: Databases, database_url: str) -> str:
    """The address of a copy of it, connected."""
    database.close()
    url = databases.copy(filled_once, "test")
    database.connect(url)
    return url


@pytest.fixture
def peer() -> Iterator[Peer]:
    """A mail server on loopback."""
    with running() as found:
        yield found


@pytest.fixture
def mailing(database_url: str, peer: Peer, tmp_path: Path) -> Settings:
    """An installation that sends, to that server."""
    installation.release(at=datetime(2026, 11, 24, 7, 30, tzinfo=UTC))
    return Settings(
        secret_key="k" * 40,
        database_url=database_url,
        data_dir=tmp_path,
        smtp_url=peer.url,
        mail_from="Myria <suivi@myria.example>",
        _env_file=None,
    )
