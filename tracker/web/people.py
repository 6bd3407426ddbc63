"""The people here: who they are, what they may do, whether their account is open."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.errors import NotAllowed, Refusal
from tracker.language import N_, _, ngettext
from tracker.models import Issuer
from tracker.queries import directory, installation
from tracker.services import parts, people
from tracker.web import access
from tracker.web.access import Access, me, only
from tracker.web.people_forms import PartsForm, PersonForm

bp = Blueprint("people", __name__)

TABS = {
    "": N_("All"),
    "office": N_("In the office"),
    "focal_points": N_("Focal points"),
    "closed": N_("Closed accounts"),
}


@bp.get("/people")
@only(Access.KEEPERS)
def all_() -> ResponseReturnValue:
    """Everybody, or those who fit."""
    search, part = request.args.get("q", "").strip(), request.args.get("part", "")
    part = part if part in TABS else ""
    after = request.args.get("after", "")
    page = directory.page(me(), search=search, part=part, after=after)
    kept: dict[str, Any] = {"q": search or None, "part": part or None}
    return render_template(
        "people/all.html",
        page=page,
        search=search,
        part=part,
        tabs=[
            {
                "label": _(label),
                "url": url_for("people.all_", q=search or None, part=name or None),
                "is_current": name == part,
            }
            for name, label in TABS.items()
        ],
        first_url=url_for("people.all_", **kept) if after else None,
        next_url=url_for("people.all_", **kept, after=page.next) if page.next else None,
    )


@bp.route("/people/new", methods=["GET", "POST"])
@only(Access.KEEPERS)
def new() -> ResponseReturnValue:
    """Give somebody an account and their parts."""
    issuers = _issuers()
    form, shares = PersonForm.about(), PartsForm.over(issuers)
    if request.method == "POST" and form.validate() and shares.validate():
        try:
            added = people.create(
                form.email.data,
                form.display_name.data,
                form.language.data,
                shares.roles(issuers),
                is_admin=shares.is_admin.data,
                by=access.person(),
            )
        except Refusal as refusal:
            form.form_errors.append(str(refusal))
        else:
            flash(_("%(name)s may enter, with a code by mail.", name=added.display_name), "success")
            return redirect(url_for("people.show", person_id=added.id))
    page = render_template("people/new.html", form=form, shares=shares, **_given(issuers))
    return page, 422 if form.errors or shares.errors else 200


@bp.get("/people/<int:person_id>")
@only(Access.KEEPERS)
def show(person_id: int) -> ResponseReturnValue:
    """One person."""
    listed = directory.person(person_id, me())
    return render_template(
        "people/show.html",
        person=listed.person,
        parts=listed.parts,
        may_change=directory.keeps(me(), listed.person),
        is_me=person_id == access.person().id,
        answers_for=directory.answers_for(person_id),
        sessions=directory.open_sessions(person_id, at=clock.wall()),
        today=clock.today(),
    )


@bp.route("/people/<int:person_id>/change", methods=["GET", "POST"])
@only(Access.KEEPERS)
def change(person_id: int) -> ResponseReturnValue:
    """Change the address, the name or the language of somebody."""
    person = directory.person(person_id, me()).person
    form = PersonForm.about(person)
    if request.method == "POST" and form.validate():
        try:
            people.change(
                person_id,
                form.email.data,
                form.display_name.data,
                form.language.data,
                by=access.person(),
                at=clock.wall(),
            )
        except Refusal as refusal:
            form.form_errors.append(str(refusal))
        else:
            return _back(person_id, _("The details are changed."))
    return render_template("people/change.html", form=form, person=person), 422 if form.errors else 200


@bp.route("/people/<int:person_id>/parts", methods=["GET", "POST"])
@only(Access.KEEPERS)
def give(person_id: int) -> ResponseReturnValue:
    """Change what somebody may do."""
    person, issuers = directory.person(person_id, me()).person, _issuers()
    form = PartsForm.over(issuers, person)
    if request.method == "POST" and form.validate():
        try:
            parts.set_(person_id, form.roles(issuers), is_admin=form.is_admin.data, by=access.person())
        except Refusal as refusal:
            form.form_errors.append(str(refusal))
        else:
            return _back(person_id, _("What %(name)s may do is changed.", name=person.display_name))
    page = render_template("people/parts.html", form=form, person=person, **_given(issuers))
    return page, 422 if form.errors else 200


@bp.post("/people/<int:person_id>/close")
@only(Access.KEEPERS)
def close(person_id: int) -> ResponseReturnValue:
    """Close an account; it can be opened again."""
    try:
        person = people.disable(person_id, by=access.person(), at=clock.wall())
    except NotAllowed as refusal:
        return _back(person_id, str(refusal), "error")
    return _back(person_id, _("The account of %(name)s is closed: nobody signs in with it.", name=person.display_name))


@bp.post("/people/<int:person_id>/open")
@only(Access.KEEPERS)
def open_(person_id: int) -> ResponseReturnValue:
    """Open a closed account again."""
    person = people.enable(person_id, by=access.person())
    return _back(person_id, _("%(name)s may enter again.", name=person.display_name))


@bp.post("/people/<int:person_id>/sign-out")
@only(Access.KEEPERS)
def sign_out(person_id: int) -> ResponseReturnValue:
    """End every session of somebody."""
    ended = people.end_sessions(person_id, by=access.person(), at=clock.wall())
    return _back(person_id, ngettext("One session was ended.", "%(n)s sessions were ended.", ended))


def _issuers() -> list[Issuer]:
    """Those at which this person may give parts."""
    return [one for one in installation.issuers() if access.person().is_admin or one.id in me().coordinates]


def _given(issuers: list[Issuer]) -> dict[str, object]:
    return {"issuers": issuers, "may_make_admin": access.person().is_admin}


def _back(person_id: int, sentence: str, category: str = "success") -> ResponseReturnValue:
    flash(sentence, category)
    return redirect(url_for("people.show", person_id=person_id))
