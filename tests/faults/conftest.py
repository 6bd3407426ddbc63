"""Databases of a size: as large as `--full` says, otherwise scaled down, as part of all tests."""

import pytest

from bench import loading
from tests.databases import Databases
from tracker import database


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
