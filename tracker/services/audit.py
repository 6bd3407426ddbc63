"""What people did: one row, in the transaction of the act itself. Written here and nowhere else.

Doors say who has come in, and from where; a service says what was done. Facts are codes and numbers: what somebody
wrote stands on the timeline, at the entry with the `seq` that a row may name.
"""

import json
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from tracker import clock, logs
from tracker.database import reading, transaction
from tracker.domain.acts import Act
from tracker.models import AuditRow, Person, Recommendation

_TOLD = (Act.ROLE_CHANGED, Act.PERSON_DISABLED, Act.PERSON_ENABLED, Act.SESSIONS_ENDED)
"""What the log of security events tells too; who signs in and who is refused, doors tell it themselves."""
KEPT = timedelta(days=365)
"""Rows hold network addresses: they are personal data, and go after twelve months."""


@dataclass(frozen=True)
class Actor:
    """Who is acting in this request, command or tick."""

    door: str
    address: str | None = None
    person_id: int | None = None


_actor: ContextVar[Actor | None] = ContextVar("actor", default=None)


def come_in(door: str, *, address: str | None = None, person_id: int | None = None) -> None:
    """Say through which door the acts that follow come: `page`, `terminal` or `worker`."""
    _actor.set(Actor(door, address, person_id))


def note(
    session: Session,
    act: Act,
    about: tuple[str, object] | None = None,
    *,
    by: Person | None = None,
    issuer_id: int | None = None,
    at: datetime | None = None,
    **facts: object,
) -> None:
    """Add a row within the caller's transaction; `about` is a kind of thing and which one."""
    actor, at = _actor.get() or Actor("worker"), at or clock.now()
    kind, ref = about or (None, None)
    if act in _TOLD:
        logs.security(act.value, actor=by.uid if by else None, address=actor.address, about=f"{kind} {ref}")
    session.add(
        AuditRow(
            at=at,
            actor_id=by.id if by else actor.person_id,
            door=actor.door,
            address=actor.address,
            act=act.value,
            kind=kind,
            ref=None if ref is None else str(ref),
            issuer_id=issuer_id,
            facts=json.dumps(facts, sort_keys=True, default=str),
            keep_until=clock.day_of(at) + KEPT,
        )
    )


def note_about(
    session: Session, act: Act, recommendation: Recommendation, *, by: Person, at: datetime, seq: int
) -> None:
    """Add a row about what an entry on a recommendation's timeline tells."""
    report = recommendation.report
    about = ("recommendation", f"{report.slug}/{recommendation.address}")
    note(session, act, about, by=by, issuer_id=report.issuer_id, at=at, seq=seq)


def record(act: Act, about: tuple[str, object] | None = None, **facts: object) -> None:
    """Add a row about what changed nothing else: a page that was refused, figures that were taken out."""
    with transaction(is_told=False) as session:
        note(session, act, about, **facts)  # type: ignore[arg-type]  # facts never bear the names of the others


def purge(today: date) -> int:
    """Delete the rows whose time is over by the system's day; how many."""
    is_over = AuditRow.keep_until <= today
    with reading() as session:
        if session.scalar(select(AuditRow.id).where(is_over).limit(1)) is None:
            return 0
    with transaction() as session:
        return len(session.scalars(delete(AuditRow).where(is_over).returning(AuditRow.id)).all())
