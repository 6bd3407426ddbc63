"""What accepting an import writes: the report, its sections, recommendations, addressees and first entries."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker import clock, intake
from tracker.domain import chain, references
from tracker.domain.vocabulary import EntryKind, Role
from tracker.models import (
    Addressee,
    AddresseeWording,
    Body,
    Import,
    Person,
    Recommendation,
    RecommendationText,
    Report,
    Section,
)
from tracker.queries import import_findings
from tracker.services import takeovers, timeline


def report_of(session: Session, import_: Import) -> Report:
    """The report that the document belongs to, described as the document says unless others are in it already."""
    report = session.scalar(select(Report).where(Report.slug == import_.report_slug))
    if report is None:
        report = Report(issuer_id=import_.issuer_id, slug=import_.report_slug)
        session.add(report)
    elif import_findings.is_in_use(report):
        return report
    # A new report, or one whose import was undone, is what this import says.
    report.title, report.language = import_.report_title, import_.language
    report.issued_on = import_.issued_on or clock.today()  # without a day there is a finding that stops
    session.flush()
    return report


def put(
    session: Session,
    import_: Import,
    report: Report,
    drafts: Sequence[intake.RecommendationDraft],
    by: Person | None,
    at: datetime,
) -> int:
    """Each draft becomes a recommendation with its addressees and first entries; how many addressees in all."""
    first = session.scalar(select(func.count(Recommendation.id)).filter_by(report_id=report.id)) or 0
    sections = _sections(session, report, [draft.section for draft in drafts if draft.section])
    bodies = dict(session.execute(select(Body.slug, Body)).all())
    issued = []
    for position, draft in enumerate(drafts, start=first):
        recommendation = Recommendation(
            report=report,
            section=sections[draft.section] if draft.section else None,
            import_id=import_.id,
            position=position,
            code=draft.code,
            address=references.address(draft.code) if draft.code else f"{report.slug[:70]}-{position + 1}",
        )
        wordings = dict(draft.other_texts) | {report.language: draft.text}
        recommendation.texts = [RecommendationText(language=code, text=text) for code, text in wordings.items()]
        texts = {"texts": {code: chain.digest(text) for code, text in wordings.items()}}
        issued.append(timeline.Addition(recommendation, EntryKind.ISSUED, texts, counts_on=report.issued_on))
        for number, one in enumerate(draft.addressees):
            addressee = _addressee(recommendation, bodies[one.body or ""], number, one)
            wording = {report.language: chain.digest(addressee.wordings[0].as_printed)}
            facts = {"body": one.body, "role": one.role, "wording": wording}
            issued.append(timeline.Addition(addressee, EntryKind.ISSUED, facts, counts_on=report.issued_on))
    session.add_all(addition.subject for addition in issued)
    timeline.append_all(session, issued, by=by, at=at)
    takeovers.settle(session, by=by, at=at)  # an annex may name a body that ended since
    return len(issued) - len(drafts)


def _addressee(recommendation: Recommendation, body: Body, position: int, one: intake.AddresseeDraft) -> Addressee:
    addressee = Addressee(recommendation=recommendation, body=body, role=Role(one.role), position=position)
    language = recommendation.report.language
    addressee.wordings = [AddresseeWording(language=language, as_written=one.as_written, qualifier=one.qualifier)]
    return addressee


def _sections(session: Session, report: Report, titles: Sequence[str]) -> dict[str, Section]:
    """The sections of a report by title, with those of `titles` that were not there behind the others."""
    of_report = select(Section).filter_by(report_id=report.id).order_by(Section.position.desc())
    found = {section.title: section for section in session.scalars(of_report)}
    for title in titles:
        if title not in found:
            found[title] = Section(report_id=report.id, position=len(found), title=title)
            session.add(found[title])
    return found
