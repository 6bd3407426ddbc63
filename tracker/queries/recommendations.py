"""Recommendations, their addressees and reports."""

from collections.abc import Sequence

from sqlalchemy import select

from tracker import database
from tracker.errors import NotFound
from tracker.language import _
from tracker.models import Entry, Recommendation, Report, Section
from tracker.queries.entries import Told


def recommendation(report: str, address: str) -> Recommendation:
    """The recommendation of this report at this address."""
    found = database.session().scalar(
        select(Recommendation)
        .join(Recommendation.report)
        .where(Report.slug == report, Recommendation.address == address, ~Recommendation.is_hidden)
    )
    if found is None:
        raise NotFound(_("There is no such recommendation."))
    return found


def reports(issuer_ids: frozenset[int]) -> Sequence[Report]:
    """The reports of issuers, the latest first."""
    return (
        database.session()
        .scalars(select(Report).where(Report.issuer_id.in_(issuer_ids)).order_by(Report.issued_on.desc(), Report.id))
        .all()
    )


def sections(report_ids: list[int]) -> Sequence[Section]:
    """The sections of reports, in printed order."""
    return (
        database.session()
        .scalars(select(Section).where(Section.report_id.in_(report_ids)).order_by(Section.report_id, Section.position))
        .all()
    )


def history(recommendation_id: int) -> list[Told]:
    """What happened to a recommendation as such, the latest first: issued, corrected, withdrawn."""
    of_it = select(Entry).where(Entry.recommendation_id == recommendation_id, Entry.addressee_id.is_(None))
    return [Told(entry) for entry in database.session().scalars(of_it.order_by(Entry.seq.desc()))]
