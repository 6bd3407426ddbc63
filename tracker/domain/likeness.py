"""How alike two wordings are: by the stems of words that they share, the rarer the more."""

import re
import unicodedata
from collections.abc import Collection, Mapping
from functools import lru_cache
from math import log, sqrt
from zlib import crc32

LIKELY = 0.12
"""From here on an earlier wording is worth proposing: some three rare words in common, among ten."""
TELLING = 12
"""Stems of a wording by which it is found: those of its longest words, which are the rarest."""
_STEM = 6
"""Letters of a word that count: “victime” and “victimes”, “slachtoffer” and “slachtoffers” are the same."""
_SHORTEST = 4
_COMMON = frozenset(
    (
        "autre", "autres", "avec", "aussi", "cette", "dans", "elle", "elles", "entre", "etre", "leur", "leurs",
        "mais", "meme", "nous",
        "pour", "plus", "sans", "sont", "sous", "tous", "tout", "toute", "toutes", "ainsi", "afin", "doit",
        "doivent", "alle", "andere", "bij", "deze", "door", "dient", "dienen", "hun", "kunnen", "maar", "meer",
        "moet", "moeten", "naar", "onder", "ook", "over", "voor", "waar", "welke", "worden", "wordt", "zijn",
        "zodat", "zoals", "tussen", "also", "been", "from", "have", "into", "more", "must", "shall", "should",
        "such", "that", "their", "them", "these", "they", "this", "those", "under", "which", "will", "with",
    )
)  # fmt: skip
"""Words that join others: they make no demand like another."""


@lru_cache(maxsize=16_384)
def stem(word: str) -> str:
    """The beginning of a word without accents; empty for one that says nothing by itself."""
    plain = unicodedata.normalize("NFKD", word.lower()).encode("ascii", "ignore").decode()
    return "" if len(plain) < _SHORTEST or plain in _COMMON else plain[:_STEM]


def words(text: str) -> list[str]:
    """The words of a wording, without what stands between them."""
    return re.findall(r"[^\W\d_]+", text)


def stems(text: str) -> frozenset[str]:
    """The stems of a wording."""
    return frozenset(map(stem, words(text))) - {""}


def telling(text: str) -> list[str]:
    """The stems of its longest words, the longest first."""
    longest: dict[str, int] = {}
    for word in words(text):
        longest[stem(word)] = max(longest.get(stem(word), 0), len(word))
    longest.pop("", None)
    return sorted(longest, key=lambda one: (-longest[one], one))[:TELLING]


def key(language: str, stem: str) -> int:
    """The number under which the database keeps a stem of a language; two may share one, which costs a look more."""
    return crc32(f"{language} {stem}".encode()) >> 1


def weight(found: int, among: int) -> float:
    """How much a stem says that `found` of so many wordings have."""
    return log(1 + (1 + among) / (1 + found))


def likeness(text: str, other: str, weights: Mapping[str, float]) -> float:
    """From 0, nothing in common, to 1, the same words; stems without a weight say what others do on average."""
    mine, theirs = stems(text), stems(other)
    average = sum(weights.values()) / len(weights) if weights else 1.0

    def of(stems: Collection[str]) -> float:
        return sum(weights.get(one, average) ** 2 for one in stems)

    said = of(mine) * of(theirs)
    return of(mine & theirs) / sqrt(said) if said else 0.0


def shared(text: str, other: str) -> list[tuple[str, bool]]:
    """A wording in pieces, in order, each with whether it is a word that the other has too."""
    common = stems(text) & stems(other)
    return [(piece, stem(piece) in common) for piece in re.findall(r"[^\W\d_]+|(?:[\W\d_])+", text)]
