"""A form that was sent twice, as by a double click: recorded once, and answered twice as if each were the first."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.domain import chain
from tracker.errors import TimelineMoved
from tracker.language import _
from tracker.models import Entry, Person
from tracker.queries import entries
from tracker.services.timeline import Addition

_GIVEN_BY_WHAT_IS_EXPECTED = {"round", "question", "before", "asked_seq", "reply_due_on", "original_due_on"}
"""Facts of an entry that are not in its form."""


def earlier(
    session: Session, addressee_id: int, said: Addition, *, seen: int, by: Person, moved: str = ""
) -> Entry | None:
    """The entry that this form made before; None where the page that it was written on is up to date.

    Where anything else was written since, it is refused: with the sentence `moved`, or as to somebody who was reading.
    """
    last = entries.position(addressee_id)
    if seen == last:
        return None
    entry = session.scalar(select(Entry).filter_by(addressee_id=addressee_id, position=seen + 1))
    if entry is None or not _is_the_same(entry, said, by):
        reading = _("Someone wrote here while you were reading. Look at what is new, then decide again.")
        raise TimelineMoved(moved or reading)
    return entry


def _is_the_same(entry: Entry, said: Addition, by: Person) -> bool:
    """Whether the same person made it of the same page by saying the same."""
    if (entry.kind, entry.recorded_by_id) != (said.kind, by.id):
        return False
    told = entries.Told(entry)
    facts = {name: value for name, value in told.facts.items() if name not in _GIVEN_BY_WHAT_IS_EXPECTED}
    is_same = chain.canonical(facts) == chain.canonical(said.facts)
    return is_same and chain.canonical(told.words) == chain.canonical(said.text or {})
