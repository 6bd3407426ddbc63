"""The register of bodies: under which names they are known, who answers for them, what they were asked."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from tracker.queries import addressees, bodies, figures, ledger_pages, people
from tracker.queries.figures import By
from tracker.web.access import Access, me, only
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
        focal_points=bodies.focal_points(asked.day),
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
        reports=reports,
        page=page,
        page_of=page_of,
        by_report={
            row.figures.key: [one for one in page.rows if one.recommendation.report.slug == row.figures.key]
            for row in reports
        },
        focal_points=people.focal_points(body.id, asked.day),
        shows_addresses=bool(me().coordinates),
        mails=_latest_mails(slug) if me().coordinates else None,
    ), asked.status


def _latest_mails(slug: str) -> ledger_pages.Page:
    """The last that the ledger says of a body, for those who may read it."""
    return ledger_pages.page(ledger_pages.Filters(body=slug, issuer_ids=me().coordinates), size=LATEST_MAILS)
