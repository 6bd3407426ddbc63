"""What a coordinator answers to the doubts about one draft. Pure: `imports.correct` keeps what comes out."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from tracker import intake
from tracker.intake import AddresseeDraft, RecommendationDraft, Register
from tracker.intake.drafts import RoleCode

_ASKED_AGAIN = frozenset({
    "no_code", "unfolded", "unpaired", "paired_by_place", "unpaired_there",
    "other_language", "not_in_other", "others_in_other", "in_another_report",
})  # fmt: skip
"""Found anew after each correction: no word settles them, only a change."""


def can_be_settled(finding: intake.Finding) -> bool:
    """Whether the word of a coordinator is enough, as it is for doubts about how a row was read."""
    return not finding.stops and finding.code not in _ASKED_AGAIN


def is_right(draft: RecommendationDraft, key: str) -> RecommendationDraft:
    """What the finding with this key doubts was read rightly."""
    kept = (one for one in draft.findings if not (can_be_settled(one) and one.key == key))
    return replace(draft, findings=tuple(kept))


def keep_reading(draft: RecommendationDraft) -> RecommendationDraft:
    """The addressees stay as they were read."""
    return replace(draft, alternatives=())


def take_alternative(draft: RecommendationDraft, number: int) -> RecommendationDraft:
    """The addressees become those of another reading."""
    taken = draft.alternatives[number : number + 1]
    return replace(draft, addressees=taken[0], alternatives=()) if taken else draft


def confirm_body(draft: RecommendationDraft, number: int) -> RecommendationDraft:
    """The likely body of one addressee is the one that is meant."""
    return _changed(draft, number, lambda one: replace(one, match="exact") if one.body else one)


def look_up_again(draft: RecommendationDraft, number: int, register: Register) -> RecommendationDraft:
    """The body may have come into the register meanwhile."""

    def found(one: AddresseeDraft) -> AddresseeDraft:
        again = intake.rematch(one.as_written, register)
        return replace(again, qualifier=one.qualifier or again.qualifier) if again.body else one

    return _changed(draft, number, found)


def keep_first(draft: RecommendationDraft) -> RecommendationDraft:
    """Of addressees that are the same body only the first stays."""
    seen: set[str] = set()
    kept = []
    for one in draft.addressees:
        if one.body is None or one.body not in seen:
            kept.append(one)
        seen.add(one.body or "")
    return replace(draft, addressees=tuple(kept))


def _changed(
    draft: RecommendationDraft, number: int, change: Callable[[AddresseeDraft], AddresseeDraft]
) -> RecommendationDraft:
    addressees = tuple(change(one) if n == number else one for n, one in enumerate(draft.addressees))
    return replace(draft, addressees=addressees)


@dataclass(frozen=True)
class Typed:
    """One addressee as a coordinator typed it; empty where nothing was."""

    as_written: str
    qualifier: str
    body: str
    role: str


def corrected(
    draft: RecommendationDraft, *, code: str, section: str, text: str, typed: Sequence[Typed], register: Register
) -> RecommendationDraft:
    """The draft as typed. Whoever saves all of its fields has settled the doubts about how it was read."""
    addressees = (_addressee(one, draft.addressees, register) for one in typed if one.as_written or one.body)
    return replace(
        draft,
        code=code or None,
        section=section or None,
        text=text,
        addressees=tuple(addressees),
        findings=(),
        alternatives=(),
    )


def _addressee(typed: Typed, before: Sequence[AddresseeDraft], register: Register) -> AddresseeDraft:
    """A body that was chosen counts; one that was not is looked up by its name."""
    for one in before:
        is_same_name = (one.as_written, one.qualifier or "") == (typed.as_written, typed.qualifier)
        if is_same_name and typed.body == chosen(one):
            return _with_role(one, typed.role)
    if typed.body:
        body = register.by_slug[typed.body]
        name = typed.as_written or next(iter(body.names.values()))[0]
        role: RoleCode = "relay" if body.role == "relay" else "implementer"
        return _with_role(AddresseeDraft(name, typed.qualifier or None, typed.body, "exact", role), typed.role)
    found = intake.rematch(typed.as_written, register)
    return _with_role(replace(found, qualifier=typed.qualifier or found.qualifier), typed.role)


def chosen(one: AddresseeDraft) -> str:
    """The body that counts as chosen: a likely one is proposed, never chosen by itself."""
    return one.body or "" if one.match in ("exact", "alias") else ""


def _with_role(one: AddresseeDraft, role: str) -> AddresseeDraft:
    if role == "relay":
        return replace(one, role="relay")
    return replace(one, role="implementer") if role == "implementer" else one
