"""The forms in which the issuer speaks: what it finds, and what it asks back."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from wtforms import BooleanField, RadioField, TextAreaField

from tracker import clock
from tracker.domain.moves import problems_of_assessment, problems_of_question
from tracker.domain.vocabulary import FINDINGS, Implementation
from tracker.errors import TimelineMoved
from tracker.language import _
from tracker.queries import entries
from tracker.web.forms import DayField, SeenField, TrackerForm, choices, code_of, stripped

TO_REPLY = timedelta(days=30)
"""How long a body has to reply to a question, unless a coordinator says otherwise."""


class _MoveForm(TrackerForm):
    """A move on one timeline, decided on what its page showed."""

    seen = SeenField()

    seen_before: int | None = None
    """What the page had shown that was refused because someone wrote meanwhile."""

    def moved(self, addressee_id: int, refusal: TimelineMoved) -> None:
        """Someone wrote meanwhile: sent once more, with what is new in view, it is taken."""
        self.seen_before = self.seen.data or 0
        self.seen.show(entries.position(addressee_id))
        self.form_errors.append(str(refusal))


class AssessmentForm(_MoveForm):
    """What the issuer finds, and why."""

    assessed = RadioField(validate_choice=False)
    reason = TextAreaField(filters=[stripped])
    is_public = BooleanField()

    @classmethod
    def about(cls, seen: int, draft: Mapping[str, str] | None = None, *, is_sent: bool = True) -> "AssessmentForm":
        """The form as sent, or with a draft, or empty: a finding is never proposed."""
        form: AssessmentForm = cls.posted(seen=seen) if is_sent else cls.drafted(draft, {"seen": seen})
        form.assessed.choices = choices(FINDINGS)
        form.assessed.label.text = _("What do you find?")
        form.reason.label.text = _("Reasons and evidence")
        form.is_public.label.text = _("Publish the finding at once")
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


class FilingForm(_MoveForm):
    """Whether everybody may read the answer that is filed."""

    is_public = BooleanField(id="file-is_public")

    @classmethod
    def about(cls, seen: int, *, is_sent: bool = True) -> "FilingForm":
        """The form as sent, or empty: nothing is published by oversight."""
        form: FilingForm = cls.posted(seen=seen) if is_sent else cls(None, seen=seen)
        form.is_public.label.text = _("Publish the answer at once")
        return form


class QuestionForm(_MoveForm):
    """What the issuer wants to know, and by when."""

    question = TextAreaField(filters=[stripped])
    due_on = DayField()

    @classmethod
    def about(cls, seen: int, draft: Mapping[str, str] | None = None, *, is_sent: bool = True) -> "QuestionForm":
        """The form as sent, or with a draft, or empty with a month to reply."""
        values: dict[str, Any] = {"seen": seen, "due_on": clock.today() + TO_REPLY}
        form: QuestionForm = cls.posted(**values) if is_sent else cls.drafted(draft, values)
        form.question.label.text = _("Your question")
        form.due_on.label.text = _("Reply expected by")
        return form

    def reply_by(self) -> date:
        """What was chosen; the rules refuse today, which stands for nothing."""
        return self.due_on.data or clock.today()

    def holds(self) -> bool:
        """Whether the answer may be returned with it; problems stand at their fields."""
        is_well_formed = self.validate()
        problems = problems_of_question(self.question.data or "", self.due_on.data, today=clock.today())
        self.take([one for one in problems if not self[one.field].errors])
        return bool(is_well_formed) and not problems
