"""Answers to review, the one that has waited longest first: file, or assess with reasons."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import IntegerField, RadioField, TextAreaField
from wtforms.validators import Length
from wtforms.widgets import HiddenInput

from tracker import clock
from tracker.domain.moves import TEXT_LIMIT, problems_of_assessment
from tracker.domain.vocabulary import FINDINGS, EntryKind, Implementation
from tracker.errors import NotFound, TimelineMoved
from tracker.language import _
from tracker.queries import addressees, entries
from tracker.queries.addressees import Row
from tracker.services import review
from tracker.web import access
from tracker.web.access import Access, only
from tracker.web.forms import TrackerForm, choices, code_of, stripped

bp = Blueprint("review", __name__)


class AssessmentForm(TrackerForm):
    """What the issuer finds, and why."""

    assessed = RadioField(validate_choice=False)
    reason = TextAreaField(filters=[stripped], validators=[Length(max=TEXT_LIMIT)])
    seen = IntegerField(widget=HiddenInput())

    @classmethod
    def about(cls, seen: int) -> "AssessmentForm":
        """The form as sent, or empty: a finding is never proposed."""
        form: AssessmentForm = cls.posted(seen=seen)
        form.assessed.choices = choices(FINDINGS)
        form.assessed.label.text = _("What do you find?")
        form.reason.label.text = _("Reasons and evidence")
        return form

    def finding(self) -> Implementation:
        """What was chosen; the rules refuse `not_assessed`, which stands for nothing."""
        return code_of(Implementation, self.assessed.data) or Implementation.NOT_ASSESSED

    def holds(self) -> bool:
        """Whether the assessment may be made; problems stand at their fields."""
        is_well_formed = self.validate()
        problems = problems_of_assessment(self.finding(), self.reason.data or "")
        self.take(problems)
        return bool(is_well_formed) and not problems


@bp.get("/review")
@only(Access.COORDINATORS)
def queue() -> ResponseReturnValue:
    """Every answer that waits, with how long."""
    rows = addressees.to_review(access.me().coordinates, clock.today())
    waiting = [(row, entries.told(row.standing.unreviewed)) for row in rows if row.standing.unreviewed]
    return render_template("review/queue.html", waiting=waiting, today=clock.today())


@bp.get("/review/<int:addressee_id>")
@only(Access.COORDINATORS)
def show(addressee_id: int) -> ResponseReturnValue:
    """What is claimed against what stands, and the two acts."""
    row = _row(addressee_id)
    return _page(row, AssessmentForm.about(entries.position(addressee_id)))


@bp.post("/review/<int:addressee_id>/assess")
@only(Access.COORDINATORS)
def assess(addressee_id: int) -> ResponseReturnValue:
    """Record a finding; an answer that waits is dealt with by it."""
    row = _row(addressee_id)
    form = AssessmentForm.about(entries.position(addressee_id))
    if not form.holds():
        return _page(row, form, 422)
    try:
        review.assess(
            addressee_id, form.finding(), form.reason.data, seen=form.seen.data, by=access.person(), at=clock.now()
        )
    except TimelineMoved as refusal:
        form.seen.data = entries.position(addressee_id)
        form.form_errors.append(str(refusal))
        return _page(row, form, 409)
    return _done(row, _("Your finding on %(code)s is on the timeline.", code=row.recommendation.code or ""))


@bp.post("/review/<int:addressee_id>/file")
@only(Access.COORDINATORS)
def file(addressee_id: int) -> ResponseReturnValue:
    """Take note of an answer without a finding."""
    row = _row(addressee_id)
    review.file(addressee_id, seen=request.form.get("seen", 0, type=int), by=access.person(), at=clock.now())
    return _done(
        row, _("The answer on %(code)s is filed; the finding stays as it was.", code=row.recommendation.code or "")
    )


def _row(addressee_id: int) -> Row:
    row = addressees.row(addressee_id, clock.today())
    if row.recommendation.report.issuer_id not in access.me().coordinates:
        raise NotFound(_("There is no such page, or it is not yours to see."))
    return row


def _page(row: Row, form: AssessmentForm, status: int = 200) -> tuple[str, int]:
    told = entries.timeline(row.addressee.id)
    answer = next((entry for entry in told if entry.seq == row.standing.unreviewed), None)
    found = next((entry for entry in told if entry.kind is EntryKind.ASSESSED), None)
    return render_template("review/show.html", row=row, form=form, found=found, answer=answer), status


def _done(row: Row, sentence: str) -> ResponseReturnValue:
    """On to the next answer that waits, or back to the recommendation."""
    flash(sentence, "success")
    waiting = addressees.to_review(access.me().coordinates, clock.today())
    if waiting:
        return redirect(url_for("review.show", addressee_id=waiting[0].addressee.id))
    of = row.recommendation
    return redirect(url_for("recommendations.show", report=of.report.slug, address=of.address))
