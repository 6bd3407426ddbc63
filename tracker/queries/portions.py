"""Many numbers at once, in portions that one statement takes."""

from collections.abc import Iterable, Iterator

_AT_ONCE = 500


def portions(ids: Iterable[int]) -> Iterator[list[int]]:
    """These numbers in order, each once, few enough at a time for a statement."""
    ordered = sorted(set(ids))
    return (ordered[start : start + _AT_ONCE] for start in range(0, len(ordered), _AT_ONCE))
