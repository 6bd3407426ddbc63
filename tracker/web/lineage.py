"""What was asked before: proposed by likeness, confirmed by a coordinator, told on the pages of recommendations."""

from dataclasses import dataclass
from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict
from wtforms import SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from tracker import clock
from tracker.errors import NotFound, Refusal
from tracker.language import _
from tracker.models import Recommendation, Report
from tracker.queries import lineage as queries
from tracker.queries import recommendations
from tracker.queries.lineage import Before
from tracker.services import lineage
from tracker.web.access import Access, me, only, person
from tracker.web.forms import TrackerForm, stripped
from tracker.web.timelines import years_between

bp = Blueprint("lineage", __name__, url_prefix="/lineage")


@dataclass(frozen=True)
class Line:
    """What a page tells of when something was asked before and again, each with its address."""

    before: list[tuple[Before, str]]
    again: list[tuple[Recommendation, str]]
    today: date

    @property
    def first_on(self) -> date:
        """The day on which it was first asked."""
        return min(one.recommendation.report.issued_on for one, _url in self.before)

    @property
    def years(self) -> int:
        """Whole years since then."""
        return years_between(self.first_on, self.today)


def line_of(of: Recommendation) -> Line:
    """What whoever is signed in may see: an issuer all of it; a body what it was asked, and what is public."""
    today, is_reader = clock.today(), of.report.issuer_id in me().reads
    earlier, later = queries.earlier(of.id), queries.later(of.id)
    if is_reader:
        return Line(
            [(one, _inside(one.recommendation)) for one in queries.told(earlier, today)],
            [(one, _inside(one)) for one in later],
            today,
        )
    own = {one.recommendation.id: one for one in queries.told(earlier, today, to=me().body_ids)}
    public = {one.recommendation.id: one for one in queries.told_to_all(earlier, clock.now())}
    before = [
        (own[one.id], _inside(one)) if one.id in own else (public[one.id], _outside(one))
        for one in earlier
        if one.id in own or one.id in public
    ]
    return Line(before, [(one, _outside(one)) for one in queries.published(later, clock.now())], today)


def public_line_of(of: Recommendation) -> Line:
    """What everybody may see."""
    now = clock.now()
    return Line(
        [(one, _outside(one.recommendation)) for one in queries.told_to_all(queries.earlier(of.id), now)],
        [(one, _outside(one)) for one in queries.published(queries.later(of.id), now)],
        clock.today(),
    )


def _inside(one: Recommendation) -> str:
    return url_for("recommendations.show", report=one.report.slug, address=one.address)


def _outside(one: Recommendation) -> str:
    return url_for("public.recommendation", slug=one.report.slug, address=one.address)


class EarlierForm(TrackerForm):
    """An earlier recommendation, named by a coordinator."""

    earlier_report = SelectField(validators=[InputRequired()])
    code = StringField(filters=[stripped])

    @classmethod
    def about(cls, reports: list[Report]) -> "EarlierForm":
        """The form as sent, or empty, with the reports to choose from."""
        form: EarlierForm = cls.posted()
        form.earlier_report.label.text = _("Report")
        form.earlier_report.choices = [SelectChoice(one.slug, one.title) for one in reports]
        form.code.label.text = _("Number, as printed")
        form.code.validators = [
            InputRequired(_("Type the number of the earlier recommendation, such as 2019/14.")),
            Length(max=60, message=_("Keep this text within %(limit)s characters.", limit=60)),
        ]
        return form


@bp.get("/<report>")
@only(Access.COORDINATORS)
def report(report: str) -> ResponseReturnValue:
    """The recommendations of a report, each with what it may restate."""
    found = _report(report)
    page = queries.page(found, after=request.args.get("after", -1, type=int))
    return render_template(
        "lineage/report.html",
        report=found,
        compared=page.compared,
        has_earlier=queries.has_earlier(found),
        next_url=url_for("lineage.report", report=report, after=page.next) if page.next is not None else None,
    )


def _report(slug: str) -> Report:
    found = next((one for one in recommendations.reports(me().coordinates) if one.slug == slug), None)
    if found is None:
        raise NotFound(_("There is no such report."))
    return found


@bp.route("/<report>/<address>", methods=["GET", "POST"])
@only(Access.COORDINATORS)
def show(report: str, address: str) -> ResponseReturnValue:
    """What was decided of one recommendation and earlier ones, and what is proposed; another one may be named."""
    of = _theirs(report, address)
    earlier = [one for one in recommendations.reports(me().coordinates) if one.issued_on < of.report.issued_on]
    form = EarlierForm.about([one for one in earlier if one.issuer_id == of.report.issuer_id])
    if request.method == "POST" and form.validate():
        try:
            decided = lineage.decide_named(of.id, form.earlier_report.data, form.code.data, by=person(), at=clock.now())
        except NotFound:
            raise
        except Refusal as wrong:
            form.code.errors = [str(wrong)]
        else:
            flash(_confirmed(of, decided.earlier), "success")
            return redirect(url_for("lineage.show", report=report, address=address))
    page = render_template(
        "lineage/show.html",
        recommendation=of,
        decided=queries.decided(of.id),
        proposed=queries.proposed(of),
        has_earlier=queries.has_earlier(of.report),
        form=form,
    )
    return page, 422 if form.errors else 200


@bp.post("/<report>/<address>/decisions")
@only(Access.COORDINATORS)
def decide(report: str, address: str) -> ResponseReturnValue:
    """Confirm that an earlier one asked the same, or say that it did not."""
    of, earlier = _theirs(report, address), _earlier(request.form)
    is_same = request.form.get("decision") == "same"
    lineage.decide(of.id, earlier.id, is_same=is_same, by=person(), at=clock.now())
    told = _confirmed(of, earlier) if is_same else _("%(earlier)s is not proposed any more.", earlier=_code(earlier))
    flash(told, "success")
    return redirect(url_for("lineage.show", report=report, address=address))


@bp.route("/<report>/<address>/take-back", methods=["GET", "POST"])
@only(Access.COORDINATORS)
def take_back(report: str, address: str) -> ResponseReturnValue:
    """Take a decision back, once it is confirmed."""
    of = _theirs(report, address)
    if "earlier" not in request.values:  # which one is chosen there
        return redirect(url_for("lineage.show", report=report, address=address))
    earlier = _earlier(request.values)
    if request.method == "POST":
        lineage.take_back(of.id, earlier.id, by=person(), at=clock.now())
        flash(_("Taken back: %(code)s and %(earlier)s.", code=_code(of), earlier=_code(earlier)), "success")
        return redirect(url_for("lineage.show", report=report, address=address))
    one = queries.standing(of.id, earlier.id)
    if one is None:
        raise NotFound(_("There is nothing to take back. It may have been done meanwhile."))
    return render_template("lineage/take_back.html", recommendation=of, one=one)


def _theirs(report: str, address: str) -> Recommendation:
    of = recommendations.recommendation(report, address)
    if of.report.issuer_id not in me().coordinates:
        raise NotFound(_("There is no such recommendation."))
    return of


def _earlier(sent: MultiDict[str, str]) -> Recommendation:
    slug, _slash, address = sent.get("earlier", "").partition("/")
    return _theirs(slug, address)


def _code(of: Recommendation) -> str:
    return of.code or of.address


def _confirmed(of: Recommendation, earlier: Recommendation) -> str:
    return _("%(code)s restates %(earlier)s.", code=_code(of), earlier=_code(earlier))
