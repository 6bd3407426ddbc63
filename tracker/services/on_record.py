"""What accepting an import writes: the report, its sections, recommendations, addressees and first entries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select
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
from tracker.models.base import Base, new_uid
from tracker.queries import import_findings
from tracker.queries.portions import portions
from tracker.services import stems, takeovers, timeline

_Facts = Mapping[str, object]


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


@dataclass(frozen=True)
class Source:
    """Where recommendations come from, and the language that they are in."""

    import_id: int | None
    language: str


def put(
    session: Session,
    source: Source,
    report: Report,
    drafts: Sequence[intake.RecommendationDraft],
    by: Person | None,
    at: datetime,
) -> int:
    """Each draft becomes a recommendation with its addressees and first entries; how many addressees in all."""
    first = session.scalar(select(func.count(Recommendation.id)).filter_by(report_id=report.id)) or 0
    sections = _sections(session, report, [draft.section for draft in drafts if draft.section])
    session.flush()
    uids = [new_uid() for _ in drafts]
    rows = [
        {
            "uid": uid,
            "report_id": report.id,
            "section_id": sections[draft.section].id if draft.section else None,
            "import_id": source.import_id,
            "position": position,
            "code": draft.code,
            "address": references.address(draft.code) if draft.code else f"{report.slug[:70]}-{position + 1}",
        }
        for position, (uid, draft) in enumerate(zip(uids, drafts, strict=True), start=first)
    ]
    ids = _added(session, Recommendation, rows)
    asked = [(timeline.Subject(ids[uid], uid), draft) for uid, draft in zip(uids, drafts, strict=True)]
    wordings = [(of, dict(draft.other_texts) | {source.language: draft.text}) for of, draft in asked]
    texts = [
        {"recommendation_id": of.recommendation_id, "language": language, "text": text}
        for of, by_language in wordings
        for language, text in by_language.items()
    ]
    _insert(session, RecommendationText, texts)
    stems.keep(session, [(of.recommendation_id, by_language) for of, by_language in wordings])
    addressed = _addressees(session, source.language, asked)
    issued: list[tuple[timeline.Subject, _Facts]] = []
    for of, by_language in wordings:
        digests: _Facts = {"texts": {language: chain.digest(text) for language, text in by_language.items()}}
        issued += [(of, digests), *addressed[of]]
    additions = [timeline.Addition(of, EntryKind.ISSUED, facts, counts_on=report.issued_on) for of, facts in issued]
    timeline.append_rows(session, additions, by=by, at=at)
    takeovers.settle(session, by=by, at=at)  # an annex may name a body that ended since
    return len(issued) - len(drafts)


def _addressees(
    session: Session, language: str, asked: Sequence[tuple[timeline.Subject, intake.RecommendationDraft]]
) -> dict[timeline.Subject, list[tuple[timeline.Subject, _Facts]]]:
    """Each recommendation's addressees, with the facts of their first entries."""
    bodies = dict(session.execute(select(Body.slug, Body.id)).all())
    each = [(of, n, one, new_uid()) for of, draft in asked for n, one in enumerate(draft.addressees)]
    rows = [
        {"uid": uid, "recommendation_id": of.recommendation_id, "body_id": bodies[one.body or ""],
         "role": Role(one.role), "position": n}
        for of, n, one, uid in each
    ]  # fmt: skip
    ids = _added(session, Addressee, rows)
    _insert(session, AddresseeWording, [
        {"addressee_id": ids[uid], "language": language, "as_written": one.as_written,
         "qualifier": one.qualifier}
        for _of, _n, one, uid in each
    ])  # fmt: skip
    found: dict[timeline.Subject, list[tuple[timeline.Subject, _Facts]]] = {of: [] for of, _draft in asked}
    for of, _n, one, uid in each:
        wording = {language: chain.digest(one.as_printed)}
        found[of].append(
            (of._replace(addressee_id=ids[uid], addressee_uid=uid),
             {"body": one.body, "role": one.role, "wording": wording})
        )  # fmt: skip
    return found


def _insert(session: Session, table: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        session.execute(insert(table), rows)


def _added(
    session: Session, table: type[Recommendation] | type[Addressee], rows: Sequence[Mapping[str, Any]]
) -> dict[str, int]:
    """Many rows at once, without models; their numbers, by uid."""
    _insert(session, table, rows)
    found: dict[str, int] = {}
    for uids in portions(row["uid"] for row in rows):
        found |= dict(session.execute(select(table.uid, table.id).where(table.uid.in_(uids))).all())
    return found


def _sections(session: Session, report: Report, titles: Sequence[str]) -> dict[str, Section]:
    """The sections of a report by title, with those of `titles` that were not there behind the others."""
    of_report = select(Section).filter_by(report_id=report.id).order_by(Section.position.desc())
    found = {section.title: section for section in session.scalars(of_report)}
    for title in titles:
        if title not in found:
            found[title] = Section(report_id=report.id, position=len(found), title=title)
            session.add(found[title])
    return found
