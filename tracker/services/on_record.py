"""What accepting an import writes: the report, its sections, recommendations, addressees and first entries."""

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
from tracker.services import timeline


def is_there(session: Session, report: Report, text: str) -> bool:
    """A recommendation without a code is known by its wording."""
    of_report = select(RecommendationText.text).join(
        Recommendation, Recommendation.id == RecommendationText.recommendation_id
    )
    return (
        text in session.scalars(of_report.where(Recommendation.report_id == report.id, ~Recommendation.is_hidden)).all()
    )


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
    draft: intake.RecommendationDraft,
    bodies: dict[str, Body],
    by: Person | None,
    at: datetime,
) -> int:
    """One draft becomes a recommendation with its addressees and first entries; how many addressees."""
    position = session.scalar(select(func.count(Recommendation.id)).filter_by(report_id=report.id)) or 0
    recommendation = Recommendation(
        report=report,
        section=_section(session, report, draft.section),
        import_id=import_.id,
        position=position,
        code=draft.code,
        address=references.address(draft.code) if draft.code else f"{report.slug}-{position + 1}",
    )
    recommendation.texts = [RecommendationText(language=report.language, text=draft.text)]
    session.add(recommendation)
    session.flush()
    texts = {"texts": {report.language: chain.digest(draft.text)}}
    timeline.append(session, recommendation, EntryKind.ISSUED, texts, by=by, at=at, counts_on=report.issued_on)
    for number, one in enumerate(draft.addressees):
        addressee = Addressee(
            recommendation=recommendation, body=bodies[one.body or ""], role=Role(one.role), position=number
        )
        addressee.wordings = [
            AddresseeWording(language=report.language, as_written=one.as_written, qualifier=one.qualifier)
        ]
        session.add(addressee)
        session.flush()
        wording = f"{one.as_written} ({one.qualifier})" if one.qualifier else one.as_written
        facts = {"body": one.body, "role": one.role, "wording": {report.language: chain.digest(wording)}}
        timeline.append(session, addressee, EntryKind.ISSUED, facts, by=by, at=at, counts_on=report.issued_on)
    return len(draft.addressees)


def _section(session: Session, report: Report, title: str | None) -> Section | None:
    if not title:
        return None
    found = session.scalar(select(Section).filter_by(report_id=report.id, title=title))
    if found is None:
        count = session.scalar(select(func.count(Section.id)).filter_by(report_id=report.id)) or 0
        found = Section(report_id=report.id, position=count, title=title)
        session.add(found)
        session.flush()
    return found
