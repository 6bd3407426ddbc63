"""What an import meets in the installation: its report, and what is on record there already."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from tracker import clock, database, intake, language
from tracker.domain import references
from tracker.models import Addressee, Body, Import, Recommendation, Report

OF_A_DRAFT = frozenset({"text_differs", "addressees_differ", "address_taken"})
"""Findings that are about the draft on their line."""
OF_THE_REPORT = frozenset({"no_report", "report_slug", "report_day", "report_of_another", "report_differs"})
"""Findings that are settled where the report is described."""
_FIRST_DAY = date(1900, 1, 1)
"""A report from before is a typing error."""


@dataclass(frozen=True)
class Recorded:
    """A recommendation that the report has already."""

    code: str | None
    text: str
    bodies: frozenset[str]
    """The slugs of its addressees."""


class OnRecord:
    """What a report has already: a recommendation is known by its code, one without a code by its wording."""

    def __init__(self, recorded: Iterable[Recorded] = ()) -> None:
        recorded = list(recorded)
        self.by_code = {one.code: one for one in recorded if one.code}
        self._by_text = {one.text: one for one in recorded}

    def same(self, draft: intake.RecommendationDraft) -> Recorded | None:
        """The recommendation that a draft is; None where it is new."""
        return self.by_code.get(draft.code) if draft.code else self._by_text.get(draft.text)

    def has(self, draft: intake.RecommendationDraft) -> bool:
        """Whether it is there just as the draft has it."""
        there = self.same(draft)
        return there is not None and (there.text, there.bodies) == (draft.text, _bodies(draft))


def _bodies(draft: intake.RecommendationDraft) -> frozenset[str | None]:
    return frozenset(one.body for one in draft.addressees)


def on_record(report: Report | None) -> OnRecord:
    """What a report has already."""
    if report is None:
        return OnRecord()
    session = database.session()
    of_report = (Recommendation.report_id == report.id, ~Recommendation.is_hidden)
    addressed = select(Addressee.recommendation_id, Body.slug).join(Addressee.body).join(Addressee.recommendation)
    bodies: dict[int, set[str]] = defaultdict(set)
    for recommendation_id, slug in session.execute(addressed.where(*of_report)):
        bodies[recommendation_id].add(slug)
    found = session.scalars(select(Recommendation).where(*of_report))
    return OnRecord(Recorded(one.code, one.text(report.language).text, frozenset(bodies[one.id])) for one in found)


def is_in_use(report: Report) -> bool:
    """Whether a report has recommendations; after an import was undone it may have none."""
    there = select(Recommendation.id).filter_by(report_id=report.id, is_hidden=False)
    return database.session().scalar(there.limit(1)) is not None


def of_report(import_: Import, report: Report | None) -> list[intake.Finding]:
    """Whether the document has a report that it can be put in."""
    if not (import_.report_slug and import_.report_title and import_.issued_on):
        return [intake.Finding(None, "no_report")]
    if import_.report_slug != references.slug(import_.report_slug, limit=80):
        return [intake.Finding(None, "report_slug")]
    if not _FIRST_DAY <= import_.issued_on <= clock.today():  # what was asked before it was issued would never count
        return [intake.Finding(None, "report_day")]
    if report is not None and report.issuer_id != import_.issuer_id:
        return [intake.Finding(None, "report_of_another", {"slug": report.slug})]
    is_other = report is not None and (report.title, report.issued_on) != (import_.report_title, import_.issued_on)
    if report is not None and is_other and is_in_use(report):
        return [intake.Finding(None, "report_differs", {"slug": report.slug, "title": report.title})]
    return []


def of_drafts(drafts: Sequence[intake.RecommendationDraft], record: OnRecord) -> Iterable[intake.Finding]:
    """Recommendations that are on record otherwise, and new codes whose address is taken."""
    taken = {references.address(code).lower(): code for code in record.by_code}
    for draft in drafts:
        if (there := record.same(draft)) is not None:
            yield from _of_known(draft, there)
        elif draft.code and (other := taken.get(references.address(draft.code).lower())):
            yield intake.Finding(draft.lines[0], "address_taken", {"code": draft.code, "other": other})


def _of_known(draft: intake.RecommendationDraft, there: Recorded) -> Iterable[intake.Finding]:
    code = draft.code or f"“{draft.text[:60]}…”"
    if draft.text != there.text:
        yield intake.Finding(draft.lines[0], "text_differs", {"code": code})
    bodies = _bodies(draft)
    if bodies != there.bodies and None not in bodies:  # an unknown body stops by itself
        named = database.session().scalars(select(Body).where(Body.slug.in_(there.bodies)))
        names = ", ".join(sorted((body.name(language.current()) for body in named), key=language.order_of))
        yield intake.Finding(draft.lines[0], "addressees_differ", {"code": code, "names": names})
