"""Reading a document otherwise: in another encoding or language, or with other columns."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import IntegerField, SelectField
from wtforms.widgets import HiddenInput

from tracker import clock
from tracker.errors import ChangedMeanwhile, NotReadable
from tracker.intake import TableRead, TakesLong, patience
from tracker.language import N_, NAMES, _
from tracker.queries import imports as of_imports
from tracker.queries.imports import Review
from tracker.services import imports, jobs
from tracker.web import access, import_pages
from tracker.web.access import Access, only
from tracker.web.forms import PartForm, TrackerForm
from tracker.web.import_pages import bp

ENCODINGS = ("utf-8", "cp1252", "iso8859_15", "mac_roman", "cp850", "cp1250", "utf-16")
HOLDS = {
    "text": N_("The text of the recommendation"),
    "code": N_("Its code"),
    "addressee": N_("An addressee, or several"),
    "section": N_("The section or theme"),
    "fr": N_("The text in French"),
    "nl": N_("The text in Dutch"),
    "en": N_("The text in English"),
    "de": N_("The text in German"),
    "other": N_("Something else"),
}


class OtherwiseForm(TrackerForm):
    """How a document is to be read. The columns have fields of their own, `column-TABLE-NUMBER`."""

    language = SelectField()
    encoding = SelectField()
    version = IntegerField(widget=HiddenInput())

    @classmethod
    def about(cls, review: Review) -> "OtherwiseForm":
        """As the document was read, or as it was sent."""
        import_ = review.import_
        form: OtherwiseForm = cls.posted(language=import_.language, encoding="", version=import_.version)
        form.language.label.text, form.encoding.label.text = _("Language of the document"), _("Encoding")
        form.language.choices = list(NAMES.items())
        as_read = _("As it was read: %(encoding)s", encoding=import_.encoding.upper())
        form.encoding.choices = [("", as_read), *((one, one.upper()) for one in ENCODINGS)]
        return form


class ColumnForm(PartForm):
    """What one column holds."""

    holds = SelectField()


def tables_of(review: Review) -> list[TableRead]:
    """Each kind of table in the document once: what is said of one counts for all with the same heads."""
    return list({table.key: table for table in review.reading.tables}.values())


def columns(table: TableRead, number: int) -> list[dict[str, object]]:
    """The columns of a table with their heads, some cells, and the field that says what they hold."""
    width = max([len(table.heads), len(table.kinds), *map(len, table.sample)])
    shown = []
    for at in range(width):
        name = f"column-{number}-{at}"
        holds = table.kinds[at] if at < len(table.kinds) else "other"
        form = ColumnForm(None, prefix=name, holds=request.form.get(f"{name}-holds", holds))
        form.holds.choices = [(code, _(label)) for code, label in HOLDS.items()]
        head = table.heads[at] if at < len(table.heads) else ""
        form.holds.label.text = head or _("Column %(n)s", n=at + 1)
        cells = [row[at] for row in table.sample if at < len(row) and row[at].strip()]
        shown.append({"field": form.holds, "cells": cells})
    return shown


@bp.route("/<int:import_id>/otherwise", methods=["GET", "POST"])
@only(Access.COORDINATORS)
def otherwise(import_id: int) -> ResponseReturnValue:
    """Say how the document is to be read, and read it so."""
    review = import_pages.review(import_id)
    if review.import_.state != "draft":
        return redirect(url_for("imports.show", import_id=import_id))
    form, tables = OtherwiseForm.about(review), tables_of(review)
    shown = [(table, columns(table, number)) for number, table in enumerate(tables)]
    if request.method == "POST" and form.validate():
        chosen = {table.key: [str(one["field"].data) for one in fields] for table, fields in shown}  # type: ignore[attr-defined]
        changed = {table.key: chosen[table.key] for table in tables if chosen[table.key] != list(table.kinds)}
        without_text = [kinds for kinds in changed.values() if "text" not in kinds and set(kinds) != {"other"}]
        if without_text:
            form.form_errors.append(_("Say which column has the text, or that every column holds something else."))
        elif (then := _read_again(review, form, changed)) is not None:
            return then
    page = render_template(
        "imports/otherwise.html",
        import_=review.import_,
        form=form,
        tables=shown,
        n_corrected=review.import_.version - 1,
    )
    return page, 422 if form.errors else 200


def _read_again(review: Review, form: OtherwiseForm, chosen: dict[str, list[str]]) -> ResponseReturnValue | None:
    """Where to go on; None where it was not read."""
    import_, by = review.import_, access.person()
    how = {
        "language": form.language.data,
        "encoding": form.encoding.data or "",
        "chosen": chosen,
        "version": form.version.data or 0,
    }
    _name, content = of_imports.document(import_.id, of_issuers=access.me().coordinates)
    try:
        imports.read_again(import_.id, **how, by=by, progress=patience(content))
    except TakesLong:
        job_id = jobs.read_again(import_.issuer_id, import_.id, import_.name, how, by=by, at=clock.now())
        return redirect(url_for("imports.reading", job_id=job_id))
    except (NotReadable, ChangedMeanwhile) as refusal:
        form.form_errors.append(str(refusal))
        return None
    flash(_("The document was read again."), "success")
    return redirect(url_for("imports.show", import_id=import_.id))
