"""Figures that tests put on record: each against its bar, at full size with `--full`, as in `make faults`.

A test marked with `proves` names the acceptance tests whose figures it measures; `-k D08` finds it by that name.
"""

import time
from collections.abc import Callable

import pytest

from bench import figures
from tracker import database

Measure = Callable[..., None]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Say how large."""
    parser.addoption("--full", action="store_true", help="inject faults at full size and record the figures")


def pytest_itemcollected(item: pytest.Item) -> None:
    """Let each test be found by what it proves."""
    item.extra_keyword_matches.update(proved_by(item))


def proved_by(item: pytest.Item) -> set[str]:
    """The ids of the acceptance tests that a test measures."""
    return {id_ for mark in item.iter_markers("proves") for id_ in mark.args}


@pytest.fixture(scope="session")
def is_full(request: pytest.FixtureRequest) -> bool:
    """Whether everything runs at full size."""
    return bool(request.config.getoption("--full", default=False))


@pytest.fixture
def measure(request: pytest.FixtureRequest, is_full: bool, record_property: Callable[[str, object], None]) -> Measure:
    """Holds a figure against its bar, tells it in the summary, and puts it on record at full size."""
    begun, proved = time.monotonic(), proved_by(request.node)

    def measure(id_: str, what: str, value: float, unit: str, bar: str = "", size: str = "", *, on: str = "") -> None:
        """`on` names the engine where none is connected."""
        assert id_ in proved, f"a test that measures {id_} is marked with it: @pytest.mark.proves({id_!r})"
        figure = figures.measured(
            id_, what, value, unit, bar,
            database=on or database.engine().dialect.name, size=size, seconds=time.monotonic() - begun,
        )  # fmt: skip
        record_property(id_, f"{what}: {value:g} {unit} (bar {bar or 'none'}) on {figure.database}")
        if is_full:
            figures.record(figure, figures.MEASURED / "faults.jsonl")
        assert figure.ok, f"{what}: {value:g} {unit}, and the bar is {bar}"

    return measure
