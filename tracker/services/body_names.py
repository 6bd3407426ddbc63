"""Names of bodies: per language, from a day to a day, official with a source; and the aliases that annexes use."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.database import transaction
from tracker.domain.acts import Act
from tracker.errors import NotFound, Refusal
from tracker.intake.names import key
from tracker.language import LANGUAGES, NAMES, _, current, day
from tracker.models import Body, BodyName, Person
from tracker.queries import people
from tracker.services import audit, parts


@dataclass(frozen=True)
class Name:
    """A name as it is typed; a source makes it official."""

    name: str
    source: str = ""


def rename(slug: str, language: str, name: Name, from_on: date | None, *, by: Person, at: datetime) -> BodyName:
    """Give a body a name in a language, from a day on; the one that it had stays on record until then."""
    with transaction() as session:
        parts.must_keep(by)
        body = people.body_by_slug(session, slug)
        last = _last(body, language)
        if last is not None:
            _check_follows(last, from_on)
            last.until_on = from_on
            session.flush()
        row = put(session, body, language, name, from_on)
        what = "renamed" if last else "name"
        audit.note(session, Act.BODY_CHANGED, ("body", slug), by=by, at=at, what=what)
        return row


def _check_follows(last: BodyName, from_on: date | None) -> None:
    if from_on is None:
        told = _("It has a name in this language. Say from which day the new one holds, or correct the one it has.")
        raise Refusal(told)
    if last.from_on and from_on <= last.from_on:
        raise Refusal(_("It has its present name from %(day)s on. Choose a later day.", day=day(last.from_on)))


def add_alias(
    slug: str, language: str, alias: str, from_on: date | None, until_on: date | None, *, by: Person, at: datetime
) -> BodyName:
    """Have annexes know a body under another name."""
    with transaction() as session:
        parts.must_keep(by)
        row = put_alias(session, people.body_by_slug(session, slug), language, alias, from_on, until_on)
        audit.note(session, Act.BODY_CHANGED, ("body", slug), by=by, at=at, what="alias")
        return row


def put_alias(
    session: Session, body: Body, language: str, alias: str, from_on: date | None, until_on: date | None = None
) -> BodyName:
    """A new alias within the caller's transaction."""
    row = BodyName(body_id=body.id, language=_known(language), name=alias.strip(), is_alias=True)
    row.from_on, row.until_on = from_on, until_on
    _check(session, body, row)
    body.names.append(row)
    return row


def correct(
    slug: str, name_id: int, name: Name, from_on: date | None, until_on: date | None, *, by: Person, at: datetime
) -> BodyName:
    """Correct a name, its source or its days, as if they had always been so."""
    with transaction() as session:
        parts.must_keep(by)
        body, row = _row(session, slug, name_id)
        row.name, row.from_on, row.until_on = name.name.strip(), from_on, until_on
        if not row.is_alias:
            row.source, row.status = name.source.strip() or None, _status(name)
        with session.no_autoflush:  # the checks look before the database does
            _check(session, body, row)
        what = "alias" if row.is_alias else "name"
        audit.note(session, Act.BODY_CHANGED, ("body", slug), by=by, at=at, what=what)
        return row


def remove_alias(slug: str, name_id: int, *, by: Person, at: datetime) -> None:
    """Take off an alias that was never right; the wording of what was imported stays as it was written."""
    with transaction() as session:
        parts.must_keep(by)
        _body, row = _row(session, slug, name_id)
        if not row.is_alias:
            raise Refusal(_("A name is not removed. Correct it, or rename the body from a day on."))
        session.delete(row)
        audit.note(session, Act.BODY_CHANGED, ("body", slug), by=by, at=at, what="alias_removed")


def put(session: Session, body: Body, language: str, name: Name, from_on: date | None) -> BodyName:
    """A new name within the caller's transaction."""
    row = BodyName(body_id=body.id, language=_known(language), name=name.name.strip(), is_alias=False)
    row.source, row.status, row.from_on, row.until_on = name.source.strip() or None, _status(name), from_on, None
    _check(session, body, row)
    body.names.append(row)
    session.flush()
    return row


def check_days(from_on: date | None, until_on: date | None) -> None:
    """Refuse an end that is not after the beginning."""
    if from_on and until_on and until_on <= from_on:
        raise Refusal(_("The end must be after the beginning, %(day)s. Choose a later day.", day=day(from_on)))


def _check(session: Session, body: Body, row: BodyName) -> None:
    if not row.name:
        raise Refusal(_("Write the name."))
    if len(row.name) > 300 or len(row.source or "") > 300:
        raise Refusal(_("Keep this within %(limit)s characters.", limit=300))
    check_days(row.from_on, row.until_on)
    for other in body.names:
        if other is not row and other.language == row.language and _overlap(other, row):
            if not row.is_alias and not other.is_alias:
                raise Refusal(
                    _(
                        "In these days it is called “%(name)s” in this language. The days must not overlap.",
                        name=other.name,
                    )
                )
            if other.is_alias == row.is_alias and key(other.name) == key(row.name):
                raise Refusal(_("It has this name already."))
    _refuse_anothers(session, body, row)


def _refuse_anothers(session: Session, body: Body, row: BodyName) -> None:
    """A name that annexes would read as two bodies. Compared as an import compares, so in Python."""
    wanted = key(row.name)
    others = select(BodyName).where(BodyName.body_id != body.id)
    for other in session.scalars(others):
        if key(other.name) == wanted and _overlap(other, row):
            holder = session.get_one(Body, other.body_id)
            raise Refusal(
                _(
                    "“%(name)s” is a name of %(body)s already. An annex could mean both.",
                    name=row.name,
                    body=holder.name(current()),
                )
            )


def _overlap(one: BodyName, other: BodyName) -> bool:
    return _before(one.from_on, other.until_on) and _before(other.from_on, one.until_on)


def _before(from_on: date | None, until_on: date | None) -> bool:
    return from_on is None or until_on is None or from_on < until_on


def _status(name: Name) -> str:
    return "official" if name.source.strip() else "translated"


def _known(language: str) -> str:
    if language not in LANGUAGES:
        raise Refusal(_("Choose one of these languages: %(languages)s.", languages=", ".join(NAMES.values())))
    return language


def _last(body: Body, language: str) -> BodyName | None:
    held = (one for one in body.names if not one.is_alias and one.language == language and one.until_on is None)
    return next(held, None)


def _row(session: Session, slug: str, name_id: int) -> tuple[Body, BodyName]:
    body = people.body_by_slug(session, slug)
    row = next((one for one in body.names if one.id == name_id), None)
    if row is None:
        raise NotFound(_("There is no such name. It may have been removed meanwhile."))
    return body, row
