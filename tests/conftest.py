"""What tests share: a migrated database copied per test, an office made through the services, and browsers in it."""

from collections.abc import Callable, Iterator
from copy import copy
from functools import cache
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine, event

from tests.databases import Databases, OnPostgresql, OnSqlite, Tamper
from tests.followed import TODAY, follow
from tests.making import Office
from tests.measuring import is_full, measure, pytest_addoption, pytest_itemcollected
from tests.web.checking import CheckingClient, Enter
from tracker import clock, database, language
from tracker.queries import people
from tracker.services import audit, installation, schema, sign_in
from tracker.settings import Settings
from tracker.web import kept, kept_for_one
from tracker.web.app import create_app
from tracker.web.shelf import Shelf

__all__ = ["is_full", "measure", "pytest_addoption", "pytest_itemcollected"]
KEPT = ("followed_once", "made")
"""Databases that are made once; a test that asks for an office of its own begins with an empty one."""


@pytest.fixture(scope="session", autouse=True)
def compiled_once() -> Iterator[None]:
    """An address keeps its engine, with the statements it compiled: half the time of a test goes into those."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(database, "engine_at", cache(database.engine_at))
        yield


@pytest.fixture(scope="session")
def engines() -> Iterator[dict[str, Databases]]:
    """The engines in use. They are kept to the end: pytest leaves one for the other and comes back with every file."""
    engines: dict[str, Databases] = {}
    yield engines
    for databases in engines.values():
        databases.close()


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def databases(
    request: pytest.FixtureRequest,
    engines: dict[str, Databases],
    is_full: bool,
    tmp_path_factory: pytest.TempPathFactory,
) -> Databases:
    """Where databases are: every test that needs one runs on both engines."""
    if request.param not in engines:
        is_sqlite, folder = request.param == "sqlite", tmp_path_factory.mktemp("databases")
        engines[request.param] = OnSqlite(folder, is_durable=is_full) if is_sqlite else OnPostgresql()
    return engines[request.param]


@pytest.fixture(scope="session")
def migrated(databases: Databases) -> str:
    """The name of an empty database that went through the real migrations."""

    def migrate() -> str:
        url = databases.empty("migrated")
        schema.bring_up_to_date(Settings(secret_key="s" * 40, database_url=url, migration_url=databases.owned(url)))
        return "migrated"

    return databases.once("migrated", migrate)


@pytest.fixture
def database_url(request: pytest.FixtureRequest, databases: Databases, migrated: str) -> Iterator[str]:
    """The address of a fresh copy, connected: of what the test asks for, else of an empty one.

    Clock and language are as before afterwards.
    """
    kept = next((one for one in KEPT if one in request.fixturenames), None)
    url = databases.copy(request.getfixturevalue(kept)[0] if kept else migrated, "test")
    database.connect(url)
    yield url
    database.close()
    clock.use(clock.wall)
    clock.live_in("Europe/Brussels")
    language.use("en")
    audit.come_in("worker")


@pytest.fixture
def tamper(databases: Databases, database_url: str) -> Tamper:
    """Changes the test's database as somebody with its files could, without its triggers."""
    return lambda statement: databases.tamper("test", statement)


@pytest.fixture
def statements(database_url: str) -> Iterator[Callable[[], int]]:
    """How many statements went to the database until now."""
    sent = 0

    def note(*_: object) -> None:
        nonlocal sent
        sent += 1

    event.listen(Engine, "before_cursor_execute", note)
    yield lambda: sent
    event.remove(Engine, "before_cursor_execute", note)


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """An installation like any other, on the test's database."""
    return Settings(secret_key="s" * 40, database_url=database_url, data_dir=tmp_path, _env_file=None)


@pytest.fixture(scope="session")
def apps() -> dict[str, Flask]:
    """Applications of earlier tests, by their settings: to build one takes as long as ten pages."""
    return {}


@pytest.fixture
def app(settings: Settings, apps: dict[str, Flask]) -> Flask:
    """The application. A test that changes it undoes that, as `monkeypatch` does, or builds one of its own."""
    of = settings.model_dump_json(exclude={"data_dir"})
    if of not in apps:
        apps[of] = create_app(settings)
        apps[of].testing = True
        apps[of].test_client_class = CheckingClient
    app = apps[of]
    app.extensions |= {
        "settings": settings,
        "shelf": Shelf(kept.AT_MOST),
        "shelf_for_one": Shelf(kept_for_one.AT_MOST),
    }
    installation.connect(settings)
    return app


@pytest.fixture
def enter(app: Flask) -> Enter:
    """A browser in which somebody is signed in, in English; without an address nobody is."""

    def enter(email: str = "") -> CheckingClient:
        client = app.test_client()
        client.get("/healthz?lang=en")
        if email:
            with database.reading():
                person = people.by_email(email)
            assert person is not None, f"nobody has the address {email}"
            token = sign_in.enter_as(person.id, at=clock.wall())
            with client.session_transaction() as cookie:
                cookie["_user_id"] = token
                cookie["_fresh"] = True
        assert isinstance(client, CheckingClient)
        return client

    return enter


@pytest.fixture(scope="session")
def made(databases: Databases, migrated: str) -> tuple[str, Office]:
    """The name of a database with an office in it, made once."""

    def make() -> tuple[str, Office]:
        database.connect(databases.copy(migrated, "made"))
        return "made", Office.set_up()

    return databases.once("made", make)


@pytest.fixture
def office(made: tuple[str, Office], database_url: str) -> Office:
    """An issuer with both annexes on record, a coordinator, a reader and focal points."""
    return copy(made[1])


@pytest.fixture
def anew(made: tuple[str, Office], databases: Databases, database_url: str) -> Callable[[], Office]:
    """The same office as it began, each time it is called: for the examples of a property."""

    def anew() -> Office:
        database.close()
        database.connect(databases.copy(made[0], "test"))
        return copy(made[1])

    return anew


@pytest.fixture(scope="session")
def followed_once(made: tuple[str, Office], databases: Databases) -> tuple[str, Office]:
    """The same office after rounds, answers and findings, made once."""

    def make() -> tuple[str, Office]:
        database.connect(databases.copy(made[0], "followed"))
        office = follow(copy(made[1]))
        clock.use(clock.wall)
        return "followed", office

    return databases.once("followed", make)


@pytest.fixture
def followed(followed_once: tuple[str, Office], database_url: str) -> Office:
    """An office with answers and findings, on 23 November 2026."""
    clock.use(lambda: TODAY)
    return copy(followed_once[1])


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what tests counted: how many cells, routes, addresses."""
    for report in terminalreporter.getreports("passed"):
        for name, value in report.user_properties:
            engine = report.nodeid.rpartition("[")[2].rstrip("]")
            terminalreporter.write_line(f"{name} ({engine}): {value}")
