"""Contacts from a file, checked against the register and the people here: every problem of every row at once."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from tracker import database
from tracker.domain.addresses import is_mail_address
from tracker.domain.days import day_of
from tracker.intake import Register, contacts, matching
from tracker.language import LANGUAGES, NAMES, _, current
from tracker.models import Body, FocalPoint, Person
from tracker.queries import imports

_LANGUAGES = {
    **{code: code for code in LANGUAGES},
    **{name.casefold(): code for code, name in NAMES.items()},
    "frans": "fr",
    "french": "fr",
    "néerlandais": "nl",
    "dutch": "nl",
    "anglais": "en",
    "engels": "en",
}


@dataclass(frozen=True)
class Problem:
    """What is wrong with one cell."""

    row: int
    column: str
    """The heading of the column as the file has it."""
    sentence: str


@dataclass(frozen=True)
class Contact:
    """One row that may be taken over."""

    row: int
    slug: str
    body: str
    email: str
    display_name: str
    language: str
    from_on: date
    is_known: bool
    """Answers for the body already: nothing is added."""
    is_new_person: bool


@dataclass(frozen=True)
class Checked:
    """A file, read and checked."""

    contacts: tuple[Contact, ...]
    problems: tuple[Problem, ...]

    @property
    def fresh(self) -> list[Contact]:
        """The rows that add something."""
        return [one for one in self.contacts if not one.is_known]


def check(content: bytes, today: date) -> Checked:
    """Read a file and look at every row; NotReadable where it is no list of contacts."""
    sheet, known = contacts.read(content), _Known.now()
    found: list[Contact] = []
    problems: list[Problem] = []
    for number, row in sheet.rows:
        wrong = dict(_wrong(row, known))
        problems += [Problem(number, sheet.headings.get(column, ""), told) for column, told in wrong.items()]
        if not wrong:
            one = _contact(number, row, known, today)
            first = known.met.setdefault((one.slug, one.email), number)
            if first != number:
                told = _("This person stands in row %(row)s for the same body already.", row=first)
                problems.append(Problem(number, sheet.headings["email"], told))
            found.append(one)
    return Checked(tuple(found), tuple(problems))


@dataclass(frozen=True)
class _Known:
    """What rows are compared with, loaded once."""

    register: Register
    names: dict[str, str]
    people: dict[str, Person]
    answering: dict[tuple[str, str], date]
    """Until when those of an address answer for the body of a slug, now or later."""
    met: dict[tuple[str, str], int]

    @classmethod
    def now(cls) -> "_Known":
        session = database.session()
        bodies = {body.slug: body.name(current()) for body in session.scalars(select(Body))}
        people = {one.email: one for one in session.scalars(select(Person))}
        rows = session.scalars(select(FocalPoint).order_by(FocalPoint.from_on))
        answering = {(one.body.slug, one.person.email): one.until_on or date.max for one in rows}
        return cls(imports.register(), bodies, people, answering, {})


def _wrong(row: dict[str, str], known: _Known) -> Iterator[tuple[str, str]]:
    if not _slug(row["body"], known.register):
        yield "body", _unknown_body(row["body"], known)
    email = row["email"].lower()
    person = known.people.get(email)
    if not is_mail_address(email):
        yield "email", _("“%(address)s” is not a mail address.", address=row["email"])
    elif person is not None and person.disabled_at:
        yield "email", _("The account of %(address)s is closed. Open it again first.", address=email)
    if person is None and not row.get("display_name"):
        yield "display_name", _("Say who this is: a name, or a role such as “Focal point, police”.")
    if len(row.get("display_name", "")) > 200:
        yield "display_name", _("Keep this within %(limit)s characters.", limit=200)
    if person is None and row.get("language", "").casefold() not in _LANGUAGES:
        yield "language", _("“%(typed)s” is not a language here. Write fr, nl or en.", typed=row.get("language", ""))
    if row.get("from_on") and day_of(row["from_on"]) is None:
        yield "from_on", _("“%(typed)s” is not a date. Write it as 2026-11-23.", typed=row["from_on"][:30])


def _contact(number: int, row: dict[str, str], known: _Known, today: date) -> Contact:
    slug, email = _slug(row["body"], known.register), row["email"].lower()
    person = known.people.get(email)
    from_on = day_of(row.get("from_on", "")) or today
    return Contact(
        number,
        slug,
        known.names[slug],
        email,
        person.display_name if person else row["display_name"],
        person.language if person else _LANGUAGES[row["language"].casefold()],
        from_on,
        is_known=known.answering.get((slug, email), date.min) > from_on,
        is_new_person=person is None,
    )


def _slug(written: str, register: Register) -> str:
    if written in register.by_slug:
        return written
    found = matching.known(written, register)
    return found.body if found and found.body else ""


def _unknown_body(written: str, known: _Known) -> str:
    if not written:
        return _("Say for which body, by its name or its short name.")
    likely = matching.rematch(written, known.register).body
    if likely:
        return _("“%(name)s” is not a known body. Is it “%(likely)s”?", name=written, likely=known.names[likely])
    return _("“%(name)s” is not a known body. Check the spelling, or add it to the register first.", name=written)
