"""The timeline of one addressee as a page shows it: entries and, joined from the ledger, its mails."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from tracker import clock
from tracker.domain.vocabulary import EntryKind
from tracker.queries import bodies, entries, ledger
from tracker.queries.addressees import Row
from tracker.queries.entries import Told

DAY = timedelta(days=1)
_OF_THE_WHOLE = (EntryKind.TEXT_CORRECTED, EntryKind.WITHDRAWN, EntryKind.IMPORT_UNDONE)
"""What happens to a recommendation and stands on the timeline of each of its addressees."""
_VOICES = (EntryKind.ANSWERED, EntryKind.ASSESSED, EntryKind.RETURNED)


@dataclass(frozen=True)
class Happened:
    """One line of a timeline: an entry or a mail."""

    day: date
    at: datetime
    told: Told | None = None
    mail: ledger.Row | None = None
    corrected_on: date | None = None
    """When a later entry corrected it."""


@dataclass(frozen=True)
class Timeline:
    """What happened to one addressee, newest first, and the names it mentions."""

    lines: list[Happened]
    names: dict[str, str]

    @property
    def last_heard(self) -> int:
        """The number of the last answer, finding or question on it; nought where there is none."""
        return max((line.told.seq for line in self.lines if line.told and line.told.kind in _VOICES), default=0)


def of(rows: Sequence[Row], history: list[Told], *, is_reader: bool) -> dict[int, Timeline]:
    """The timelines of addressees. Their bodies see neither the issuer's notes nor why a mail did not leave."""
    ids = [row.addressee.id for row in rows]
    of_whole = [one for one in history if one.kind in _OF_THE_WHOLE]
    told = {one: [*found, *of_whole] for one, found in entries.timelines(ids).items()}
    mails = ledger.of_addressees(ids)
    names = bodies.names({str(one.facts["body"]) for of_it in told.values() for one in of_it if "body" in one.facts})
    return {one: Timeline(_lines(told[one], mails[one], is_reader), names) for one in ids}


def _lines(told: list[Told], mails: list[ledger.Row], is_reader: bool) -> list[Happened]:
    corrections = {one.entry.about: one.counts_on for one in told if one.kind is EntryKind.CORRECTED}
    lines = [
        Happened(one.counts_on, one.recorded_at, told=one, corrected_on=corrections.get(one.seq))
        for one in told
        if is_reader or one.kind is not EntryKind.NOTED
    ]
    lines += [
        Happened(clock.day_of(mail.at), mail.at, mail=mail) for mail in mails if is_reader or mail.state == "accepted"
    ]
    return sorted(lines, key=lambda one: (one.day, one.at, one.told.seq if one.told else 0), reverse=True)


def years_between(begin: date, end: date) -> int:
    """Whole years from one day to another."""
    return end.year - begin.year - ((end.month, end.day) < (begin.month, begin.day))
