"""The pages for everybody: what was recommended, what bodies reported, what was found. The same bytes for all."""

from collections.abc import Sequence
from datetime import date
from itertools import groupby
from typing import Any

from flask import Blueprint, Response, abort, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.domain.vocabulary import EntryKind, Role
from tracker.domain.vocabulary import Response as Responded
from tracker.models import Recommendation
from tracker.queries import bodies, exchange, figures, public, splits
from tracker.queries import installation as of_installation
from tracker.queries.figures import By
from tracker.queries.filters import Filters
from tracker.queries.public import Voices
from tracker.web import lineage, public_json
from tracker.web.access import Access, only, settings
from tracker.web.kept import begin, choose_language, kept
from tracker.web.timelines import DAY, years_between

bp = Blueprint("public", __name__)

ON_A_PAGE = 50
IN_FEED = 50
"""Changes in the feed."""
CHANGES = 8
FOUND_AT_MOST = 50
BODIES_AT_FIRST = 12
"""On the home page; the rest unfolds."""


@bp.url_defaults
def _keep_language(_endpoint: str, values: dict[str, object]) -> None:
    """Whoever chose a language in the address keeps it from page to page."""
    if g.get("asked_language"):
        values.setdefault("lang", g.asked_language)


@bp.context_processor
def _around() -> dict[str, object]:
    foot = {name: url_for(f"public.{page}") for name, page in _FOOT.items()}
    work = url_for("home.show", lang=g.get("asked_language"))
    canonical = f"{settings().base_url}{request.path}"
    return {
        "home_url": foot["public"],
        "foot": {**foot, "work": work},
        "canonical": canonical,
        "is_for_everybody": True,
        "language_is_asked": bool(g.get("asked_language")),
    }


_FOOT = {"public": "home", "accessibility": "accessibility", "privacy": "privacy"}


def _filters(**narrowed: str) -> Filters:
    issuers = frozenset(issuer.id for issuer in of_installation.issuers())
    return Filters(clock.today(), issuer_ids=issuers, **narrowed)


@bp.get("/")
@only(Access.EVERYONE)
@kept()
def home() -> str:
    """What became of the recommendations, per report and body, and what became public lately."""
    now = clock.now()
    reports = public.reports(now)
    if not reports:
        return render_template("public/empty.html")
    by_body, whole = figures.overview(By.BODY, _filters(), public=True)
    by_report, _whole = figures.overview(By.REPORT, _filters(), public=True)
    return render_template(
        "public/home.html",
        reports=[report for report, _moment in reports],
        by_report={row.figures.key: row for row in by_report},
        by_body=by_body,
        # Silence is told once a reply was due.
        silent=[row for row in by_body if row.is_silent and row.figures.overdue],
        whole=whole,
        count=public.count(now),
        changes=exchange.changes(now, at_most=CHANGES),
        today=clock.today(),
        bodies_at_first=BODIES_AT_FIRST,
    )


@bp.get("/r/<slug>")
@only(Access.EVERYONE)
@kept(is_paged=True)
def report(slug: str, page: int) -> str:
    """A report: its recommendations in printed order, under their sections."""
    now = clock.now()
    found = public.report(slug, now)
    rows, _whole = figures.overview(By.REPORT, _filters(report=slug), public=True)
    listed = public.count(now, found.id, with_parts=True)
    recommendations = public.of_report(found.id, now, first=_first(page, listed), size=ON_A_PAGE)
    return render_template(
        "public/report.html",
        report=found,
        row=rows[0] if rows else None,
        count=public.count(now, found.id),
        sections=[(section, list(those)) for section, those in groupby(recommendations, lambda one: one.section)],
        voices=_by_recommendation(recommendations),
        withdrawn=public.withdrawn_on([one.id for one in recommendations]),
        **_pages(page, listed, "public.report", slug=slug),
    )


def _by_recommendation(recommendations: Sequence[Recommendation]) -> dict[int, list[Voices]]:
    found: dict[int, list[Voices]] = {}
    for one in public.voices([one.id for one in recommendations], clock.now()):
        found.setdefault(one.recommendation.id, []).append(one)
    return found


def _first(page: int, count: int) -> int:
    """Where a page of a list begins; one behind the end is no page."""
    first = (page - 1) * ON_A_PAGE
    if first and first >= count:
        abort(404)
    return first


def _pages(page: int, count: int, endpoint: str, **values: Any) -> dict[str, str | None]:
    previous, following = page - 1 or None, page + 1 if page * ON_A_PAGE < count else None
    return {
        "previous_url": url_for(endpoint, page=previous if previous != 1 else None, **values) if previous else None,
        "next_url": url_for(endpoint, page=following, **values) if following else None,
    }


@bp.get("/r/<slug>/<address>")
@only(Access.EVERYONE)
@kept()
def recommendation(slug: str, address: str) -> str:
    """One recommendation at its permanent address: its wording, who says what, and the exchange."""
    found, voices, withdrawn_on = _recommendation(slug, address)
    parts = splits.parts(found.id)
    by_part = _by_recommendation(parts)
    voices = [one for part in parts for one in by_part.get(part.id, [])] or voices
    implementers = [one for one in voices if one.role is Role.IMPLEMENTER]
    exchanges = exchange.exchanges(found.id)
    return render_template(
        "public/recommendation.html",
        recommendation=found,
        parts=parts,
        by_part=by_part,
        whole=splits.whole(found),
        withdrawn=public.withdrawn_on([one.id for one in parts]),
        voices=voices,
        implementers=implementers,
        done=sum(one.is_done for one in implementers),
        replied=sum(one.response is not Responded.AWAITED for one in voices),
        years=years_between(found.report.issued_on, clock.today()),
        withdrawn_on=withdrawn_on,
        line=lineage.public_line_of(found),
        exchanges={key: lines for key, lines in exchanges.items() if any(_is_a_voice(line) for line in lines)},
        names=bodies.names({line.body for lines in exchanges.values() for line in lines if line.body}),
    )


def _is_a_voice(line: exchange.Spoken) -> bool:
    return line.kind in (EntryKind.ANSWERED, EntryKind.ASSESSED)


def _recommendation(slug: str, address: str) -> tuple[Recommendation, list[Voices], date | None]:
    """A recommendation with its addressees; one that was withdrawn with those of its last day."""
    now = clock.now()
    found = public.recommendation(slug, address, now)
    withdrawn_on = public.withdrawn_on([found.id]).get(found.id)
    return found, public.voices([found.id], now, on=withdrawn_on - DAY if withdrawn_on else None), withdrawn_on


@bp.get("/r/<slug>/<address>.json")
@only(Access.EVERYONE)
@kept()
def recommendation_json(slug: str, address: str) -> Response:
    """The same as data, in every language that there is."""
    found, voices, withdrawn_on = _recommendation(slug, address)
    return public_json.answer(found, voices, exchange.exchanges(found.id), withdrawn_on, lineage.public_line_of(found))


@bp.get("/b/<slug>")
@only(Access.EVERYONE)
@kept(is_paged=True)
def body(slug: str, page: int) -> str:
    """What was put to a body, and what became of it."""
    now = clock.now()
    found, after, public_ids = public.body(slug, now)
    rows, whole = figures.overview(By.REPORT, _filters(body=slug), public=True)
    voices = public.of_body(found.id, now, first=_first(page, whole.addressees), size=ON_A_PAGE)
    return render_template(
        "public/body.html",
        body=found,
        after=after,
        public_ids=public_ids,
        whole=whole,
        by_report={row.figures.key: row for row in rows},
        reports=[(report, list(those)) for report, those in groupby(voices, lambda one: one.recommendation.report)],
        **_pages(page, whole.addressees, "public.body", slug=slug),
    )


@bp.get("/find")
@only(Access.EVERYONE)
def find() -> ResponseReturnValue:
    """Recommendations by number or words, bodies by name; a number that fits one leads to it."""
    choose_language()
    begin()
    words = " ".join(request.args.get("q", "").split())[:100]
    g.kept_args = {"q": words}
    now = clock.now()
    found = public.find(words, now, at_most=FOUND_AT_MOST + 1) if words else []
    exact = [one for one in found if words.casefold() in ((one.code or "").casefold(), one.address.casefold())]
    if len(exact) == 1:
        return redirect(url_for("public.recommendation", slug=exact[0].report.slug, address=exact[0].address))
    page = render_template(
        "public/find.html",
        words=words,
        found=found[:FOUND_AT_MOST],
        has_more=len(found) > FOUND_AT_MOST,
        bodies=public.bodies_named(words, now, at_most=FOUND_AT_MOST) if words else [],
    )
    return page, {"Vary": "Accept-Language"}


@bp.get("/changes.atom")
@only(Access.EVERYONE)
@kept()
def changes() -> Response:
    """What became public lately, for readers of feeds."""
    now = clock.now()
    page = render_template("public/changes.xml", changes=exchange.changes(now, at_most=IN_FEED), today=clock.today())
    return Response(page, mimetype="application/atom+xml")


@bp.get("/accessibility")
@only(Access.EVERYONE)
@kept()
def accessibility() -> str:
    """How accessible these pages are, and whom to tell of what is not."""
    return render_template("public/accessibility.html", contact=settings().contact_email)


@bp.get("/privacy")
@only(Access.EVERYONE)
@kept()
def privacy() -> str:
    """Which personal data are kept here, and why."""
    return render_template("public/privacy.html", contact=settings().contact_email)
