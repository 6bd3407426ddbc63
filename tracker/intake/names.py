"""How names of bodies are compared, and the brackets that stand behind them."""

import re
import unicodedata

_ARTICLE = re.compile(r"^(?:les?|la|l'|the|de|het)(?:\s+|(?<='))")


def key(name: str) -> str:
    """What is compared: no capitals, accents, leading article, typographic apostrophes or closing full stop."""
    plain = unicodedata.normalize("NFKD", name.replace("’", "'").replace("ʼ", "'")).casefold()
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    plain = re.sub(r"\s+", " ", plain).strip(" .,;:")
    return _ARTICLE.sub("", plain)


def apart(as_written: str) -> tuple[str, str | None]:
    """A name and the qualifier in brackets behind it."""
    name = as_written.strip().rstrip(".,;").strip()
    if not name.endswith(")"):
        return name, None
    # A bracket inside a word, as in “parlement(s)”, belongs to the name.
    begin = max(name.rfind(" ("), name.rfind("\u00a0("))
    inside = name[begin + 2 : -1]
    if begin < 1 or "(" in inside or ")" in inside or not inside.strip():
        return name, None
    return name[:begin].strip(), inside.strip()
