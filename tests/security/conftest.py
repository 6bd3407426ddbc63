"""The world, made once for each engine, and a copy of it for each test."""

from collections.abc import Callable, Iterator
from copy import copy

import pytest

from tests.databases import Databases
from tests.faults.conftest import Measure, is_full, measure
from tests.security.world import TODAY, World
from tracker import clock, database

__all__ = ["is_full", "measure"]
Tell = Callable[[str, str, float, str, str], None]


@pytest.fixture
def tell(measure: Measure, record_property: Callable[[str, object], None]) -> Tell:
    """Holds a figure against its bar, as faults do, and prints it in the summary of the run."""

    def tell(id_: str, what: str, value: float, unit: str, bar: str) -> None:
        record_property(id_, f"{what}: {value:g} {unit}")
        measure(id_, what, value, unit, bar)

    return tell


@pytest.fixture(scope="session")
def world_once(databases: Databases, migrated: str) -> World:
    """The world in a database of its own."""
    database.connect(databases.copy(migrated, "world"))
    world = World.make()
    database.close()
    return world


@pytest.fixture
def begin_anew(databases: Databases, database_url: str, world_once: World) -> Iterator[Callable[[], None]]:
    """Connects the test to a fresh copy of the world, as often as it is called."""
    clock.use(lambda: TODAY)

    def begin_anew() -> None:
        database.close()
        database.connect(databases.copy("world", "test"))

    return begin_anew


@pytest.fixture
def world(begin_anew: Callable[[], None], world_once: World) -> World:
    """The world on 23 November 2026."""
    begin_anew()
    return copy(world_once)
