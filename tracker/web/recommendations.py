"""The list of everything that was asked of bodies, and the page of one recommendation."""

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import TextAreaField
from wtforms.validators import DataRequired, Length

from tracker import clock, language
from tracker.domain.moves import TEXT_LIMIT
from tracker.domain.vocabulary import NOTHING, SEVEN, EntryKind, Implementation, Response, Role
from tracker.errors import NotFound
from tracker.language import N_, _
from tracker.queries import addressees, bodies, publication, recommendations, splits
from tracker.queries import terms as of_terms
from tracker.queries.addressees import Row
from tracker.queries.filters import DONE, NO_SECTION
from tracker.services import ends
from tracker.web import lineage, terms, timelines
from tracker.web.access import Access, me, only, person
from tracker.web.forms import TrackerForm, stripped
from tracker.web.kept_for_one import kept_for_one
from tracker.web.lists import NARROWED_BY, Asked, narrowed, page_of

bp = Blueprint("recommendations", __name__)

FLAGS = {
    "overdue": N_("Overdue"),
    "no_reply": N_("No reply yet"),
    "no_focal_point": N_("No focal point"),
    "answered": N_("Replied"),
    "recent": N_("Replied in the last 14 days"),
    "unreviewed": N_("To review"),
    "disputed": N_("Voices differ"),
    "open": N_("Open"),
    "closed": N_("Closed"),
    "stale": N_("Last reply over 13 months ago"),
}


class WithdrawalForm(TrackerForm):
    """Why a recommendation is withdrawn."""

    reason = TextAreaField(filters=[stripped])

    @classmethod
    def sent(cls) -> "WithdrawalForm":
        """The form as sent, or empty."""
        form: WithdrawalForm = cls.posted()
        form.reason.label.text = _("Why it is withdrawn")
        form.reason.validators = [
            DataRequired(_("Say why it is withdrawn; the reason stands on its timeline.")),
            Length(max=TEXT_LIMIT, message=_("Keep this text within %(limit)s characters.", limit=TEXT_LIMIT)),
        ]
        return form


@bp.get("/recommendations")
@only(Access.READERS)
@kept_for_one
def all_() -> tuple[str, int]:
    """The addressees that fit, 25 a page."""
    asked, by = Asked.now(), narrowed()
    after, before = (request.args.get(name, type=int) for name in ("after", "before"))
    page = addressees.page(asked.filters(**by), after=after, before=before)
    choices = _choices()
    return render_template(
        "recommendations/all.html",
        asked=asked,
        page=page,
        page_of=page_of,
        narrowed=by,
        choices=choices,
        told=_told(by, choices),
        previous_url=asked.listed(**by, before=str(page.previous)) if page.previous else None,
        next_url=asked.listed(**by, after=str(page.next)) if page.next else None,
        has_anything=bool(page.total) or bool(recommendations.reports(me().reads)),
        is_coordinator=me().is_coordinator,
    ), asked.status


def _choices() -> dict[str, dict[str, str]]:
    """What each filter may be set to, with its words."""
    statuses = {DONE: _("Implemented, fully or continuing"), **{code.value: code.label for code in SEVEN}}
    found = {**statuses, **{code.value: code.label for code in Implementation}}
    return {
        "report": {one.slug: one.title for one in recommendations.reports(me().reads)},
        "body": {one.slug: one.name(language.current()) for one in bodies.addressed()},
        "response": {code.value: code.label for code in Response},
        "reported": {**statuses, NOTHING: _("Nothing reported")},
        "assessed": found,
        "role": {code.value: code.label for code in Role},
        "flag": {code: _(words) for code, words in FLAGS.items()},
        **terms.choices(),
    }


def _told(by: dict[str, str], choices: dict[str, dict[str, str]]) -> list[str]:
    """What the list is narrowed to, in words."""
    told = []
    for name in (name for name in NARROWED_BY if name in by):
        words = _section(by[name]) if name == "section" else choices[name].get(by[name], by[name])
        if name == "reported":
            words = _("reported: %(status)s", status=words)
        elif name == "assessed":
            words = _("found: %(status)s", status=words)
        told.append(words)
    return told


def _section(wanted: str) -> str:
    if wanted == NO_SECTION:
        return _("Without a section")
    reports = [report.id for report in recommendations.reports(me().reads)]
    return next((one.title for one in recommendations.sections(reports) if str(one.id) == wanted), wanted)


@bp.get("/recommendations/<report>/<address>")
@only(Access.SIGNED_IN)
def show(report: str, address: str) -> ResponseReturnValue:
    """One recommendation, those it was put to, and what each voice said."""
    today = clock.today()
    recommendation = recommendations.recommendation(report, address)
    is_reader = recommendation.report.issuer_id in me().reads
    history = recommendations.history(recommendation.id)
    ended = next((one for one in history if one.kind is EntryKind.WITHDRAWN), None)
    parts = [(part, addressees.of_recommendation(part.id, today)) for part in splits.parts(recommendation.id)]
    # A withdrawn one is shown as it last stood, and what was split too.
    day = ended.counts_on - timelines.DAY if ended else today
    rows = addressees.of_recommendation(recommendation.id, day)
    duplicates = addressees.ended(recommendation.id, day) if is_reader else []
    if not is_reader:
        rows = _own(rows)
        parts = [(part, _own(theirs)) for part, theirs in parts if _own(theirs)]
        if not rows and not parts:
            raise NotFound(_("There is no such recommendation."))
    implementers = [row for row in rows if row.addressee.role is Role.IMPLEMENTER]
    asked = [row for _part, theirs in parts for row in theirs] if parts else rows
    acting = [row for row in asked if row.addressee.role is Role.IMPLEMENTER]
    withdrawal = None if parts else ended
    may_act = recommendation.report.issuer_id in me().coordinates and ended is None
    told = timelines.of([*rows, *duplicates], history, is_reader=is_reader)
    return render_template(
        "recommendations/show.html",
        recommendation=recommendation,
        history=history,
        rows=rows,
        implementers=implementers,
        relays=[row for row in rows if row not in implementers],
        parts=parts,
        split_on=ended.counts_on if parts and ended else None,
        whole=splits.whole(recommendation),
        asked=asked,
        acting=acting,
        pairs=[(row.standing.reported, row.standing.assessed) for row in acting],
        done=sum(row.standing.assessed in (Implementation.FULLY, Implementation.CONTINUING) for row in acting),
        years=timelines.years_between(recommendation.report.issued_on, today),
        duplicates=duplicates,
        timelines=told,
        line=lineage.line_of(recommendation),
        terms=of_terms.of_recommendation(recommendation.id) if is_reader else {},
        reachable={row.body.id for row in rows if row.is_reachable},
        open_id=_open(rows, told),
        withdrawal=withdrawal,
        is_reader=is_reader,
        is_public=publication.is_report_public(recommendation.report_id, clock.now()),
        may_act=may_act,
        may_split=may_act and recommendation.parent_id is None and not splits.was_spoken_of(recommendation.id),
    )


@bp.route("/recommendations/<report>/<address>/withdraw", methods=["GET", "POST"])
@only(Access.COORDINATORS)
def withdraw(report: str, address: str) -> ResponseReturnValue:
    """Ask it of nobody any more, with the reason."""
    recommendation = recommendations.recommendation(report, address)
    if recommendation.report.issuer_id not in me().coordinates:
        raise NotFound(_("There is no such recommendation."))
    form = WithdrawalForm.sent()
    if request.method == "POST" and form.validate():
        ends.withdraw(recommendation.id, form.reason.data, by=person(), at=clock.now())
        flash(_("%(code)s is withdrawn. Nobody is reminded of it any more.", code=recommendation.code or ""), "success")
        return redirect(url_for("recommendations.show", report=report, address=address))
    rows = addressees.of_recommendation(recommendation.id, clock.today())
    page = render_template("recommendations/withdraw.html", recommendation=recommendation, rows=rows, form=form)
    return page, 422 if form.errors else 200


def _own(rows: list[Row]) -> list[Row]:
    return [row for row in rows if row.standing.body_id in me().body_ids]


def _open(rows: list[Row], told: Mapping[int, timelines.Timeline]) -> int | None:
    """The addressee whose timeline is open: the one that was asked for, or where a voice was heard last."""
    wanted = request.args.get("open", type=int)
    if wanted in told or not rows:
        return wanted
    heard = [(told[row.addressee.id].last_heard, row.addressee.id) for row in rows]
    return min(heard, key=lambda one: (-one[0], one[1]))[1]
