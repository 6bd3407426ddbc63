"""What the review of an import shows: each draft with its questions, each line with what became of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from tracker import intake
from tracker.intake import Finding, RecommendationDraft
from tracker.language import _
from tracker.queries import imports
from tracker.queries.import_findings import OF_A_DRAFT, OF_THE_REPORT
from tracker.queries.imports import Review
from tracker.services.doubts import can_be_settled
from tracker.web.import_forms import ReportForm
from tracker.web.import_questions import Ask, asks

MOST_LINES = 3000
"""Lines of the document that the page shows; the whole of it is one link away."""
ORDERS = ("doubts", "printed", "only")


@dataclass(frozen=True)
class Card:
    """One draft."""

    position: int
    draft: RecommendationDraft
    seen: str
    asks: tuple[Ask, ...]
    is_known: bool

    @property
    def state(self) -> str:
        """Whether something stops it, somebody should look, or it is ready."""
        if any(ask.stops for ask in self.asks):
            return "stops"
        return "doubt" if self.asks else "ready"

    @property
    def title(self) -> str:
        """Its code, or where it stands."""
        return self.draft.code or _("line %(line)s", line=self.draft.lines[0])


@dataclass(frozen=True)
class Line:
    """One line of the document: in a draft, or left over."""

    number: int
    cells: tuple[str, ...]
    card: Card | None
    why: str
    """A code of `intake.why_label`; empty in a draft."""


def seen(draft: RecommendationDraft) -> str:
    """Changes with what a draft says, not with what is found about it."""
    said = {**draft.to_json(), "findings": [one.key for one in draft.findings if can_be_settled(one)]}
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:16]


def cards(review: Review, names: Mapping[str, str]) -> list[Card]:
    """The drafts as printed, with their questions."""
    at_line: dict[int | None, list[Finding]] = {}
    for finding in review.findings:
        if finding.code in OF_A_DRAFT:
            at_line.setdefault(finding.line, []).append(finding)
    return [
        Card(
            position=position,
            draft=draft,
            seen=seen(draft),
            asks=tuple(asks(draft, [*at_line.get(draft.lines[0], ()), *draft.findings], names)),
            is_known=position in review.known,
        )
        for position, draft in zip(review.positions, review.reading.drafts, strict=True)
    ]


def lines(review: Review, of_drafts: Sequence[Card]) -> list[Line]:
    """The document, each line with its draft or with why it is in none."""
    card_at = {n: card for card in of_drafts for n in range(card.draft.lines[0], card.draft.lines[1] + 1)}
    why = {one.line: one.why for one in review.reading.leftover}
    return [
        Line(number, tuple(cell.strip() for cell in text.strip().split("\t")), card_at.get(number), why.get(number, ""))
        for number, text in enumerate(review.reading.lines[:MOST_LINES], start=1)
    ]


def page(
    review: Review, *, form: ReportForm | None = None, problems: Sequence[str] = (), status: int = 200
) -> ResponseReturnValue:
    """The review. `problems` are told at its head, above those of `form`."""
    names = imports.body_names()
    of_drafts = cards(review, names)
    wanted = request.args.get("order", "")
    order = wanted if wanted in ORDERS else ORDERS[0]
    shown = list(of_drafts)
    if order != "printed":
        shown.sort(key=lambda card: ("stops", "doubt", "ready").index(card.state))
    if order == "only":
        shown = [card for card in shown if card.asks]
    addressees = [one for draft in review.reading.drafts for one in draft.addressees]
    text = render_template(
        "imports/show.html",
        review=review,
        import_=review.import_,
        form=form or ReportForm.about(imports.proposed(review)),
        problems=problems,
        cards=of_drafts,
        shown=shown,
        order=order,
        lines=lines(review, of_drafts),
        line_count=len(review.reading.lines),
        why_label=intake.why_label,
        names=names,
        of_the_report=OF_THE_REPORT,
        stopping=stopping(review, of_drafts),
        asked=[finding for finding in review.findings if finding.code not in OF_A_DRAFT],
        can_be_settled=can_be_settled,
        can_undo=review.import_.state == "accepted" and imports.first_answered(review.import_.id) is None,
        counts={
            "sections": len({draft.section for draft in review.reading.drafts if draft.section}),
            "addressees": len(addressees),
            "bodies": len({one.body for one in addressees if one.body}),
        },
    )
    return text, status


def stopping(review: Review, of_drafts: Sequence[Card]) -> list[tuple[str, str]]:
    """Where everything that stops stands: addresses on the page, and the words of the links."""
    of_document = [finding for finding in review.stops if finding.line is None]
    found = [_place(finding) for finding in of_document]
    stopped = [card for card in of_drafts if card.state == "stops"]
    return found + [(f"#draft-{card.position}", card.title) for card in stopped]


def _place(finding: Finding) -> tuple[str, str]:
    return ("#report-is", _("the report")) if finding.code in OF_THE_REPORT else ("#drafts", _("the drafts"))


def what_stops(review: Review, *, but_the_report: bool = False) -> list[str]:
    """Each thing that stops, with its line, linked to where it is settled; the report's form may tell of its own."""
    of_drafts = {card.draft.lines[0]: card for card in cards(review, imports.body_names())}
    told = (finding for finding in review.stops if not (but_the_report and finding.code in OF_THE_REPORT))
    return [_told(finding, of_drafts) for finding in told]


def _told(finding: Finding, of_drafts: Mapping[int, Card]) -> str:
    link = Markup('<a href="#{}">{}</a>')
    if finding.line is None:
        return link.format(_place(finding)[0][1:], finding.sentence)
    sentence = _("Line %(line)s: %(sentence)s", line=finding.line, sentence=finding.sentence)
    card = of_drafts.get(finding.line)
    return link.format(f"draft-{card.position}", sentence) if card else sentence
