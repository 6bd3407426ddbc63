"""From a document to recommendations: read it, correct the drafts, accept all of them or none."""

import hashlib
import json
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from tracker import intake
from tracker.database import transaction
from tracker.domain import chain, references
from tracker.domain.vocabulary import EntryKind, Role
from tracker.errors import NotAccepted, NotFound, Refusal, TimelineMoved
from tracker.language import _
from tracker.models import (
    Addressee,
    AddresseeWording,
    Body,
    Draft,
    Import,
    Person,
    Recommendation,
    RecommendationText,
    Report,
    Section,
)
from tracker.queries import imports
from tracker.services import timeline


@dataclass(frozen=True)
class Accepted:
    """What accepting an import did."""

    report: str
    """The slug of the report."""
    added: int
    known: int
    """Recommendations that were there already."""
    links: int
    """Addressees that were added."""


def read(
    issuer_id: int,
    content: bytes,
    name: str,
    *,
    language: str | None = None,
    report: str = "",
    title: str = "",
    issued_on: date | None = None,
    by: Person | None,
    at: datetime,
) -> Import:
    """Read a document into drafts to review; the same document again opens the review that is under way."""
    digest = hashlib.sha256(content).hexdigest()
    with transaction() as session:
        under_way = session.scalar(
            select(Import).filter_by(issuer_id=issuer_id, digest=digest, state="draft").order_by(Import.id.desc())
        )
        if under_way is not None:
            _describe(
                under_way,
                report or under_way.report_slug,
                title or under_way.report_title,
                issued_on or under_way.issued_on,
            )
            return under_way
        reading = intake.read(content, name, imports.register(session), language)
        as_json = reading.to_json()
        import_ = Import(
            issuer_id=issuer_id,
            name=name[:255],
            content=content,
            digest=digest,
            language=reading.language,
            encoding=reading.encoding,
            lines=json.dumps(as_json["lines"], ensure_ascii=False),
            leftover=json.dumps({key: as_json[key] for key in ("leftover", "findings")}, ensure_ascii=False),
            read_at=at,
            read_by_id=by.id if by else None,
        )
        _describe(import_, report, title, issued_on)
        import_.drafts = [_draft(position, draft) for position, draft in enumerate(reading.drafts)]
        session.add(import_)
        return import_


def _describe(import_: Import, slug: str, title: str, issued_on: date | None) -> None:
    import_.report_slug, import_.report_title, import_.issued_on = slug.strip(), title.strip(), issued_on


def _draft(position: int, draft: intake.RecommendationDraft) -> Draft:
    return Draft(position=position, reading=json.dumps(draft.to_json(), ensure_ascii=False))


def describe(import_id: int, slug: str, title: str, issued_on: date | None) -> None:
    """Say which report the document belongs to."""
    with transaction() as session:
        _describe(_under_review(session, import_id), slug, title, issued_on)


def correct(import_id: int, position: int, draft: intake.RecommendationDraft, *, version: int) -> None:
    """Replace one draft by what a coordinator made of it; `version` is the one their page showed."""
    with transaction() as session:
        import_ = _under_review(session, import_id)
        if import_.version != version:
            raise TimelineMoved(_("Someone corrected this import meanwhile. Look at it again, then make your change."))
        row = session.scalar(select(Draft).filter_by(import_id=import_id, position=position))
        if row is None:
            raise NotFound(_("There is no such draft."))
        row.reading = json.dumps(draft.to_json(), ensure_ascii=False)
        import_.version += 1


def drop(import_id: int, position: int, *, version: int) -> None:
    """Leave one draft out: what was read is not a recommendation."""
    with transaction() as session:
        import_ = _under_review(session, import_id)
        if import_.version != version:
            raise TimelineMoved(_("Someone corrected this import meanwhile. Look at it again, then make your change."))
        dropped = intake.RecommendationDraft.from_json(
            json.loads(session.scalars(select(Draft.reading).filter_by(import_id=import_id, position=position)).one())
        )
        lines, stored = json.loads(import_.lines), json.loads(import_.leftover)
        first, last = dropped.lines
        stored["leftover"] += [
            {"line": number, "text": lines[number - 1], "why": "dropped"} for number in range(first, last + 1)
        ]
        stored["leftover"].sort(key=lambda one: one["line"])
        import_.leftover = json.dumps(stored, ensure_ascii=False)
        session.execute(delete(Draft).filter_by(import_id=import_id, position=position))
        import_.version += 1


def discard(import_id: int) -> None:
    """Put an import aside without accepting anything."""
    with transaction() as session:
        _under_review(session, import_id).state = "discarded"


def resume(import_id: int) -> None:
    """Take a discarded import up again."""
    with transaction() as session:
        import_ = session.get(Import, import_id)
        if import_ is None or import_.state != "discarded":
            raise NotFound(_("There is no such import."))
        import_.state = "draft"


def _under_review(session: Session, import_id: int) -> Import:
    import_ = session.get(Import, import_id)
    if import_ is None:
        raise NotFound(_("There is no such import."))
    if import_.state != "draft":
        raise Refusal(_("This import is no longer under review."))
    return import_


def accept(import_id: int, *, by: Person | None, at: datetime) -> Accepted:
    """Put every draft on record, or none. Sends nothing."""
    with transaction() as session:
        import_ = _under_review(session, import_id)
        review = imports.review(import_id)
        if review.stops:
            raise NotAccepted(_as_sentence(review.stops[0]))
        report = _report(session, import_)
        fresh = [draft for draft in review.reading.drafts if draft.code not in review.known]
        fresh = [draft for draft in fresh if draft.code or not _is_there(session, report, draft.text)]
        bodies = dict(session.execute(select(Body.slug, Body)).all())
        links = sum(_put_on_record(session, import_, report, draft, bodies, by, at) for draft in fresh)
        import_.state, import_.accepted_at, import_.report_id = "accepted", at, report.id
        return Accepted(report.slug, len(fresh), len(review.reading.drafts) - len(fresh), links)


def _as_sentence(finding: intake.Finding) -> str:
    if finding.line is None:
        return finding.sentence
    return _("Line %(line)s: %(sentence)s", line=finding.line, sentence=finding.sentence)


def _is_there(session: Session, report: Report, text: str) -> bool:
    """A recommendation without a code is known by its wording."""
    of_report = select(RecommendationText.text).join(
        Recommendation, Recommendation.id == RecommendationText.recommendation_id
    )
    return (
        text in session.scalars(of_report.where(Recommendation.report_id == report.id, ~Recommendation.is_hidden)).all()
    )


def _report(session: Session, import_: Import) -> Report:
    report = session.scalar(select(Report).where(Report.slug == import_.report_slug))
    if report is None:
        report = Report(
            issuer_id=import_.issuer_id,
            slug=import_.report_slug,
            title=import_.report_title,
            language=import_.language,
            issued_on=import_.issued_on,
        )
        session.add(report)
        session.flush()
    return report


def _put_on_record(
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
