"""Publishing, as a coordinator decides it: a report from a moment on, and what of it was reviewed."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker import clock, language
from tracker.errors import NotFound
from tracker.language import _, ngettext
from tracker.models import Report
from tracker.queries import addressees, recommendations
from tracker.queries import publication as published
from tracker.queries.addressees import Row
from tracker.queries.publication import Openness
from tracker.services import publication
from tracker.web.access import Access, me, only, person, settings
from tracker.web.publication_forms import PublicationForm

bp = Blueprint("publication", __name__, url_prefix="/publication")
SHOWN_AT_MOST = 200
"""Of what a preview lists; the count is of all."""


@bp.get("")
@only(Access.COORDINATORS)
def all_() -> ResponseReturnValue:
    """Every report: public, under embargo or not, and what was reviewed and is not public."""
    reports = recommendations.reports(me().coordinates)
    ids = [report.id for report in reports]
    return render_template(
        "publication/all.html",
        reports=reports,
        decisions=published.decisions(ids),
        counts=published.count_reviewed(ids),
        now=clock.now(),
    )


@bp.route("/<slug>", methods=["GET", "POST"])
@only(Access.COORDINATORS)
def show(slug: str) -> ResponseReturnValue:
    """Decide from when everybody may read a report."""
    report = _report(slug)
    decision = published.decision(report.id)
    embargo = decision.public_from if decision and decision.public_from > clock.now() else None
    form = PublicationForm.sent(embargo, language.clock_time(embargo, settings().timezone) if embargo else "")
    moment = form.moment() if request.method == "POST" else None
    if moment is not None:
        publication.publish_report(report.id, moment, by=person(), at=clock.now())
        flash(_published(report, is_now=moment <= clock.now()), "success")
        return redirect(url_for("publication.show", slug=slug))
    page = render_template(
        "publication/show.html",
        report=report,
        decision=decision,
        is_public=decision is not None and embargo is None,
        count=published.count_reviewed([report.id]).get(report.id, 0),
        form=form,
    )
    return page, 422 if request.method == "POST" else 200


def _published(report: Report, *, is_now: bool) -> str:
    if is_now:
        return _("%(report)s is public.", report=report.title)
    return _("%(report)s becomes public at the moment that you chose.", report=report.title)


@bp.route("/<slug>/take-back", methods=["GET", "POST"])
@only(Access.COORDINATORS)
def take_back(slug: str) -> ResponseReturnValue:
    """Show nothing of a report any more, once that was confirmed."""
    report = _report(slug)
    if request.method == "POST":
        publication.take_back_report(report.id, by=person(), at=clock.now())
        flash(_("%(report)s is not public any more.", report=report.title), "success")
        return redirect(url_for("publication.show", slug=slug))
    return render_template("publication/take_back.html", report=report)


@bp.route("/<slug>/reviewed", methods=["GET", "POST"])
@only(Access.COORDINATORS)
def reviewed(slug: str) -> ResponseReturnValue:
    """Everything that was reviewed and was never public, looked at, then published at once."""
    report = _report(slug)
    if request.method == "POST":
        # What was reviewed since the page was opened was not looked at, and waits.
        up_to = request.form.get("up_to", 0, type=int)
        n = publication.publish_reviewed(report.id, up_to=up_to, by=person(), at=clock.now())
        told = ngettext("%(n)s answer or finding is public.", "%(n)s answers and findings are public.", n)
        flash(told, "success")
        return redirect(url_for("publication.show", slug=slug))
    found = published.reviewed(report.id)
    return render_template(
        "publication/reviewed.html",
        report=report,
        found=found[:SHOWN_AT_MOST],
        count=len(found),
        up_to=published.last_seq(),
        names=addressees.acting_bodies([one.addressee.id for one in found[:SHOWN_AT_MOST]]),
        is_public=published.is_report_public(report.id, clock.now()),
    )


@bp.get("/addressees/<int:addressee_id>")
@only(Access.COORDINATORS)
def addressee(addressee_id: int) -> ResponseReturnValue:
    """What one addressee said and what was found, each with whether everybody may read it."""
    row = _row(addressee_id)
    return render_template(
        "publication/addressee.html",
        row=row,
        spoken=published.spoken(addressee_id),
        is_public=published.is_report_public(row.recommendation.report_id, clock.now()),
    )


@bp.post("/addressees/<int:addressee_id>/<int:seq>/publish")
@only(Access.COORDINATORS)
def publish(addressee_id: int, seq: int) -> ResponseReturnValue:
    """Let everybody read one answer or finding."""
    row = _row(addressee_id)
    publication.publish(addressee_id, seq, by=person(), at=clock.now())
    flash(_("Published: %(code)s.", code=row.recommendation.code or ""), "success")
    return redirect(url_for("publication.addressee", addressee_id=addressee_id))


@bp.route("/addressees/<int:addressee_id>/<int:seq>/take-back", methods=["GET", "POST"])
@only(Access.COORDINATORS)
def take_back_one(addressee_id: int, seq: int) -> ResponseReturnValue:
    """Show one answer or finding no more, once that was confirmed."""
    row = _row(addressee_id)
    if request.method == "POST":
        publication.take_back(addressee_id, seq, by=person(), at=clock.now())
        flash(_("Taken back: %(code)s.", code=row.recommendation.code or ""), "success")
        return redirect(url_for("publication.addressee", addressee_id=addressee_id))
    told = next((one for one, how in published.spoken(addressee_id) if one.seq == seq and how is Openness.PUBLIC), None)
    if told is None:
        abort(404)
    return render_template("publication/take_back_one.html", row=row, entry=told)


def _report(slug: str) -> Report:
    return published.report(slug, me().coordinates)


def _row(addressee_id: int) -> Row:
    row = addressees.row(addressee_id, clock.today())
    if row.recommendation.report.issuer_id not in me().coordinates:
        raise NotFound(_("There is no such page, or it is not yours to see."))
    return row
