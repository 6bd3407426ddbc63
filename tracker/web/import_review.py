"""What the review of an import shows: each draft with its questions, each line with what became of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from tracker import intake
from tracker.intake import Finding, RecommendationDraft
from tracker.language import _, ngettext
from tracker.queries import import_answers, import_names, import_undo, imports
from tracker.queries.import_findings import OF_A_DRAFT, OF_THE_REPORT
from tracker.queries.import_record import Met, Other
from tracker.queries.imports import Review
from tracker.services.doubts import can_be_settled
from tracker.web.import_forms import ReportForm
from tracker.web.import_questions import Ask, asks
from tracker.web.import_sheets import Sheet, sheets_of
from tracker.web.import_steps import told

DRAFTS_ON_A_PAGE = 25
MOST_LINES = 300
"""Lines of a document that are shown whole; of a longer one those that stand round the drafts of the page."""
_ROUND = 2
"""Lines above and below a draft."""
MOST_STOPS = 12
"""Drafts that stop which are named at the head of the page."""
ORDERS = ("doubts", "printed", "only")


@dataclass(frozen=True)
class Card:
    """One draft."""

    position: int
    draft: RecommendationDraft
    asks: tuple[Ask, ...]
    is_known: bool
    beside: Mapping[str, str]
    """The same in other languages, on record or in a document under review too."""
    is_pair: bool
    """Whether accepting adds its text to a recommendation that is there."""

    @property
    def seen(self) -> str:
        """What the page showed of it."""
        return seen(self.draft)

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
    url: str
    """Of its draft, on this page or another."""
    follows: bool
    """Whether the line above it is shown too."""


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
            asks=tuple(asks(draft, [*about(draft, at_line.get(draft.lines[0], ())), *draft.findings], names)),
            is_known=met.is_known,
            beside=_beside(met, review.others),
            is_pair=bool(met.adds),
        )
        for position, draft, met in zip(review.positions, review.reading.drafts, review.met, strict=True)
    ]


def about(draft: RecommendationDraft, at_line: Iterable[Finding]) -> list[Finding]:
    """The findings on the first line of a draft that are about it: where a line was split, others begin there too."""
    names = {None, draft.code, f"“{draft.text[:60]}…”"}
    return [one for one in at_line if one.values.get("code") in names]


def _beside(met: Met, others: Mapping[str, Other]) -> dict[str, str]:
    """The wordings of a draft in languages other than its document's."""
    found = dict(met.draft.other_texts)
    if other := others.get(met.draft.code or ""):
        found[other.language] = other.draft.text
    if met.there and not met.is_known:
        found |= {language: text for language, text in met.there.texts.items() if language != met.language}
    return found


def lines(review: Review, of_drafts: Sequence[Card], shown: Sequence[Card]) -> list[Line]:
    """The document round the drafts that are shown, each line with its draft or with why it is in none."""
    card_at = {n: card for card in of_drafts for n in range(card.draft.lines[0], card.draft.lines[1] + 1)}
    why = {one.line: one.why for one in review.reading.leftover}
    urls = _urls(review, of_drafts, shown)
    texts = review.reading.lines
    wanted = sorted(_round(shown, len(texts)) if len(texts) > MOST_LINES else range(1, len(texts) + 1))
    found = []
    for before, number in zip([0, *wanted], wanted, strict=False):
        card = card_at.get(number)
        cells = tuple(cell.strip() for cell in texts[number - 1].strip().split("\t"))
        url = urls[card.position] if card else ""
        found.append(Line(number, cells, card, why.get(number, ""), url, follows=number - 1 in (0, before)))
    return found


def _urls(review: Review, of_drafts: Sequence[Card], shown: Sequence[Card]) -> dict[int, str]:
    """Where each draft stands, by its position: on this page, or on another one in the order as printed."""
    there = {
        card.position: url_for(
            "imports.show",
            import_id=review.import_.id,
            order="printed",
            page=at // DRAFTS_ON_A_PAGE + 1,
            _anchor=f"draft-{card.position}",
        )
        for at, card in enumerate(of_drafts)
    }
    return there | {card.position: f"#draft-{card.position}" for card in shown}


def _round(shown: Sequence[Card], last: int) -> set[int]:
    places = (one.draft.lines for one in shown)
    near = (range(max(1, first - _ROUND), min(last, end + _ROUND) + 1) for first, end in places)
    return {number for numbers in near for number in numbers}


def page(
    review: Review, *, form: ReportForm | None = None, problems: Sequence[str] = (), status: int = 200
) -> ResponseReturnValue:
    """The review. `problems` are told at its head, above those of `form`."""
    names = imports.body_names()
    of_drafts = cards(review, names)
    order = _order(request.args.get("order"))
    shown = _in_order(of_drafts, order)
    pages = max(1, -(-len(shown) // DRAFTS_ON_A_PAGE))
    number = min(max(request.args.get("page", 1, int), 1), pages)
    shown = shown[(number - 1) * DRAFTS_ON_A_PAGE : number * DRAFTS_ON_A_PAGE]
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
        here={"order": order if order != ORDERS[0] else None, "page": number if number > 1 else None},
        previous_url=_page_url(review, order, number - 1) if number > 1 else None,
        next_url=_page_url(review, order, number + 1) if number < pages else None,
        lines=lines(review, of_drafts, shown),
        line_count=len(review.reading.lines),
        why_label=intake.why_label,
        names=names,
        of_the_report=OF_THE_REPORT,
        stopping=stopping(review, of_drafts),
        asked=[finding for finding in review.findings if finding.code not in OF_A_DRAFT],
        can_be_settled=can_be_settled,
        sheets=_sheets(review, of_drafts, shown),
        step=imports.last_step(review.import_.id) if review.import_.state == "draft" else None,
        told=told,
        open_names=len(import_names.open_names(review)),
        unaddressed=import_names.without_addressee(review),
        bodies=names,
        n_known=len(review.known),
        n_answers=import_answers.count(review),
        n_pairs=sum(card.is_pair for card in of_drafts),
        can_undo=review.import_.state == "accepted" and import_undo.first_answered(review.import_.id) is None,
        counts={
            "sections": len({draft.section for draft in review.reading.drafts if draft.section}),
            "addressees": len(addressees),
            "bodies": len({one.body for one in addressees if one.body}),
        },
    )
    return text, status


def _sheets(review: Review, of_drafts: Sequence[Card], shown: Sequence[Card]) -> list[Sheet]:
    """The pages on which the drafts that are shown stand; none for a document without pages."""
    printed = imports.printed(review.import_.id)
    if printed is None:
        return []
    taken = [(card.draft.lines, bool(card.asks)) for card in of_drafts]
    return sheets_of(printed, taken, [card.draft.lines[0] for card in shown])


def _order(wanted: str | None) -> str:
    return wanted if wanted in ORDERS else ORDERS[0]


def _in_order(of_drafts: Sequence[Card], order: str) -> list[Card]:
    """The drafts as they follow each other on the page."""
    shown = list(of_drafts)
    if order != "printed":
        shown.sort(key=lambda card: ("stops", "doubt", "ready").index(card.state))
    return [card for card in shown if card.asks or order != "only"]


def place(review: Review, position: int, wanted: str | None) -> str:
    """The address at which a draft is seen on the review, in the order that was wanted."""
    order = _order(wanted)
    shown = [card.position for card in _in_order(cards(review, imports.body_names()), order)]
    at = shown.index(position) if position in shown else 0
    return url_for(
        "imports.show",
        import_id=review.import_.id,
        order=order if order != ORDERS[0] else None,
        page=at // DRAFTS_ON_A_PAGE + 1 if at >= DRAFTS_ON_A_PAGE else None,
        _anchor=f"draft-{position}" if position in shown else "drafts",
    )


def _page_url(review: Review, order: str, number: int) -> str:
    order_asked = order if order != ORDERS[0] else None
    return url_for("imports.show", import_id=review.import_.id, order=order_asked, page=number, _anchor="drafts")


def stopping(review: Review, of_drafts: Sequence[Card]) -> list[tuple[str, str]]:
    """Where everything that stops stands: addresses on the page, and the words of the links."""
    of_document = [finding for finding in review.stops if finding.line is None]
    found = [_place(finding) for finding in of_document]
    stopped = [card for card in of_drafts if card.state == "stops"]
    shown = stopped[:MOST_STOPS]
    more = len(stopped) - len(shown)
    # They come first where doubts do, so that these stand on the first page.
    return [
        *found,
        *((f"#draft-{card.position}", card.title) for card in shown),
        *((("#drafts", ngettext("one more", "%(n)s more", more)),) if more else ()),
    ]


def _place(finding: Finding) -> tuple[str, str]:
    return ("#report-is", _("the report")) if finding.code in OF_THE_REPORT else ("#drafts", _("the drafts"))


def what_stops(review: Review, *, but_the_report: bool = False) -> list[str]:
    """Each thing that stops, with its line, linked to where it is settled; the report's form may tell of its own."""
    of_drafts = {card.draft.lines[0]: card for card in cards(review, imports.body_names())}
    stops = [finding for finding in review.stops if not (but_the_report and finding.code in OF_THE_REPORT)]
    found = [_told(finding, of_drafts) for finding in stops[:MOST_STOPS]]
    if len(stops) > MOST_STOPS:
        more = len(stops) - MOST_STOPS
        found.append(ngettext("One more point stops it.", "%(n)s more points stop it.", more))
    return found


def _told(finding: Finding, of_drafts: Mapping[int, Card]) -> str:
    link = Markup('<a href="#{}">{}</a>')
    if finding.line is None:
        return link.format(_place(finding)[0][1:], finding.sentence)
    sentence = _("Line %(line)s: %(sentence)s", line=finding.line, sentence=finding.sentence)
    card = of_drafts.get(finding.line)
    return link.format(f"draft-{card.position}", sentence) if card else sentence
