"""What is not kept for ever: the bytes of mails after 90 days, drafts of answers that nobody will send."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, func, or_, select, update

from tracker.database import reading, transaction
from tracker.models import DraftAnswer, OutgoingMail, SharedDraft, StandingRow, Tick

MAILS_FOR = timedelta(days=90)
DRAFTS_FOR = timedelta(days=365)
EVERY = timedelta(days=1)
_ENDED = ("accepted", "failed", "cancelled", "superseded", "suppressed", "expired")


def is_due(at: datetime) -> bool:
    """Whether the last round is a day ago, by the system's clock."""
    with reading() as session:
        last = session.scalar(select(Tick.last_ok_at).where(Tick.name == "retention"))
    return last is None or last <= at - EVERY


def purge(now: datetime) -> int:
    """Forget what is too old at `now`; how many mails keep only their digest from here on.

    A mail that waited or was held for so long says nothing true any more, and ends as expired. A draft goes after a
    year, or when what it is about was withdrawn.
    """
    is_old = OutgoingMail.created_at <= now - MAILS_FOR
    waits = OutgoingMail.state.in_(("queued", "held"))
    has_bytes = func.length(OutgoingMail.content) > 0
    with transaction() as session:
        session.execute(update(OutgoingMail).where(is_old, waits).values(state="expired", why="expired"))
        session.execute(delete(DraftAnswer).where(or_(DraftAnswer.saved_at <= now - DRAFTS_FOR, ~_is_asked())))
        session.execute(delete(SharedDraft).where(SharedDraft.saved_at <= now - DRAFTS_FOR))
        old = update(OutgoingMail).where(is_old, OutgoingMail.state.in_(_ENDED), has_bytes).values(content=b"")
        return len(session.scalars(old.returning(OutgoingMail.id)).all())


def _is_asked() -> ColumnElement[bool]:
    """The condition that what a draft is about is still asked of somebody."""
    of_it = StandingRow.addressee_id == DraftAnswer.addressee_id
    return select(StandingRow.addressee_id).where(of_it, StandingRow.until_on.is_(None)).exists()
