"""What every page is made of, each part in every state: a page of the demonstration, for those who build pages."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, FileField, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from tracker import clock
from tracker.domain.vocabulary import SEVEN, Implementation
from tracker.language import NAMES, _
from tracker.web.access import Access, only
from tracker.web.forms import DayField, TrackerForm
from tracker.web.stave import LONGEST

bp = Blueprint("demo_components", __name__, url_prefix="/demo/components")
_MAIL_STATES = ("queued", "leased", "accepted", "held", "cancelled", "failed", "uncertain")
_PAIRS = (
    (None, "not_assessed"),
    ("fully", "partially"),
    ("continuing", "continuing"),
    ("in_progress", "not_verifiable"),
    ("not_started", "not_implemented"),
    ("overtaken", "overtaken"),
)
"""What bodies report and what is found, for a short drawing and for a long one."""


class ComponentsForm(TrackerForm):
    """One field of each kind."""

    where = RadioField(validate_choice=False)
    done = TextAreaField()
    name = StringField()
    due_on = DayField()
    body = SelectField(validate_choice=False)
    document = FileField()
    is_public = BooleanField()
    spoken = SelectMultipleField(validate_choice=False)

    @classmethod
    def of(cls, state: str) -> "ComponentsForm":
        """The form as it opens, filled in, or sent with everything missing and a date that is none."""
        sent = {
            "full": {"where": "partially", "done": "…", "name": "2023/11", "due_on": "2026-11-23", "is_public": "y"},
            "wrong": {"name": ""},
        }.get(state)
        formdata = MultiDict({f"{state}-{name}": value for name, value in sent.items()}) if sent else None
        form = cls(formdata, prefix=f"{state}-", meta={"csrf": False})
        form._label()
        if state == "wrong":
            form.validate(
                {name: [InputRequired(_("Enter the day."))] for name in ("where", "done", "name", "due_on", "document")}
            )
        return form

    def _label(self) -> None:
        labels = {
            "where": _("Where does the implementation stand?"),
            "done": _("What was done"),
            "name": _("Name"),
            "due_on": _("Reply due"),
            "body": _("Body"),
            "document": _("File"),
            "is_public": _("Publish the answer at once"),
            "spoken": _("Languages"),
        }
        for name, label in labels.items():
            self[name].label.text = label
        self.where.choices = [SelectChoice(code.value, code.label) for code in SEVEN]
        self.body.choices = [SelectChoice("", _("Choose a body")), SelectChoice("police", "Police")]
        self.spoken.choices = [SelectChoice(code, name) for code, name in NAMES.items()]


@bp.route("", methods=["GET", "POST"])
@only(Access.EVERYONE)
def show() -> ResponseReturnValue:
    """Every component in every state. Its buttons lead back here; nothing that is sent is kept."""
    return render_template(
        "demo/components.html",
        forms={state: ComponentsForm.of(state) for state in ("empty", "full", "wrong")},
        pairs=_PAIRS,
        many=_PAIRS * (LONGEST // len(_PAIRS) + 1),
        codes=[code.value for code in Implementation],
        mail_states=_MAIL_STATES,
        draft=_draft(),
    )


def _draft() -> Any:
    """A half-written form that is kept; its addresses lead back here."""
    here = url_for("demo_components.show")
    return SimpleNamespace(begun=SimpleNamespace(saved_at=clock.now() - timedelta(hours=1)), url=here, discard_url=here)
