"""Focal points from a CSV file: looked at row by row, then taken over at once."""

import base64
import binascii
import csv
import io

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.file import FileField

from tracker import clock
from tracker.errors import NotAccepted, NotReadable
from tracker.language import _, current, ngettext
from tracker.queries import bodies, contacts
from tracker.queries.contacts import Checked
from tracker.services import contacts as services
from tracker.web import access
from tracker.web.access import Access, only
from tracker.web.forms import TrackerForm

bp = Blueprint("contacts", __name__)


class FileForm(TrackerForm):
    """A file of contacts."""

    file = FileField()

    @classmethod
    def opened(cls) -> "FileForm":
        """The form as it was sent, its file included."""
        form = cls()
        form.file.label.text = _("File")
        return form


@bp.route("/people/import", methods=["GET", "POST"])
@only(Access.KEEPERS)
def show() -> ResponseReturnValue:
    """Choose a file, and see what each of its rows would do. Nothing is written."""
    form = FileForm.opened()
    if request.method == "GET":
        return _page(form)
    if not form.file.data:
        form.file.errors = [_("Choose a file.")]
        return _page(form)
    return _look(form, form.file.data.read())


@bp.post("/people/import/accept")
@only(Access.KEEPERS)
def accept() -> ResponseReturnValue:
    """Take over every row of the file that was looked at, or none."""
    try:
        content = base64.b64decode(request.form.get("content", ""), validate=True)
        done = services.accept(content, by=access.person(), at=clock.now())
    except (binascii.Error, NotReadable, NotAccepted):
        form = FileForm.opened()
        form.form_errors.append(_("Something changed since you looked at the file. Choose it again."))
        return _page(form)
    flash(ngettext("One focal point was added.", "%(n)s focal points were added.", len(done.fresh)), "success")
    return redirect(url_for("people.all_", part="focal_points"))


@bp.get("/people/import/example.csv")
@only(Access.KEEPERS)
def example() -> ResponseReturnValue:
    """A file to fill in, as spreadsheets of the region open it."""
    written = io.StringIO()
    sheet = csv.writer(written, delimiter=";", lineterminator="\r\n")
    sheet.writerow([_("body"), _("mail address"), _("name or role"), _("language"), _("from")])
    for n, body in enumerate(bodies.register()[:2], start=1):
        name = body.name(current())
        role = _("Focal point, %(body)s", body=name)
        sheet.writerow([name, f"contact{n}@example.org", role, current(), clock.today().isoformat()])
    headers = {
        "Content-Type": "text/csv; charset=utf-8",
        "Content-Disposition": f'attachment; filename="{_("contacts")}.csv"',
    }
    return written.getvalue().encode("utf-8-sig"), headers


def _look(form: FileForm, content: bytes) -> ResponseReturnValue:
    try:
        checked = contacts.check(content, clock.today())
    except NotReadable as refusal:
        form.file.errors = [str(refusal)]
        return _page(form)
    return _page(form, checked, base64.b64encode(content).decode())


def _page(form: FileForm, checked: Checked | None = None, content: str = "") -> ResponseReturnValue:
    is_wrong = bool(form.errors or (checked and checked.problems))
    page = render_template("contacts/show.html", form=form, checked=checked, content=content)
    return page, 422 if is_wrong else 200
