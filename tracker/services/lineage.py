"""Says that a recommendation restates an earlier one, or that they only look alike; and takes it back."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.database import transaction
from tracker.domain.acts import Act
from tracker.errors import NotFound, Refusal
from tracker.language import _
from tracker.models import Person, Recommendation, Report, Restatement
from tracker.queries import people
from tracker.services import audit


def decide(recommendation_id: int, earlier_id: int, *, is_same: bool, by: Person, at: datetime) -> Restatement:
    """Put on record whether one asks again what an earlier one of the same issuer asked; once, until it is taken back.

    Deciding the same again changes nothing; deciding otherwise takes the decision back that stands.
    """
    with transaction() as session:
        later, earlier = _theirs(session, recommendation_id, by), _theirs(session, earlier_id, by)
        if earlier.report.issuer_id != later.report.issuer_id:
            raise NotFound(_("There is no such recommendation."))
        if earlier.report.issued_on >= later.report.issued_on:
            raise Refusal(
                _("Only a recommendation of an earlier report can have been asked before. Choose another one.")
            )
        before = _standing(session, later, earlier)
        if before is not None and before.is_same == is_same:
            return before
        if before is not None:
            _end(session, before, by, at)
        row = Restatement(
            recommendation=later, earlier=earlier, is_same=is_same, decided_at=at, decided_by=session.get(Person, by.id)
        )
        session.add(row)
        _note(session, Act.RESTATEMENT_CONFIRMED if is_same else Act.RESTATEMENT_DENIED, later, earlier, by, at)
        return row


def decide_named(recommendation_id: int, report: str, code: str, *, by: Person, at: datetime) -> Restatement:
    """The same of an earlier one that a coordinator names by its report and its number: it is the same."""
    with transaction() as session:
        wanted = select(Recommendation.id).join(Recommendation.report)
        there = wanted.where(Report.slug == report, ~Recommendation.is_hidden)
        found = session.scalar(there.where((Recommendation.code == code) | (Recommendation.address == code)).limit(1))
        if found is None:
            raise Refusal(_("There is no such number in that report. Type it as it is printed, such as 2019/14."))
    return decide(recommendation_id, found, is_same=True, by=by, at=at)


def take_back(recommendation_id: int, earlier_id: int, *, by: Person, at: datetime) -> None:
    """Take a decision back; it stays on record with who took it back and when."""
    with transaction() as session:
        later, earlier = _theirs(session, recommendation_id, by), _theirs(session, earlier_id, by)
        before = _standing(session, later, earlier)
        if before is None:
            raise NotFound(_("There is nothing to take back. It may have been done meanwhile."))
        _end(session, before, by, at)
        _note(session, Act.RESTATEMENT_TAKEN_BACK, later, earlier, by, at)


def _theirs(session: Session, recommendation_id: int, by: Person) -> Recommendation:
    found = session.get(Recommendation, recommendation_id)
    if found is None or found.is_hidden or found.report.issuer_id not in people.rights(by).coordinates:
        raise NotFound(_("There is no such recommendation."))
    return found


def _standing(session: Session, later: Recommendation, earlier: Recommendation) -> Restatement | None:
    of_pair = select(Restatement).filter_by(recommendation_id=later.id, earlier_id=earlier.id)
    return session.scalar(of_pair.where(Restatement.taken_back_at.is_(None)))


def _end(session: Session, one: Restatement, by: Person, at: datetime) -> None:
    one.taken_back_at, one.taken_back_by_id = at, by.id
    session.flush()  # before another one takes its place


def _note(session: Session, act: Act, later: Recommendation, earlier: Recommendation, by: Person, at: datetime) -> None:
    about = ("recommendation", f"{later.report.slug}/{later.address}")
    of = later.report.issuer_id
    into = f"{earlier.report.slug}/{earlier.address}"
    audit.note(session, act, about, by=by, issuer_id=of, at=at, earlier=into)
