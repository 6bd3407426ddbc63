"""A form that was sent twice, as by a double click: recorded once, and answered twice as if each were the first."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from tracker.domain.vocabulary import EntryKind
from tracker.errors import TimelineMoved
from tracker.models import Addressee, Entry, Person
from tracker.queries import entries


def earlier(
    session: Session,
    addressee: Addressee,
    kind: EntryKind,
    facts: Mapping[str, object],
    text: Mapping[str, object],
    *,
    seen: int,
    by: Person,
    moved: str,
) -> Entry | None:
    """The entry that this form made before; None where the page that it was written on is up to date.

    Where anything else was written since, it is refused with the sentence `moved`.
    """
    last = entries.last_position(session, addressee)
    if seen == last:
        return None
    entry = entries.repeated(session, addressee, kind, facts, text, seen=seen, by=by) if seen < last else None
    if entry is None:
        raise TimelineMoved(moved)
    return entry
