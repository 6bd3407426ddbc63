"""The questions that the drafts of an import leave open, with the buttons that answer them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tracker.intake import Finding, RecommendationDraft
from tracker.language import _, ngettext
from tracker.services.doubts import can_be_settled


@dataclass(frozen=True)
class Answer:
    """A button that answers a question. `value` is what it sends."""

    label: str
    value: str


@dataclass(frozen=True)
class Ask:
    """One question about a draft, with the answers that settle it."""

    sentence: str
    stops: bool
    code: str
    answers: tuple[Answer, ...] = ()
    field: str = ""
    """Where on the form of the draft it is settled by hand; empty where nothing is to be typed."""
    instead: tuple[str, ...] = ()
    """What the document says, where another reading differs."""


def asks(draft: RecommendationDraft, findings: Iterable[Finding], names: Mapping[str, str]) -> Iterable[Ask]:
    """What stops first, then the doubts."""
    unknown = iter([n for n, one in enumerate(draft.addressees) if one.body is None])
    likely = iter([n for n, one in enumerate(draft.addressees) if one.body and one.match == "likely"])
    found = []
    for finding in findings:
        # The check tells of addressees in their order: the first such finding is about the first such addressee.
        rows = {"unknown_body": unknown, "likely_body": likely}.get(finding.code, iter(()))
        found.append(_ask(draft, finding, next(rows, 0), names))
    return sorted(found, key=lambda ask: not ask.stops)


def _ask(draft: RecommendationDraft, finding: Finding, row: int, names: Mapping[str, str]) -> Ask:
    answers: tuple[Answer, ...] = ()
    field = "code"
    instead: tuple[str, ...] = ()
    match finding.code:
        case "unfolded":
            n = len(draft.addressees)
            answers = (
                Answer(ngettext("Keep one addressee", "Keep the %(words)s addressees", n), "keep"),
                *(Answer(_("One group, as printed"), f"take {i}") for i in range(len(draft.alternatives))),
            )
            here = {one.as_written for one in draft.addressees}
            others = (one.as_written for reading in draft.alternatives for one in reading)
            instead, field = tuple(name for name in others if name not in here), "addressees-0-as_written"
        case "likely_body":
            body = draft.addressees[row].body or ""
            answers = (Answer(_("Yes, it is “%(body)s”", body=names.get(body, body)), f"confirm {row}"),)
            field = f"addressees-{row}-body"
        case "unknown_body":
            answers, field = (Answer(_("Look it up again"), f"look {row}"),), f"addressees-{row}-body"
        case "same_body":
            answers, field = (Answer(_("Keep the first"), "first"),), "addressees-0-as_written"
        case "doubled_code" | "text_differs" | "addressees_differ" | "address_taken":
            answers = (Answer(_("Leave it out"), "drop"),)
            field = "addressees-0-body" if finding.code == "addressees_differ" else field
        case "empty_text":
            answers, field = (Answer(_("Leave it out"), "drop"),), "text"
        case "no_addressee" | "too_long":
            field = "addressees-0-as_written"
        case _ if can_be_settled(finding):
            answers, field = (Answer(_("That is right"), f"right {finding.key}"),), "text"
            if finding.code == "qualifier":
                field = "addressees-0-as_written"
    return Ask(finding.sentence, finding.stops, finding.code, answers, field, instead)
