"""Permanent addresses and keys made from printed codes and names."""

import re
import unicodedata


def address(code: str) -> str:
    """A code as it stands in an address: `2023/11` becomes `2023-11`."""
    return re.sub(r"[/\s]+", "-", code.strip())


LETTERS = "abcdefghijklmnopqrstuvwxyz"


def part(reference: str, n: int) -> str:
    """The code or address of a part, counted from nought: `2019/14` has `2019/14.a` and `2019/14.b`."""
    return f"{reference}.{LETTERS[n]}"


def slug(name: str, limit: int = 60) -> str:
    """A name in lower-case letters, digits and hyphens."""
    plain = unicodedata.normalize("NFKD", name.replace("’", " ")).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:limit].rstrip("-")


def code_order(code: str | None) -> tuple[tuple[int, int | str], ...]:
    """Orders codes as people count: 2023/2 before 2023/11, and what has no code last."""
    if not code:
        return ((2, ""),)
    return tuple((0, int(part)) if part.isdecimal() else (1, part) for part in re.findall(r"\d+|[^\d\W]+", code))
