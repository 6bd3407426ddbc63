"""What a digest of reminders says to one person."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import Session

from tracker import language
from tracker.domain.references import code_order
from tracker.domain.vocabulary import EntryKind
from tracker.models import Addressee, Body, Entry, ExpectedReply, Recommendation, Report, StandingRow
from tracker.queries import entries


@dataclass(frozen=True)
class Item:
    """One recommendation in a digest."""

    body_id: int
    body: str
    report: str
    code: str
    text: str
    asked_on: date
    due_on: date
    days_late: int
    """Days since the due date; 0 where it is not past."""
    answered_on: date | None
    last_answer: str
    question: str
    """What the issuer asked back; empty where a round asked."""
    issuer: str


@dataclass(frozen=True)
class Group:
    """The items put to one body in one report."""

    body: str
    report: str
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Asked:
    """What one addressee is asked: of an expected reply, or of one that is about to be."""

    addressee_id: int
    asked_on: date
    due_on: date
    question: int | None = None
    """The entry that asked, where it returned an answer with a question."""


def asked(session: Session, replies: Collection[int]) -> list[Asked]:
    """What these expected replies ask."""
    question = case((Entry.kind == EntryKind.RETURNED, Entry.seq))
    columns = (ExpectedReply.addressee_id, ExpectedReply.asked_on, ExpectedReply.due_on, question)
    by = Entry.seq == ExpectedReply.asked_seq
    rows = session.execute(select(*columns).join(Entry, by).where(ExpectedReply.id.in_(replies)))
    return [Asked(*row) for row in rows]


@dataclass(frozen=True)
class Form:
    """The form of one body that a digest leads to."""

    body_id: int
    issuer_id: int
    round_id: int | None
    """The latest round that asks; None where only questions do."""
    due_on: date
    """The latest day by which a reply in it is due."""


def forms(session: Session, replies: Collection[int]) -> list[Form]:
    """The forms in which these expected replies are answered, one a body and issuer."""
    return [Form(*row) for row in session.execute(_forms().where(ExpectedReply.id.in_(replies)))]


def form_of(session: Session, body_id: int, issuer_id: int) -> Form | None:
    """The form of a body for all that an issuer expects of it now; None where that is nothing."""
    of_it = (StandingRow.body_id == body_id, Report.issuer_id == issuer_id, ExpectedReply.is_open)
    row = session.execute(_forms().where(*of_it)).one_or_none()
    return Form(*row) if row else None


def _forms() -> Select[int, int, int | None, date]:
    latest = (func.max(ExpectedReply.round_id), func.max(ExpectedReply.due_on))
    return (
        select(StandingRow.body_id, Report.issuer_id, *latest)
        .select_from(ExpectedReply)
        .join(StandingRow, StandingRow.addressee_id == ExpectedReply.addressee_id)
        .join(Addressee, Addressee.id == ExpectedReply.addressee_id)
        .join(Recommendation, Recommendation.id == Addressee.recommendation_id)
        .join(Report, Report.id == Recommendation.report_id)
        .where(StandingRow.until_on.is_(None))
        .group_by(StandingRow.body_id, Report.issuer_id)
        .order_by(StandingRow.body_id, Report.issuer_id)
    )


def items(session: Session, wanted: Collection[Asked], today: date) -> list[Item]:
    """The recommendations that are asked about, in the language in use: questions first, then overdue, then by code."""
    by_addressee = {one.addressee_id: one for one in wanted}
    rows = session.execute(
        select(Addressee, StandingRow, Body)
        .join(StandingRow, (StandingRow.addressee_id == Addressee.id) & StandingRow.until_on.is_(None))
        .join(Body, Body.id == StandingRow.body_id)
        .where(Addressee.id.in_(by_addressee))
    )
    found = [_item(addressee, standing, body, by_addressee[addressee.id], today) for addressee, standing, body in rows]
    return sorted(found, key=_urgency)


def _urgency(one: Item) -> tuple[object, ...]:
    return not one.question, not one.days_late, one.due_on, one.body, one.report, code_order(one.code)


def _item(addressee: Addressee, standing: StandingRow, body: Body, asked: Asked, today: date) -> Item:
    spoken = language.current()
    recommendation = addressee.recommendation
    voices = [standing.response.label, standing.reported.label if standing.reported else ""]
    return Item(
        body_id=body.id,
        body=body.name(spoken),
        report=recommendation.report.title,
        code=recommendation.code or recommendation.address,
        text=recommendation.text(spoken).text,
        asked_on=asked.asked_on,
        due_on=asked.due_on,
        days_late=max(0, (today - asked.due_on).days),
        answered_on=standing.last_answer_on,
        last_answer=" · ".join(voice for voice in voices if voice),
        question=entries.told(asked.question).words.get("question", "") if asked.question else "",
        issuer=recommendation.report.issuer.name,
    )


def groups(ordered: list[Item]) -> list[Group]:
    """Items by body and report; groups stand in the order of their most urgent item."""
    places = {(one.body, one.report): n for n, one in reversed(list(enumerate(ordered)))}
    together = sorted(ordered, key=lambda one: places[one.body, one.report])
    return [Group(*place, tuple(found)) for place, found in groupby(together, key=lambda one: (one.body, one.report))]
