"""The forms in which an answer is written: by the body itself, or from paper by a coordinator."""

from collections.abc import Mapping
from datetime import date

from wtforms import RadioField, StringField, TextAreaField

from tracker.domain.moves import Answer, problems_of_answer
from tracker.domain.vocabulary import ANSWERS, SEVEN, Channel, Implementation, Response, Role
from tracker.language import _
from tracker.queries.addressees import Row
from tracker.queries.entries import Told
from tracker.web.forms import AtMost, DayField, SeenField, TrackerForm, choices, code_of, stripped

ON_PAPER = (Channel.LETTER, Channel.MAIL, Channel.MEETING, Channel.PHONE)


class AnswerForm(TrackerForm):
    """What a body answers to one recommendation."""

    response = RadioField(validate_choice=False)
    reported = RadioField(validate_choice=False)
    done = TextAreaField(filters=[stripped])
    reason = TextAreaField(filters=[stripped])
    since = DayField()
    links = TextAreaField(filters=[stripped])
    seen = SeenField()

    @classmethod
    def about(cls, row: Row, seen: int, last: Told | None, draft: Mapping[str, str] | None = None) -> "AnswerForm":
        """The form for one addressee, beginning with a draft or with what the body answered last."""
        words = last.words if last else {}
        values = {
            "response": last.response if last else None,
            "reported": (last.reported or "") if last else None,
            "done": words.get("done", ""),
            "reason": words.get("reason", ""),
            "since": last.fact_day("since") if last else None,
            "links": "\n".join(last.links) if last else "",
            "seen": seen,
        }
        form: AnswerForm = cls.posted(**values) if draft is None else cls.drafted(draft, values)
        form.response.choices = choices(ANSWERS)
        form.reported.choices = [*choices(SEVEN), ("", _("Nothing to report yet"))]
        if row.addressee.role is Role.RELAY:  # has others act: how far they are is theirs to say
            del form.reported, form.since
        form._label()
        return form

    def _label(self) -> None:
        """Labels in the language of this request; a class has but one."""
        labels = {
            "response": _("Does the body accept this recommendation?"),
            "reported": _("Where does the implementation stand?"),
            "done": _("What was done"),
            "reason": _("Reason"),
            "since": _("Since when"),
            "links": _("Links to evidence"),
            "channel": _("How the answer arrived"),
            "received_on": _("Received on"),
            "answered_by": _("Who answered"),
        }
        for field in self:
            if field.name in labels:
                field.label.text = labels[field.name]

    def answer(self) -> Answer:
        """What was written, as the rules take it."""
        return Answer(
            response=code_of(Response, self.response.data) or Response.AWAITED,
            reported=code_of(Implementation, self.reported.data) if "reported" in self else None,
            done=self.done.data or "",
            reason=self.reason.data or "",
            since=self.since.data if "since" in self else None,
            links=tuple(line.strip() for line in (self.links.data or "").splitlines() if line.strip()),
        )

    def holds(self, *, today: date, issued_on: date) -> bool:
        """Whether it may be submitted; problems stand at their fields."""
        is_well_formed = self.validate()
        problems = problems_of_answer(self.answer(), today=today, issued_on=issued_on)
        self.take(problems)
        return bool(is_well_formed) and not problems


class PaperForm(AnswerForm):
    """An answer that came otherwise: it equals a form's answer, and says how it came."""

    channel = RadioField(validate_choice=False)
    received_on = DayField()
    answered_by = StringField(filters=[stripped], validators=[AtMost(200)])

    @classmethod
    def about(cls, row: Row, seen: int, last: Told | None, draft: Mapping[str, str] | None = None) -> "PaperForm":
        """The same, beginning with a draft or empty: it holds what stands on the paper."""
        form = super().about(row, seen, last, draft)
        assert isinstance(form, PaperForm)  # noqa: S101  # tells mypy what `cls` is
        form.channel.choices = choices(ON_PAPER)
        form.channel.data = form.channel.data or Channel.LETTER
        return form

    def answer(self) -> Answer:
        """What was written, with how and when it arrived."""
        said = super().answer()
        return Answer(
            **{
                **vars(said),
                "channel": code_of(Channel, self.channel.data) or Channel.LETTER,
                "received_on": self.received_on.data,
                "answered_by": self.answered_by.data or "",
            }
        )
