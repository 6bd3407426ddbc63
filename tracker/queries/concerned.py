"""Which mails, reminders and replies concern an issuer: nobody reads another office's correspondence."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, Select, func, select, true
from sqlalchemy.orm import Session

from tracker.models import Addressee, Issuer, OutgoingMail, Recommendation, Reminder, Report

Issuers = Collection[int] | None
"""The ids of the issuers that someone may read of; None is all of them."""


def narrowed(session: Session, issuer_ids: Issuers) -> Issuers:
    """None where these are all the issuers there are: the usual case needs no condition."""
    if issuer_ids is None or (session.scalar(select(func.count(Issuer.id))) or 0) <= len(issuer_ids):
        return None
    return issuer_ids


def reminder(issuer_ids: Issuers) -> ColumnElement[bool]:
    """The condition that a reminder is about a recommendation of these issuers."""
    return true() if issuer_ids is None else Reminder.addressee_id.in_(addressees(issuer_ids))


def mail(issuer_ids: Issuers) -> ColumnElement[bool]:
    """The condition that a mail speaks for these issuers."""
    return true() if issuer_ids is None else OutgoingMail.issuer_id.in_(issuer_ids)


def issuer_of(session: Session, addressee_ids: Collection[int]) -> dict[int, int]:
    """The issuer of each addressee's recommendation."""
    rows = session.execute(
        select(Addressee.id, Report.issuer_id)
        .join(Recommendation, Recommendation.id == Addressee.recommendation_id)
        .join(Report, Report.id == Recommendation.report_id)
        .where(Addressee.id.in_(addressee_ids))
    )
    return {row[0]: row[1] for row in rows}


def addressees(issuer_ids: Collection[int]) -> Select[int]:
    """The ids of the addressees of these issuers' recommendations."""
    return (
        select(Addressee.id)
        .join(Recommendation, Recommendation.id == Addressee.recommendation_id)
        .join(Report, Report.id == Recommendation.report_id)
        .where(Report.issuer_id.in_(issuer_ids))
    )
