"""Expected replies about which something is still to be decided: the database finds them, most were decided long ago.

Replies that were asked on the same day and are due on the same day climb the same ladder. There are few such ladders,
however many replies: their steps are worked out once, and compared with the decisions that are kept.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeVarTuple

from sqlalchemy import ColumnElement, Select, String, and_, cast, false, literal, or_, select
from sqlalchemy.orm import Session, aliased

from tracker import clock
from tracker.domain import reminders as planner
from tracker.domain.vocabulary import BodyType, EntryKind
from tracker.models import (
    Addressee,
    Body,
    Entry,
    ExpectedReply,
    FocalPoint,
    Person,
    Recommendation,
    Reminder,
    Report,
    StandingRow,
)
from tracker.queries import concerned
from tracker.queries.people import present
from tracker.queries.policies import ByIssuer

ANSWERED_LATELY = timedelta(days=400)
"""For so long a reminder that an answer made needless is still told in the ledger."""
Columns = TypeVarTuple("Columns")
_ASKED = aliased(Entry)
_IS_MOVED = ExpectedReply.due_on != ExpectedReply.original_due_on
_IS_QUESTION = _ASKED.kind == EntryKind.RETURNED


@dataclass(frozen=True)
class Ladder:
    """What many expected replies of one issuer have in common."""

    issuer_id: int
    type: BodyType
    """Of the acting body."""
    like: planner.Expected
    """A reply like each of them; of itself it is none."""

    @property
    def replies(self) -> ColumnElement[bool]:
        """The condition that a reply climbs it."""
        like = self.like
        return and_(
            Report.issuer_id == self.issuer_id,
            Body.type == self.type,
            ExpectedReply.asked_on == like.asked_on,
            ExpectedReply.due_on == like.due_on,
            _IS_MOVED if like.is_moved else ~_IS_MOVED,
            _IS_QUESTION if like.is_question else ~_IS_QUESTION,
        )

    def leaves(self, now: datetime, timezone: str) -> bool:
        """Whether mail about it may leave at this hour."""
        return planner.leaves_at(now, self.like.policy, timezone) <= now

    def undecided(self, now: datetime, timezone: str) -> ColumnElement[bool]:
        """The condition that one of its steps is due for a reply and was not decided for everybody."""
        due = [one for one in planner.steps(self.like) if self.moment(one, timezone) <= now]
        kept = [one for one in due if not one.is_throttled]
        found = [~_is_decided(self._key(one, "-", "throttled")) for one in due if one.is_throttled]
        if kept:
            answering = _answering(clock.day_of(now))
            found.append(
                answering.where(~_is_decided(self._key(kept[-1], cast(FocalPoint.person_id, String)))).exists()
            )
            found.append(and_(~answering.exists(), ~_is_decided(self._key(kept[-1], "-", "no_focal_point"))))
        return or_(false(), *found)

    def has_step_at(self, moment: datetime, timezone: str) -> bool:
        """Whether a step falls due at just this moment."""
        return any(self.moment(one, timezone) == moment for one in planner.steps(self.like) if not one.is_throttled)

    def moment(self, step: planner.Step, timezone: str) -> datetime:
        """When a step falls due."""
        return planner.moment_of(step.on, self.like.policy.send_at, timezone)

    def _key(self, step: planner.Step, *rest: str | ColumnElement[str]) -> ColumnElement[str]:
        """The key of a decision about a reply, as `domain.reminders.key_of` writes it."""
        key = literal(f"{step.kind}/").concat(cast(ExpectedReply.id, String))
        for part in (f"{self.like.due_on.isoformat()}/{step.name}", *rest):
            key = key.concat("/").concat(part)
        return key


def _is_decided(key: ColumnElement[str]) -> ColumnElement[bool]:
    return select(Reminder.id).where(Reminder.key == key).correlate(ExpectedReply, FocalPoint).exists()


def _answering(today: date) -> Select[int]:
    """Those who answer for the acting body today and can enter."""
    of_body = (FocalPoint.body_id == StandingRow.body_id, present(today), Person.disabled_at.is_(None))
    answering = select(FocalPoint.id).join(Person, Person.id == FocalPoint.person_id).where(*of_body)
    return answering.correlate(StandingRow, ExpectedReply)


@dataclass(frozen=True)
class Ladders:
    """The ladders of everything that is open on a day, and when those answered lately would have heard next."""

    today: date
    timezone: str
    open: tuple[Ladder, ...]
    missed: Mapping[int, datetime]
    """The moment of the step that an answer made needless, by the id of the reply, where it was not told yet."""

    def undecided(self, session: Session, now: datetime, *, is_any_hour: bool = True) -> set[int]:
        """The replies of which something is to be decided at `now`; where not at any hour, what may leave just now."""
        found = {reply for reply, moment in self.missed.items() if moment <= now}
        for one in self.open:
            if not is_any_hour and not one.leaves(now, self.timezone):
                continue
            found.update(self._climbing(session, one, one.undecided(now, self.timezone)))
        return found

    def at(self, session: Session, moment: datetime) -> set[int]:
        """The replies for which a step falls due at just this moment."""
        found = {reply for reply, missed_at in self.missed.items() if missed_at == moment}
        for one in self.open:
            if one.has_step_at(moment, self.timezone):
                found.update(self._climbing(session, one))
        return found

    def _climbing(self, session: Session, one: Ladder, *narrowed: ColumnElement[bool]) -> Iterable[int]:
        ids = _of_today(select(ExpectedReply.id), self.today).where(ExpectedReply.is_open, one.replies, *narrowed)
        return session.scalars(ids)


_COLUMNS = (Report.issuer_id, Body.type, ExpectedReply.asked_on, ExpectedReply.due_on, _IS_MOVED, _IS_QUESTION)


def ladders(session: Session, today: date, timezone: str, policies: ByIssuer, issuer_ids: concerned.Issuers) -> Ladders:
    """Everything that these issuers expect on a day, by its ladders."""
    theirs = Report.issuer_id.in_(policies if issuer_ids is None else issuer_ids)
    open_ = _of_today(select(*_COLUMNS), today).where(ExpectedReply.is_open, theirs).group_by(*_COLUMNS)
    answered = aliased(Entry)
    is_told = select(Reminder.id).where(Reminder.expected_reply_id == ExpectedReply.id, Reminder.why == "answered")
    lately = (
        _of_today(select(ExpectedReply.id, answered.counts_on, *_COLUMNS), today)
        .join(answered, answered.seq == ExpectedReply.answered_seq)
        .where(ExpectedReply.due_on >= today - ANSWERED_LATELY, theirs, ~is_told.exists())
    )
    missed = {}
    for reply, answered_on, issuer_id, type_, asked_on, due_on, is_moved, is_question in session.execute(lately):
        one = _ladder(policies, issuer_id, type_, asked_on, due_on, is_moved, is_question, answered_on=answered_on)
        if (step := planner.missed(one.like)) is not None:
            missed[reply] = one.moment(step, timezone)
    return Ladders(today, timezone, tuple(_ladder(policies, *row) for row in session.execute(open_)), missed)


def _ladder(
    policies: ByIssuer,
    issuer_id: int,
    type_: BodyType,
    asked_on: date,
    due_on: date,
    is_moved: bool,
    is_question: bool,
    *,
    answered_on: date | None = None,
) -> Ladder:
    like = planner.Expected(
        0,
        0,
        "",
        "",
        asked_on,
        due_on,
        policies[issuer_id].of(type_),
        answered_on=answered_on,
        is_moved=bool(is_moved),
        is_question=bool(is_question),
    )
    return Ladder(issuer_id, type_, like)


def _of_today(of: Select[*Columns], today: date) -> Select[*Columns]:
    """Of replies that were asked for by today and are about what is not withdrawn."""
    return (
        of.select_from(ExpectedReply)
        .join(Addressee, Addressee.id == ExpectedReply.addressee_id)
        .join(Recommendation, Recommendation.id == Addressee.recommendation_id)
        .join(Report, Report.id == Recommendation.report_id)
        .join(StandingRow, (StandingRow.addressee_id == Addressee.id) & StandingRow.until_on.is_(None))
        .join(Body, Body.id == StandingRow.body_id)
        .join(_ASKED, _ASKED.seq == ExpectedReply.asked_seq)
        .where(~Recommendation.is_hidden, ExpectedReply.asked_on <= today)
    )
