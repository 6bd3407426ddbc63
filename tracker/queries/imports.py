"""Imports under review, and what still stops them."""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session, defer

from tracker import clock, database, intake, language
from tracker.domain import references
from tracker.errors import NotFound
from tracker.language import _
from tracker.models import (
    Body,
    BodyName,
    ColumnChoice,
    Draft,
    Import,
    ImportStep,
    Issuer,
    Person,
    Report,
)
from tracker.queries import import_findings, import_record, successions

MOST_AT_ONCE = 5_000
"""Recommendations that are accepted in one transaction."""


_LISTED = tuple(defer(column) for column in (Import.content, Import.lines, Import.leftover, Import.places))
"""What a list of imports does not need."""


def register(session: Session | None = None) -> intake.Register:
    """The bodies of this installation under their names of today, as matching needs them.

    A former name is known like an alias, since an annex may be older than the new one; so is every name of a body
    that was merged into another.
    """
    session = session or database.session()
    bodies = session.scalars(select(Body).order_by(Body.id)).all()
    by_id, today = {body.id: body.slug for body in bodies}, clock.today()
    merged = _merged(bodies, successions.mergers(session))
    return intake.Register(
        tuple(
            intake.RegisterBody(
                slug=body.slug,
                type=body.type,
                role=body.role,
                parent=by_id.get(body.parent_id or 0),
                names={
                    one.language: (one.name, one.status, one.source)
                    for one in body.names
                    if not one.is_alias and one.holds(today)
                },
                aliases=_aliases(body, merged[body.id], today),
            )
            for body in bodies
            if body.id in merged
        )
    )


def chosen_columns(session: Session, issuer_id: int) -> dict[str, list[str]]:
    """What coordinators of an issuer said before of the columns of tables, by the key of their heads."""
    rows = session.scalars(select(ColumnChoice).filter_by(issuer_id=issuer_id))
    return {row.key: json.loads(row.kinds) for row in rows}


def _merged(bodies: Collection[Body], mergers: Mapping[int, int]) -> dict[int, list[BodyName]]:
    """The bodies that go on, each with the names of those that were found to be the same."""
    found: dict[int, list[BodyName]] = {body.id: [] for body in bodies if body.id not in mergers}
    for body in bodies:
        kept = body.id
        while kept in mergers:
            kept = mergers[kept]
        if kept != body.id:
            found[kept] += body.names
    return found


def _aliases(body: Body, merged: Collection[BodyName], today: date) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for one in body.names:
        is_former = not one.is_alias and one.until_on is not None and one.until_on <= today
        if is_former or (one.is_alias and one.holds(today)):
            found[one.language].append(one.name)
    for one in merged:
        if not one.is_alias or one.holds(today):
            found[one.language].append(one.name)
    return found


def body_names() -> dict[str, str]:
    """The present name of every body that was not merged, by its slug, in the order of the names."""
    session = database.session()
    going_on = select(Body).where(Body.id.not_in(successions.mergers(session)))
    named = {body.slug: body.name(language.current()) for body in session.scalars(going_on)}
    return dict(sorted(named.items(), key=lambda one: language.order_of(one[1])))


@dataclass(frozen=True)
class Review:
    """An import with its drafts as they stand and everything that was found."""

    import_: Import
    reading: intake.Reading
    """With the drafts as corrected."""
    findings: tuple[intake.Finding, ...]
    """Of the document as a whole, of its report, and against what is already here."""
    met: tuple[import_record.Met, ...]
    """Each draft of the reading beside the recommendation that it is, if it is on record already."""
    others: Mapping[str, import_record.Other] = field(default_factory=dict)
    """The same codes in another language that is under review too."""
    positions: tuple[int, ...] = ()
    """Where each draft of the reading stands; gaps are left by dropped ones."""
    dropped: tuple[tuple[int, intake.RecommendationDraft], ...] = ()
    """What a coordinator left out, by position; it can be put back."""

    @property
    def known(self) -> frozenset[int]:
        """The positions of drafts that the report has already: accepting adds nothing for these."""
        return frozenset(at for at, one in zip(self.positions, self.met, strict=True) if one.is_known)

    @property
    def stops(self) -> list[intake.Finding]:
        """Everything that must be settled before the import can be accepted."""
        return [finding for finding in self._all() if finding.stops]

    @property
    def doubts(self) -> list[intake.Finding]:
        """Everything that a person should look at."""
        return [finding for finding in self._all() if not finding.stops]

    def draft(self, position: int) -> intake.RecommendationDraft:
        """The draft at a position; NotFound where there is none, or it was left out."""
        for standing_at, draft in zip(self.positions, self.reading.drafts, strict=True):
            if standing_at == position:
                return draft
        raise NotFound(_("There is no such draft. It may have been left out meanwhile."))

    def _all(self) -> list[intake.Finding]:
        return [*self.findings, *(finding for draft in self.reading.drafts for finding in draft.findings)]


def review(import_id: int, *, of_issuers: Collection[int] | None = None) -> Review:
    """Everything about one import; `of_issuers` are those whose imports may be seen, all where it is not given."""
    session = database.session()
    import_ = session.get(Import, import_id, options=[defer(Import.content), defer(Import.places)])
    if import_ is None or (of_issuers is not None and import_.issuer_id not in of_issuers):
        raise NotFound(_("There is no such import."))
    read = [
        (draft.position, intake.RecommendationDraft.from_json(json.loads(draft.reading))) for draft in import_.drafts
    ]
    read.sort(key=lambda one: one[1].lines)  # one that was split off has a later position
    positions, drafts = tuple(position for position, _draft in read), [draft for _position, draft in read]
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
                "tables": stored.get("tables", ()),
            }
        ),
        drafts=tuple(intake.check(drafts)),
    )
    # What an accepted import put on record is no news about it.
    is_told = bool(import_.report_slug)
    beside = report if is_told else _proposed_report(import_, reading)
    there = import_record.recorded(beside if import_.state != "accepted" else None)
    met = import_record.meet(reading.drafts, there, import_.language)
    findings = [*reading.findings]
    if import_.state != "accepted":
        findings += [*import_findings.of_report(import_, report)]
        findings += import_findings.of_drafts(met, there) if is_told else []
        findings += import_findings.in_other_reports(import_, met) if is_told else []
    others = import_record.beside(import_, reading.drafts) if import_.state == "draft" else {}
    findings += import_findings.of_others(reading.drafts, others)
    if not drafts and not any(finding.code == "no_recommendations" for finding in findings):
        findings.append(intake.Finding(None, "nothing_left"))
    if len(drafts) > MOST_AT_ONCE and import_.state != "accepted":
        findings.append(intake.Finding(None, "too_many", {"n": MOST_AT_ONCE}))
    return Review(
        import_,
        reading,
        tuple(findings),
        met=tuple(met),
        others=others,
        positions=positions,
        dropped=tuple(
            (one["position"], intake.RecommendationDraft.from_json(one["draft"])) for one in stored.get("dropped", ())
        ),
    )


@dataclass(frozen=True)
class Printed:
    """The pages of a document, and where on them its lines stand."""

    sheets: tuple[tuple[int, int], ...]
    """Width and height of each page, in points."""
    places: tuple[tuple[int, ...], ...]
    """Of each line: page, left, top, right, bottom; empty where it is on none."""


def printed(import_id: int) -> Printed | None:
    """Where the lines of an import are printed; None where its document has no pages."""
    stored = database.session().scalar(select(Import.places).filter_by(id=import_id))
    if stored is None:
        return None
    found = json.loads(stored)
    return Printed(tuple((width, height) for width, height in found["sheets"]), tuple(map(tuple, found["places"])))


def last_step(import_id: int) -> ImportStep | None:
    """The latest change of an import under review, which can be taken back; None where there is none."""
    of_import = select(ImportStep).filter_by(import_id=import_id).order_by(ImportStep.id.desc())
    return database.session().scalar(of_import.options(defer(ImportStep.before)).limit(1))


def document(import_id: int, *, of_issuers: Collection[int]) -> tuple[str, bytes]:
    """The name of a document and its bytes as they came."""
    import_ = database.session().get(Import, import_id)
    if import_ is None or import_.issuer_id not in of_issuers:
        raise NotFound(_("There is no such import."))
    return import_.name, import_.content


@dataclass(frozen=True)
class Description:
    """Which report a document belongs to."""

    slug: str
    title: str
    issued_on: date | None


def proposed(review: Review) -> Description:
    """What a coordinator said of the report; else that of the same document before, else by issuer and year."""
    import_ = review.import_
    if import_.report_slug or import_.report_title or import_.issued_on:
        return Description(import_.report_slug, import_.report_title, import_.issued_on)
    report = _proposed_report(import_, review.reading)
    if report is not None:
        return Description(report.slug, report.title, report.issued_on)
    year = _year(review.reading)
    with language.speaking(import_.language):
        title = _("Annual report %(year)s", year=year) if year else ""
    return Description(_slug(import_, year), title, None)


def _proposed_report(import_: Import, reading: intake.Reading) -> Report | None:
    """The report that the same document was put in before, else that of its issuer and year."""
    slug = _slug(import_, _year(reading))
    return report_before(import_) or database.session().scalar(
        select(Report).filter_by(slug=slug, issuer_id=import_.issuer_id)
    )


def report_before(import_: Import) -> Report | None:
    """The report that the same document was put in before."""
    of_document = (Import.issuer_id == import_.issuer_id, Import.digest == import_.digest, Import.state == "accepted")
    before = select(Report).join(Import, Import.report_id == Report.id).where(*of_document)
    return database.session().scalar(before.order_by(Import.id.desc()).limit(1))


def _slug(import_: Import, year: str) -> str:
    issuer = database.session().get_one(Issuer, import_.issuer_id)
    return references.slug(f"{issuer.slug}-{year}") if year else ""


def _year(reading: intake.Reading) -> str:
    """The year that most codes name, else the one in the name of the file."""
    years = [year for draft in reading.drafts for year in _years_in(draft.code or "")[:1]]
    if years:
        return Counter(years).most_common(1)[0][0]
    return next(iter(_years_in(reading.name)), "")


def _years_in(text: str) -> list[str]:
    return re.findall(r"(?<!\d)(?:19|20)\d\d(?!\d)", text)


@dataclass(frozen=True)
class Listed:
    """One import as the list shows it."""

    import_: Import
    by: str | None
    """Who read it in; None for the command line."""
    drafts: int
    """Recommendations that it holds, those left out not counted."""

    @property
    def read_on(self) -> date:
        """The day it was read."""
        return clock.day_of(self.import_.read_at)


def under_review(issuer_ids: Collection[int]) -> list[Import]:
    """The imports that wait to be reviewed and accepted, the latest first; not their documents."""
    waiting = select(Import).where(Import.issuer_id.in_(issuer_ids), Import.state == "draft").order_by(Import.id.desc())
    return list(database.session().scalars(waiting.options(*_LISTED)))


def of_issuer(issuer_id: int) -> list[Listed]:
    """The imports of an issuer, the latest first, without their documents."""
    drafts = select(func.count(Draft.id)).where(Draft.import_id == Import.id).scalar_subquery()
    rows = database.session().execute(
        select(Import, Person.display_name, drafts)
        .outerjoin(Person, Person.id == Import.read_by_id)
        .where(Import.issuer_id == issuer_id)
        .order_by(Import.id.desc())
        .options(*_LISTED)
    )
    return [Listed(import_, by, count) for import_, by, count in rows]
