"""What a coordinator should know at the beginning of a week."""

import json
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session

from tracker import language
from tracker.domain.vocabulary import EntryKind, Response
from tracker.models import Addressee, Body, ChainHead, Entry, OutgoingMail, Recommendation, Report, StandingRow
from tracker.queries import mailing
from tracker.queries.addressees import has_focal_point


@dataclass(frozen=True)
class Arrived:
    """An answer that arrived in the week."""

    code: str
    body: str
    response: str


@dataclass(frozen=True)
class OfBody:
    """How many replies of one body, and the oldest due date among them."""

    body: str
    n: int
    oldest_due_on: date


@dataclass(frozen=True)
class Week:
    """The facts of the coordinators' digest, in the language in use."""

    arrived: tuple[Arrived, ...]
    n_unreviewed: int
    overdue: tuple[OfBody, ...]
    without_focal_point: tuple[OfBody, ...]
    troubles: tuple[mailing.Trouble, ...]
    head_seq: int
    head_hash: str

    @property
    def is_empty(self) -> bool:
        """Nothing that a coordinator could act on."""
        return not (self.arrived or self.n_unreviewed or self.overdue or self.without_focal_point or self.troubles)


def last_written(session: Session, person_id: int, issuer_id: int) -> datetime | None:
    """When the last digest of an issuer to a person was composed: the next one tells what came after it."""
    of_both = (OutgoingMail.person_id == person_id, OutgoingMail.issuer_id == issuer_id, OutgoingMail.kind == "weekly")
    is_told = or_(OutgoingMail.why.is_(None), OutgoingMail.why != "not_composed")
    return session.scalar(select(func.max(OutgoingMail.created_at)).where(*of_both, is_told))


def week(session: Session, issuer_id: int, since: datetime, until: datetime, today: date) -> Week:
    """What happened to the reports of an issuer between two moments, and what is open today."""
    expected = _expected(issuer_id)
    head = session.scalars(select(ChainHead)).one()
    return Week(
        arrived=_arrived(session, issuer_id, since, until),
        n_unreviewed=session.scalar(_of_issuers(select(func.count()), issuer_id, StandingRow.unreviewed)) or 0,
        overdue=_by_body(session, expected.where(StandingRow.reply_due_on < today, has_focal_point(today))),
        without_focal_point=_by_body(session, expected.where(~has_focal_point(today))),
        troubles=tuple(mailing.troubles(session, issuer_ids=(issuer_id,))),
        head_seq=head.seq,
        head_hash=head.hash,
    )


def _of_issuers(statement: Select, issuer_id: int, column: object) -> Select:  # type: ignore[type-arg]
    return (
        statement.select_from(StandingRow)
        .join(Addressee, Addressee.id == StandingRow.addressee_id)
        .join(Recommendation, Recommendation.id == Addressee.recommendation_id)
        .join(Report, Report.id == Recommendation.report_id)
        .where(
            StandingRow.until_on.is_(None),
            column.is_not(None),  # type: ignore[attr-defined]
            Report.issuer_id == issuer_id,
            ~Recommendation.is_hidden,
        )
    )


def _expected(issuer_id: int) -> Select:  # type: ignore[type-arg]
    columns = select(StandingRow.body_id, func.count(), func.min(StandingRow.reply_due_on))
    return _of_issuers(columns, issuer_id, StandingRow.reply_due_on).group_by(StandingRow.body_id)


def _by_body(session: Session, statement: Select) -> tuple[OfBody, ...]:  # type: ignore[type-arg]
    rows = session.execute(statement).all()
    found = [OfBody(session.get_one(Body, id_).name(language.current()), n, oldest) for id_, n, oldest in rows]
    return tuple(sorted(found, key=lambda one: (one.oldest_due_on, language.order_of(one.body))))


def _arrived(session: Session, issuer_id: int, since: datetime, until: datetime) -> tuple[Arrived, ...]:
    """What was answered, each by the body that acted when it did; who was addressed where it has ended since."""
    acted = and_(
        StandingRow.addressee_id == Entry.addressee_id,
        StandingRow.from_on <= Entry.counts_on,
        or_(StandingRow.until_on.is_(None), StandingRow.until_on > Entry.counts_on),
    )
    rows = session.execute(
        select(Entry.facts, Addressee, Body)
        .join(Addressee, Addressee.id == Entry.addressee_id)
        .join(Recommendation, Recommendation.id == Addressee.recommendation_id)
        .join(Report, Report.id == Recommendation.report_id)
        .outerjoin(StandingRow, acted)
        .outerjoin(Body, Body.id == StandingRow.body_id)
        .where(Entry.kind == EntryKind.ANSWERED, Report.issuer_id == issuer_id)
        .where(Entry.recorded_at > since, Entry.recorded_at <= until)
        .order_by(Entry.seq)
    )
    return tuple(
        Arrived(
            addressee.recommendation.code or addressee.recommendation.address,
            (body or addressee.body).name(language.current()),
            Response(json.loads(facts)["response"]).label,
        )
        for facts, addressee, body in rows
    )
