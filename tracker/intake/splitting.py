"""From the addressees of a row, as written together, to one addressee a body.

A comma or an “and” may separate two bodies or stand inside one name. What the register knows decides: of all
ways to divide, the one that makes most of the words the names of known bodies.
"""

import re
from dataclasses import dataclass, replace
from itertools import groupby

from tracker.intake.drafts import AddresseeDraft
from tracker.intake.matching import known, rematch
from tracker.intake.names import apart
from tracker.intake.register import Register

LONGEST = 2_000
"""More letters between two bullets, or ten times as many in a row, are a mistake of the layout and kept as one."""
_MOST_PARTS = 12
"""How many parts a single name may have between commas and “and”."""
_MOST_ENDS = 15
"""How many places are tried, from the end of a text, where its addressees may begin."""
_BULLET = re.compile(r"(?:^|(?<=\s))[-–—•·▪*]\s+|\s*;\s*")
_JOINT = re.compile(r"\s*,[\s,]*(?:(?:et|en|and)\s+)?|\s+(?:et|en|and|&|ainsi que|alsook)\s+|\s*\n\s*|\s+[-–—]\s+")
_PREPOSITION = re.compile(r"(?:de la|de l['’]|des|du|de|d['’]|van de|van het|van|of the|of)(?:\s+|(?<=['’]))")
_END_OF_TEXT = re.compile(r"\s+[-–—•]\s+|(?<=[.!?»”])\s+(?=[^\W\d_a-z])")


@dataclass(frozen=True)
class Division:
    """How the addressees of a row were read."""

    addressees: tuple[AddresseeDraft, ...]
    alternatives: tuple[tuple[AddresseeDraft, ...], ...] = ()
    """Where a group was unfolded: the same with the group as one."""


@dataclass(frozen=True)
class _Piece:
    """A part of an item that is one addressee, or a group that was unfolded."""

    start: int
    end: int
    addressees: tuple[AddresseeDraft, ...]
    is_group: bool


def divide(written: str, register: Register) -> Division:
    """The addressees in what a row has for them; groups are unfolded where all their members are known."""
    unfolded: list[AddresseeDraft] = []
    grouped: list[AddresseeDraft] = []
    for item in _items(written):
        for is_group, together in groupby(_settled(item, register), key=lambda piece: piece.is_group):
            pieces = list(together)
            members = [one for piece in pieces for one in piece.addressees]
            unfolded += members
            # Groups side by side, as “federal (…), and local (…)”, are one group in the other reading.
            grouped += [_as_one(item[pieces[0].start : pieces[-1].end])] if is_group else members
    return Division(tuple(unfolded), (tuple(grouped),) if grouped != unfolded else ())


def at_the_end(text: str, register: Register) -> tuple[str, str] | None:
    """A text and the addressees at its end, for rows that lost their columns; None where none is known there."""
    for joint in list(_END_OF_TEXT.finditer(text, max(0, len(text) - LONGEST)))[-_MOST_ENDS:]:
        tail = text[joint.start() :].strip()
        items = _items(tail)
        if items and all(piece.addressees for item in items for piece in _pieces(item, register)):
            return text[: joint.start()].strip(), tail
    return None


def _items(written: str) -> list[str]:
    """What bullets and semicolons separate; these separate whatever stands between them."""
    if len(written) > 10 * LONGEST:
        return [written.strip()]
    has_bullets = re.match(r"\s*[-–—•·▪*]\s", written) is not None
    parts = _BULLET.split(written) if has_bullets else written.split(";")
    return [part.strip(" \t\n\u00a0,") for part in parts if part.strip(" \t\n\u00a0,")]


def _pieces(item: str, register: Register) -> list[_Piece]:
    """The item divided so that known names cover as many letters as they can."""
    joints = _joints(item) if len(item) <= LONGEST else []
    starts, ends = [0, *(joint.end() for joint in joints)], [*(joint.start() for joint in joints), len(item)]
    # For the first n parts: letters covered, then no “and” cut without need, then every comma cut.
    best: list[tuple[tuple[int, int, int], list[_Piece]]] = [((0, 0, 0), [])]
    for n in range(1, len(ends) + 1):
        ways = []
        for first in range(max(0, n - _MOST_PARTS), n):
            (covered, kept, cuts), pieces = best[first]
            piece, is_known = _piece(item, starts[first], ends[n - 1], register)
            is_weak = first > 0 and "," not in joints[first - 1][0]
            if is_weak and not is_known and _PREPOSITION.match(item, piece.start):
                covered -= len(item)  # “… of justice and of the interior”: the second half is no name of its own
            value = (
                covered + (piece.end - piece.start if is_known else 0),
                kept - is_weak,
                cuts + (first > 0 and not is_weak),
            )
            ways.append((value, [*pieces, piece]))
        best.append(max(ways, key=lambda way: way[0]))
    return best[-1][1]


def _joints(item: str) -> list[re.Match[str]]:
    """The places where an item may be divided: not inside brackets."""
    inside = [range(found.start(), found.end()) for found in re.finditer(r"(?<!\w)\((?:[^()]|\(\w*\))*\)", item)]
    return [joint for joint in _JOINT.finditer(item) if not any(joint.start() in one for one in inside)]


def _piece(item: str, start: int, end: int, register: Register) -> tuple[_Piece, bool]:
    """One part, and whether all of it is known. What is not known is matched only where it is kept, by `_settled`."""
    written = _on_one_line(item[start:end])
    one = known(written, register)
    if one is not None:
        return _Piece(start, end, (one,), is_group=False), True
    members = _one_title_for_many(written, register) or _group_in_brackets(written, register)
    if members:
        return _Piece(start, end, tuple(members), is_group=True), True
    return _Piece(start, end, (), is_group=False), False


def _one_title_for_many(written: str, register: Register) -> list[AddresseeDraft]:
    """“Ministers of the interior and of justice” as one minister each, where all of them are known."""
    head, _space, rest = written.partition(" ")
    preposition = _PREPOSITION.match(rest)
    parts = _JOINT.split(rest)
    if not head.endswith("s") or preposition is None or len(parts) < 2:
        return []
    of = [part if _PREPOSITION.match(part) else f"{preposition[0]}{part}" for part in parts]
    members = [known(f"{head[:-1]} {part}", register) for part in of]
    return [one for one in members if one is not None] if all(members) else []


def _group_in_brackets(written: str, register: Register) -> list[AddresseeDraft]:
    """The bodies listed in brackets behind the name of a group, where all are known; the name is their qualifier."""
    label, listed = apart(written)
    # A label of several parts would hide a body that is named beside the group.
    if listed is None or " (" in label or re.search(r"[.;:]", label) or _JOINT.search(label):
        return []
    members = [one for piece in _pieces(listed, register) for one in piece.addressees or (None,)]
    if len(members) < 2 or None in members:
        return []
    return [replace(one, qualifier=label) for one in members if one is not None]


def _as_one(written: str) -> AddresseeDraft:
    """A group as a single addressee; no body of the register stands for it."""
    return AddresseeDraft(_on_one_line(written), None, None, "none", "implementer")


def _settled(item: str, register: Register) -> list[_Piece]:
    """The pieces of an item, with those that are not known as addressees too, by their likely body or none."""
    return [
        piece
        if piece.addressees
        else replace(piece, addressees=(rematch(_on_one_line(item[piece.start : piece.end]), register),))
        for piece in _pieces(item, register)
        if _on_one_line(item[piece.start : piece.end])  # nothing stands between two commas
    ]


def _on_one_line(written: str) -> str:
    return re.sub(r"\s*\n\s*", " ", written).strip()
