"""The world, made once for each engine, and a copy of it for each test."""

from collections.abc import Callable, Iterator
from copy import copy

import pytest

from tests.databases import Databases, OnPostgresql
from tests.security.world import TODAY, World
from tracker import clock, database


@pytest.fixture(scope="session")
def world_once(databases: Databases, migrated: str, is_full: bool) -> World:
    """The world in a database of its own; on PostgreSQL at full size alone, for who may enter is asked of no engine."""
    if isinstance(databases, OnPostgresql) and not is_full:
        pytest.skip("on PostgreSQL with `make faults`")

    def make() -> World:
        database.connect(databases.copy(migrated, "world"))
        return World.make()

    return databases.once("world", make)


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
