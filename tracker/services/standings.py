"""Writes what is true of addressees, which is nothing but what their entries give."""

from collections.abc import Collection

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from tracker.domain.standing import fold
from tracker.models import Body, StandingRow
from tracker.queries import entries
from tracker.queries.portions import portions


def rewrite(session: Session, addressee_ids: Collection[int]) -> None:
    """Fold all entries of these addressees again: an answer on paper may count on a day in the past."""
    for ids in portions(addressee_ids):
        folded = {one: fold(of_it) for one, of_it in entries.happenings(session, ids).items()}
        slugs = {standing.body for standings in folded.values() for standing in standings}
        bodies = dict(session.execute(select(Body.slug, Body.id).where(Body.slug.in_(slugs))).all())
        rows = [
            {**vars(standing), "addressee_id": addressee_id, "body_id": bodies[standing.body]}
            for addressee_id, standings in folded.items()
            for standing in standings
        ]
        session.execute(delete(StandingRow).where(StandingRow.addressee_id.in_(ids)))
        if rows:
            session.connection().execute(insert(StandingRow), rows)
