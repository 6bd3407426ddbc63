"""Asks: opens a follow-up round."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import insert
from sqlalchemy.orm import Session

from tracker import clock
from tracker.database import transaction
from tracker.domain import moves
from tracker.domain.acts import Act
from tracker.domain.vocabulary import EntryKind
from tracker.errors import NotFound, Refusal
from tracker.language import _
from tracker.models import Addressee, ExpectedReply, Person, Report, Round
from tracker.queries import people, rounds
from tracker.services import audit, timeline


class AskedMeanwhile(Refusal):
    """What would be asked is no longer what the page showed."""


class NobodyToAsk(Refusal):
    """Everyone was asked already, or is done: as after the second of two clicks."""


def open_round(
    issuer_id: int,
    title: str,
    due_on: Mapping[int, date],
    *,
    seen: str | None = None,
    by: Person | None,
    at: datetime,
) -> Round:
    """Ask every addressee of these reports that can be asked; `due_on` has a due date per id of a report.

    `seen` is the fingerprint of the preview that the decision was taken on.
    """
    today = clock.day_of(at)
    if not due_on:
        raise Refusal(_("Choose at least one report."))
    for day in due_on.values():
        moves.check(moves.problems_of_round(day, today=today))
    with transaction() as session:
        if by is not None and issuer_id not in people.rights(by).coordinates:
            raise NotFound(_("There is no such report."))
        asked = {report_id: _of_report(session, report_id, issuer_id) for report_id in sorted(due_on)}
        everyone = [one for of_report in asked.values() for one in of_report]
        if not everyone:
            raise NobodyToAsk(_("Everyone in these reports has been asked already, or is done."))
        if seen is not None and seen != rounds.fingerprint(everyone):
            raise AskedMeanwhile(_("Who would be asked has changed since you looked. Look again, then ask."))
        opened = Round(issuer_id=issuer_id, title=title, opened_at=at, opened_by_id=by.id if by else None)
        session.add(opened)
        session.flush()
        wanted = [
            (addressee, opened, due_on[report_id])
            for report_id, of_report in asked.items()
            for addressee, _body in of_report
        ]
        ask(session, wanted, by=by, at=at)
        about, n = ("round", opened.id), len(everyone)
        audit.note(session, Act.ROUND_OPENED, about, by=by, issuer_id=issuer_id, at=at, n=n)
        return opened


def ask(session: Session, wanted: Sequence[tuple[Addressee, Round, date]], *, by: Person | None, at: datetime) -> None:
    """Expect a reply of each of these addressees, within a round and by a day, in the caller's transaction."""
    if not wanted:
        return
    # As rows: a round may ask thousands, and meanwhile nobody else writes.
    added = timeline.append_rows(
        session,
        [
            timeline.Addition(addressee, EntryKind.ASKED, {"round": round_.uid, "due_on": due_on})
            for addressee, round_, due_on in wanted
        ],
        by=by,
        at=at,
    )
    replies = [
        {
            "round_id": round_.id,
            "addressee_id": entry["addressee_id"],
            "asked_on": entry["counts_on"],
            "due_on": due_on,
            "original_due_on": due_on,
            "asked_seq": entry["seq"],
        }
        for (_addressee, round_, due_on), entry in zip(wanted, added, strict=True)
    ]
    session.connection().execute(insert(ExpectedReply), replies)


def _of_report(session: Session, report_id: int, issuer_id: int) -> list[tuple[Addressee, int]]:
    report = session.get(Report, report_id)
    if report is None or report.issuer_id != issuer_id:
        raise NotFound(_("There is no such report."))
    return rounds.askable(session, report_id)
