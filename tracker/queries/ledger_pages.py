"""Pages of the ledger: what it is narrowed to, its counts, and a page before or after any other.

Mails and decisions that became no mail are two streams, each in the order of its numbers. A place in the ledger
is a cut through both: how far each was read.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from heapq import merge
from itertools import islice

from sqlalchemy import ColumnElement, Select, exists, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, selectinload

from tracker import database
from tracker.domain.reminders import moment_of
from tracker.models import (
    Addressee,
    Body,
    ExpectedReply,
    OutgoingMail,
    Person,
    Recommendation,
    Reminder,
    Round,
    StandingRow,
)
from tracker.queries import concerned, ledger
from tracker.queries.ledger import Row
from tracker.queries.paging import SIZE

_END = 2**31 - 1
DECIDED = ("skipped", "superseded")
"""States of a reminder that became no mail."""
SHOWS: dict[str, tuple[str, ...]] = {
    "waiting": ("queued", "leased"),
    "held": ("held",),
    "delivered": ("accepted",),
    "not_sent": ("cancelled", "superseded", "suppressed", "expired"),
    "failed": ("failed",),
}
"""The states of a mail under each heading; what was decided against stands under not_sent."""
_AT_ONCE = 500


@dataclass(frozen=True)
class Filters:
    """What the ledger is narrowed to; empty text narrows nothing."""

    show: str = ""
    """One of SHOWS."""
    person: str = ""
    """A part of a name or an address."""
    body: str = ""
    recommendation: str = ""
    """A code, or the code in an address."""
    round: str = ""
    from_on: date | None = None
    until_on: date | None = None
    """The last day that is shown."""
    timezone: str = "Europe/Brussels"
    issuer_ids: concerned.Issuers = None

    def mails(self, issuer_ids: concerned.Issuers) -> list[ColumnElement[bool]]:
        """The mails that fit, sign-in codes never among them; `issuer_ids` is narrowed already."""
        found = [OutgoingMail.kind != "code", concerned.mail(issuer_ids), *self._days(OutgoingMail.created_at)]
        if self.show in SHOWS:
            found.append(OutgoingMail.state.in_(SHOWS[self.show]))
        if about := self._about():
            found.append(exists().where(Reminder.outgoing_mail_id == OutgoingMail.id, *about))
        if self.person:
            to_address = OutgoingMail.recipient.icontains(self.person, autoescape=True)
            found.append(or_(OutgoingMail.person_id.in_(self._people()), to_address))
        return found

    def decisions(self, issuer_ids: concerned.Issuers) -> list[ColumnElement[bool]]:
        """The decisions that became no mail and fit."""
        found = [Reminder.state.in_(DECIDED), concerned.reminder(issuer_ids), *self._days(Reminder.planned_at)]
        found += self._about()
        if self.person:
            found.append(Reminder.person_id.in_(self._people()))
        return found

    @property
    def has_decisions(self) -> bool:
        """Whether what became no mail is among what is wanted."""
        return self.show not in SHOWS or self.show == "not_sent"

    def _about(self) -> list[ColumnElement[bool]]:
        found = []
        if self.body:
            acting = select(StandingRow.addressee_id).join(Body).where(StandingRow.until_on.is_(None))
            first = select(Addressee.id).join(Body)
            of_body = (one.where(Body.slug == self.body) for one in (acting, first))
            found.append(or_(*(Reminder.addressee_id.in_(one) for one in of_body)))
        if self.recommendation:
            is_it = or_(Recommendation.code == self.recommendation, Recommendation.address == self.recommendation)
            found.append(Reminder.addressee_id.in_(select(Addressee.id).join(Recommendation).where(is_it)))
        if self.round:
            of_round = select(ExpectedReply.id).join(Round).where(Round.uid == self.round)
            found.append(Reminder.expected_reply_id.in_(of_round))
        return found

    def _people(self) -> Select[int]:
        name, address = (
            column.icontains(self.person, autoescape=True) for column in (Person.display_name, Person.email)
        )
        return select(Person.id).where(or_(name, address))

    def _days(self, column: InstrumentedAttribute[datetime]) -> Iterator[ColumnElement[bool]]:
        if self.from_on:
            yield column >= moment_of(self.from_on, time.min, self.timezone)
        if self.until_on and self.until_on < date.max:
            yield column < moment_of(self.until_on + timedelta(days=1), time.min, self.timezone)


@dataclass(frozen=True)
class Cut:
    """A place in the ledger: what has a smaller number in its stream stands below."""

    mail: int = _END
    decision: int = _END

    @classmethod
    def read(cls, text: str) -> "Cut":
        """From an address; the top where it says nothing."""
        mail, _dash, decision = text.partition("-")
        is_cut = all(part.isascii() and part.isdigit() and len(part) <= 10 for part in (mail, decision))
        return cls(int(mail), int(decision)) if is_cut else cls()

    def __str__(self) -> str:
        return f"{self.mail}-{self.decision}"

    def below(self, rows: Iterable[Row]) -> "Cut":
        """The place under these rows, which come down from here."""
        found = self
        for row in rows:
            found = replace(found, mail=row.number) if row.mail else replace(found, decision=row.number)
        return found

    def above(self, rows: Iterable[Row]) -> "Cut":
        """The place over these rows, which lead up from here."""
        found = self
        for row in rows:
            over = row.number + 1
            found = replace(found, mail=over) if row.mail else replace(found, decision=over)
        return found


@dataclass(frozen=True)
class Page:
    """A page of the ledger, the latest first."""

    rows: list[Row]
    previous: str | None = None
    """The `before` of the page above; None on the first."""
    next: str | None = None
    """The `after` of the page below."""


def page(filters: Filters, *, after: str = "", before: str = "", size: int = SIZE) -> Page:
    """One page of what fits: below `after`, or above `before`, or the latest."""
    session = database.session()
    filters = replace(filters, issuer_ids=concerned.narrowed(session, filters.issuer_ids))
    cut = Cut.read(before or after)
    found = _rows(session, filters, cut, size + 1, is_upwards=bool(before))
    has_more, rows = len(found) > size, found[:size]
    if not before:
        return Page(rows, str(cut) if after else None, str(cut.below(rows)) if has_more else None)
    if not has_more:  # the top is reached: the first page, whole
        return page(filters, size=size)
    return Page(rows[::-1], str(cut.above(rows)), str(cut))


def _rows(session: Session, filters: Filters, cut: Cut, limit: int, *, is_upwards: bool) -> list[Row]:
    """The rows nearest to a cut, on their way from it."""
    mails = select(OutgoingMail).where(*filters.mails(filters.issuer_ids)).options(selectinload(OutgoingMail.reminders))
    decisions = select(Reminder).where(*filters.decisions(filters.issuer_ids))
    if is_upwards:
        mails = mails.where(OutgoingMail.id >= cut.mail).order_by(OutgoingMail.id)
        decisions = decisions.where(Reminder.id >= cut.decision).order_by(Reminder.id)
    else:
        mails = mails.where(OutgoingMail.id < cut.mail).order_by(OutgoingMail.id.desc())
        decisions = decisions.where(Reminder.id < cut.decision).order_by(Reminder.id.desc())
    streams = [ledger.rows_of(session.scalars(mails.limit(limit)).unique())]
    if filters.has_decisions:
        streams.append(ledger.rows_of_decisions(session, session.scalars(decisions.limit(limit))))
    # Of one moment the mail stands above, whichever way one reads.
    ordered = merge(*(streams[::-1] if is_upwards else streams), key=lambda row: row.at, reverse=not is_upwards)
    return list(islice(ordered, limit))


def counts(filters: Filters) -> dict[str, int]:
    """How many rows stand under each heading, and under "" all of them."""
    session = database.session()
    issuer_ids = concerned.narrowed(session, filters.issuer_ids)
    whole = replace(filters, show="")
    mails = select(OutgoingMail.state, func.count(OutgoingMail.id)).where(*whole.mails(issuer_ids))
    by_state = dict(session.execute(mails.group_by(OutgoingMail.state)).all())
    decided = session.scalar(select(func.count(Reminder.id)).where(*whole.decisions(issuer_ids))) or 0
    found = {name: sum(by_state.get(state, 0) for state in states) for name, states in SHOWS.items()}
    found["not_sent"] += decided
    return {"": sum(found.values()), **found}


def everything(filters: Filters) -> Iterator[Row]:
    """Every row that fits, the latest first, read by and by."""
    after: str | None = ""
    while after is not None:
        found = page(filters, after=after, size=_AT_ONCE)
        yield from found.rows
        after = found.next
