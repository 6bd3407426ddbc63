"""The stave: one column is one addressee, above what its body reports, below what the issuer finds.

Everything a drawing needs is worked out here; `components/stave.html` only draws it.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tracker.domain.figures import is_disputed
from tracker.domain.vocabulary import NOTHING, Implementation
from tracker.language import _, sign

ORDER = ("fully", "continuing", "partially", "in_progress", "not_started", "not_implemented", "overtaken",
         "not_verifiable", "not_assessed", NOTHING)  # fmt: skip
"""From done to silent: the order of columns, of joined cells and of the table of counts."""

LONGEST = 40
"""Above so many columns, cells of one status join."""

WIDTH, BETWEEN, SMALLEST = 620.0, 2.0, 4.0


@dataclass(frozen=True)
class Column:
    """One addressee: the keys of its two cells, and whether the voices differ."""

    reported: str
    assessed: str
    is_disputed: bool


@dataclass(frozen=True)
class Part:
    """The cells of one status, joined."""

    code: str
    count: int
    x: float
    width: float


@dataclass(frozen=True)
class Stave:
    """A drawing: columns, or above `LONGEST` the joined cells of each voice; `label` tells all of it in words."""

    label: str
    columns: tuple[Column, ...] = ()
    above: tuple[Part, ...] = ()
    below: tuple[Part, ...] = ()


def stave_of(pairs: Iterable[tuple[str | None, str]] | Mapping[tuple[str | None, str], int], blank: str = "") -> Stave:
    """The stave of addressees, each as what was reported (or nothing) and what was found; or of how often each is.

    `blank` are the words for nothing, where that is not “Nothing reported”.
    """
    counted = Counter(pairs)
    kinds = [(_column(reported, assessed), times) for (reported, assessed), times in counted.items()]
    kinds.sort(key=lambda one: (ORDER.index(one[0].assessed), ORDER.index(one[0].reported)))
    reported, assessed, gaps = Counter[str](), Counter[str](), 0
    for column, times in kinds:
        reported[column.reported] += times
        assessed[column.assessed] += times
        gaps += times * column.is_disputed
    label = _("Reported: %(reported)s. Found: %(found)s. Gaps: %(gaps)s.", reported=in_words(reported, blank),
              found=in_words(assessed), gaps=gaps)  # fmt: skip
    if (total := counted.total()) <= LONGEST:
        return Stave(label, columns=tuple(column for column, times in kinds for _time in range(times)))
    return Stave(label, above=_parts(reported, total), below=_parts(assessed, total))


@dataclass(frozen=True)
class Duo:
    """Two half discs whose areas are as the counts: reported left, found right, resting on one line."""

    reported: int
    found: int
    left: float
    """Radius of the left half; nought where nothing is counted."""
    right: float


LARGEST = 116.0
"""Radius of the larger half disc."""


def duo_of(reported: int, found: int) -> Duo:
    """The half discs of two counts."""
    most = max(reported, found, 1)
    left, right = (round(LARGEST * (count / most) ** 0.5, 1) for count in (reported, found))
    return Duo(reported, found, left, right)


def bar_of(counts: Mapping[str, int], total: int) -> Stave:
    """One voice alone, as long as its share of `total` addressees."""
    return Stave(in_words(counts), above=_parts(counts, total))


def in_words(counts: Mapping[str, int], blank: str = "") -> str:
    """Every count that is not nought with its status."""
    told = (f"{counts[code]} {_lowered(code, blank)}" for code in ORDER if counts.get(code))
    return f"{sign(';')} ".join(told) or _("none")


def _column(reported: str | None, assessed: str) -> Column:
    said = None if reported in (None, NOTHING) else Implementation(reported)
    found = Implementation(assessed)
    return Column((said or NOTHING), found.value, is_disputed(said, found))


def _lowered(code: str, blank: str) -> str:
    label = (blank or _("Nothing reported")) if code == NOTHING else Implementation(code).label
    return label[:1].lower() + label[1:]


def _parts(counts: Mapping[str, int], total: int) -> tuple[Part, ...]:
    told = [(code, counts[code]) for code in ORDER if counts.get(code)]
    room = WIDTH - BETWEEN * (len(ORDER) - 1)
    parts, x = [], 15.0
    for code, count in told:
        width = max(SMALLEST, round(room * count / max(total, 1), 1))
        parts.append(Part(code, count, round(x, 1), width))
        x += width + BETWEEN
    return tuple(parts)
