"""The audit log, read: who did what, in sentences, narrowed and paged."""

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, or_, select, true
from sqlalchemy.orm import Session

from tracker import clock, database
from tracker.domain.acts import Act
from tracker.language import _, current, day, quoted
from tracker.models import (
    AuditRow,
    Body,
    Import,
    Issuer,
    Membership,
    OutgoingMail,
    Person,
    Recommendation,
    Report,
    Round,
    Term,
)
from tracker.queries.audit_words import CODES, DOORS, FACTS, NUMBER, PAGES, SENTENCES
from tracker.queries.people import Rights

SIZE = 50


@dataclass(frozen=True)
class Wanted:
    """What the log is narrowed to."""

    person_id: int | None = None
    act: Act | None = None
    from_on: date | None = None
    until_on: date | None = None
    """The last day."""


@dataclass(frozen=True)
class Told:
    """One row as a reader understands it."""

    row: AuditRow
    who: str
    pattern: str
    """What they did, untranslated, with a place for what it is about."""
    about: str
    details: str
    """What stands below the sentence; empty where there is nothing to add."""

    @property
    def sentence(self) -> str:
        """What they did."""
        return _(self.pattern, about=self.about)


@dataclass(frozen=True)
class Page:
    """Rows, the latest first, and the key from which the next page goes on."""

    rows: list[Told]
    next: int | None


def page(rights: Rights, wanted: Wanted, *, after: int | None = None, size: int = SIZE) -> Page:
    """What this person may know of what people did."""
    session = database.session()
    rows = select(AuditRow).where(_visible(session, rights), *_narrowed(wanted)).order_by(AuditRow.id.desc())
    if after is not None:
        rows = rows.where(AuditRow.id < after)
    found = session.scalars(rows.limit(size + 1)).all()
    return Page(_told(session, found[:size]), found[size - 1].id if len(found) > size else None)


def actors(rights: Rights) -> list[Person]:
    """Everybody who did something that this person may know of, by name."""
    session = database.session()
    acted = select(AuditRow.actor_id).where(_visible(session, rights)).distinct()
    return list(session.scalars(select(Person).where(Person.id.in_(acted)).order_by(Person.display_name)))


def _visible(session: Session, rights: Rights) -> ColumnElement[bool]:
    """All to an administrator and where there is one issuer; else what its people did, and changes of the register."""
    everyone = set(session.scalars(select(Issuer.id)))
    if rights.person.is_admin or everyone <= rights.coordinates:
        return true()
    of_ours = select(Membership.person_id).where(Membership.issuer_id.in_(rights.coordinates))
    is_registers = (AuditRow.kind == "body") & AuditRow.issuer_id.is_(None)
    return or_(AuditRow.issuer_id.in_(rights.coordinates), AuditRow.actor_id.in_(of_ours), is_registers)


def _narrowed(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    if wanted.person_id is not None:
        yield AuditRow.actor_id == wanted.person_id
    if wanted.act is not None:
        yield AuditRow.act == wanted.act
    if wanted.from_on is not None:
        yield AuditRow.at >= clock.moment_on(wanted.from_on)
    if wanted.until_on is not None:
        yield AuditRow.at < clock.moment_on(wanted.until_on + timedelta(days=1))


def _told(session: Session, rows: Sequence[AuditRow]) -> list[Told]:
    wanted: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        wanted[row.kind or ""].add(row.ref or "")
        wanted["person"] |= {str(row.actor_id), str(json.loads(row.facts).get("person"))}
    names = {kind: _names(session, kind, refs) for kind, refs in wanted.items()}
    return [
        Told(
            row,
            names["person"].get(str(row.actor_id)) or _(DOORS[row.door]),
            SENTENCES[Act(row.act)],
            _about(row, names),
            _details(row, names),
        )
        for row in rows
        if row.act in set(Act)
    ]


def _about(row: AuditRow, names: dict[str, dict[str, str]]) -> str:
    if row.kind == "page":
        part = (row.ref or "").partition(".")[0]
        return _(PAGES[part]) if part in PAGES else part
    name = names[row.kind or ""].get(row.ref or "", row.ref or "")
    return name if row.kind == "recommendation" else quoted(name)


def _details(row: AuditRow, names: dict[str, dict[str, str]]) -> str:
    """Facts that say more than the sentence."""
    facts = json.loads(row.facts)
    if row.act == Act.SIGN_IN_REFUSED and row.ref:
        return names["person"].get(row.ref, row.ref)
    return ", ".join(_fact(name, value, names.get("person", {})) for name, value in facts.items())


def _fact(name: str, value: object, people: dict[str, str]) -> str:
    if name == "person":
        return people.get(str(value), str(value))
    if name.endswith("_on"):
        return _(FACTS[name], value=day(date.fromisoformat(str(value)), "medium"))
    codes = value if isinstance(value, list) else [value]
    words = ", ".join(_(CODES[code]) if code in CODES else str(code) for code in codes)
    if name == "what":
        return words
    return _(FACTS.get(name, NUMBER), value=words)


def _names(session: Session, kind: str, refs: set[str]) -> dict[str, str]:
    """What things are called today, by what a row keeps of them."""
    if kind == "body":
        found = session.scalars(select(Body).where(Body.slug.in_(refs)))
        return {body.slug: body.name(current()) for body in found}
    if kind == "recommendation":
        return _codes(session, refs)
    if kind == "report":
        return dict(session.execute(select(Report.slug, Report.title).where(Report.slug.in_(refs))).all())
    if kind == "term":
        ids = [int(ref) for ref in refs if ref.isdigit()]
        return {str(one.id): one.name(current()) for one in session.scalars(select(Term).where(Term.id.in_(ids)))}
    named = {"person": Person.display_name, "import": Import.name, "round": Round.title, "mail": OutgoingMail.subject}
    if kind not in named:
        return {}
    column = named[kind]
    ids = [int(ref) for ref in refs if ref.isdigit()]
    key = column.class_.id
    return {str(id_): name for id_, name in session.execute(select(key, column).where(key.in_(ids)))}


def _codes(session: Session, refs: set[str]) -> dict[str, str]:
    slugs, addresses = {ref.partition("/")[0] for ref in refs}, {ref.partition("/")[2] for ref in refs}
    found = session.execute(
        select(Report.slug, Recommendation.address, Recommendation.code, Report.title)
        .join(Report, Report.id == Recommendation.report_id)
        .where(Report.slug.in_(slugs), Recommendation.address.in_(addresses))
    )
    return {f"{slug}/{address}": f"{code or address} ({title})" for slug, address, code, title in found}
