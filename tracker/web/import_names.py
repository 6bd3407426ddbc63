"""The names of an import that are not in the register, settled once for all its drafts."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import BooleanField, FieldList, FormField, IntegerField, StringField
from wtforms.widgets import HiddenInput

from tracker import clock
from tracker.errors import ChangedMeanwhile, Refusal
from tracker.language import _, ngettext
from tracker.queries import import_names as of_names
from tracker.queries import imports as of_imports
from tracker.queries.import_names import OpenName
from tracker.queries.imports import Review
from tracker.services import import_names
from tracker.services.import_names import Meant
from tracker.web import access, import_pages
from tracker.web.access import Access, only
from tracker.web.forms import PartForm, TrackerForm, stripped
from tracker.web.import_pages import bp

NAMES_ON_A_PAGE = 50


class NameForm(PartForm):
    """What one name means."""

    as_written = StringField(widget=HiddenInput())
    body = StringField(filters=[stripped], render_kw={"list": "bodies"})
    is_new = BooleanField()


class NamesForm(TrackerForm):
    """What the names of a document mean, the most frequent first."""

    names = FieldList(FormField(NameForm))
    version = IntegerField(widget=HiddenInput())

    @classmethod
    def about(cls, review: Review, names: list[OpenName], bodies: dict[str, str]) -> "NamesForm":
        """As it was sent, or with what is likely."""
        rows = [{"as_written": one.as_written, "body": bodies.get(one.likely or "", "")} for one in names]
        form: NamesForm = cls.posted(names=rows, version=review.import_.version)
        for entry in form.names:
            entry.form.body.label.text = entry.form.as_written.data or ""
            entry.form.is_new.label.text = _("Add it to the register as a new body")
        return form

    def meant(self, bodies: dict[str, str]) -> dict[str, Meant]:
        """What was said; a name that is left open is not in it. Bodies that are unknown get an error at their field."""
        slugs = {name.casefold(): slug for slug, name in bodies.items()}
        found: dict[str, Meant] = {}
        for entry in self.names:
            row = entry.form
            if row.is_new.data:
                found[row.as_written.data] = Meant(is_new=True)
            elif row.body.data and row.body.data.casefold() in slugs:
                found[row.as_written.data] = Meant(slugs[row.body.data.casefold()])
            elif row.body.data:
                row.body.errors = [
                    _("There is no body of this name. Choose one of the list, or add it to the register.")
                ]
        return found

    @property
    def is_wrong(self) -> bool:
        """Whether something is said of a body that is unknown."""
        return any(entry.form.body.errors for entry in self.names)


class AddressForm(TrackerForm):
    """The body to which everything without an addressee is addressed, by its slug."""

    body = StringField()
    version = IntegerField()


@bp.route("/<int:import_id>/names", methods=["GET", "POST"])
@only(Access.COORDINATORS)
def names(import_id: int) -> ResponseReturnValue:
    """Say what the open names mean."""
    review = import_pages.review(import_id)
    if review.import_.state != "draft":
        return redirect(url_for("imports.show", import_id=import_id))
    bodies, still_open = of_imports.body_names(), of_names.open_names(review)
    form = NamesForm.about(review, still_open[:NAMES_ON_A_PAGE], bodies)
    if request.method == "POST" and form.validate():
        meant = form.meant(bodies)
        if not form.is_wrong and _settled(import_id, form, meant):
            more = len(of_names.open_names(import_pages.review(import_id)))
            return redirect(url_for("imports.names" if more and meant else "imports.show", import_id=import_id))
    by_name = {one.as_written: one for one in still_open}
    page = render_template(
        "imports/names.html", import_=review.import_, form=form, bodies=bodies, by_name=by_name, total=len(still_open)
    )
    return page, 422 if form.errors or form.is_wrong else 200


def _settled(import_id: int, form: NamesForm, meant: dict[str, Meant]) -> bool:
    try:
        n = import_names.settle(import_id, meant, version=form.version.data or 0, by=access.person(), at=clock.now())
    except ChangedMeanwhile as refusal:
        form.version.data = import_pages.review(import_id).import_.version
        form.version.raw_data = None
        form.form_errors.append(str(refusal))
        return False
    except Refusal as refusal:
        form.form_errors.append(str(refusal))
        return False
    flash(ngettext("One draft was settled.", "%(n)s drafts were settled.", n), "success")
    return True


@bp.post("/<int:import_id>/address")
@only(Access.COORDINATORS)
def address(import_id: int) -> ResponseReturnValue:
    """Address every draft without an addressee to one body."""
    import_pages.review(import_id)
    form = AddressForm.posted()
    if form.body.data not in of_imports.body_names():
        flash(_("Choose the body that they are addressed to."), "error")
    elif form.validate():
        n = import_names.address(import_id, form.body.data, version=form.version.data or 0, by=access.person())
        flash(ngettext("One draft was addressed.", "%(n)s drafts were addressed.", n), "success")
    return redirect(url_for("imports.show", import_id=import_id))
