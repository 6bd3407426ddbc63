"""What a dashboard says in sentences: what arrived lately, what waits, and who was silent."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import aliased

from tracker import clock, database
from tracker.models import Addressee, Entry, ExpectedReply, OutgoingMail, Recommendation, Reminder, StandingRow
from tracker.queries.addressees import standings
from tracker.queries.filters import Filters, answered, answered_lately


@dataclass(frozen=True)
class News:
    """Counts of addressees on the day of a dashboard."""

    arrived: int
    """With a reply of the last fourteen days."""
    bodies: int
    """The bodies that these came from."""
    waiting: int
    """With an answer that nobody at the issuer has dealt with."""
    waiting_since: date | None
    """The day on which the oldest of those counts."""
    asked: int
    """That were asked for a reply, or gave one unasked."""


def news(filters: Filters) -> News:
    """What happened lately among the addressees that fit."""
    is_new = answered_lately(filters.as_of)
    is_asked = or_(StandingRow.reply_due_on.is_not(None), answered())
    counted = (
        standings()
        .outerjoin(Entry, Entry.seq == StandingRow.unreviewed)
        .where(*filters.conditions())
        .with_only_columns(
            func.count(case((is_new, 1))),
            func.count(case((is_new, StandingRow.body_id)).distinct()),
            func.count(StandingRow.unreviewed),
            func.min(Entry.counts_on),
            func.count(case((is_asked, 1))),
        )
    )
    return News(*database.session().execute(counted).one())


@dataclass(frozen=True)
class Silence:
    """What was tried with a body that never replied."""

    only: Recommendation | None
    """What it was asked, where that is one recommendation."""
    asked_on: date | None
    """When a reply was first asked for; None where none was."""
    due_on: date | None
    """When the first of its replies is due; None where none was asked for."""
    reminders: int
    last_on: date | None


def silences(body_ids: Collection[int], filters: Filters) -> dict[int, Silence]:
    """What was tried with each of these bodies up to the day of `filters`."""
    session = database.session()
    of_bodies = standings().where(*filters.conditions(), StandingRow.body_id.in_(body_ids))
    due = session.execute(
        of_bodies.with_only_columns(
            StandingRow.body_id, func.min(StandingRow.reply_due_on), func.count(), func.min(Recommendation.id)
        ).group_by(StandingRow.body_id)
    ).all()
    asked = of_bodies.join(ExpectedReply, ExpectedReply.addressee_id == Addressee.id)
    asked = asked.where(ExpectedReply.asked_on <= filters.as_of)
    acted = aliased(StandingRow)
    begun = (
        select(func.min(acted.from_on))
        .where(acted.addressee_id == Addressee.id, acted.body_id == StandingRow.body_id)
        .correlate(Addressee, StandingRow)
        .scalar_subquery()
    )
    # Whoever took over is asked since then, whatever had been asked before.
    since = case((ExpectedReply.asked_on > begun, ExpectedReply.asked_on), else_=begun)
    first = asked.with_only_columns(StandingRow.body_id, func.min(since))
    asked_on: dict[int, date] = dict(session.execute(first.group_by(StandingRow.body_id)).all())
    end = clock.moment_on(filters.as_of + timedelta(days=1))
    mails = session.execute(
        of_bodies.join(Reminder, Reminder.addressee_id == Addressee.id)
        .join(OutgoingMail, OutgoingMail.id == Reminder.outgoing_mail_id)
        .where(OutgoingMail.state == "accepted", OutgoingMail.accepted_at < end, Reminder.step != "ask")
        .with_only_columns(
            StandingRow.body_id, func.count(OutgoingMail.id.distinct()), func.max(OutgoingMail.accepted_at)
        )
        .group_by(StandingRow.body_id)
    ).all()
    reminded = {body_id: (n, clock.day_of(last_at)) for body_id, n, last_at in mails if last_at}
    only_ids = [recommendation_id for _body, _due, n, recommendation_id in due if n == 1]
    only = {one.id: one for one in session.scalars(select(Recommendation).where(Recommendation.id.in_(only_ids)))}
    return {
        body_id: Silence(only.get(recommendation_id), asked_on.get(body_id), due_on, *reminded.get(body_id, (0, None)))
        for body_id, due_on, _n, recommendation_id in due
    }
