"""What an import meets in the installation: its report, and what is on record there already."""

from collections.abc import Iterable, Sequence

from sqlalchemy import select

from tracker import database, intake
from tracker.domain import references
from tracker.language import _
from tracker.models import Import, Recommendation, Report

OF_A_DRAFT = frozenset({"text_differs", "address_taken"})
"""Findings that are about the draft on their line."""
OF_THE_REPORT = frozenset({"no_report", "report_slug", "report_differs"})
"""Findings that are settled where the report is described."""


def on_record(report: Report | None) -> dict[str, str]:
    """The wording under each code that a report already has."""
    if report is None:
        return {}
    found = database.session().scalars(select(Recommendation).filter_by(report_id=report.id, is_hidden=False))
    return {one.code: one.text(report.language).text for one in found if one.code}


def of_report(import_: Import, report: Report | None) -> list[intake.Finding]:
    """Whether the document has a report that it can be put in."""
    if not (import_.report_slug and import_.report_title and import_.issued_on):
        sentence = _("Say which report this is: its title, its short name and the day it was published.")
        return [_stops(None, sentence, "no_report")]
    if import_.report_slug != references.slug(import_.report_slug):
        sentence = _("The short name of a report has lower-case letters, digits and hyphens, such as myria-2023.")
        return [_stops(None, sentence, "report_slug")]
    if report is not None and report.issuer_id != import_.issuer_id:
        sentence = _("The short name “%(slug)s” belongs to a report of another issuer.", slug=report.slug)
        return [_stops(None, sentence, "report_slug")]
    if report is not None and (report.title, report.issued_on) != (import_.report_title, import_.issued_on):
        sentence = _(
            "“%(slug)s” is here already as “%(title)s”, with another title or day. Use those, or another short name.",
            slug=report.slug,
            title=report.title,
        )
        return [_stops(None, sentence, "report_differs")]
    return []


def of_drafts(drafts: Sequence[intake.RecommendationDraft], texts: dict[str, str]) -> Iterable[intake.Finding]:
    """Codes that are on record with another text, and new codes whose address is taken; `texts` as on record."""
    taken = {references.address(code).lower(): code for code in texts}
    for draft in drafts:
        if not draft.code:
            continue
        if draft.code in texts:
            if texts[draft.code] != draft.text:
                sentence = _(
                    "%(code)s is in this report already, with another text. Correct the text there, not here.",
                    code=draft.code,
                )
                yield _stops(draft.lines[0], sentence, "text_differs")
        elif other := taken.get(references.address(draft.code).lower()):
            sentence = _(
                "%(code)s would have the same address as %(other)s, which is in this report already. Change the code.",
                code=draft.code,
                other=other,
            )
            yield _stops(draft.lines[0], sentence, "address_taken")


def _stops(line: int | None, sentence: str, code: str) -> intake.Finding:
    return intake.Finding(line, sentence, stops=True, code=code)
