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
from tracker.language import N_, _, current, day, quoted
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
)
from tracker.queries.people import Rights

SIZE = 50
SENTENCES = {
    Act.SIGNED_IN: N_("signed in"),
    Act.SIGN_IN_REFUSED: N_("was refused at sign-in: the code did not fit"),
    Act.SIGNED_OUT: N_("signed out"),
    Act.SESSIONS_ENDED: N_("ended all sessions of %(about)s"),
    Act.DENIED: N_("was refused a page: %(about)s"),
    Act.IMPORT_ACCEPTED: N_("accepted the import of %(about)s"),
    Act.IMPORT_UNDONE: N_("undid the import of %(about)s"),
    Act.WITHDRAWN: N_("withdrew the recommendation %(about)s"),
    Act.ROUND_OPENED: N_("opened the round %(about)s"),
    Act.DUE_DATE_MOVED: N_("moved the due date of %(about)s"),
    Act.QUESTION_WITHDRAWN: N_("withdrew a question on %(about)s"),
    Act.ALL_MAIL_HELD: N_("held all mail"),
    Act.ALL_MAIL_RELEASED: N_("released all mail"),
    Act.MAIL_HELD: N_("held the mail %(about)s"),
    Act.MAIL_RELEASED: N_("released the mail %(about)s"),
    Act.MAIL_RESENT: N_("sent the mail %(about)s again"),
    Act.MAIL_CANCELLED: N_("gave the mail %(about)s up"),
    Act.ANSWER_RECORDED: N_("recorded an answer that did not come by form, on %(about)s"),
    Act.ANSWER_FILED: N_("filed an answer on %(about)s"),
    Act.ANSWER_RETURNED: N_("returned an answer on %(about)s with a question"),
    Act.ASSESSED: N_("assessed %(about)s"),
    Act.REPORT_PUBLISHED: N_("decided that the report %(about)s is public"),
    Act.REPORT_TAKEN_BACK: N_("decided that the report %(about)s is public no more"),
    Act.PUBLISHED: N_("published an answer or finding on %(about)s"),
    Act.TAKEN_BACK: N_("took an answer or finding on %(about)s back from the public"),
    Act.BACKED_UP: N_("took a backup of everything"),
    Act.FIGURES_COUNTED: N_("took out the figures"),
    Act.PERSON_ADDED: N_("added %(about)s"),
    Act.PERSON_CHANGED: N_("changed the details of %(about)s"),
    Act.PERSON_DISABLED: N_("closed the account of %(about)s"),
    Act.PERSON_ENABLED: N_("opened the account of %(about)s again"),
    Act.ROLE_CHANGED: N_("changed what %(about)s may do"),
    Act.FOCAL_POINT_NAMED: N_("named a focal point for %(about)s"),
    Act.FOCAL_POINT_ENDED: N_("ended a focal point of %(about)s"),
    Act.CONTACTS_IMPORTED: N_("imported contacts"),
    Act.BODY_ADDED: N_("added the body %(about)s"),
    Act.BODY_CHANGED: N_("changed the body %(about)s"),
    Act.BODY_ENDED: N_("had others take over from the body %(about)s"),
    Act.BODY_MERGED: N_("merged the body %(about)s into another"),
    Act.BODY_SHARED_OUT: N_("shared out what the body %(about)s was asked"),
    Act.SUCCESSION_TAKEN_BACK: N_("took back that others take over from the body %(about)s"),
}
LABELS = {
    Act.SIGNED_IN: N_("Sign-in"),
    Act.SIGN_IN_REFUSED: N_("Refused sign-in"),
    Act.SIGNED_OUT: N_("Sign-out"),
    Act.SESSIONS_ENDED: N_("Sessions ended"),
    Act.DENIED: N_("Refused page"),
    Act.IMPORT_ACCEPTED: N_("Import accepted"),
    Act.IMPORT_UNDONE: N_("Import undone"),
    Act.WITHDRAWN: N_("Recommendation withdrawn"),
    Act.ROUND_OPENED: N_("Round opened"),
    Act.DUE_DATE_MOVED: N_("Due date moved"),
    Act.QUESTION_WITHDRAWN: N_("Question withdrawn"),
    Act.ALL_MAIL_HELD: N_("All mail held"),
    Act.ALL_MAIL_RELEASED: N_("All mail released"),
    Act.MAIL_HELD: N_("Mail held"),
    Act.MAIL_RELEASED: N_("Mail released"),
    Act.MAIL_RESENT: N_("Mail sent again"),
    Act.MAIL_CANCELLED: N_("Mail given up"),
    Act.ANSWER_RECORDED: N_("Answer recorded"),
    Act.ANSWER_FILED: N_("Answer filed"),
    Act.ANSWER_RETURNED: N_("Answer returned"),
    Act.ASSESSED: N_("Assessment"),
    Act.REPORT_PUBLISHED: N_("Report published"),
    Act.REPORT_TAKEN_BACK: N_("Report taken back"),
    Act.PUBLISHED: N_("Answer or finding published"),
    Act.TAKEN_BACK: N_("Answer or finding taken back"),
    Act.BACKED_UP: N_("Backup taken"),
    Act.FIGURES_COUNTED: N_("Figures taken out"),
    Act.PERSON_ADDED: N_("Person added"),
    Act.PERSON_CHANGED: N_("Person changed"),
    Act.PERSON_DISABLED: N_("Account closed"),
    Act.PERSON_ENABLED: N_("Account opened again"),
    Act.ROLE_CHANGED: N_("Role changed"),
    Act.FOCAL_POINT_NAMED: N_("Focal point named"),
    Act.FOCAL_POINT_ENDED: N_("Focal point ended"),
    Act.CONTACTS_IMPORTED: N_("Contacts imported"),
    Act.BODY_ADDED: N_("Body added"),
    Act.BODY_CHANGED: N_("Body changed"),
    Act.BODY_ENDED: N_("Body succeeded by others"),
    Act.BODY_MERGED: N_("Bodies merged"),
    Act.BODY_SHARED_OUT: N_("Split body shared out"),
    Act.SUCCESSION_TAKEN_BACK: N_("Succession taken back"),
}
DOORS = {
    "page": N_("Somebody not signed in"),
    "terminal": N_("The administrator at the terminal"),
    "worker": N_("The worker"),
}
FACTS = {
    "n": N_("%(value)s in all"),
    "seq": N_("entry %(value)s of the timeline"),
    "status": N_("answer %(value)s"),
    "from_on": N_("from %(value)s"),
    "until_on": N_("until %(value)s"),
    "as_of_on": N_("as of %(value)s"),
    "into": N_("into %(value)s"),
}
CODES = {
    "email": N_("mail address"),
    "display_name": N_("name or role"),
    "language": N_("language"),
    "coordinator": N_("coordinator"),
    "reader": N_("reader"),
    "none": N_("no part at the issuer"),
    "admin": N_("administrator"),
    "not_admin": N_("administrator no more"),
    "type": N_("type"),
    "role": N_("role by default"),
    "parent": N_("body above it"),
    "name": N_("name"),
    "renamed": N_("renamed"),
    "alias": N_("other name"),
    "alias_removed": N_("other name removed"),
    "member": N_("member"),
    "member_ended": N_("member ended"),
}
"""Codes that facts hold, in words."""


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
    name = names[row.kind or ""].get(row.ref or "", row.ref or "")
    return name if row.kind in ("recommendation", "page") else quoted(name)


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
    return _(FACTS[name], value=words) if name in FACTS else f"{name} {words}"


def _names(session: Session, kind: str, refs: set[str]) -> dict[str, str]:
    """What things are called today, by what a row keeps of them."""
    if kind == "body":
        found = session.scalars(select(Body).where(Body.slug.in_(refs)))
        return {body.slug: body.name(current()) for body in found}
    if kind == "recommendation":
        return _codes(session, refs)
    if kind == "report":
        return dict(session.execute(select(Report.slug, Report.title).where(Report.slug.in_(refs))).all())
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
