"""What an import meets in the installation: its report, and what is on record there already."""

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import select

from tracker import clock, database, intake
from tracker.domain import references
from tracker.models import Import, Recommendation, Report

OF_A_DRAFT = frozenset({"text_differs", "address_taken"})
"""Findings that are about the draft on their line."""
OF_THE_REPORT = frozenset({"no_report", "report_slug", "report_day", "report_of_another", "report_differs"})
"""Findings that are settled where the report is described."""
_FIRST_DAY = date(1900, 1, 1)
"""A report from before is a typing error."""


def on_record(report: Report | None) -> dict[str, str]:
    """The wording under each code that a report already has."""
    if report is None:
        return {}
    found = database.session().scalars(select(Recommendation).filter_by(report_id=report.id, is_hidden=False))
    return {one.code: one.text(report.language).text for one in found if one.code}


def is_in_use(report: Report) -> bool:
    """Whether a report has recommendations; after an import was undone it may have none."""
    there = select(Recommendation.id).filter_by(report_id=report.id, is_hidden=False)
    return database.session().scalar(there.limit(1)) is not None


def of_report(import_: Import, report: Report | None) -> list[intake.Finding]:
    """Whether the document has a report that it can be put in."""
    if not (import_.report_slug and import_.report_title and import_.issued_on):
        return [intake.Finding(None, "no_report")]
    if import_.report_slug != references.slug(import_.report_slug):
        return [intake.Finding(None, "report_slug")]
    if not _FIRST_DAY <= import_.issued_on <= clock.today():  # what was asked before it was issued would never count
        return [intake.Finding(None, "report_day")]
    if report is not None and report.issuer_id != import_.issuer_id:
        return [intake.Finding(None, "report_of_another", {"slug": report.slug})]
    is_other = report is not None and (report.title, report.issued_on) != (import_.report_title, import_.issued_on)
    if report is not None and is_other and is_in_use(report):
        return [intake.Finding(None, "report_differs", {"slug": report.slug, "title": report.title})]
    return []


def of_drafts(drafts: Sequence[intake.RecommendationDraft], texts: dict[str, str]) -> Iterable[intake.Finding]:
    """Codes that are on record with another text, and new codes whose address is taken; `texts` as on record."""
    taken = {references.address(code).lower(): code for code in texts}
    for draft in drafts:
        if not draft.code:
            continue
        if draft.code in texts:
            if texts[draft.code] != draft.text:
                yield intake.Finding(draft.lines[0], "text_differs", {"code": draft.code})
        elif other := taken.get(references.address(draft.code).lower()):
            yield intake.Finding(draft.lines[0], "address_taken", {"code": draft.code, "other": other})
