"""Splitting a recommendation that holds several demands."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import IntegerField, SelectMultipleField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length
from wtforms.widgets import CheckboxInput, HiddenInput, ListWidget

from tracker import clock, language
from tracker.domain import references
from tracker.domain.moves import TEXT_LIMIT
from tracker.errors import NotAllowed, NotFound, Refusal
from tracker.language import _, ngettext
from tracker.models import Recommendation
from tracker.queries import addressees, recommendations
from tracker.queries.addressees import Row
from tracker.services import splits
from tracker.services.splits import Demand
from tracker.web.access import Access, me, only, person
from tracker.web.forms import TrackerForm, stripped

bp = Blueprint("splits", __name__)

MOST = 8
"""Parts that one page takes."""


@dataclass(frozen=True)
class Names:
    """The names of the fields of one part."""

    texts: list[str]
    addressees: str


def _names(n: int, languages: Sequence[str]) -> list[Names]:
    return [Names([f"text_{k}_{one}" for one in languages], f"to_{k}") for k in range(n)]


class SplitForm(TrackerForm):
    """As many parts as are asked for; what was typed stays when there is one more or one fewer."""

    parts = IntegerField(widget=HiddenInput())

    @classmethod
    def about(cls, of: Recommendation, rows: Sequence[Row], n: int) -> "SplitForm":
        """The form as sent, or with the whole text in each part."""
        fields: dict[str, object] = {}
        bodies = [SelectChoice(row.addressee.id, row.body.name(language.current(), row.today)) for row in rows]
        for k, names in enumerate(_names(n, [text.language for text in of.texts])):
            part = references.part(of.code or of.address, k)
            for name, text in zip(names.texts, of.texts, strict=True):
                said = _("Text") if len(of.texts) == 1 else language.NAMES.get(text.language, text.language)
                fields[name] = TextAreaField(
                    f"{part}{language.sign(':')} {said}",
                    [
                        DataRequired(_("Write what this part asks.")),
                        Length(
                            max=TEXT_LIMIT, message=_("Keep this text within %(limit)s characters.", limit=TEXT_LIMIT)
                        ),
                    ],
                    filters=[stripped],
                    default=text.text,
                )
            fields[names.addressees] = SelectMultipleField(
                _("Who is asked %(part)s", part=part),
                [DataRequired(_("Choose who is asked this part."))],
                coerce=int,
                widget=ListWidget(),
                option_widget=CheckboxInput(),
                choices=bodies,
                default=[row.addressee.id for row in rows],
            )
        form: SplitForm = type("SplitForm", (cls,), fields).posted(parts=n)  # type: ignore[attr-defined]
        form.parts.data, form.parts.raw_data = n, None
        return form

    def demands(self, of: Recommendation, n: int) -> list[Demand]:
        """What each part asks, and of whom."""
        languages = [text.language for text in of.texts]
        return [
            Demand(
                {one: self[name].data for one, name in zip(languages, names.texts, strict=True)},
                frozenset(self[names.addressees].data),
            )
            for names in _names(n, languages)
        ]


@bp.route("/recommendations/<report>/<address>/split", methods=["GET", "POST"])
@only(Access.COORDINATORS)
def split(report: str, address: str) -> ResponseReturnValue:
    """Say what the parts are; nothing happens before it is confirmed at the foot of the page."""
    of = recommendations.recommendation(report, address)
    if of.report.issuer_id not in me().coordinates:
        raise NotFound(_("There is no such recommendation."))
    there = url_for("recommendations.show", report=report, address=address)
    try:
        splits.look(of.id, by=person())
    except NotAllowed as refusal:
        flash(str(refusal), "error")
        return redirect(there)
    rows = addressees.of_recommendation(of.id, clock.today())
    wanted = request.form.get("n", type=int)
    n = min(max(wanted or request.form.get("parts", 2, type=int), 2), MOST)
    form = SplitForm.about(of, rows, n)
    if request.method == "POST" and wanted is None and form.validate():
        try:
            made = splits.split(of.id, form.demands(of, n), by=person(), at=clock.now())
        except (NotFound, NotAllowed):
            raise
        except Refusal as wrong:
            form.form_errors.append(str(wrong))
        else:
            told = ngettext(
                "%(code)s has %(n)s part now.", "%(code)s has %(n)s parts now.", len(made), code=of.code or of.address
            )
            flash(told, "success")
            return redirect(there)
    languages = [text.language for text in of.texts]
    page = render_template(
        "splits/split.html",
        recommendation=of,
        form=form,
        fields=_names(n, languages),
        parts=[references.part(of.code or of.address, k) for k in range(n)],
        awaited=sum(row.standing.reply_due_on is not None for row in rows),
        most=MOST,
    )
    return page, 422 if form.errors else 200
