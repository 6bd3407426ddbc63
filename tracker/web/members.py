"""Which bodies belong to a collective one."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker import clock, language
from tracker.errors import NotFound, Refusal
from tracker.language import _
from tracker.queries import bodies
from tracker.services import bodies as services
from tracker.web import access
from tracker.web.access import Access, only
from tracker.web.body_forms import MemberForm
from tracker.web.people_forms import EndForm

bp = Blueprint("members", __name__)


@bp.route("/bodies/<slug>/members/new", methods=["GET", "POST"])
@only(Access.KEEPERS)
def add(slug: str) -> ResponseReturnValue:
    """Have a body belong to this one."""
    body = bodies.body(slug)
    form = MemberForm.opened([one for one in bodies.register() if one.id != body.id])
    if request.method == "POST" and form.validate():
        try:
            services.add_member(
                slug, form.member.data, form.from_on.data, form.until_on.data, by=access.person(), at=clock.now()
            )
        except Refusal as refusal:
            form.form_errors.append(str(refusal))
        else:
            flash(_("The member is on record."), "success")
            return redirect(url_for("bodies.show", slug=slug))
    return render_template("members/add.html", body=body, form=form), 422 if form.errors else 200


@bp.route("/bodies/<slug>/members/<int:member_id>/end", methods=["GET", "POST"])
@only(Access.KEEPERS)
def end(slug: str, member_id: int) -> ResponseReturnValue:
    """End a membership from a day on."""
    body = bodies.body(slug)
    row = next((one for one in bodies.members(body.id) if one.id == member_id), None)
    if row is None:
        raise NotFound(_("There is no such member."))
    form = EndForm.opened(_("Member no more from"))
    if request.method == "POST" and form.validate():
        try:
            services.end_member(slug, member_id, form.day(), by=access.person(), at=clock.now())
        except Refusal as refusal:
            form.until_on.errors = [str(refusal)]
        else:
            name, day = row.member.name(language.current()), language.day(form.day())
            flash(_("%(name)s is a member until %(day)s.", name=name, day=day), "success")
            return redirect(url_for("bodies.show", slug=slug))
    return render_template("members/end.html", body=body, row=row, form=form), 422 if form.errors else 200
