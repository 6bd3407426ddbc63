"""A document that takes longer to read than a page may wait: how far it is, and what came of it."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.language import _
from tracker.models import Job
from tracker.queries import jobs as of_jobs
from tracker.services import jobs
from tracker.web import access
from tracker.web.access import Access, only
from tracker.web.import_pages import bp


def later(content: bytes, name: str, language: str | None) -> ResponseReturnValue:
    """Keep a document and have the worker read it."""
    job_id = jobs.read(access.issuer_id(), content, name, language=language, by=access.person(), at=clock.now())
    return redirect(url_for("imports.reading", job_id=job_id))


def how_far(job: Job) -> str:
    """How far a job is, in one sentence."""
    if job.state == "waiting":
        return _("It waits its turn.")
    if not job.of:
        return _("The file is being opened.")
    if job.unit == "pages":
        return _("Page %(done)s of %(of)s is read.", done=job.done, of=job.of)
    return _("%(done)s of %(of)s recommendations are understood.", done=job.done, of=job.of)


def why(job: Job) -> str:
    """Why a job failed, and what to do."""
    return jobs.sentence(job.why or "interrupted")


@bp.get("/reading/<int:job_id>")
@only(Access.COORDINATORS)
def reading(job_id: int) -> ResponseReturnValue:
    """How far the reading is; when it is done, the review."""
    job = of_jobs.job(job_id, of_issuers=access.me().coordinates)
    if job.state == "done":
        return redirect(url_for("imports.show", import_id=job.result_id))
    return render_template("imports/reading.html", job=job, how_far=how_far(job), why=why(job))


@bp.post("/reading/<int:job_id>/cancel")
@only(Access.COORDINATORS)
def cancel(job_id: int) -> ResponseReturnValue:
    """Have a document not be read, or put one away that could not be."""
    job = of_jobs.job(job_id, of_issuers=access.me().coordinates)
    jobs.cancel(job_id, by=access.person())
    if job.state in ("waiting", "running"):
        flash(_("%(name)s is not read any further. Nothing of it was added.", name=job.name), "success")
    return redirect(url_for("imports.all_"))
