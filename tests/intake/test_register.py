"""The register that ships with the product, and registers that cannot be used."""

import json
from pathlib import Path
from typing import Any

import pytest

from tracker.errors import Misconfigured
from tracker.intake import Register
from tracker.language import LANGUAGES

BODY: dict[str, Any] = {
    "slug": "police",
    "type": "police",
    "role": "implementer",
    "names": {"fr": {"name": "Police", "status": "translated"}},
    "aliases": {"fr": ["Services de police", {"name": "Polices", "note": "as one annex writes it"}]},
}


def loaded(tmp_path: Path, content: object) -> Register:
    path = tmp_path / "bodies.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return Register.load(path)


def test_the_shipped_register_has_nineteen_bodies_in_three_languages() -> None:
    register = Register.shipped()

    assert len(register.bodies) == 19
    assert all(set(body.names) == set(LANGUAGES) for body in register.bodies)
    assert register.by_slug["cellule-interdepartementale-de-coordination"].role == "relay"
    assert register.by_slug["sirs"].role == "implementer"


def test_a_name_is_official_only_with_its_source() -> None:
    names = [name for body in Register.shipped().bodies for name in body.names.values()]

    assert all((status == "official") == (source is not None) for _name, status, source in names)
    assert all(len(source or "") <= 300 for _name, _status, source in names)


def test_an_installation_may_have_a_register_of_its_own(tmp_path: Path) -> None:
    register = loaded(tmp_path, {"bodies": [BODY]})

    assert register.by_slug["police"].aliases == {"fr": ("Services de police", "Polices")}


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("{", "cannot be used"),
        ("[]", "cannot be used"),
        ({}, "“bodies” is missing"),
        ({"bodies": [{**BODY, "names": {}}]}, "“police” has no name"),
        ({"bodies": [{key: BODY[key] for key in BODY if key != "type"}]}, "“type” is missing"),
        ({"bodies": [{**BODY, "type": "circus"}]}, "'circus'"),
        ({"bodies": [{**BODY, "parent": "circus"}]}, "the parent of “police”"),
        ({"bodies": [BODY, BODY]}, "two bodies have the slug “police”"),
        ({"bodies": [BODY, {**BODY, "slug": "gendarmerie"}]}, "names two bodies"),
        ({"bodies": [{**BODY, "names": {"xx": BODY["names"]["fr"]}}]}, "unknown language: xx"),
        ({"bodies": [{**BODY, "names": {"fr": {"name": "Police", "status": "official"}}}]}, "without a source"),
        ({"bodies": [{**BODY, "names": {"fr": {"name": "Police", "status": "royal"}}}]}, "neither official"),
        ({"bodies": [{**BODY, "names": {"fr": "Police"}}]}, "cannot be used"),
    ],
)
def test_a_broken_register_is_refused_with_its_name_and_what_is_wrong(
    tmp_path: Path, content: object, says: str
) -> None:
    with pytest.raises(Misconfigured, match=says) as refusal:
        loaded(tmp_path, content)

    assert "bodies.json" in str(refusal.value)


def test_a_register_that_is_not_there_is_refused_with_its_name(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match=r"nowhere\.json"):
        Register.load(tmp_path / "nowhere.json")
