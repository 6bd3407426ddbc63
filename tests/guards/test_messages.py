"""Every text of the interface is there in French and Dutch, and nothing else is."""

import ast
import re
from collections.abc import Iterator

import pytest

from tests import messages

VALUES = re.compile(r"%\(\w+\)s")
TAGS = re.compile(r"</?[a-z]+")


@pytest.mark.parametrize("language", messages.TRANSLATED)
def test_every_text_is_translated_and_no_translation_is_left_over(language: str) -> None:
    wanted = {message.id for message in messages.collected() if message.id}
    there = messages.catalogue(language)

    assert messages.untranslated(messages.merged(language, messages.collected())) == []
    assert {message.id for message in there if message.id} - wanted == set()


def _functions_that_translate() -> Iterator[str]:
    """Those that hand a text, which they were given, on to a function that translates it."""
    for path in (messages.HERE / "tracker").rglob("*.py"):
        for function in ast.walk(ast.parse(path.read_text())):
            if isinstance(function, ast.FunctionDef):
                given = {one.arg for one in (*function.args.posonlyargs, *function.args.args)}
                if given & set(_handed_on(function)):
                    yield function.name


def _handed_on(function: ast.FunctionDef) -> Iterator[str]:
    for call in ast.walk(function):
        if isinstance(call, ast.Call):
            name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
            if name in messages.KEYWORDS and name != "N_":
                yield from (argument.id for argument in call.args if isinstance(argument, ast.Name))


def test_every_function_that_translates_what_it_is_given_is_known_to_the_collector() -> None:
    found = set(_functions_that_translate())

    assert {"translated", "translated_many"} <= found
    assert found - set(messages.KEYWORDS) == set()


@pytest.mark.parametrize("language", messages.TRANSLATED)
def test_what_the_product_reads_is_what_was_translated(language: str) -> None:
    assert messages.path_of(language, "mo").read_bytes() == messages.compiled(messages.catalogue(language))


@pytest.mark.parametrize("language", messages.TRANSLATED)
def test_a_translation_fills_in_the_same_values_and_keeps_its_markup(language: str) -> None:
    wrong = []
    for message in messages.catalogue(language):
        ids = [message.id] if isinstance(message.id, str) else list(message.id)
        strings = [message.string] if isinstance(message.string, str) else list(message.string)
        for string in strings:
            if not set(VALUES.findall(string)) <= {value for one in ids for value in VALUES.findall(one)}:
                wrong.append(string)
            if message.id and sorted(TAGS.findall(string)) not in [sorted(TAGS.findall(one)) for one in ids]:
                wrong.append(string)

    assert wrong == []


def test_french_is_set_as_french_is() -> None:
    wrong = [
        string
        for message in messages.catalogue("fr")
        for string in ([message.string] if isinstance(message.string, str) else message.string)
        if message.id
        and re.search(
            r"(?<=\w)'(?=\w)|[^\u00a0\u202f<\"=/:] ?(?<!\u00a0)[;?!»](?!\w)|« (?!\u00a0)",
            re.sub(r"<[^>]*>|&\w+;|https?:\S*", "", string),
        )
        and not re.search(r"\u00a0[;?!»]", string)
    ]

    assert wrong == []
