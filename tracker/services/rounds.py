"""Asks: opens a follow-up round."""

from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy.orm import Session

from tracker import clock
from tracker.database import transaction
from tracker.domain.vocabulary import EntryKind
from tracker.errors import NotFound, Refusal
from tracker.language import _
from tracker.models import Addressee, ExpectedReply, Person, Report, Round
from tracker.queries import rounds
from tracker.services import timeline


def open_round(issuer_id: int, title: str, due_on: Mapping[int, date], *, by: Person | None, at: datetime) -> Round:
    """Ask every addressee of these reports that can be asked; `due_on` has a due date per id of a report."""
    today = clock.day_of(at)
    if not due_on:
        raise Refusal(_("Choose at least one report."))
    if any(day < today for day in due_on.values()):
        raise Refusal(_("A reply cannot be due in the past. Choose a later day."))
    with transaction() as session:
        opened = Round(issuer_id=issuer_id, title=title, opened_at=at, opened_by_id=by.id if by else None)
        session.add(opened)
        session.flush()
        asked = sum(
            _ask_report(session, opened, report_id, day, by=by, at=at) for report_id, day in sorted(due_on.items())
        )
        if not asked:
            raise Refusal(_("Everyone in these reports has been asked already, or is done."))
        return opened


def _ask_report(
    session: Session, opened: Round, report_id: int, due_on: date, *, by: Person | None, at: datetime
) -> int:
    report = session.get(Report, report_id)
    if report is None or report.issuer_id != opened.issuer_id:
        raise NotFound(_("There is no such report."))
    addressees = rounds.askable(session, report_id)
    for addressee, _body in addressees:
        _ask(session, opened, addressee, due_on, by=by, at=at)
    return len(addressees)


def _ask(
    session: Session, opened: Round, addressee: Addressee, due_on: date, *, by: Person | None, at: datetime
) -> None:
    facts = {"round": opened.uid, "due_on": due_on}
    entry = timeline.append(session, addressee, EntryKind.ASKED, facts, by=by, at=at)
    session.add(
        ExpectedReply(
            round_id=opened.id,
            addressee_id=addressee.id,
            asked_on=clock.day_of(at),
            due_on=due_on,
            original_due_on=due_on,
            asked_seq=entry.seq,
        )
    )
