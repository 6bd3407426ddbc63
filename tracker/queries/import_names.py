"""The names in a document that the register does not know, or only likely, each once."""

from dataclasses import dataclass

from tracker.queries.imports import Review

CODES = 3
"""Recommendations that are named beside a name."""


@dataclass
class OpenName:
    """One name as written, that some drafts have."""

    as_written: str
    times: int
    codes: list[str]
    """Of the first of them."""
    likely: str | None
    """The slug of the body that is proposed."""


def open_names(review: Review) -> list[OpenName]:
    """The names whose body nobody has said, the most frequent first."""
    found: dict[str, OpenName] = {}
    for draft in review.reading.drafts:
        for one in draft.addressees:
            if one.match in ("exact", "alias"):
                continue
            name = found.setdefault(one.as_written, OpenName(one.as_written, 0, [], one.body))
            name.times += 1
            if draft.code and len(name.codes) < CODES:
                name.codes.append(draft.code)
    return sorted(found.values(), key=lambda name: -name.times)


def without_addressee(review: Review) -> int:
    """How many drafts are addressed to nobody."""
    return sum(not draft.addressees for draft in review.reading.drafts)
