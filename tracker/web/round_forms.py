"""What a coordinator chooses before a round: a title, reports, and a due date for each."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import SelectMultipleField, StringField, ValidationError
from wtforms.fields import Field

from tracker import clock
from tracker.domain.moves import problems_of_round
from tracker.language import _
from tracker.models import Report
from tracker.queries.rounds import Askable
from tracker.web.forms import DayField, PartForm, stripped


class RoundForm(PartForm):
    """A round before it is opened: its fields stand in the address of the preview and in the form that opens it."""

    title = StringField(filters=[stripped])
    report = SelectMultipleField(validate_choice=False)

    def validate_title(self, field: Field) -> None:
        """A title that fits."""
        if not field.data:
            raise ValidationError(_("Give the round a title: it tells this round from the next."))
        if len(field.data) > 200:
            raise ValidationError(_("The title must be 200 characters or fewer."))

    def validate_report(self, field: Field) -> None:
        """At least one report."""
        if not field.data:
            raise ValidationError(_("Choose at least one report."))

    @classmethod
    def about(cls, askable: Sequence[Askable], sent: MultiDict[str, str] | None = None, **values: Any) -> "RoundForm":
        """The form over these reports, as it was `sent` or with what is proposed."""
        dues = {_due(one.report): DayField(name=f"due-{one.report.slug}") for one in askable}
        form: RoundForm = type("RoundForm", (cls,), dues)(
            sent, data={**{_due(one.report): one.proposed_on for one in askable}, **values}
        )
        form.title.label.text = _("Title of the round")
        form.report.label.text = _("Reports")
        form.report.choices = [(one.report.slug, one.report.title) for one in askable]
        for one in askable:
            form.due(one.report).label.text = _("Replies due by")
        return form

    def due(self, report: Report) -> Field:
        """The field of a report's due date."""
        return self[_due(report)]

    def holds(self, askable: Sequence[Askable]) -> bool:
        """Whether the round may be opened as far as the form can tell. Only chosen reports need a date."""
        self.validate()
        for one in askable:
            field = self.due(one.report)
            if one.report.slug not in self.report.data:
                field.errors = []
            elif not field.errors:
                field.errors = [one.sentence for one in problems_of_round(field.data, today=clock.today())]
        return not self.errors

    def asks_someone(self, askable: Sequence[Askable]) -> bool:
        """Whether each chosen report has somebody to ask."""
        empty = [one.report.title for one in askable if one.report.slug in self.report.data and not one.addressees]
        self.report.errors = [
            *self.report.errors,
            *(_("Everyone in “%(report)s” has been asked already, or is done.", report=title) for title in empty),
        ]
        return not empty

    def chosen(self, askable: Sequence[Askable]) -> dict[Report, date]:
        """The due date of each chosen report."""
        return {one.report: self.due(one.report).data for one in askable if one.report.slug in self.report.data}


def _due(report: Report) -> str:
    return f"due_{report.id}"
