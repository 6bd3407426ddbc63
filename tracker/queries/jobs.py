"""Work that was asked for, and how far it is."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import defer

from tracker import database
from tracker.errors import NotFound
from tracker.language import _
from tracker.models import Job


def job(job_id: int, *, of_issuers: Collection[int]) -> Job:
    """One job of these issuers, without its file."""
    found = database.session().get(Job, job_id, options=[defer(Job.content)], populate_existing=True)
    if found is None or found.issuer_id not in of_issuers or found.state == "cancelled":
        raise NotFound(_("There is no such work. It may have been cancelled."))
    return found


def unfinished(issuer_id: int) -> list[Job]:
    """What an issuer waits for, and what failed and was not put away, the latest first."""
    of_issuer = select(Job).filter_by(issuer_id=issuer_id).where(Job.state.in_(("waiting", "running", "failed")))
    return list(database.session().scalars(of_issuer.order_by(Job.id.desc()).options(defer(Job.content))))
