"""Imports under review, and what still stops them."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker import database, intake
from tracker.domain import references
from tracker.errors import NotFound
from tracker.language import _
from tracker.models import Body, Import, Recommendation, Report


def register(session: Session) -> intake.Register:
    """The bodies of this installation, as matching needs them."""
    bodies = session.scalars(select(Body).order_by(Body.id)).all()
    by_id = {body.id: body.slug for body in bodies}
    return intake.Register(
        tuple(
            intake.RegisterBody(
                slug=body.slug,
                type=body.type,
                role=body.role,
                parent=by_id.get(body.parent_id or 0),
                names={one.language: (one.name, one.status, one.source) for one in body.names if not one.is_alias},
                aliases={
                    language: [one.name for one in body.names if one.is_alias and one.language == language]
                    for language in sorted({one.language for one in body.names if one.is_alias})
                },
            )
            for body in bodies
        )
    )


@dataclass(frozen=True)
class Review:
    """An import with its drafts as they stand and everything that was found."""

    import_: Import
    reading: intake.Reading
    """With the drafts as corrected."""
    findings: tuple[intake.Finding, ...]
    """Of the document as a whole, of its report, and against what is already here."""
    known: frozenset[str]
    """Codes that are already in the report with the same text: accepting adds nothing for these."""

    @property
    def stops(self) -> list[intake.Finding]:
        """Everything that must be settled before the import can be accepted."""
        return [finding for finding in self._all() if finding.stops]

    @property
    def doubts(self) -> list[intake.Finding]:
        """Everything that a person should look at."""
        return [finding for finding in self._all() if not finding.stops]

    def _all(self) -> list[intake.Finding]:
        return [*self.findings, *(finding for draft in self.reading.drafts for finding in draft.findings)]


def review(import_id: int) -> Review:
    """Everything about one import."""
    session = database.session()
    import_ = session.get(Import, import_id)
    if import_ is None:
        raise NotFound(_("There is no such import."))
    drafts = [intake.RecommendationDraft.from_json(json.loads(draft.reading)) for draft in import_.drafts]
    report = session.scalar(select(Report).where(Report.slug == import_.report_slug))
    stored = json.loads(import_.leftover)
    reading = replace(
        intake.Reading.from_json(
            {
                "name": import_.name,
                "language": import_.language,
                "encoding": import_.encoding,
                "lines": json.loads(import_.lines),
                "drafts": [],
                "leftover": stored["leftover"],
                "findings": stored["findings"],
            }
        ),
        drafts=tuple(intake.check(drafts)),
    )
    texts = _texts(session, report)
    findings = [*reading.findings, *_of_report(import_, report), *_changed(reading.drafts, texts)]
    known = frozenset(draft.code for draft in drafts if draft.code and texts.get(draft.code) == draft.text)
    return Review(import_, reading, tuple(findings), known)


def _texts(session: Session, report: Report | None) -> dict[str, str]:
    """The wording under each code that a report already has."""
    if report is None:
        return {}
    found = session.scalars(select(Recommendation).filter_by(report_id=report.id, is_hidden=False))
    return {one.code: one.text(report.language).text for one in found if one.code}


def _of_report(import_: Import, report: Report | None) -> list[intake.Finding]:
    if not (import_.report_slug and import_.report_title and import_.issued_on):
        sentence = _("Say which report this is: its title, its short name and the day it was published.")
        return [intake.Finding(None, sentence, stops=True, code="no_report")]
    if import_.report_slug != references.slug(import_.report_slug):
        sentence = _("The short name of a report has lower-case letters, digits and hyphens, such as myria-2023.")
        return [intake.Finding(None, sentence, stops=True, code="report_slug")]
    if report is not None and report.issuer_id != import_.issuer_id:
        sentence = _("The short name “%(slug)s” belongs to a report of another issuer.", slug=report.slug)
        return [intake.Finding(None, sentence, stops=True, code="report_slug")]
    if report is not None and (report.title, report.issued_on) != (import_.report_title, import_.issued_on):
        sentence = _(
            "“%(slug)s” is here already as “%(title)s”, with another title or day. Use those, or another short name.",
            slug=report.slug,
            title=report.title,
        )
        return [intake.Finding(None, sentence, stops=True, code="report_differs")]
    return []


def _changed(drafts: Sequence[intake.RecommendationDraft], texts: dict[str, str]) -> list[intake.Finding]:
    return [
        intake.Finding(
            draft.lines[0],
            _(
                "%(code)s is in this report already, with another text. Correct the text there, not here.",
                code=draft.code,
            ),
            stops=True,
            code="text_differs",
        )
        for draft in drafts
        if draft.code in texts and texts[draft.code] != draft.text
    ]


def of_issuer(issuer_id: int) -> list[Import]:
    """The imports of an issuer, the latest first."""
    found = database.session().scalars(select(Import).filter_by(issuer_id=issuer_id).order_by(Import.id.desc()))
    return list(found)
