"""Notices in every session when something changes that public pages tell and no entry does.

What happens to recommendations moves the head of the chain; all else moves `Installation.public_version`. The two
together are the version by which public pages are kept.
"""

from typing import Any

from sqlalchemy import event, update
from sqlalchemy.orm import ORMExecuteState, Session

from tracker.models.addressees import AddresseeWording
from tracker.models.bodies import Body, BodyName, FocalPoint
from tracker.models.issuers import Installation, Issuer
from tracker.models.people import Person
from tracker.models.reports import Publication, RecommendationText, Report, Section
from tracker.models.restatements import Restatement

# Silence is told of bodies that can be written to, which hangs on their focal points.
_TOLD = (
    *(AddresseeWording, Body, BodyName, FocalPoint, Issuer, Person),
    *(Publication, RecommendationText, Report, Restatement, Section),
)


def move_public_version(session: Session) -> None:
    """Have public pages built anew; for what changes them past this session's objects."""
    session.connection().execute(
        update(Installation.__table__).values(public_version=Installation.public_version + 1)  # type: ignore[arg-type]
    )


@event.listens_for(Session, "before_flush")
def _notice(session: Session, _context: Any, _instances: Any) -> None:
    changed = [*session.new, *session.deleted, *(one for one in session.dirty if session.is_modified(one))]
    if any(isinstance(one, _TOLD) for one in changed):
        move_public_version(session)


@event.listens_for(Session, "do_orm_execute")
def _notice_statement(state: ORMExecuteState) -> None:
    is_change = state.is_update or state.is_insert or state.is_delete
    if is_change and state.bind_mapper is not None and issubclass(state.bind_mapper.class_, _TOLD):
        move_public_version(state.session)
