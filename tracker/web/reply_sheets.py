"""The form of a body as a spreadsheet: taken away, filled in offline, brought back and compared."""

import base64
import binascii

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.file import FileField

from tracker import clock
from tracker.errors import NotReadable
from tracker.intake import answer_sheets
from tracker.language import _, ngettext
from tracker.publishing.answer_sheets import written
from tracker.queries import reply_forms as forms
from tracker.queries import reply_sheets as queries
from tracker.queries.reply_sheets import Compared
from tracker.services import reply_forms
from tracker.services.reply_forms import Taken
from tracker.web.access import Access, link, only
from tracker.web.forms import TrackerForm
from tracker.web.reply_forms import bp

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class SheetForm(TrackerForm):
    """A spreadsheet that was filled in."""

    file = FileField()

    @classmethod
    def opened(cls) -> "SheetForm":
        """The form as it was sent, its file included."""
        form = cls()
        form.file.label.text = _("The file that you filled in")
        return form


@bp.get("/form/<int:link_id>/sheet.xlsx")
@only(Access.BEARERS)
def sheet(link_id: int) -> ResponseReturnValue:
    """The form to fill in offline."""
    content = written(queries.rows(forms.items(link(), clock.today())), queries.choices())
    told = {"Content-Disposition": f'attachment; filename="{link().body.slug}-{clock.today().isoformat()}.xlsx"'}
    return Response(content, mimetype=XLSX, headers=told)


@bp.route("/form/<int:link_id>/sheet", methods=["GET", "POST"])
@only(Access.BEARERS)
def bring_back(link_id: int) -> ResponseReturnValue:
    """Choose the file, and see what it says anew. Nothing is written."""
    form = SheetForm.opened()
    if request.method == "GET":
        return _page(form)
    if not form.file.data:
        form.file.errors = [_("Choose a file.")]
        return _page(form)
    return _look(form, form.file.data.read())


@bp.post("/form/<int:link_id>/sheet/accept")
@only(Access.BEARERS)
def accept(link_id: int) -> ResponseReturnValue:
    """Put what was ticked into the draft that everybody shares; it is not sent yet."""
    ticked = {int(one) for one in request.form.getlist("take") if one.isdecimal()}
    try:
        compared = _compared(base64.b64decode(request.form.get("content", ""), validate=True))
    except (binascii.Error, NotReadable):
        form = SheetForm.opened()
        form.form_errors.append(_("Something changed since you looked at the file. Choose it again."))
        return _page(form)
    taken = {
        one.item.id: Taken(request.form.get(f"version-{one.item.id}", -1, type=int), one.is_unchanged, one.fields)
        for one in compared.differences
        if one.item.id in ticked
    }
    n = reply_forms.take_over(link_id, taken, at=clock.now())
    told = ngettext(
        "One answer is in the draft. Look through it, then send it.",
        "%(n)s answers are in the draft. Look through them, then send them.",
        n,
    )
    flash(told if n else _("Nothing was taken over."), "success")
    return redirect(url_for("reply_forms.send", link_id=link_id))


def _compared(content: bytes) -> Compared:
    return queries.compare(link(), answer_sheets.read(content), clock.today())


def _look(form: SheetForm, content: bytes) -> ResponseReturnValue:
    try:
        compared = _compared(content)
    except NotReadable as refusal:
        form.file.errors = [str(refusal)]
        return _page(form)
    return _page(form, compared, base64.b64encode(content).decode())


def _page(form: SheetForm, compared: Compared | None = None, content: str = "") -> ResponseReturnValue:
    page = render_template("reply_forms/sheet.html", link=link(), form=form, compared=compared, content=content)
    return page, 422 if form.errors or form.form_errors else 200
