"""Work that takes longer than a page may: asked for in a row, done by a worker, taken up again where one dies over it.

Leases run on the system's clock. What a job does is one function of `WORK`; mails are not among them, they have the
outbox.
"""

import hashlib
import json
import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, or_, select, update

from tracker import clock
from tracker.database import reading, transaction
from tracker.errors import ChangedMeanwhile, NotFound, NotReadable, Refusal
from tracker.intake import Progress, refusals
from tracker.language import N_, _
from tracker.models import Job, Person
from tracker.queries import people
from tracker.services import imports

LEASE = timedelta(seconds=90)
"""Renewed twice a minute and more often while there is anything new."""
TELL_EVERY = 0.5
"""Seconds between two words on how far it is."""
MOST_ATTEMPTS = 3
KEPT_FOR = timedelta(days=30)
"""How long a job that ended is remembered."""
_OPEN = ("waiting", "running")
_WHY = {
    "moved": N_("Someone corrected this import while it was read again, so nothing of it was changed."),
    "gone": N_("The import is no longer under review, so nothing of it was changed."),
    "interrupted": N_("Reading this document was interrupted several times. Save the annex alone, or try again later."),
}
log = logging.getLogger("tracker.worker")


class Stopped(Exception):
    """The job is no longer this worker's: it was cancelled, or the worker is to end."""


@dataclass(frozen=True)
class Claimed:
    """A job that a worker has in hand, with the token that proves it."""

    id: int
    token: int
    kind: str
    issuer_id: int
    name: str
    request: Mapping[str, Any]
    content: bytes
    asked_by: Person
    asked_at: datetime


def sentence(why: str) -> str:
    """Why a job failed and what to do, in the language in use."""
    return _(_WHY[why]) if why in _WHY else refusals.sentence(why)


def read(issuer_id: int, content: bytes, name: str, *, language: str | None, by: Person, at: datetime) -> int:
    """Ask that a document be read; the same one, asked for twice, is read once. The number of the job."""
    digest = hashlib.sha256(content).hexdigest()
    with transaction() as session:
        imports.must_coordinate(issuer_id, by)
        same = select(Job.id).filter_by(issuer_id=issuer_id, kind="read", digest=digest).where(Job.state.in_(_OPEN))
        if (under_way := session.scalar(same.limit(1))) is not None:
            return under_way
        job = Job(
            kind="read",
            issuer_id=issuer_id,
            name=name[:255],
            request=json.dumps({"language": language}),
            content=content,
            digest=digest,
            asked_at=at,
            asked_by_id=by.id,
        )
        session.add(job)
        session.flush()
        return job.id


def read_again(
    issuer_id: int, import_id: int, name: str, how: Mapping[str, object], *, by: Person, at: datetime
) -> int:
    """Ask that the document of an import be read otherwise; `how` is what `imports.read_again` takes."""
    with transaction() as session:
        imports.must_coordinate(issuer_id, by)
        request = json.dumps({"import_id": import_id, **how})
        job = Job(kind="read_again", issuer_id=issuer_id, name=name, request=request, asked_at=at, asked_by_id=by.id)
        session.add(job)
        session.flush()
        return job.id


def _read(job: Claimed, progress: Progress) -> int:
    import_ = imports.read(
        job.issuer_id,
        job.content,
        job.name,
        language=job.request["language"],
        by=job.asked_by,
        at=job.asked_at,
        progress=progress,
    )
    return import_.id


def _read_again(job: Claimed, progress: Progress) -> int:
    imports.read_again(**job.request, by=job.asked_by, progress=progress)
    return int(job.request["import_id"])


WORK: Mapping[str, Callable[[Claimed, Progress], int]] = {"read": _read, "read_again": _read_again}
"""What each kind of job does; it answers with the number of what came of it."""


def run_next(owner: str, *, stopping: Callable[[], bool] = lambda: False) -> bool:
    """Do one job, if any waits; whether there was one."""
    with reading() as session:
        if session.scalar(select(Job.id).where(_is_free(clock.wall())).limit(1)) is None:
            return False
    job = _claim(clock.wall())
    if job is None:
        return False
    log.info("job %d: %s takes it up, attempt %d", job.id, owner, job.token)
    try:
        result = WORK[job.kind](job, _progress(job, stopping))
    except Stopped:
        _give_back(job)
    except NotReadable as refusal:
        _end(job, why=refusal.code)
    except ChangedMeanwhile:
        _end(job, why="moved")
    except (NotFound, Refusal):
        _end(job, why="gone")
    else:
        _end(job, result_id=result)
    return True


def _is_free(at: datetime) -> ColumnElement[bool]:
    return or_(Job.state == "waiting", and_(Job.state == "running", Job.leased_until < at))


def _claim(at: datetime) -> Claimed | None:
    """Take the oldest job that waits or whose worker died; one that kills every worker is given up."""
    with transaction() as session:
        job = session.scalar(select(Job).where(_is_free(at)).order_by(Job.id).limit(1))
        if job is None:
            return None
        if job.attempts >= MOST_ATTEMPTS:
            job.state, job.why, job.leased_until, job.ended_at, job.content = "failed", "interrupted", None, at, b""
            return None
        job.state, job.leased_until, job.attempts = "running", at + LEASE, job.attempts + 1
        job.done = job.of = 0
        by = session.get_one(Person, job.asked_by_id)
        return Claimed(
            job.id, job.attempts, job.kind, job.issuer_id, job.name, json.loads(job.request), job.content, by,
            job.asked_at,
        )  # fmt: skip


def _mine(job: Claimed) -> tuple[ColumnElement[bool], ...]:
    return (Job.id == job.id, Job.attempts == job.token, Job.state == "running")


def _progress(job: Claimed, stopping: Callable[[], bool]) -> Progress:
    """Writes down how far the job is, which keeps its lease; raises where it is not to go on."""
    told_at = 0.0

    def tell(done: int, of: int, unit: str) -> None:
        nonlocal told_at
        if time.monotonic() - told_at < TELL_EVERY:
            return
        told_at = time.monotonic()
        with transaction() as session:
            how_far = {"done": done, "of": of, "unit": unit, "leased_until": clock.wall() + LEASE}
            if (
                stopping()
                or not session.scalars(update(Job).where(*_mine(job)).values(how_far).returning(Job.id)).all()
            ):
                raise Stopped

    return tell


def _give_back(job: Claimed) -> None:
    """Let another worker take it up at once; one that was cancelled stays so."""
    back = {"state": "waiting", "leased_until": None, "attempts": job.token - 1}
    with transaction() as session:
        session.execute(update(Job).where(*_mine(job)).values(back))


def _end(job: Claimed, *, result_id: int | None = None, why: str | None = None) -> None:
    values = {
        "state": "failed" if why else "done",
        "why": why,
        "result_id": result_id,
        "content": b"",
        "leased_until": None,
        "ended_at": clock.wall(),
    }
    with transaction() as session:
        session.execute(update(Job).where(*_mine(job)).values(values))


def cancel(job_id: int, *, by: Person) -> None:
    """Have a job not be done, or not be finished; what is over is put out of sight."""
    with transaction() as session:
        job = session.get(Job, job_id)
        if job is None or job.issuer_id not in people.rights(by).coordinates:
            raise NotFound(_("There is no such work. It may have been cancelled."))
        if job.state != "done":
            job.state, job.why, job.leased_until, job.content = "cancelled", None, None, b""
            job.ended_at = clock.wall()


def forget(at: datetime) -> None:
    """Forget what ended long ago."""
    with transaction() as session:
        session.execute(delete(Job).where(Job.ended_at < at - KEPT_FOR))
