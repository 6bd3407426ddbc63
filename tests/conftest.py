"""What tests share: a migrated database copied per test, an office made through the services, and browsers in it."""

from collections.abc import Callable, Iterator
from copy import copy
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
from tracker.services import audit, schema, sign_in
from tracker.settings import Settings
from tracker.web.app import create_app

__all__ = ["is_full", "measure", "pytest_addoption", "pytest_itemcollected"]


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def databases(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    """Where databases are: every test that needs one runs on both engines."""
    databases = OnSqlite(tmp_path_factory.mktemp("databases")) if request.param == "sqlite" else OnPostgresql()
    yield databases
    databases.close()


@pytest.fixture(scope="session")
def migrated(databases: Databases) -> str:
    """The name of an empty database that went through the real migrations."""
    url = databases.empty("migrated")
    schema.bring_up_to_date(Settings(secret_key="s" * 40, database_url=url, migration_url=databases.owned(url)))
    database.close()
    return "migrated"


@pytest.fixture
def database_url(databases: Databases, migrated: str) -> Iterator[str]:
    """The address of a fresh copy, connected; clock and language are as before afterwards."""
    url = databases.copy(migrated, "test")
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


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """The application."""
    app = create_app(settings)
    app.testing = True
    app.test_client_class = CheckingClient
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
    database.connect(databases.copy(migrated, "made"))
    office = Office.set_up()
    database.close()
    return "made", office


@pytest.fixture
def office(made: tuple[str, Office], databases: Databases, database_url: str) -> Office:
    """An issuer with both annexes on record, a coordinator, a reader and focal points."""
    return _taken_from(made, databases)


@pytest.fixture
def anew(made: tuple[str, Office], databases: Databases, database_url: str) -> Callable[[], Office]:
    """The same office as it began, each time it is called: for the examples of a property."""
    return lambda: _taken_from(made, databases)


@pytest.fixture(scope="session")
def followed_once(made: tuple[str, Office], databases: Databases) -> tuple[str, Office]:
    """The same office after rounds, answers and findings, made once."""
    database.connect(databases.copy(made[0], "followed"))
    office = follow(copy(made[1]))
    database.close()
    clock.use(clock.wall)
    return "followed", office


@pytest.fixture
def followed(followed_once: tuple[str, Office], databases: Databases, database_url: str) -> Office:
    """An office with answers and findings, on 23 November 2026."""
    clock.use(lambda: TODAY)
    return _taken_from(followed_once, databases)


def _taken_from(kept: tuple[str, Office], databases: Databases) -> Office:
    database.close()
    database.connect(databases.copy(kept[0], "test"))
    return copy(kept[1])


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what tests counted: how many cells, routes, addresses."""
    for report in terminalreporter.getreports("passed"):
        for name, value in report.user_properties:
            engine = report.nodeid.rpartition("[")[2].rstrip("]")
            terminalreporter.write_line(f"{name} ({engine}): {value}")
