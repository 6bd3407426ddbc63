"""When replies are due, for one person's calendar."""

import hmac
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from sqlalchemy import func, or_, select
from sqlalchemy.orm import lazyload

from tracker import database
from tracker.domain.references import code_order
from tracker.errors import NotFound
from tracker.language import _
from tracker.models import Addressee, Body, ExpectedReply, Issuer, Person, Recommendation, Report, StandingRow
from tracker.queries import people


@dataclass(frozen=True)
class Due:
    """Replies of one body to one issuer that are due on one day."""

    body: Body
    issuer: Issuer
    on: date
    codes: tuple[str, ...]


def token(person: Person, key: str) -> str:
    """What opens somebody's calendar: nobody keeps it, it is worked out."""
    about = f"calendar/{person.uid}/{person.calendar_number}"
    return hmac.new(key.encode(), about.encode(), sha256).hexdigest()[:40]


def owner(uid: str, sent: str, keys: Sequence[str]) -> Person:
    """Whose calendar is at an address."""
    person = database.session().scalar(select(Person).where(Person.uid == uid))
    is_open = person is not None and person.has_calendar and person.disabled_at is None
    if person is None or not is_open or not any(hmac.compare_digest(token(person, key), sent) for key in keys):
        raise NotFound(_("There is no such page."))
    return person


def bodies(person: Person) -> list[Body]:
    """The bodies that somebody answers for."""
    return list(database.session().scalars(select(Body).where(Body.id.in_(people.rights(person).body_ids))))


def dues(person: Person, body: str = "") -> list[Due]:
    """When replies are due, of the bodies that somebody answers for or of the issuers that they are with."""
    rights = people.rights(person)
    theirs = or_(StandingRow.body_id.in_(rights.body_ids), Report.issuer_id.in_(rights.reads))
    code = func.coalesce(Recommendation.code, Recommendation.address)
    rows = database.session().execute(
        select(Body, Issuer, ExpectedReply.due_on, code)
        .select_from(ExpectedReply)
        .join(Addressee, Addressee.id == ExpectedReply.addressee_id)
        .join(Recommendation, Recommendation.id == Addressee.recommendation_id)
        .join(Report, Report.id == Recommendation.report_id)
        .join(Issuer, Issuer.id == Report.issuer_id)
        .join(StandingRow, (StandingRow.addressee_id == Addressee.id) & StandingRow.until_on.is_(None))
        .join(Body, Body.id == StandingRow.body_id)
        .where(ExpectedReply.is_open, ~Recommendation.is_hidden, theirs, *([Body.slug == body] if body else []))
        .options(lazyload("*"))
    )
    found: dict[tuple[Body, Issuer, date], list[str]] = defaultdict(list)
    for of, issuer, on, one in rows:
        found[of, issuer, on].append(one)
    ordered = sorted(found.items(), key=lambda item: (item[0][2], item[0][0].slug, item[0][1].slug))
    return [Due(of, issuer, on, tuple(sorted(codes, key=code_order))) for (of, issuer, on), codes in ordered]
