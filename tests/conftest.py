"""What tests share: a migrated database copied per test, an office made through the services, and browsers in it."""

import shutil
from collections.abc import Iterator
from copy import copy
from pathlib import Path

import pytest
from flask import Flask

from tests.followed import TODAY, follow
from tests.making import Office
from tests.web.checking import CheckingClient, Enter
from tracker import clock, database, language
from tracker.queries import people
from tracker.services import schema, sign_in
from tracker.settings import Settings
from tracker.web.app import create_app


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
    """The address of a fresh copy, connected; clock and language are as before afterwards."""
    url = f"sqlite:///{shutil.copy(migrated, tmp_path / 'test.sqlite')}"
    database.connect(url)
    yield url
    database.close()
    clock.use(clock.wall)
    clock.live_in("Europe/Brussels")
    language.use("en")


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
        client.get("/?lang=en")
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
def made(migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Office]:
    """A database with an office in it, made once."""
    path = Path(shutil.copy(migrated, tmp_path_factory.mktemp("made") / "office.sqlite"))
    database.connect(f"sqlite:///{path}")
    office = Office.set_up()
    database.close()
    return path, office


@pytest.fixture
def office(made: tuple[Path, Office], database_url: str) -> Office:
    """An issuer with both annexes on record, a coordinator, a reader and focal points."""
    database.close()
    shutil.copy(made[0], database_url.removeprefix("sqlite:///"))
    database.connect(database_url)
    return copy(made[1])


@pytest.fixture(scope="session")
def followed_once(made: tuple[Path, Office], tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Office]:
    """The same office after rounds, answers and findings, made once."""
    path = Path(shutil.copy(made[0], tmp_path_factory.mktemp("followed") / "office.sqlite"))
    database.connect(f"sqlite:///{path}")
    office = follow(copy(made[1]))
    database.close()
    clock.use(clock.wall)
    return path, office


@pytest.fixture
def followed(followed_once: tuple[Path, Office], database_url: str) -> Office:
    """An office with answers and findings, on 23 November 2026."""
    database.close()
    shutil.copy(followed_once[0], database_url.removeprefix("sqlite:///"))
    database.connect(database_url)
    clock.use(lambda: TODAY)
    return copy(followed_once[1])
