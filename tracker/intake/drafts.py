"""What a reading yields: drafts of recommendations, and what was left over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from tracker.intake.findings import Finding
from tracker.language import N_, _

Match = Literal["exact", "alias", "likely", "none"]
RoleCode = Literal["implementer", "relay"]

_WHY = {
    "blank": N_("Blank line"),
    "title": N_("Title"),
    "section": N_("Section heading"),
    "column_heads": N_("Column heads"),
    "page_number": N_("Page number"),
    "running_head": N_("Running head"),
    "footnote": N_("Footnote"),
    "contents": N_("Table of contents"),
    "no_text": N_("Row without a text"),
    "other_table": N_("Part of a table without recommendations"),
    "other": N_("Part of no recommendation"),
    "dropped": N_("Left out by a coordinator"),
}


def why_label(code: str) -> str:
    """Why a line was left over, in the language in use."""
    return _(_WHY[code]) if code in _WHY else code


@dataclass(frozen=True)
class AddresseeDraft:
    """One body that a recommendation is addressed to, as the annex writes it."""

    as_written: str
    qualifier: str | None
    """What stands in brackets behind the name, or before it where a group was unfolded; not in `as_written`."""
    body: str | None
    """The slug of a body of the register; where the match is only likely, the one that is proposed."""
    match: Match
    """A body that a coordinator chose counts as exact."""
    role: RoleCode

    @property
    def as_printed(self) -> str:
        """Name and qualifier, as the annex has them."""
        return f"{self.as_written} ({self.qualifier})" if self.qualifier else self.as_written

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> AddresseeDraft:
        """The addressee that `to_json` of its draft wrote."""
        return cls(stored["as_written"], stored["qualifier"], stored["body"], stored["match"], stored["role"])


@dataclass(frozen=True)
class AnswerDraft:
    """What a body answered to a recommendation, as a response sheet has it."""

    line: int
    bodies: tuple[str, ...]
    """The slugs of those who are named beside it and known for certain."""
    named: str
    """The same as written; empty where nobody is named."""
    status: str
    text: str
    on: str | None
    """The day beside it, as in 2024-03-12."""

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> AnswerDraft:
        """The answer that `to_json` of its draft wrote."""
        return cls(**{**stored, "bodies": tuple(stored["bodies"])})


@dataclass(frozen=True)
class RecommendationDraft:
    """One recommendation as it was understood."""

    code: str | None
    section: str | None
    text: str
    addressees: tuple[AddresseeDraft, ...]
    lines: tuple[int, int]
    """Its first and last line in the file, from 1."""
    findings: tuple[Finding, ...]
    alternatives: tuple[tuple[AddresseeDraft, ...], ...] = ()
    """Other readings of all its addressees; whoever settles the question empties it."""
    other_texts: tuple[tuple[str, str], ...] = ()
    """The same wording in other languages of the document: language and text."""
    answers: tuple[AnswerDraft, ...] = ()
    """What bodies answered to it, where the document is a response sheet."""

    def to_json(self) -> dict[str, Any]:
        """A plain dict, which `from_json` reads back without loss."""
        return asdict(self)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> RecommendationDraft:
        """The draft that `to_json` wrote."""
        first, last = stored["lines"]
        return cls(
            code=stored["code"],
            section=stored["section"],
            text=stored["text"],
            addressees=tuple(AddresseeDraft.from_json(one) for one in stored["addressees"]),
            lines=(first, last),
            findings=tuple(Finding.from_json(one) for one in stored["findings"]),
            alternatives=tuple(
                tuple(AddresseeDraft.from_json(one) for one in reading) for reading in stored.get("alternatives", ())
            ),
            other_texts=tuple((language, text) for language, text in stored.get("other_texts", ())),
            answers=tuple(AnswerDraft.from_json(one) for one in stored.get("answers", ())),
        )


@dataclass(frozen=True)
class Leftover:
    """A line that belongs to no recommendation."""

    line: int
    text: str
    why: str
    """A code; `why_label` has the words."""


@dataclass(frozen=True)
class TableRead:
    """One table of a document, and what each of its columns was taken to hold."""

    key: str
    """The same for tables with the same heads."""
    heads: tuple[str, ...]
    sample: tuple[tuple[str, ...], ...]
    """Some rows below the heads."""
    kinds: tuple[str, ...]
    """A code of `columns.Column` or a language for each column; empty where it holds no recommendations."""

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> TableRead:
        """The table that `to_json` of its reading wrote."""
        sample = tuple(tuple(row) for row in stored["sample"])
        return cls(stored["key"], tuple(stored["heads"]), sample, tuple(stored["kinds"]))


@dataclass(frozen=True)
class Reading:
    """A document as it was understood. Every line is in one draft or left over."""

    name: str
    language: str
    encoding: str
    lines: tuple[str, ...]
    drafts: tuple[RecommendationDraft, ...]
    leftover: tuple[Leftover, ...]
    findings: tuple[Finding, ...]
    """Of the document as a whole; those of a recommendation are with its draft."""
    tables: tuple[TableRead, ...] = ()
    places: tuple[tuple[int, ...], ...] = ()
    """Where each line is printed, as in `documents.Line`; empty where the document has no pages."""
    sheets: tuple[tuple[int, int], ...] = ()
    """Width and height of its pages."""

    def to_json(self) -> dict[str, Any]:
        """A plain dict, which `from_json` reads back without loss."""
        return asdict(self)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Reading:
        """The reading that `to_json` wrote."""
        return cls(
            name=stored["name"],
            language=stored["language"],
            encoding=stored["encoding"],
            lines=tuple(stored["lines"]),
            drafts=tuple(RecommendationDraft.from_json(one) for one in stored["drafts"]),
            leftover=tuple(Leftover(one["line"], one["text"], one["why"]) for one in stored["leftover"]),
            findings=tuple(Finding.from_json(one) for one in stored["findings"]),
            tables=tuple(TableRead.from_json(one) for one in stored.get("tables", ())),
            places=tuple(tuple(one) for one in stored.get("places", ())),
            sheets=tuple((width, height) for width, height in stored.get("sheets", ())),
        )

    def as_printed(self) -> dict[str, Any]:
        """What `tracker import --json` prints for this document."""
        return {
            "document": {"name": self.name, "language": self.language},
            "recommendations": [_printed(draft) for draft in self.drafts],
            "leftover": [asdict(one) for one in self.leftover],
        }


def _printed(draft: RecommendationDraft) -> dict[str, Any]:
    return {
        "code": draft.code,
        "section": draft.section,
        "text": draft.text,
        "addressees": [
            {"as_written": one.as_written, "qualifier": one.qualifier, "body": one.body, "match": one.match}
            for one in draft.addressees
        ],
        "lines": list(draft.lines),
        "warnings": [finding.sentence for finding in draft.findings],
    }
