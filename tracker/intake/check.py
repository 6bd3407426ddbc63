"""What a coordinator must still settle in drafts, found again after each correction."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from tracker.domain import references
from tracker.intake.drafts import RecommendationDraft
from tracker.intake.findings import Finding

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
        yield Finding(line, "no_code")
        return
    if len(draft.code) > _LONGEST_CODE:
        yield _too_long(line, draft.code, _LONGEST_CODE)
    # Letters of either case would look the same where an address is typed.
    other = seen.setdefault(references.address(draft.code).lower(), draft)
    if other is draft:
        return
    if other.code == draft.code:
        yield Finding(line, "doubled_code", {"code": draft.code, "line": other.lines[0]})
    else:
        yield Finding(line, "address_clash", {"code": draft.code, "other": other.code or "", "line": other.lines[0]})


def _of_text(draft: RecommendationDraft) -> Iterator[Finding]:
    if not draft.text.strip():
        yield Finding(draft.lines[0], "empty_text")


def _of_addressees(draft: RecommendationDraft) -> Iterator[Finding]:
    line = draft.lines[0]
    if not draft.addressees:
        yield Finding(line, "no_addressee")
    for one in draft.addressees:
        if one.body is None:
            yield Finding(line, "unknown_body", {"name": _short(one.as_written)})
        elif one.match == "likely":
            yield Finding(line, "likely_body", {"name": _short(one.as_written)})
        if len(one.as_written) > _LONGEST_NAME:
            yield _too_long(line, one.as_written, _LONGEST_NAME)
        if len(one.qualifier or "") > _LONGEST_QUALIFIER:
            yield _too_long(line, one.qualifier or "", _LONGEST_QUALIFIER)
    yield from _twice(draft)
    if draft.alternatives:
        yield Finding(line, "unfolded", {"n": len(draft.addressees)})


def _twice(draft: RecommendationDraft) -> Iterator[Finding]:
    first: dict[str, str] = {}
    for one in draft.addressees:
        if one.body is None:
            continue
        if one.body not in first:
            first[one.body] = one.as_written
        else:
            both = {"first": _short(first[one.body]), "second": _short(one.as_written)}
            yield Finding(draft.lines[0], "same_body", both)


def _too_long(line: int, what: str, longest: int) -> Finding:
    return Finding(line, "too_long", {"what": _short(what), "n": longest})


def _short(name: str) -> str:
    return name if len(name) <= 120 else f"{name[:119]}…"
