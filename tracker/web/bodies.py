"""The register of bodies: under which names they are known, who answers for them, what they were asked."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker import clock, language
from tracker.domain.figures import Figures
from tracker.errors import Refusal
from tracker.language import _
from tracker.queries import addressees, bodies, directory, figures, ledger_pages, news, successions
from tracker.queries.figures import By
from tracker.services import bodies as services
from tracker.web import access
from tracker.web.access import Access, me, only
from tracker.web.body_forms import BodyForm, FactsForm
from tracker.web.lists import Asked, page_of

bp = Blueprint("bodies", __name__)

ROWS_ON_A_PAGE = 100
"""Of what one body was asked; the rest stands in the list."""
LATEST_MAILS = 5


@bp.get("/bodies")
@only(Access.READERS)
def all_() -> ResponseReturnValue:
    """Every body, or those that never replied, or those that cannot be written to."""
    asked = Asked.now()
    told = {row.figures.key: row for row in figures.overview(By.BODY, asked.filters())[0]}
    show = request.args.get("show", "")
    kept = {
        "no_reply": {key for key, row in told.items() if row.is_silent},
        "no_focal_point": {key for key, row in told.items() if row.figures.no_focal_point},
        "addressed": set(told),
    }
    register = bodies.register()
    return render_template(
        "bodies/all.html",
        asked=asked,
        show=show if show in kept else "",
        bodies=[body for body in register if show not in kept or body.slug in kept[show]],
        counts={"": len(register), **{name: len(slugs) for name, slugs in kept.items()}},
        told=told,
        silences=news.silences(
            [row.subject.id for row in told.values() if row.is_silent and row.subject], asked.filters()
        ),
        focal_points=bodies.focal_points(asked.day),
        ended=successions.ended(asked.day),
        keeps=me().is_keeper,
    ), asked.status


@bp.get("/bodies/<slug>")
@only(Access.READERS)
def show(slug: str) -> ResponseReturnValue:
    """One body."""
    asked = Asked.now()
    body = bodies.body(slug)
    reports, whole = figures.overview(By.REPORT, asked.filters(body=slug))
    page = addressees.page(asked.filters(body=slug), size=ROWS_ON_A_PAGE)
    return render_template(
        "bodies/show.html",
        asked=asked,
        body=body,
        whole=whole,
        silence=news.silences([body.id], asked.filters()).get(body.id) if _is_silent(whole) else None,
        reports=reports,
        page=page,
        page_of=page_of,
        by_report={
            row.figures.key: [one for one in page.rows if one.recommendation.report.slug == row.figures.key]
            for row in reports
        },
        answering=directory.answering(body.id, asked.day),
        members=bodies.members(body.id),
        member_of=bodies.member_of(body.id),
        above=bodies.above(body),
        below=bodies.below(body),
        is_coordinator=me().is_coordinator,
        around=successions.around(body, me().coordinates, clock.today()),
        keeps=me().is_keeper,
        mails=_latest_mails(slug) if me().coordinates else None,
    ), asked.status


@bp.route("/bodies/new", methods=["GET", "POST"])
@only(Access.KEEPERS)
def new() -> ResponseReturnValue:
    """Take a body into the register."""
    form = BodyForm.opened(bodies.register())
    if request.method == "POST" and form.validate():
        try:
            body = services.add(form.facts(), form.names(), form.slug.data, by=access.person(), at=clock.now())
        except Refusal as refusal:
            form.form_errors.append(str(refusal))
        else:
            flash(_("%(body)s is in the register.", body=body.name(language.current())), "success")
            return redirect(url_for("bodies.show", slug=body.slug))
    return render_template("bodies/new.html", form=form), 422 if form.errors else 200


@bp.route("/bodies/<slug>/change", methods=["GET", "POST"])
@only(Access.KEEPERS)
def change(slug: str) -> ResponseReturnValue:
    """Say anew what a body is."""
    body = bodies.body(slug)
    form = FactsForm.about(body, bodies.register())
    if request.method == "POST" and form.validate():
        try:
            services.change(slug, form.facts(), by=access.person(), at=clock.now())
        except Refusal as refusal:
            form.form_errors.append(str(refusal))
        else:
            flash(_("The body is changed."), "success")
            return redirect(url_for("bodies.show", slug=slug))
    return render_template("bodies/change.html", form=form, body=body), 422 if form.errors else 200


def _is_silent(whole: Figures) -> bool:
    """Something was put to it, it can be written to, and nothing was ever submitted."""
    return 0 < whole.addressees == whole.no_reply


def _latest_mails(slug: str) -> ledger_pages.Page:
    """The last that the ledger says of a body, for those who may read it."""
    return ledger_pages.page(ledger_pages.Filters(body=slug, issuer_ids=me().coordinates), size=LATEST_MAILS)
