"""The application on a fresh database, and people who enter it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from tests.making import Office
from tests.web.checking import CheckingClient
from tracker import clock, database
from tracker.queries import people
from tracker.services import sign_in
from tracker.settings import Settings
from tracker.web.app import create_app


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


Enter = Callable[[str], CheckingClient]


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


@pytest.fixture
def office(database_url: str) -> Office:
    """An issuer with both annexes on record, a coordinator, a reader and focal points."""
    return Office.set_up()
