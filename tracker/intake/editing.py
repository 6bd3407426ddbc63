"""What a coordinator does to the cut of the drafts: one becomes two at a line, or two become one."""

import re
from collections.abc import Sequence
from dataclasses import replace

from tracker.intake import lines as looks
from tracker.intake.drafts import RecommendationDraft
from tracker.intake.grammar import Row
from tracker.intake.reading import of_wording
from tracker.intake.register import Register

_END = re.compile(r"(?<=[.;:!?…])[ \u00a0]+(?=\S)")


def split(
    draft: RecommendationDraft, texts: Sequence[str], at: int, register: Register, *, within: int = 0
) -> tuple[RecommendationDraft, RecommendationDraft]:
    """Two drafts of one; the second begins with line `at`, or behind its first `within` characters: then both have it.

    `texts` are the lines of the document. Both are read anew from their lines. The first keeps the code; a part that
    names nobody is addressed as the whole was.
    """
    first, last = draft.lines
    if not is_inside(draft, texts, at, within):
        raise ValueError(f"a draft of lines {first} to {last} cannot be cut at {at}, {within}")
    upper, lower = list(texts), list(texts)
    upper[at - 1], lower[at - 1] = texts[at - 1][:within], texts[at - 1][within:]
    above = _part(draft, upper, (first, at if within else at - 1), register)
    below = _part(draft, lower, (at, last), register)
    return replace(above, code=draft.code, other_texts=draft.other_texts), below


def is_inside(draft: RecommendationDraft, texts: Sequence[str], at: int, within: int) -> bool:
    """Whether something of a draft stands above this place, and something below it."""
    first, last = draft.lines
    if not within:
        return first < at <= last
    return first <= at <= last and bool(texts[at - 1][:within].strip() and texts[at - 1][within:].strip())


def ends_of_sentences(text: str) -> list[int]:
    """The places in a line behind which another sentence or point begins."""
    return [found.end() for found in _END.finditer(text) if text[: found.start()].strip()]


def _part(
    draft: RecommendationDraft, texts: Sequence[str], lines: tuple[int, int], register: Register
) -> RecommendationDraft:
    first, last = lines
    code, rest = looks.code_and_rest(texts[first - 1]) or (None, texts[first - 1])
    row = Row(code, draft.section, first, last)
    row.begin(rest.lstrip("\t"))
    for number in range(first + 1, last + 1):
        if texts[number - 1].strip():
            row.go_on(number, texts[number - 1])
    part = of_wording(code, draft.section, row.text, row.addressed_to, row.is_labelled, lines, register)
    if part.addressees:
        return part
    # What the whole draft took for a name may have been the text of this part.
    return replace(part, addressees=tuple(one for one in draft.addressees if one.as_written not in part.text))


def join(above: RecommendationDraft, below: RecommendationDraft) -> RecommendationDraft:
    """One draft of two that follow each other, with all lines from the first of one to the last of the other."""
    first = above.lines[0]
    is_numbered = bool(above.code and below.code)
    under = f"{below.code} {below.text}" if is_numbered else below.text
    goes_on = not is_numbered and not above.text.endswith((".", ";", ":", "!", "?"))
    found = [*above.findings, *(replace(one, line=first) for one in below.findings)]
    return replace(
        above,
        code=above.code or below.code,
        text=looks.joined([above.text, under], between=" " if goes_on else "\n"),
        addressees=tuple(dict.fromkeys((*above.addressees, *below.addressees))),
        lines=(first, below.lines[1]),
        findings=tuple(one for n, one in enumerate(found) if one not in found[:n]),
        alternatives=() if above.addressees and below.addressees else above.alternatives or below.alternatives,
        other_texts=tuple(dict((*below.other_texts, *above.other_texts)).items()),
    )
