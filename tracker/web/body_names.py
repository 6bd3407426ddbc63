"""How a body is called: a name from a day on, other names that annexes use, and corrections."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.errors import NotFound, Refusal
from tracker.language import _, current
from tracker.models import Body
from tracker.queries import bodies
from tracker.services import body_names
from tracker.web import access
from tracker.web.access import Access, only
from tracker.web.body_forms import NameForm

bp = Blueprint("body_names", __name__)


@bp.route("/bodies/<slug>/rename", methods=["GET", "POST"])
@only(Access.KEEPERS)
def rename(slug: str) -> ResponseReturnValue:
    """A name in a language, from a day on; the one it had stays on record."""
    body = bodies.body(slug)
    form = NameForm.opened(language=current())
    if request.method == "POST" and form.validate():
        try:
            body_names.rename(
                slug, form.language.data, form.typed(), form.from_on.data, by=access.person(), at=clock.now()
            )
        except Refusal as refusal:
            form.form_errors.append(str(refusal))
        else:
            return _back(slug, _("The name is on record."))
    return _page("rename", body, form)


@bp.route("/bodies/<slug>/other-names/new", methods=["GET", "POST"])
@only(Access.KEEPERS)
def add(slug: str) -> ResponseReturnValue:
    """Another name under which annexes know it."""
    body = bodies.body(slug)
    form = NameForm.opened(language=current())
    if request.method == "POST" and form.validate():
        try:
            body_names.add_alias(
                slug,
                form.language.data,
                form.name.data,
                form.from_on.data,
                form.until_on.data,
                by=access.person(),
                at=clock.now(),
            )
        except Refusal as refusal:
            form.form_errors.append(str(refusal))
        else:
            return _back(slug, _("Annexes that write it so are matched from now on."))
    return _page("alias", body, form)


@bp.route("/bodies/<slug>/names/<int:name_id>", methods=["GET", "POST"])
@only(Access.KEEPERS)
def correct(slug: str, name_id: int) -> ResponseReturnValue:
    """Correct a name or an alias, its source or its days."""
    body = bodies.body(slug)
    row = next((one for one in body.names if one.id == name_id), None)
    if row is None:
        raise NotFound(_("There is no such name. It may have been removed meanwhile."))
    form = NameForm.about(row)
    if request.method == "POST" and form.validate():
        try:
            body_names.correct(
                slug,
                name_id,
                form.typed(),
                form.from_on.data,
                form.until_on.data,
                by=access.person(),
                at=clock.now(),
            )
        except Refusal as refusal:
            form.form_errors.append(str(refusal))
        else:
            return _back(slug, _("The name is corrected."))
    page = render_template("bodies/correct_name.html", body=body, form=form, row=row)
    return page, 422 if form.errors else 200


@bp.post("/bodies/<slug>/names/<int:name_id>/remove")
@only(Access.KEEPERS)
def remove(slug: str, name_id: int) -> ResponseReturnValue:
    """Take off an alias that was never right."""
    body_names.remove_alias(slug, name_id, by=access.person(), at=clock.now())
    return _back(slug, _("The other name is removed."))


def _page(name: str, body: Body, form: NameForm) -> ResponseReturnValue:
    page = render_template(f"bodies/{name}.html", body=body, form=form, today=clock.today())
    return page, 422 if form.errors else 200


def _back(slug: str, sentence: str) -> ResponseReturnValue:
    flash(sentence, "success")
    return redirect(url_for("bodies.show", slug=slug))
