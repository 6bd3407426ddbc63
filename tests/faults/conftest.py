"""Faults at full size with `--full`, which puts each figure on record; otherwise scaled down, as part of all tests."""

import time
from collections.abc import Callable

import pytest

from bench import figures, loading
from tests.databases import Databases
from tracker import database

Measure = Callable[..., None]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--full", action="store_true", help="inject faults at full size and record the figures")


@pytest.fixture(scope="session")
def is_full(request: pytest.FixtureRequest) -> bool:
    """Whether everything runs at full size."""
    return bool(request.config.getoption("--full", default=False))


@pytest.fixture(scope="session")
def size(is_full: bool) -> loading.Size:
    """How much is in a filled database."""
    return loading.M if is_full else loading.XS


@pytest.fixture(scope="session")
def filled_once(size: loading.Size, databases: Databases, migrated: str) -> str:
    """The name of a database of that size, made once."""
    database.connect(databases.owned(databases.copy(migrated, "filled")))
    loading.load(size)
    database.close()
    return "filled"


@pytest.fixture
def filled(filled_once: str, databases: Databases, database_url: str) -> str:
    """The address of a copy of it, connected."""
    database.close()
    url = databases.copy(filled_once, "test")
    database.connect(url)
    return url


@pytest.fixture
def measure(is_full: bool) -> Measure:
    """Holds a figure against its bar, and puts it on record at full size."""
    begun = time.monotonic()

    def measure(id_: str, what: str, value: float, unit: str, bar: str = "", size: str = "") -> None:
        figure = figures.measured(
            id_, what, value, unit, bar,
            database=database.engine().dialect.name, size=size, seconds=time.monotonic() - begun,
        )  # fmt: skip
        print(f"{id_} {what}: {value:g} {unit} (bar {bar or 'none'}) on {figure.database}")
        if is_full:
            figures.record(figure, figures.MEASURED / "faults.jsonl")
        assert figure.ok, f"{what}: {value:g} {unit}, and the bar is {bar}"

    return measure
