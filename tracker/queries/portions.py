"""Many numbers or names at once, in portions that one statement takes."""

from collections.abc import Iterable, Iterator
from typing import TypeVar

_AT_ONCE = 500


Id = TypeVar("Id", int, str)


def portions(ids: Iterable[Id]) -> Iterator[list[Id]]:
    """These numbers or names in order, each once, few enough at a time for a statement."""
    ordered = sorted(set(ids))
    return (ordered[start : start + _AT_ONCE] for start in range(0, len(ordered), _AT_ONCE))
