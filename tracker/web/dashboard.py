"""The dashboard: three sentences, then the figures that prove them, as of today or any other day."""

from datetime import timedelta

from flask import Blueprint, render_template, request

from tracker import clock
from tracker.domain.vocabulary import Response
from tracker.queries import addressees, figures, imports, installation, jobs, news, recommendations, successions
from tracker.queries.figures import By, Told
from tracker.queries.filters import DONE, RECENT
from tracker.web import terms
from tracker.web.access import Access, me, only
from tracker.web.kept_for_one import kept_for_one
from tracker.web.lists import Asked

bp = Blueprint("dashboard", __name__)

ROWS_AT_FIRST = 60
"""Of a long table; the rest follows on demand."""


@bp.get("/dashboard")
@only(Access.READERS)
@kept_for_one
def show() -> tuple[str, int]:
    """Where the follow-up stands."""
    asked = Asked.now(by_terms=True)
    by = By(request.args["by"]) if request.args.get("by") in set(By) else By.BODY
    bodies, whole = figures.overview(By.BODY, asked.filters())
    if not whole.addressees:
        has_anything = bool(recommendations.reports(me().reads))
        page = render_template(
            "dashboard/empty.html",
            asked=asked,
            choices=terms.choices(),
            has_anything=has_anything,
            is_coordinator=me().is_coordinator,
        )
        return page, asked.status
    reports, _whole = figures.overview(By.REPORT, asked.filters())
    rows = {By.BODY: bodies, By.REPORT: reports}.get(by) or figures.overview(by, asked.filters())[0]
    return render_template(
        "dashboard/show.html",
        asked=asked,
        choices=terms.choices(),
        by=by,
        whole=whole,
        answered=whole.addressees - whole.response[Response.AWAITED],
        news=news.news(asked.filters()),
        since=asked.day - RECENT + timedelta(days=1),
        bodies=bodies,
        silent=[row for row in bodies if row.is_silent],
        unreachable=[row for row in bodies if row.figures.no_focal_point],
        reports=reports,
        titles={report.id: report.title for report in recommendations.reports(me().reads)},
        **_table(by, rows, asked),
        to_do=_to_do() if asked.is_today and me().is_coordinator else None,
        DONE=DONE,
    ), asked.status


def _table(by: By, rows: list[Told], asked: Asked) -> dict[str, object]:
    """The rows of the large table; bodies that never replied stand last, in groups of their own."""
    shown = rows if "all" in request.args else rows[:ROWS_AT_FIRST]
    never = [row for row in shown if by is By.BODY and not row.answered]
    return {
        "rows": [row for row in shown if row not in never],
        "never": never,
        "silences": news.silences({row.subject.id for row in never if row.subject}, asked.filters()),
        "hidden_rows": len(rows) - len(shown),
    }


def _to_do() -> dict[str, object]:
    """What waits for a coordinator today."""
    return {
        "to_review": addressees.count_to_review(me().coordinates, clock.today()),
        "to_assign": successions.to_assign(me().coordinates, clock.today()),
        "to_import": imports.under_review(me().coordinates),
        "unread": [job for issuer_id in me().coordinates for job in jobs.unfinished(issuer_id)],
        "is_held": installation.installation().is_held,
    }
