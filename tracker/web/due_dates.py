"""Moving a due date, of one reply or of all that a round still expects, and withdrawing a question."""

from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import TextAreaField

from tracker import clock
from tracker.domain.moves import TEXT_LIMIT, problems_of_due_date
from tracker.errors import NotAllowed, NotFound, TimelineMoved
from tracker.language import _, ngettext
from tracker.queries import addressees, entries
from tracker.queries import rounds as of_rounds
from tracker.queries.addressees import Row
from tracker.services import due_dates
from tracker.web import access
from tracker.web.access import Access, only
from tracker.web.forms import AtMost, DayField, SeenField, TrackerForm, stripped
from tracker.web.lists import page_of

bp = Blueprint("due_dates", __name__)


class DueDateForm(TrackerForm):
    """Another day, and why."""

    due_on = DayField()
    reason = TextAreaField(filters=[stripped], validators=[AtMost(TEXT_LIMIT)])
    seen = SeenField()

    @classmethod
    def about(cls, seen: int | None, due_on: date | None, *, is_sent: bool = True) -> "DueDateForm":
        """The form as sent, or with the present due date; of a round no single timeline was seen."""
        values: dict[str, Any] = {"seen": seen, "due_on": due_on}
        form: DueDateForm = cls.posted(**values) if is_sent else cls(None, **values)
        form.due_on.label.text = _("New due date")
        form.reason.label.text = _("Why it moves")
        if seen is None:
            del form.seen
        return form

    def by(self) -> date:
        """What was chosen; the rules refuse today, which stands for nothing."""
        return self.due_on.data or clock.today()

    def holds(self) -> bool:
        """Whether the date may move; problems stand at their fields."""
        is_well_formed = self.validate()
        problems = problems_of_due_date(self.due_on.data, self.reason.data or "", today=clock.today())
        self.take([one for one in problems if not self[one.field].errors])
        return bool(is_well_formed) and not problems


class WithdrawalForm(TrackerForm):
    """That no reply to a question is wanted any more, and why if it is to be said."""

    why = TextAreaField(filters=[stripped], validators=[AtMost(TEXT_LIMIT)])
    seen = SeenField()

    @classmethod
    def about(cls, seen: int, *, is_sent: bool) -> "WithdrawalForm":
        """The form as sent, or empty."""
        form: WithdrawalForm = cls.posted(seen=seen) if is_sent else cls(None, seen=seen)
        form.why.label.text = _("Why it is withdrawn")
        return form


@bp.route("/due-dates/<int:addressee_id>", methods=["GET", "POST"])
@only(Access.COORDINATORS)
def move(addressee_id: int) -> ResponseReturnValue:
    """Give one body another day for its reply."""
    row = _row(addressee_id)
    form = DueDateForm.about(entries.position(addressee_id), row.standing.reply_due_on)
    if request.method == "GET" or not form.holds():
        return _page(row, form=form, status=422 if form.errors else 200)
    try:
        due_dates.move(
            addressee_id,
            form.by(),
            form.reason.data,
            seen=form.seen.data or 0,
            by=access.person(),
            at=clock.now(),
        )
    except TimelineMoved as refusal:
        form.seen.show(entries.position(addressee_id))
        form.form_errors.append(str(refusal))
        return _page(_row(addressee_id), form=form, status=409)
    except NotAllowed as refusal:
        form.form_errors.append(str(refusal))
        return _page(row, form=form, status=422)
    code = row.recommendation.code or ""
    flash(_("The new due date of %(code)s stands on its timeline. The next reminder says it.", code=code), "success")
    return redirect(page_of(row))


@bp.post("/due-dates/<int:addressee_id>/withdraw-question")
@only(Access.COORDINATORS)
def withdraw_question(addressee_id: int) -> ResponseReturnValue:
    """Expect no reply to the question that was asked."""
    row = _row(addressee_id)
    form = WithdrawalForm.about(entries.position(addressee_id), is_sent=True)
    if not form.validate():
        return _page(row, withdrawal=form, status=422)
    try:
        due_dates.withdraw_question(
            addressee_id, form.why.data, seen=form.seen.data or 0, by=access.person(), at=clock.now()
        )
    except TimelineMoved as refusal:
        form.seen.show(entries.position(addressee_id))
        form.form_errors.append(str(refusal))
        return _page(_row(addressee_id), withdrawal=form, status=409)
    flash(_("The question is withdrawn. Nobody is reminded of it any more."), "success")
    return redirect(page_of(row))


@bp.route("/rounds/<int:round_id>/due-date", methods=["GET", "POST"])
@only(Access.COORDINATORS)
def move_round(round_id: int) -> ResponseReturnValue:
    """Give all who have not replied in a round another day."""
    round_ = of_rounds.by_id(round_id, access.me().coordinates)
    waiting = of_rounds.waiting(round_id)
    form = DueDateForm.about(None, max((one.due_on for one in waiting), default=None))
    if request.method == "POST" and form.holds():
        try:
            n = due_dates.move_round(round_id, form.by(), form.reason.data, by=access.person(), at=clock.now())
        except NotAllowed as refusal:
            form.form_errors.append(str(refusal))
        else:
            moved = ngettext(
                "One due date has moved. The next reminder says it.",
                "%(n)s due dates have moved. The next reminders say it.",
                n,
            )
            flash(moved, "success")
            return redirect(url_for("rounds.all_"))
    page = render_template("due_dates/round.html", form=form, round=round_, waiting=waiting)
    return page, 422 if form.errors else 200


def _page(
    row: Row, status: int = 200, *, form: DueDateForm | None = None, withdrawal: WithdrawalForm | None = None
) -> tuple[str, int]:
    """The page with its forms empty but for the one that was sent."""
    told = entries.timeline(row.addressee.id)
    position = told[0].entry.position if told else 0
    sent = withdrawal or form
    page = render_template(
        "due_dates/move.html",
        row=row,
        sent=sent,
        errors=sent.errors if sent else {},
        move=form or DueDateForm.about(position, row.standing.reply_due_on, is_sent=False),
        withdrawal=withdrawal or WithdrawalForm.about(position, is_sent=False),
        question=entries.open_questions([row.addressee.id]).get(row.addressee.id),
        there=page_of(row),
    )
    return page, status


def _row(addressee_id: int) -> Row:
    row = addressees.row(addressee_id, clock.today())
    if row.recommendation.report.issuer_id not in access.me().coordinates:
        raise NotFound(_("There is no such page, or it is not yours to see."))
    return row
