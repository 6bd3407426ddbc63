"""The answers of a response sheet: what its statuses mean, said once, and then all of them on record."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import BooleanField, FieldList, FormField, SelectField, StringField
from wtforms.widgets import HiddenInput

from tracker import clock
from tracker.domain.vocabulary import ANSWERS, SEVEN, Channel
from tracker.errors import NotAccepted
from tracker.language import _, ngettext
from tracker.queries import import_answers as of_answers
from tracker.queries import imports as of_imports
from tracker.queries.import_answers import Wording
from tracker.services import import_answers
from tracker.services.import_answers import Meaning, Recorded, Sheet
from tracker.web import access, import_pages
from tracker.web.access import Access, only
from tracker.web.forms import DayField, PartForm, TrackerForm, choices
from tracker.web.import_pages import bp

ROWS_SHOWN = 200
_ON_PAPER = tuple(channel for channel in Channel if channel is not Channel.FORM)


class WordingForm(PartForm):
    """What one status means."""

    status = StringField(widget=HiddenInput())
    response = SelectField(validate_choice=False)
    reported = SelectField(validate_choice=False)


class SheetForm(TrackerForm):
    """How a response sheet is taken: the most frequent status first."""

    wordings = FieldList(FormField(WordingForm))
    received_on = DayField()
    channel = SelectField(validate_choice=False)
    leaves_out = BooleanField()

    @classmethod
    def about(cls, found: list[Wording]) -> "SheetForm":
        """As it was sent, or with what the statuses seem to say."""
        rows = [{"status": one.status, "response": one.response or "", "reported": one.reported or ""} for one in found]
        form: SheetForm = cls.posted(wordings=rows, channel=Channel.LETTER.value)
        for entry in form.wordings:
            entry.form.response.choices = [("", _("Choose")), *choices(ANSWERS)]
            entry.form.reported.choices = [("", _("Nothing reported")), *choices(SEVEN)]
            entry.form.response.label.text, entry.form.reported.label.text = _("Response"), _("Implementation")
        form.channel.choices = choices(_ON_PAPER)
        form.channel.label.text, form.received_on.label.text = _("How it came"), _("Received on")
        form.leaves_out.label.text = _("Leave out the lines that cannot be recorded")
        return form

    def sheet(self) -> Sheet:
        """What was said."""
        meanings = {
            entry.form.status.data: Meaning(
                next((one for one in ANSWERS if one == entry.form.response.data), None),
                next((one for one in SEVEN if one == entry.form.reported.data), None),
            )
            for entry in self.wordings
        }
        channel = next((one for one in _ON_PAPER if one == self.channel.data), Channel.LETTER)
        return Sheet(meanings, self.received_on.data, channel, bool(self.leaves_out.data))


@bp.route("/<int:import_id>/answers", methods=["GET", "POST"])
@only(Access.COORDINATORS)
def answers(import_id: int) -> ResponseReturnValue:
    """Look at the answers that a document holds, and record them."""
    review = import_pages.review(import_id)
    rows = of_answers.rows(review)
    found = of_answers.wordings(rows)
    form = SheetForm.about(found)
    problems: list[str] = []
    if request.method == "POST" and form.validate():
        try:
            done = import_answers.record(import_id, form.sheet(), by=access.person(), at=clock.now())
        except NotAccepted as refusal:
            problems = str(refusal).split("\n")
        else:
            flash(_done(done), "success")
            return redirect(url_for("imports.show", import_id=import_id))
    # Those about whom something must be said come first.
    ordered = sorted(rows, key=lambda row: row.addressee_id is not None)
    page = render_template(
        "imports/answers.html",
        import_=review.import_,
        rows=ordered[:ROWS_SHOWN],
        total=len(rows),
        doubtful=sum(row.addressee_id is None for row in rows),
        times={one.status: one.times for one in found},
        names=of_imports.body_names(),
        form=form,
        problems=problems,
    )
    return page, 422 if problems or form.errors else 200


def _done(done: Recorded) -> str:
    told = [
        ngettext("One answer was recorded.", "%(n)s answers were recorded.", done.added)
        if done.added
        else _("No answer was added.")
    ]
    if done.known:
        told.append(ngettext("One was there already.", "%(n)s were there already.", done.known))
    if done.left_out:
        told.append(ngettext("One line was left out.", "%(n)s lines were left out.", done.left_out))
    return " ".join(told)
