"""What an import meets in the installation: its report, and what is on record there already."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from sqlalchemy import select

from tracker import clock, database, intake, language
from tracker.domain import references
from tracker.models import Body, Import, Recommendation, Report
from tracker.queries.import_record import Met, Other, Recorded
from tracker.queries.portions import portions

OF_A_DRAFT = frozenset(
    {
        "text_differs",
        "addressees_differ",
        "address_taken",
        "unpaired",
        "paired_by_place",
        "not_in_other",
        "others_in_other",
        "in_another_report",
    }
)
"""Findings that are about the draft on their line."""
OF_THE_REPORT = frozenset({"no_report", "report_slug", "report_day", "report_of_another", "report_differs"})
"""Findings that are settled where the report is described."""
FIRST_DAY = date(1900, 1, 1)
"""A report from before is a typing error."""
_NAMED = 12
"""Codes that one finding names."""


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
    if not FIRST_DAY <= import_.issued_on <= clock.today():  # what was asked before it was issued would never count
        return [intake.Finding(None, "report_day")]
    if report is not None and report.issuer_id != import_.issuer_id:
        return [intake.Finding(None, "report_of_another", {"slug": report.slug})]
    is_other = report is not None and (report.title, report.issued_on) != (import_.report_title, import_.issued_on)
    if report is not None and is_other and is_in_use(report):
        return [intake.Finding(None, "report_differs", {"slug": report.slug, "title": report.title})]
    return []


def of_drafts(met: Sequence[Met], there: Sequence[Recorded]) -> Iterable[intake.Finding]:
    """Recommendations that are on record otherwise, pairs that are not whole, and new codes whose address is taken."""
    taken = {references.address(one.code).lower(): one.code for one in there if one.code}
    is_second_language = any(one.adds for one in met)
    for one in met:
        draft = one.draft
        if one.there is not None:
            yield from _of_known(one, one.there)
        elif draft.code and (other := taken.get(references.address(draft.code).lower())):
            yield intake.Finding(draft.lines[0], "address_taken", {"code": draft.code, "other": other})
        elif is_second_language:
            yield intake.Finding(draft.lines[0], "unpaired", {"code": _name(draft)})
    if is_second_language:
        paired = {one.there.id for one in met if one.there}
        missing = [one for one in there if one.id not in paired and met[0].language not in one.texts]
        if missing:
            codes = ", ".join(one.code or f"“{one.text[:40]}…”" for one in missing[:_NAMED])
            yield intake.Finding(None, "unpaired_there", {"n": len(missing), "codes": codes})


def in_other_reports(import_: Import, met: Sequence[Met]) -> Iterable[intake.Finding]:
    """The first of the new ones that another report of the issuer has, word for word."""
    new = {one.draft.code: one for one in met if one.draft.code and one.there is None}
    elsewhere = select(Recommendation).join(Recommendation.report).where(
        Report.issuer_id == import_.issuer_id, Report.slug != import_.report_slug, ~Recommendation.is_hidden
    )  # fmt: skip
    for codes in portions(new):
        for there in database.session().scalars(elsewhere.where(Recommendation.code.in_(codes))):
            one = new[str(there.code)]
            if one.draft.text in {text.text for text in there.texts}:
                values = {"code": _name(one.draft), "report": there.report.title}
                yield intake.Finding(one.draft.lines[0], "in_another_report", values)
                return


def of_others(drafts: Sequence[intake.RecommendationDraft], others: Mapping[str, Other]) -> Iterable[intake.Finding]:
    """Where the same report in another language, under review too, says otherwise."""
    if not others:
        return
    document = next(iter(others.values())).document
    yield intake.Finding(None, "other_language", {"document": document})
    for draft in drafts:
        other = others.get(draft.code or "")
        if other is None:
            yield intake.Finding(draft.lines[0], "not_in_other", {"code": _name(draft), "document": document})
        elif {one.body for one in draft.addressees} != {one.body for one in other.draft.addressees}:
            names = ", ".join(one.as_printed for one in other.draft.addressees) or "–"
            values = {"code": _name(draft), "document": document, "names": names}
            yield intake.Finding(draft.lines[0], "others_in_other", values)


def _name(draft: intake.RecommendationDraft) -> str:
    return draft.code or f"“{draft.text[:60]}…”"


def _of_known(met: Met, there: Recorded) -> Iterable[intake.Finding]:
    line, code = met.draft.lines[0], _name(met.draft)
    if not met.has_same_texts:
        yield intake.Finding(line, "text_differs", {"code": code})
    if met.is_by_place:
        yield intake.Finding(line, "paired_by_place", {"text": there.text[:120]})
    if met.bodies != there.bodies and None not in met.bodies:  # an unknown body stops by itself
        named = database.session().scalars(select(Body).where(Body.slug.in_(there.bodies)))
        names = ", ".join(sorted((body.name(language.current()) for body in named), key=language.order_of))
        yield intake.Finding(line, "addressees_differ", {"code": code, "names": names})
