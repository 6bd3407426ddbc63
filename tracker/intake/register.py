"""The bodies that can be addressed, as matching needs them, and the file that an installation begins with."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from tracker.domain.vocabulary import BodyType, Role
from tracker.errors import Misconfigured
from tracker.intake.names import key
from tracker.language import LANGUAGES, _

_SHIPPED = Path(__file__).parent.parent / "register" / "belgium.json"


@dataclass(frozen=True)
class RegisterBody:
    """One organisation."""

    slug: str
    type: str
    role: str
    parent: str | None
    names: Mapping[str, tuple[str, str, str | None]]
    """By language: the name, `official` or `translated`, and the source of an official one."""
    aliases: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """By language: other names under which annexes know it."""


@dataclass(frozen=True)
class Register:
    """All bodies of an installation."""

    bodies: tuple[RegisterBody, ...]

    @classmethod
    def load(cls, path: Path) -> Register:
        """The register in a file; Misconfigured with what is wrong where it cannot be used."""
        try:
            stored = json.loads(path.read_text(encoding="utf-8-sig"))
            bodies = tuple(_body(one) for one in stored["bodies"])
            _check(bodies)
        except OSError as reason:
            raise _broken(path, reason.strerror or str(reason)) from None
        except KeyError as missing:
            raise _broken(path, _("“%(key)s” is missing", key=missing.args[0])) from None
        except (ValueError, TypeError, AttributeError) as reason:
            raise _broken(path, str(reason)) from None
        return cls(bodies)

    @classmethod
    def shipped(cls) -> Register:
        """The register that comes with the product: the bodies of Belgium that Myria addresses."""
        return cls.load(_SHIPPED)

    @cached_property
    def by_slug(self) -> dict[str, RegisterBody]:
        """The bodies by their permanent names."""
        return {body.slug: body for body in self.bodies}

    @cached_property
    def by_name(self) -> dict[str, RegisterBody]:
        """The bodies by what is compared of their names in all languages."""
        return _first((key(name), body) for body in self.bodies for name in _names(body))

    @cached_property
    def by_alias(self) -> dict[str, RegisterBody]:
        """The bodies by what is compared of their aliases."""
        return _first((key(alias), body) for body in self.bodies for alias in _aliases(body))

    @cached_property
    def keys(self) -> list[str]:
        """Everything a name can be likened to."""
        return list(self.by_name | self.by_alias)


def _first(pairs: Iterable[tuple[str, RegisterBody]]) -> dict[str, RegisterBody]:
    kept: dict[str, RegisterBody] = {}
    for name, body in pairs:
        kept.setdefault(name, body)
    return kept


def _names(body: RegisterBody) -> list[str]:
    return [name for name, _status, _source in body.names.values()]


def _aliases(body: RegisterBody) -> list[str]:
    return [alias for known_as in body.aliases.values() for alias in known_as]


def _body(stored: Mapping[str, Any]) -> RegisterBody:
    """One body of the file. An alias is a name, or a name with a note for those who keep the register."""
    slug = str(stored["slug"])
    names = {
        language: (str(name["name"]), str(name["status"]), name.get("source"))
        for language, name in stored["names"].items()
    }
    aliases = {
        language: tuple(str(alias["name"] if isinstance(alias, dict) else alias) for alias in known_as)
        for language, known_as in stored.get("aliases", {}).items()
    }
    return RegisterBody(
        slug=slug,
        type=BodyType(stored["type"]).value,
        role=Role(stored.get("role", Role.IMPLEMENTER)).value,
        parent=stored.get("parent"),
        names=names,
        aliases=aliases,
    )


def _check(bodies: Sequence[RegisterBody]) -> None:
    """Everything that would only come to light later; ValueError says what."""
    slugs = [body.slug for body in bodies]
    named: dict[str, str] = {}
    for body in bodies:
        if slugs.count(body.slug) > 1:
            raise ValueError(_("two bodies have the slug “%(slug)s”", slug=body.slug))
        if body.parent is not None and body.parent not in slugs:
            raise ValueError(_("the parent of “%(slug)s” is no body of the file", slug=body.slug))
        if not body.names:
            raise ValueError(_("“%(slug)s” has no name", slug=body.slug))
        unknown = sorted({*body.names, *body.aliases} - {*LANGUAGES})
        if unknown:
            raise ValueError(
                _("“%(slug)s” has a name in an unknown language: %(language)s", slug=body.slug, language=unknown[0])
            )
        for name, status, source in body.names.values():
            if status not in ("official", "translated"):
                raise ValueError(_("“%(name)s” is neither official nor translated", name=name))
            if status == "official" and not source:
                raise ValueError(_("“%(name)s” is called official without a source", name=name))
        for name in {*_names(body), *_aliases(body)}:
            if named.setdefault(key(name), body.slug) != body.slug:
                raise ValueError(_("“%(name)s” names two bodies", name=name))


def _broken(path: Path, what: str) -> Misconfigured:
    return Misconfigured(_("The register %(file)s cannot be used: %(what)s.", file=path.name, what=what.rstrip(".")))
