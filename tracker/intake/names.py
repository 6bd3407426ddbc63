"""How names of bodies are compared, and the brackets that stand behind them."""

import re
import unicodedata
from functools import lru_cache

_ABBREVIATION = re.compile(r"[A-Z][A-Za-z&./-]*[A-Z0-9]|[A-Z]{2,12}")
_ARTICLE = re.compile(r"^(?:les?|la|l'|the|de|het)(?:\s+|(?<='))")


def word_set(told: str) -> frozenset[str]:
    """Words as a set, in which the words of a head are looked up."""
    return frozenset(told.split())


@lru_cache(maxsize=20_000)
def key(name: str) -> str:
    """What is compared: no capitals, accents, leading article, typographic apostrophes or closing full stop."""
    plain = unicodedata.normalize("NFKD", name.replace("’", "'").replace("ʼ", "'")).casefold()
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    plain = re.sub(r"\s+", " ", plain).strip(" .,;:")
    return _ARTICLE.sub("", plain)


def without_abbreviation(name: str) -> str:
    """The name without the abbreviation in brackets behind it."""
    found = re.fullmatch(r"(.+?)\s*\(([^()]+)\)", name.strip())
    return found[1] if found and _ABBREVIATION.fullmatch(found[2]) else name


def apart(as_written: str) -> tuple[str, str | None]:
    """A name and the qualifier in brackets behind it; an abbreviation in brackets belongs to the name."""
    name = as_written.strip().rstrip(".,;").strip()
    if not name.endswith(")"):
        return name, None
    # A bracket inside a word, as in “parlement(s)”, belongs to the name.
    begin = max(name.rfind(" ("), name.rfind("\u00a0("))
    inside = name[begin + 2 : -1]
    if begin < 1 or "(" in inside or ")" in inside or not inside.strip() or _ABBREVIATION.fullmatch(inside):
        return name, None
    return name[:begin].strip(), inside.strip()
