"""Recommendations that stand in running text: numbered, under a heading or a sentence that announces them.

A code at the beginning of a line is a candidate. The kind of numbering that the document uses for its
recommendations is the first of these that has any: named (“Recommendation 5”), by year (2023/11), dotted (115.3),
simple (3.), lettered (a). The last three count only where a heading or a lead-in speaks of recommendations.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from tracker.intake import lines as looks
from tracker.intake.documents import Line
from tracker.intake.drafts import Leftover

_KINDS = {
    "named": re.compile(
        r"(?i:recommendations?|recommandations?|aanbeveling(?:en)?|empfehlung(?:en)?|rec\.?)"
        r"\s*(?:n[°o]\.?|nr\.?|no\.?|#)?\s*"
        r"(?!(?:19|20)\d\d\s*$)"  # the year of a title
        r"((?:[A-Z]{1,3}[.-]?)?\d{1,4}(?:[./-]\d{1,4})*[a-z]?(?:\([a-z]{1,4}\))?)\s*(?:[.:)–—-]+(?=\s|$)|$|(?=\s+[^\W\da-z]))"
        r"|(R\.?\d{1,3}(?:\.\d{1,3})*)\s*(?:[.:)–—-]+(?=\s)|(?=\s+[^\W\da-z]))"
    ),
    "year": re.compile(r"((?:19|20)\d\d/\d{1,3}[a-z]?|\d{2,3}/(?:19|20)?\d\d)[.):]?(?:\s+|$)"),
    "dotted": re.compile(r"((?:[A-Z]{1,3}[.-]?)?\d{1,3}(?:\.\d{1,3})+[a-z]?)[.):]?\s+(?=[^\W_]|[“\"«(‘'])"),
    "simple": re.compile(r"(\d{1,3}[a-z]?(?:\([a-z]{1,4}\))?)[.):]\s+(?=\S)"),
    "lettered": re.compile(r"\(?([a-z]{1,2})\)\s+(?=\S)"),
}
_SURE = ("named", "year")
"""Kinds that need no announcement."""
_CONTENTS = re.compile(r"(?:\.\s?){4,}\s*\d{1,4}\s*$|\t\d{1,4}\s*$|…+\s*\d{1,4}\s*$")
_PARAGRAPH = re.compile(r"\d{1,3}\.\s+\S")
_NUMBERED_HEADING = re.compile(r"(\d{1,3}(?:\.\d{1,3})*)\.?\s+[^\W\da-z].{1,98}$")
_ENDED = re.compile(r"[.;!?:][)\]»”\"'’]*\s*(?:and|et|en|und|ou|of|or)?$")
_IS_REPLY = re.compile(
    r"(?i)\b(?:response|reply|replies|views on conclusions)\b.{0,60}\b(?:to|on)\b.{0,80}\brecommend"
    r"|\br[ée]ponses?\b.{0,60}\b(?:à|aux?)\b.{0,80}\brecommand"
    r"|\bantwoord(?:en)?\b.{0,60}\bop\b.{0,80}\baanbevel"
    r"|\bantwort(?:en)?\b.{0,60}\bauf\b.{0,80}\bempfehl"
)
_ALSO_OTHERS = re.compile(r"(?i)conclusion|observation|constat|finding|bevinding|vaststelling|feststellung|schlussfolg")
_DEMAND = re.compile(
    r"(?i)\b(?:recommend|recommand|aanbevel|beveelt|empfiehl|empfehl|should|must|shall|urges?|calls? (?:up)?on|invites?"
    r"|devrai(?:t|ent)|doit|doivent|invite|demande|moet(?:en)?|dien(?:t|en)|zou(?:den)?|soll(?:te|ten|en)?)"
)
_LONGEST_HEADING = 100
_ANNOUNCED_WITHIN = 3
"""Paragraphs above a list that may announce it."""


@dataclass
class Item:
    """One recommendation as it stands in the text."""

    code: str
    section: str | None
    kind: str
    first: int
    last: int
    parts: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Its wording, unwrapped; points on lines of their own."""
        return looks.paragraphs(self.parts)


@dataclass(frozen=True)
class _Candidate:
    at: int
    kind: str
    code: str
    rest: str


class Prose:
    """Walks through a text and takes out what is a recommendation."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self._lines = lines
        self._headings = _headings(lines)
        self.items: list[Item] = []
        self.is_reply = _is_reply(lines)
        """Whether the document answers recommendations instead of making them."""
        found = [] if self.is_reply else list(self._candidates())
        self._kind = next((kind for kind in _KINDS if any(one.kind == kind for one in found)), None)
        starts = {one.at: one for one in found if one.kind == self._kind}
        self._headings |= self._numbered_headings(starts)
        self._take(starts)
        if self._kind == "simple":
            self.items = [item for item in self.items if _demands(item)]

    def leftover(self) -> list[Leftover]:
        """The lines that are in no recommendation, each with why."""
        inside = {number for item in self.items for number in range(item.first, item.last + 1)}
        return [
            Leftover(number, line.text, "section" if self._is_heading(number - 1) else self._why(line))
            for number, line in enumerate(self._lines, start=1)
            if number not in inside
        ]

    def _why(self, line: Line) -> str:
        if not line.text.strip():
            return "blank"
        if line.why:
            return line.why
        if _CONTENTS.search(line.text):
            return "contents"
        return "other"

    def _candidates(self) -> Iterator[_Candidate]:
        announced = _Announced()
        for at, line in enumerate(self._lines):
            text = line.text.replace("\t", " ").strip()
            if line.why or _CONTENTS.search(line.text):
                continue
            found = _candidate(at, text) if text else None
            counts = found is not None and self._begins_here(at, found) and announced.lets(found)
            if found is not None and counts:
                yield found
            # A simple number may be the paragraph that announces a dotted list.
            is_heading = self._is_heading(at) and not counts
            announced.see(text, is_heading=is_heading, counts=counts and found is not None and found.kind != "simple")

    def _begins_here(self, at: int, found: _Candidate) -> bool:
        """Whether a paragraph may begin on this line: “recommendation 5 was” may also be the middle of one."""
        if found.kind != "named" or at == 0 or self._is_heading(at):
            return True
        above = self._lines[at - 1]
        return (
            not above.text.strip()
            or bool(above.why)
            or _ENDED.search(above.text.strip()) is not None
            or self._is_heading(at - 1)
        )

    def _is_heading(self, at: int) -> bool:
        return at in self._headings

    def _numbered_headings(self, starts: dict[int, _Candidate]) -> set[int]:
        """Where “1. Victims” stands above 1.1: short, on a line of its own, before the first item of its number."""
        found, following = set(), ""
        for at in range(len(self._lines) - 1, -1, -1):
            if at in starts:
                following = starts[at].code
                continue
            text = self._lines[at].text.strip()
            numbered = _NUMBERED_HEADING.match(text)
            if numbered and following.startswith(f"{numbered[1]}.") and not _ENDED.search(text):
                found.add(at)
        return found

    def _take(self, starts: dict[int, _Candidate]) -> None:
        section: str | None = None
        open_: Item | None = None
        blanks = 0
        for at, line in enumerate(self._lines):
            text = line.text.replace("\t", " ").strip()
            if at in starts:
                open_ = self._begin(starts[at], section)
                blanks = 0
            elif not text:
                blanks += 1
            elif line.why or _CONTENTS.search(line.text):
                continue  # what stands between two pages belongs to neither side
            elif open_ is not None and self._goes_on(open_, at, text, blanks):
                open_.parts.append(text)
                open_.last = at + 1
                blanks = 0
            else:
                open_, blanks = None, 0
                if self._is_heading(at):
                    section = text

    def _begin(self, start: _Candidate, section: str | None) -> Item:
        item = Item(start.code, section, start.kind, start.at + 1, start.at + 1, [start.rest] if start.rest else [])
        self.items.append(item)
        return item

    def _goes_on(self, item: Item, at: int, text: str, blanks: int) -> bool:
        """Whether a line still belongs to the recommendation above it."""
        if self._is_heading(at):
            return False
        if not item.parts:
            return True  # its label stood alone on a line
        if looks.begins_in_the_middle(text) or looks.is_point(text):
            return True
        if item.kind in ("dotted", "lettered") and _PARAGRAPH.match(text):
            return False
        return not blanks or not _ENDED.search(item.parts[-1])


class _Announced:
    """Whether what stands here was announced as recommendations, by a heading or by the paragraphs above."""

    def __init__(self) -> None:
        self._by_heading = False
        self._above: list[str] = [""]
        """Paragraphs since the heading, without those that count."""
        self._open: tuple[str, str] | None = None
        """The kind and prefix of the numbering that is announced."""
        self._last = 0

    def lets(self, found: _Candidate) -> bool:
        """Whether a candidate counts."""
        if found.kind in _SURE:
            return True
        prefix, number = _numbered(found.code)
        group = (found.kind, prefix)
        lead_in = " ".join(self._above[-_ANNOUNCED_WITHIN:])
        is_announced = self._by_heading or looks.speaks_of_recommendations(lead_in)
        if not (self._open == group or is_announced) or not self._is_in_turn(group, number, found.rest):
            return False
        self._open, self._last = group, number
        return True

    def _is_in_turn(self, group: tuple[str, str], number: int, rest: str) -> bool:
        """Whether a number goes on with its list or begins one: the “2.5” of “2.5 million” does neither."""
        if self._open is None or self._open[0] != group[0]:
            return True
        if self._open != group:
            return number <= 1
        is_next = number in (self._last, self._last + 1)
        return is_next or (number > self._last and not rest[:1].islower())

    def see(self, text: str, *, is_heading: bool, counts: bool) -> None:
        """Take note of a line; a blank one ends a paragraph."""
        if is_heading:
            self._by_heading = looks.speaks_of_recommendations(text)
            self._above, self._open = [""], None
        elif not text:
            self._above = [*self._above[-_ANNOUNCED_WITHIN:], ""] if self._above[-1] else self._above
        elif not counts:
            self._above[-1] = f"{self._above[-1]} {text}".strip()


def _numbered(code: str) -> tuple[str, int]:
    """What stands before the last number of a code, and that number; letters count as numbers."""
    found = re.fullmatch(r"(.*?)(\d+)\D*", code)
    return (found[1], int(found[2])) if found else ("", ord(code[0]) - ord("a") + 1)


def _candidate(at: int, text: str) -> _Candidate | None:
    for kind, pattern in _KINDS.items():
        found = pattern.match(text)
        if found is not None:
            code = next(group for group in found.groups() if group)
            return _Candidate(at, kind, code, text[found.end() :].strip())
    return None


def _headings(lines: Sequence[Line]) -> set[int]:
    """Where headings stand: as the document sets them, else lines in capitals and short ones on their own."""
    texts = ["" if line.why else line.text.strip() for line in lines]
    found = {at for at, line in enumerate(lines) if line.is_heading or looks.is_in_capitals(texts[at])}
    if any(line.is_heading for line in lines):
        return found
    return found | {at for at, text in enumerate(texts) if (at == 0 or not texts[at - 1]) and _looks_like_heading(text)}


def _looks_like_heading(text: str) -> bool:
    is_short = 2 < len(text) <= _LONGEST_HEADING and not text.endswith((".", ";", ",", ":", "!", "?"))
    is_item = any(pattern.match(text) for kind, pattern in _KINDS.items() if kind != "simple")
    return is_short and text[:1].isupper() and not is_item and not looks.is_point(text)


def _demands(item: Item) -> bool:
    """Whether a numbered paragraph asks for something, where its heading announces other paragraphs as well."""
    is_mixed = item.section is not None and _ALSO_OTHERS.search(item.section) is not None
    return not is_mixed or _DEMAND.search(item.text) is not None


def _is_reply(lines: Sequence[Line]) -> bool:
    head = " ".join(line.text.strip() for line in lines[:40] if line.text.strip() and not line.why)[:600]
    return _IS_REPLY.search(head) is not None
