"""What a coordinator must still settle in drafts, found again after each correction."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from tracker.domain import references
from tracker.intake.drafts import Finding, RecommendationDraft
from tracker.language import _

_RECOMPUTED = {
    "doubled_code", "address_clash", "no_code", "empty_text", "no_addressee", "unknown_body", "likely_body",
    "same_body", "too_long", "unfolded",
}  # fmt: skip
"""Other findings are of the reading itself and stay with their draft."""
_LONGEST_CODE, _LONGEST_NAME, _LONGEST_QUALIFIER = 60, 500, 300


def check(drafts: Iterable[RecommendationDraft]) -> list[RecommendationDraft]:
    """The drafts of one document with their findings as they are now."""
    drafts = list(drafts)
    seen: dict[str, RecommendationDraft] = {}
    checked = []
    for draft in drafts:
        kept = [finding for finding in draft.findings if finding.code not in _RECOMPUTED]
        found = [*_of_code(draft, seen), *_of_text(draft), *_of_addressees(draft)]
        checked.append(replace(draft, findings=(*found, *kept)))
    return checked


def _of_code(draft: RecommendationDraft, seen: dict[str, RecommendationDraft]) -> Iterator[Finding]:
    """Codes and addresses are unique in a document; `seen` has the drafts before this one by their addresses."""
    line = draft.lines[0]
    if not draft.code:
        yield Finding(line, _("No code was found. It can stay without one."), stops=False, code="no_code")
        return
    if len(draft.code) > _LONGEST_CODE:
        yield _too_long(line, draft.code, _LONGEST_CODE)
    # Letters of either case would look the same where an address is typed.
    other = seen.setdefault(references.address(draft.code).lower(), draft)
    if other is draft:
        return
    if other.code == draft.code:
        sentence = _(
            "%(code)s is on line %(line)s too. Correct the code of one of the two, or leave one out.",
            code=draft.code,
            line=other.lines[0],
        )
        yield Finding(line, sentence, stops=True, code="doubled_code")
    else:
        sentence = _(
            "%(code)s and %(other)s on line %(line)s would have the same address. Change one of the two codes.",
            code=draft.code,
            other=other.code,
            line=other.lines[0],
        )
        yield Finding(line, sentence, stops=True, code="address_clash")


def _of_text(draft: RecommendationDraft) -> Iterator[Finding]:
    if not draft.text.strip():
        yield Finding(draft.lines[0], _("There is no text. Type it, or leave this out."), stops=True, code="empty_text")


def _of_addressees(draft: RecommendationDraft) -> Iterator[Finding]:
    line = draft.lines[0]
    if not draft.addressees:
        yield Finding(line, _("No addressee was found. Name at least one."), stops=True, code="no_addressee")
    for one in draft.addressees:
        if one.body is None:
            sentence = _(
                "“%(name)s” is not a known body. Correct the name, choose a body, or add it to the register.",
                name=_short(one.as_written),
            )
            yield Finding(line, sentence, stops=True, code="unknown_body")
        elif one.match == "likely":
            sentence = _(
                "“%(name)s” is close to a known name, but not the same. Confirm the body, or choose another.",
                name=_short(one.as_written),
            )
            yield Finding(line, sentence, stops=True, code="likely_body")
        if len(one.as_written) > _LONGEST_NAME:
            yield _too_long(line, one.as_written, _LONGEST_NAME)
        if len(one.qualifier or "") > _LONGEST_QUALIFIER:
            yield _too_long(line, one.qualifier or "", _LONGEST_QUALIFIER)
    yield from _twice(draft)
    if draft.alternatives:
        sentence = _(
            "The document names some of these as one group. Unfolded, each of the %(n)s addressees has its own status.",
            n=len(draft.addressees),
        )
        yield Finding(line, sentence, stops=False, code="unfolded")


def _twice(draft: RecommendationDraft) -> Iterator[Finding]:
    first: dict[str, str] = {}
    for one in draft.addressees:
        if one.body is None:
            continue
        if one.body not in first:
            first[one.body] = one.as_written
        else:
            sentence = _(
                "“%(first)s” and “%(second)s” are the same body. Keep one of the two.",
                first=_short(first[one.body]),
                second=_short(one.as_written),
            )
            yield Finding(draft.lines[0], sentence, stops=True, code="same_body")


def _too_long(line: int, what: str, longest: int) -> Finding:
    sentence = _("“%(what)s” has more than %(n)s characters. Shorten it.", what=_short(what), n=longest)
    return Finding(line, sentence, stops=True, code="too_long")


def _short(name: str) -> str:
    return name if len(name) <= 120 else f"{name[:119]}…"
