"""The issuer's own lists of themes, groups and priorities, and which of them a recommendation is of."""

from collections.abc import Collection, Sequence

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import BooleanField, SelectField, SelectMultipleField, StringField
from wtforms.fields import Field
from wtforms.fields.choices import SelectChoice
from wtforms.widgets import CheckboxInput, ListWidget

from tracker import clock, language
from tracker.domain.vocabulary import TermKind
from tracker.errors import NotFound, Refusal
from tracker.language import _
from tracker.models import Term
from tracker.queries import recommendations
from tracker.queries import terms as queries
from tracker.queries.terms import Lists
from tracker.services import terms
from tracker.web.access import Access, issuer_id, me, only, person
from tracker.web.forms import TrackerForm, stripped

bp = Blueprint("terms", __name__)


def choices() -> dict[str, dict[str, str]]:
    """What lists and figures may be narrowed to, by kind: the names by id."""
    found = queries.lists(me().reads, with_ended=True)
    return {kind.value: {str(one.id): one.name(language.current()) for one in those} for kind, those in found.items()}


class TermForm(TrackerForm):
    """The names of one entry, and whether it is still chosen."""

    is_ended = BooleanField()

    @classmethod
    def about(cls, term: Term | None = None) -> "TermForm":
        """The form as sent, or with what the entry is called."""
        names = {name.language: name.name for name in term.names} if term else {}
        fields = {
            f"name_{code}": StringField(language.NAMES[code], filters=[stripped], default=names.get(code, ""))
            for code in language.LANGUAGES
        }
        form: TermForm = type("TermForm", (cls,), fields).posted(is_ended=bool(term and term.ended_at))  # type: ignore[attr-defined]
        form.is_ended.label.text = _("No longer chosen")
        return form

    def names(self) -> dict[str, str]:
        """What it is called, by language."""
        return {code: self[f"name_{code}"].data for code in language.LANGUAGES}


@bp.route("/terms/<any(theme, group, priority):kind>/new", methods=["GET", "POST"])
@only(Access.COORDINATORS)
def add(kind: str) -> ResponseReturnValue:
    """Put an entry into a list."""
    form = TermForm.about()
    if request.method == "POST" and form.validate():
        try:
            terms.add(issuer_id(), TermKind(kind), form.names(), by=person(), at=clock.now())
        except Refusal as wrong:
            form.form_errors.append(str(wrong))
        else:
            flash(_("It is in the list."), "success")
            return redirect(url_for("terms.all_"))
    return render_template("terms/term.html", form=form, kind=TermKind(kind), term=None), 422 if form.errors else 200


@bp.get("/terms")
@only(Access.COORDINATORS)
def all_() -> ResponseReturnValue:
    """The lists, with how many recommendations each entry has."""
    found = queries.lists({issuer_id()}, with_ended=True)
    return render_template("terms/all.html", lists=found, uses=queries.uses({issuer_id()}))


@bp.route("/terms/change", methods=["GET", "POST"])
@only(Access.COORDINATORS)
def change() -> ResponseReturnValue:
    """Call an entry otherwise, or have it end."""
    if "term" not in request.args:  # which one is chosen there
        return redirect(url_for("terms.all_"))
    term = queries.term(request.args.get("term", 0, int), {issuer_id()})
    form = TermForm.about(term)
    if request.method == "POST" and form.validate():
        try:
            terms.change(term.id, form.names(), is_ended=form.is_ended.data, by=person(), at=clock.now())
        except NotFound:
            raise
        except Refusal as wrong:
            form.form_errors.append(str(wrong))
        else:
            flash(_("The list is saved."), "success")
            return redirect(url_for("terms.all_"))
    return render_template("terms/term.html", form=form, kind=term.kind, term=term), 422 if form.errors else 200


def fields_for(lists: Lists, prefix: str, has: Collection[int]) -> dict[str, Field]:
    """A field for each list that is not empty, to choose from it; `has` are the ids that are chosen already."""
    found: dict[str, Field] = {}
    for kind, those in lists.items():
        offered = [SelectChoice(one.id, one.name(language.current())) for one in those]
        if not offered:
            continue
        if kind is TermKind.PRIORITY:
            now = next((one.id for one in those if one.id in has), 0)
            nothing = SelectChoice(0, _("None"))
            found[prefix + kind] = SelectField(kind.label, coerce=int, choices=[nothing, *offered], default=now)
        else:
            found[prefix + kind] = SelectMultipleField(
                kind.label,
                coerce=int,
                choices=offered,
                default=[one.id for one in those if one.id in has],
                widget=ListWidget(),
                option_widget=CheckboxInput(),
            )
    return found


def chosen(form: TrackerForm, names: Sequence[str]) -> list[int]:
    """The ids that fields of these names chose."""
    found: list[int] = []
    for name in names:
        data = form[name].data
        found += data if isinstance(data, list) else [data] if data else []
    return found


@bp.route("/recommendations/<report>/<address>/terms", methods=["GET", "POST"])
@only(Access.COORDINATORS)
def assign(report: str, address: str) -> ResponseReturnValue:
    """Say which themes and groups a recommendation is of, and its priority."""
    of = recommendations.recommendation(report, address)
    if of.report.issuer_id not in me().coordinates:
        raise NotFound(_("There is no such recommendation."))
    has = [one for those in queries.of_recommendation(of.id).values() for one in those]
    open_ = queries.lists({of.report.issuer_id})
    lists = {
        kind: [*those, *(one for one in has if one.kind is kind and one.ended_at)] for kind, those in open_.items()
    }
    fields = fields_for(lists, "", {one.id for one in has})
    form: TrackerForm = type("AssignForm", (TrackerForm,), fields).posted()  # type: ignore[attr-defined]
    if request.method == "POST" and form.validate():
        terms.assign(of.id, chosen(form, list(fields)), by=person(), at=clock.now())
        flash(_("Saved for %(code)s.", code=of.code or of.address), "success")
        return redirect(url_for("recommendations.show", report=report, address=address))
    page = render_template("terms/assign.html", recommendation=of, form=form, fields=list(fields))
    return page, 422 if form.errors else 200
