"""Contacts from a file, in a browser."""

import io

import pytest

from tests.making import Office
from tests.web.checking import CheckingClient, Enter, visible

GOOD = "organisme;adresse mail;nom ou rôle;langue;depuis\nSIRS;sirs@bodies.test;Élève;français;23/11/2026\n"


@pytest.fixture
def coordinator(followed: Office, enter: Enter) -> CheckingClient:
    """The coordinator's browser."""
    return enter("coordination@myria.test")


def look(client: CheckingClient, content: bytes, status: int = 200) -> str:
    """What the page says of a file."""
    return visible(client.send("/people/import", status, file=(io.BytesIO(content), "contacts.csv")))


def accept(client: CheckingClient, content: bytes) -> str:
    """Look at a file, take it over, and read what the page then says."""
    response = client.send("/people/import", file=(io.BytesIO(content), "contacts.csv"), status=200)
    from selectolax.lexbor import LexborHTMLParser

    page = LexborHTMLParser(response.text)
    sent = page.css_first("input[name=content]").attributes["value"]
    done = client.send("/people/import/accept", on="/people/import", content=sent)
    return visible(client.get(done.location))


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252", "utf-16"])
def test_a_file_is_looked_at_and_then_taken_over(coordinator: CheckingClient, encoding: str) -> None:
    told = look(coordinator, GOOD.encode(encoding))
    assert "One focal point would be added" in told
    assert "Élève sirs@bodies.test" in told
    assert "sirs@bodies.test" not in visible(coordinator.get("/people"))

    assert "One focal point was added." in accept(coordinator, GOOD.encode(encoding))
    assert "Everybody in this file is here already" in look(coordinator, GOOD.encode(encoding))


def test_every_problem_of_every_row_is_told_at_once(coordinator: CheckingClient) -> None:
    told = look(
        coordinator, b"body,mail address,name,language,from\nPolis,nobody,,xx,soon\npolice,reader@myria.test\n", 422
    )

    assert "5 problems: nothing can be taken over yet" in told
    for sentence in ("“Polis” is not a known body", "“nobody” is not a mail address", "“soon” is not a date"):
        assert sentence in told


def test_a_file_that_is_none_is_one_sentence(coordinator: CheckingClient) -> None:
    assert "This is not a CSV file." in look(coordinator, b"PK\x03\x04 not a sheet", 422)
    assert "The file is empty." in look(coordinator, b"", 422)
    assert "Row 1 must name the columns" in look(coordinator, b"a;b\n1;2\n", 422)
    assert "Choose a file." in visible(coordinator.send("/people/import", 422))


def test_what_was_changed_meanwhile_is_looked_at_again(coordinator: CheckingClient) -> None:
    for content in ("", "!", "YSxi"):
        refused = coordinator.send("/people/import/accept", 422, on="/people/import", content=content)
        assert "Choose it again." in visible(refused)


@pytest.mark.parametrize("language", ["fr", "nl", "en"])
def test_the_example_can_be_taken_over_as_it_is(coordinator: CheckingClient, language: str) -> None:
    coordinator.get(f"/people?lang={language}")
    example = coordinator.get("/people/import/example.csv")
    coordinator.get("/people?lang=en")

    assert example.mimetype == "text/csv"
    assert "2 focal points would be added" in look(coordinator, example.data)
