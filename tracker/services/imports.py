"""From a document to recommendations: read it, correct the drafts, accept all of them or none."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker import intake
from tracker.database import transaction
from tracker.domain.acts import Act
from tracker.errors import ChangedMeanwhile, NotAccepted, NotFound, Refusal
from tracker.language import _
from tracker.models import ColumnChoice, Draft, Import, Person
from tracker.queries import imports, people
from tracker.queries.imports import Description, Review
from tracker.services import added_texts, audit, import_steps, on_record, terms


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
    paired: int = 0
    """Recommendations that were there already and have a text in another language now."""


def read(
    issuer_id: int,
    content: bytes,
    name: str,
    *,
    language: str | None = None,
    encoding: str = "",
    report: str = "",
    title: str = "",
    issued_on: date | None = None,
    by: Person | None,
    at: datetime,
    progress: intake.Progress | None = None,
) -> Import:
    """Read a document into drafts to review; the same document again opens the review that is under way."""
    digest = hashlib.sha256(content).hexdigest()
    with transaction() as session:
        must_coordinate(issuer_id, by)
        under_way = _under_way(session, issuer_id, digest)
        if under_way is not None and not encoding:
            _describe(
                under_way,
                report or under_way.report_slug,
                title or under_way.report_title,
                issued_on or under_way.issued_on,
            )
            return under_way
        register, chosen = imports.register(session), imports.chosen_columns(session, issuer_id)
    # A long document is read for a minute: nobody else waits for it.
    reading = intake.read(content, name, register, language, encoding=encoding, chosen=chosen, progress=progress)
    with transaction() as session:
        meanwhile = _under_way(session, issuer_id, digest)
        if meanwhile is not None and not encoding:
            return meanwhile
        import_ = Import(
            issuer_id=issuer_id,
            name=name[:255],
            content=content,
            digest=digest,
            read_at=at,
            read_by_id=by.id if by else None,
        )
        _keep(import_, reading)
        before = None if report else imports.report_before(import_)
        if before is not None:  # the same document again belongs where it went
            report, title, issued_on = before.slug, before.title, before.issued_on
        _describe(import_, report, title, issued_on)
        session.add(import_)
        return import_


def read_again(
    import_id: int,
    *,
    language: str | None = None,
    encoding: str = "",
    chosen: Mapping[str, Sequence[str]],
    version: int,
    by: Person,
    progress: intake.Progress | None = None,
) -> None:
    """Read the document of an import otherwise: what was corrected by hand before is gone.

    `chosen` has what the columns of its tables hold; it is remembered for the issuer's next documents.
    """
    with transaction() as session:
        import_ = at_version(under_review(session, import_id, by), version)
        content, name, issuer_id = import_.content, import_.name, import_.issuer_id
        register, known = imports.register(session), imports.chosen_columns(session, issuer_id)
    columns = known | dict(chosen)
    reading = intake.read(content, name, register, language, encoding=encoding, chosen=columns, progress=progress)
    with transaction() as session:
        import_ = at_version(under_review(session, import_id, by), version)
        for draft in import_.drafts:
            session.delete(draft)
        session.flush()
        import_steps.forget(session, import_)
        _keep(import_, reading)
        import_.version += 1
        for key, kinds in chosen.items():
            session.merge(ColumnChoice(issuer_id=issuer_id, key=key, kinds=json.dumps(list(kinds))))


def _keep(import_: Import, reading: intake.Reading) -> None:
    """Put what was read into the rows of an import."""
    as_json = reading.to_json()
    import_.language, import_.encoding = reading.language, reading.encoding
    import_.lines = json.dumps(as_json["lines"], ensure_ascii=False)
    import_.leftover = json.dumps({key: as_json[key] for key in ("leftover", "findings", "tables")}, ensure_ascii=False)
    import_.places = json.dumps({"places": reading.places, "sheets": reading.sheets}) if reading.sheets else None
    import_.drafts = [_draft(position, draft) for position, draft in enumerate(reading.drafts)]


def _under_way(session: Session, issuer_id: int, digest: str) -> Import | None:
    """The review of the same document that is still open."""
    of_document = select(Import).filter_by(issuer_id=issuer_id, digest=digest, state="draft")
    return session.scalar(of_document.order_by(Import.id.desc()).limit(1))


def _describe(import_: Import, slug: str, title: str, issued_on: date | None) -> None:
    import_.report_slug, import_.report_title, import_.issued_on = slug.strip(), title.strip(), issued_on


def _draft(position: int, draft: intake.RecommendationDraft) -> Draft:
    return Draft(position=position, reading=json.dumps(draft.to_json(), ensure_ascii=False))


def describe(import_id: int, of: Description, *, version: int, by: Person) -> None:
    """Say which report the document belongs to."""
    with transaction() as session:
        import_ = at_version(under_review(session, import_id, by), version)
        _describe(import_, of.slug, of.title, of.issued_on)
        import_.version += 1


def correct(import_id: int, position: int, draft: intake.RecommendationDraft, *, version: int, by: Person) -> None:
    """Replace one draft by what a coordinator made of it; `version` is the one their page showed."""
    with transaction() as session:
        import_ = at_version(under_review(session, import_id, by), version)
        row = _row(session, import_, position)
        with import_steps.remembered(session, import_, "corrected", by, title_of(json.loads(row.reading))):
            row.reading = json.dumps(draft.to_json(), ensure_ascii=False)
        import_.version += 1


def drop(import_id: int, position: int, *, version: int, by: Person) -> None:
    """Leave one draft out: what was read is not a recommendation. It is kept aside and can be restored."""
    with transaction() as session:
        import_ = at_version(under_review(session, import_id, by), version)
        row = _row(session, import_, position)
        dropped, lines, stored = json.loads(row.reading), json.loads(import_.lines), json.loads(import_.leftover)
        others = [json.loads(one.reading)["lines"] for one in import_.drafts if one is not row]
        stored["leftover"] += [
            {"line": number, "text": lines[number - 1], "why": "dropped"}
            for number in range(dropped["lines"][0], dropped["lines"][1] + 1)
            if not any(first <= number <= last for first, last in others)  # where a line was split, both had it
        ]
        stored["leftover"].sort(key=lambda one: one["line"])
        stored["dropped"] = [*stored.get("dropped", ()), {"position": position, "draft": dropped}]
        with import_steps.remembered(session, import_, "dropped", by, title_of(dropped)):
            import_.leftover = json.dumps(stored, ensure_ascii=False)
            session.delete(row)
        import_.version += 1


def title_of(draft: Mapping[str, Any]) -> str:
    """What a draft is called among the steps: its code, else its line."""
    return draft["code"] or f"#{draft['lines'][0]}"


def restore(import_id: int, position: int, *, version: int, by: Person) -> None:
    """Take up again a draft that was left out, as it was."""
    with transaction() as session:
        import_ = at_version(under_review(session, import_id, by), version)
        stored = json.loads(import_.leftover)
        dropped = {one["position"]: one["draft"] for one in stored.get("dropped", ())}
        if position not in dropped:
            raise NotFound(_("There is no such draft. It may have been put back meanwhile."))
        first, last = dropped[position]["lines"]
        stored["dropped"] = [one for one in stored["dropped"] if one["position"] != position]
        stored["leftover"] = [one for one in stored["leftover"] if not first <= one["line"] <= last]
        with import_steps.remembered(session, import_, "restored", by, title_of(dropped[position])):
            import_.leftover = json.dumps(stored, ensure_ascii=False)
            reading = json.dumps(dropped[position], ensure_ascii=False)
            session.add(Draft(import_id=import_id, position=position, reading=reading))
        import_.version += 1


def settle(import_id: int, code: str, *, version: int, by: Person) -> None:
    """A coordinator has looked at what was found about the document as a whole; what stops cannot be settled so."""
    with transaction() as session:
        import_ = at_version(under_review(session, import_id, by), version)
        stored = json.loads(import_.leftover)
        found = map(intake.Finding.from_json, stored["findings"])
        stored["findings"] = [asdict(one) for one in found if one.stops or one.code != code]
        with import_steps.remembered(session, import_, "looked", by):
            import_.leftover = json.dumps(stored, ensure_ascii=False)
        import_.version += 1


def at_version(import_: Import, version: int) -> Import:
    """The one rule for all acts on an import under review: done on the version that was seen, which each act moves."""
    if import_.version != version:
        raise ChangedMeanwhile(_("Someone corrected this import meanwhile. Look at it again, then go on."))
    return import_


def _row(session: Session, import_: Import, position: int) -> Draft:
    row = session.scalar(select(Draft).filter_by(import_id=import_.id, position=position))
    if row is None:
        raise NotFound(_("There is no such draft. It may have been left out meanwhile."))
    return row


def discard(import_id: int, *, version: int, by: Person) -> None:
    """Put an import aside without accepting anything."""
    with transaction() as session:
        import_ = at_version(under_review(session, import_id, by), version)
        import_.state = "discarded"
        import_.version += 1


def resume(import_id: int, *, by: Person) -> None:
    """Take a discarded import up again; nobody can have changed it meanwhile."""
    with transaction() as session:
        import_ = _theirs(session, import_id, by)
        if import_.state != "discarded":
            raise NotFound(_("There is no such import."))
        import_.state = "draft"
        import_.version += 1


def must_coordinate(issuer_id: int, by: Person | None) -> None:
    """Documents are read for an issuer by its coordinators; for any by the command line, which is None."""
    if by is not None and issuer_id not in people.rights(by).coordinates:
        raise NotFound(_("There is no such issuer."))


def _theirs(session: Session, import_id: int, by: Person | None) -> Import:
    """An import that `by` may change: one of their issuer; any for the command line, which is None."""
    import_ = session.get(Import, import_id)
    if import_ is None or (by is not None and import_.issuer_id not in people.rights(by).coordinates):
        raise NotFound(_("There is no such import."))
    return import_


def under_review(session: Session, import_id: int, by: Person | None) -> Import:
    import_ = _theirs(session, import_id, by)
    if import_.state != "draft":
        raise Refusal(_("This import is no longer under review."))
    return import_


def accept(
    import_id: int, of: Description | None = None, *, version: int | None = None, by: Person | None, at: datetime
) -> Accepted:
    """Put every draft on record, or none. Sends nothing.

    `of` says which report it is, and is kept where something else stops; `version` is the one the page showed.
    """
    with transaction() as session:
        import_ = under_review(session, import_id, by)
        if version is not None:
            at_version(import_, version)
        if of is not None:
            _describe(import_, of.slug, of.title, of.issued_on)
        review = imports.review(import_id)
        if not review.stops:
            return _put(session, review, by, at)
    raise NotAccepted(_as_sentence(review.stops[0]))


def _put(session: Session, review: Review, by: Person | None, at: datetime) -> Accepted:
    import_ = review.import_
    report = on_record.report_of(session, import_)
    fresh = [one.draft for one in review.met if one.there is None]
    pairs = [one for one in review.met if one.adds]
    source = on_record.Source(import_.id, import_.language)
    links = on_record.put(session, source, report, fresh, by, at)
    terms.give(session, import_)
    added_texts.add(session, import_, pairs, by, at)
    import_steps.forget(session, import_)
    import_.state, import_.accepted_at, import_.report_id = "accepted", at, report.id
    about, of = ("import", import_.id), import_.issuer_id
    audit.note(session, Act.IMPORT_ACCEPTED, about, by=by, issuer_id=of, at=at, n=len(fresh))
    known = len(review.met) - len(fresh) - len(pairs)
    return Accepted(report.slug, len(fresh), known, links, len(pairs))


def _as_sentence(finding: intake.Finding) -> str:
    if finding.line is None:
        return finding.sentence
    return _("Line %(line)s: %(sentence)s", line=finding.line, sentence=finding.sentence)
