"""The spreadsheet of a form: what its columns are called, in the language of whoever fills it in."""

from tracker.language import LANGUAGES, N_, _, speaking

HEADS = {
    "code": N_("Number"),
    "report": N_("Report"),
    "text": N_("Recommendation"),
    "question": N_("Question"),
    "due": N_("Due by"),
    "unchanged": N_("Nothing has changed (x)"),
    "response": N_("Accepted?"),
    "reported": N_("Implementation"),
    "done": N_("What was done"),
    "reason": N_("Reason"),
    "since": N_("Since when"),
    "links": N_("Links to evidence"),
    "key": N_("Do not change"),
}
"""By what a column holds. The last one says which recommendation a row is about, and which draft it was made from."""
TYPED = ("response", "reported", "done", "reason", "since", "links")
LARGEST = 5000
"""Rows that are looked at."""


def named(head: str) -> str | None:
    """What a column with this head holds, whatever language the sheet was made in; None where it is none of ours."""
    return _known().get(head.strip().casefold())


def _known() -> dict[str, str]:
    found: dict[str, str] = {}
    for language in LANGUAGES:
        with speaking(language):
            found |= {_(label).casefold(): name for name, label in HEADS.items()}
    return found
