"""Who answers for a body: name someone, end it, hand over."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker import clock, language
from tracker.errors import NotFound, Refusal
from tracker.language import _, ngettext
from tracker.models import Body, FocalPoint
from tracker.queries import bodies, directory
from tracker.services import answer_links, focal_points
from tracker.web import access
from tracker.web.access import Access, only
from tracker.web.people_forms import EndForm, FocalPointForm

bp = Blueprint("focal_points", __name__)


@bp.route("/bodies/<slug>/focal-points/new", methods=["GET", "POST"])
@only(Access.KEEPERS)
def name(slug: str) -> ResponseReturnValue:
    """Name somebody who answers for a body."""
    body = bodies.body(slug)
    form = FocalPointForm.opened(_("Answers from"))
    if request.method == "POST" and form.validate():
        try:
            row = focal_points.name(slug, form.contact(), form.day(), by=access.person())
        except Refusal as refusal:
            form.form_errors.append(str(refusal))
        else:
            flash(_told(body, row), "success")
            if request.args.get("then") == "list":
                return redirect(url_for("bodies.all_", show="no_focal_point"))
            return redirect(url_for("bodies.show", slug=slug))
    page = render_template(
        "focal_points/name.html", form=form, body=body, answering=directory.answering(body.id, clock.today())
    )
    return page, 422 if form.errors else 200


@bp.route("/bodies/<slug>/focal-points/<int:row_id>/end", methods=["GET", "POST"])
@only(Access.KEEPERS)
def end(slug: str, row_id: int) -> ResponseReturnValue:
    """End one from a day on."""
    body, row = _row(slug, row_id)
    form = EndForm.opened(_("Answers no more from"))
    if request.method == "POST" and form.validate():
        try:
            focal_points.end(row_id, form.day(), by=access.person(), at=clock.now())
        except Refusal as refusal:
            form.until_on.errors = [str(refusal)]
        else:
            day = language.day(form.day())
            told = _("%(name)s answers no more from %(day)s.", name=row.person.display_name, day=day)
            flash(told, "success")
            return redirect(url_for("bodies.show", slug=slug))
    others = len(directory.answering(body.id, clock.today()).present) - 1
    page = render_template("focal_points/end.html", form=form, body=body, row=row, is_last=others < 1)
    return page, 422 if form.errors else 200


@bp.route("/bodies/<slug>/focal-points/<int:row_id>/hand-over", methods=["GET", "POST"])
@only(Access.KEEPERS)
def hand_over(slug: str, row_id: int) -> ResponseReturnValue:
    """One leaves and another comes, on the same day."""
    body, row = _row(slug, row_id)
    form = FocalPointForm.opened(_("Hands over on"))
    if request.method == "POST" and form.validate():
        try:
            successor = focal_points.hand_over(row_id, form.contact(), form.day(), by=access.person(), at=clock.now())
        except Refusal as refusal:
            form.form_errors.append(str(refusal))
        else:
            flash(_told(body, successor), "success")
            return redirect(url_for("bodies.show", slug=slug))
    return render_template("focal_points/hand_over.html", form=form, body=body, row=row), 422 if form.errors else 200


@bp.post("/bodies/<slug>/focal-points/<int:row_id>/links")
@only(Access.KEEPERS)
def withdraw_links(slug: str, row_id: int) -> ResponseReturnValue:
    """End the answer links that somebody has for this body; the next reminder brings a new one."""
    _row(slug, row_id)
    n = answer_links.withdraw(row_id, by=access.person(), at=clock.now())
    ended = ngettext("One answer link works no more.", "%(n)s answer links work no more.", n)
    flash(ended if n else _("There is no answer link to withdraw."), "success")
    return redirect(url_for("bodies.show", slug=slug))


def _row(slug: str, row_id: int) -> tuple[Body, FocalPoint]:
    body = bodies.body(slug)
    answering = directory.answering(body.id, clock.today())
    for row in (*answering.present, *answering.later):
        if row.id == row_id:
            return body, row
    raise NotFound(_("There is no such focal point. It may have been ended meanwhile."))


def _told(body: Body, row: FocalPoint) -> str:
    return _(
        "%(name)s answers for %(body)s from %(day)s.",
        name=row.person.display_name,
        body=body.name(language.current()),
        day=language.day(row.from_on),
    )
