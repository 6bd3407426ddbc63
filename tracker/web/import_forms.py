"""The forms of an import: a document to read, the report it belongs to, and one draft to correct."""

import re
from collections.abc import Mapping
from typing import Any

from flask import request
from flask_wtf.file import FileField
from wtforms import FieldList, Form, FormField, SelectField, StringField, TextAreaField, ValidationError
from wtforms.validators import Length
from wtforms.widgets import HiddenInput

from tracker.domain import references
from tracker.domain.vocabulary import Role
from tracker.intake import RecommendationDraft
from tracker.language import NAMES, _
from tracker.queries.imports import Description
from tracker.services.doubts import Typed, chosen
from tracker.web.forms import DayField, PartForm, TrackerForm, stripped

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_NAME = 60
"""Characters by which a pasted text is known."""


def in_one_line(text: str | None) -> str:
    """Text without control characters, its blanks single."""
    return " ".join(_CONTROL.sub("", text or "").split())


def file_name(text: str | None) -> str:
    """The name of a file without its folders, however they are written; empty where nothing is left."""
    return re.split(r"[/\\]", in_one_line(text))[-1].lstrip(". ")


def _plain(text: str | None) -> str:
    return stripped(_CONTROL.sub("", text or ""))


class _AtMost(Length):  # type: ignore[misc]  # the package is untyped
    """The limit of a field, told in the language in use."""

    def __call__(self, form: Form, field: StringField) -> None:
        self.message = _("Keep this within %(limit)s characters.", limit=self.max)
        super().__call__(form, field)


class UploadForm(TrackerForm):
    """A file, or the text of one."""

    file = FileField()
    text = TextAreaField()
    language = SelectField(validate_choice=False, coerce=lambda code: code or "")

    @classmethod
    def opened(cls) -> "UploadForm":
        """The form as it was sent, its file included."""
        form = cls()
        form.language.choices = [("", _("Recognise it")), *NAMES.items()]
        form.file.label.text, form.text.label.text = _("File"), _("Or its text")
        form.language.label.text = _("Language of the document")
        return form

    def validate_file(self, field: FileField) -> None:
        """One of the two, so that nobody wonders which was read."""
        is_pasted = bool((self.text.data or "").strip())
        if field.data and is_pasted:
            raise ValidationError(_("Send a file or paste its text, not both."))
        if not field.data and not is_pasted:
            raise ValidationError(_("Choose the file that holds the annex, or paste its text."))

    def document(self) -> tuple[bytes, str]:
        """The bytes to read and what to call them."""
        if self.file.data:
            return self.file.data.read(), file_name(self.file.data.filename) or _("Document")
        return self.text.data.encode(), _first_line(self.text.data)


def _first_line(text: str) -> str:
    """What a pasted text is called: stored once and read in every language, so in its own words."""
    line = next(filter(None, map(in_one_line, text.replace(";", "; ").splitlines())), "…")
    return line if len(line) <= _NAME else f"{line[:_NAME].rstrip()}…"


class ReportForm(TrackerForm):
    """Which report the document belongs to."""

    title = StringField(filters=[in_one_line], validators=[_AtMost(max=300)])
    slug = StringField(filters=[in_one_line], validators=[_AtMost(max=80)])
    issued_on = DayField()

    @classmethod
    def about(cls, proposed: Description) -> "ReportForm":
        """The form as it was sent, else as proposed."""
        is_sent = request.method == "POST" and "slug" in request.form
        form = cls(request.form if is_sent else None, **vars(proposed))
        form.title.label.text, form.slug.label.text = _("Title of the report"), _("Short name")
        form.issued_on.label.text = _("Published on")
        return form

    def description(self) -> Description:
        """The report as typed."""
        return Description(self.slug.data, self.title.data, self.issued_on.data)

    def validate_title(self, field: StringField) -> None:
        """A report has a title."""
        if not field.data:
            raise ValidationError(_("Type the title of the report."))

    def validate_slug(self, field: StringField) -> None:
        """The short name stands in addresses."""
        if not field.data:
            raise ValidationError(_("Type a short name for the report, such as myria-2023."))
        if field.data != (proposed := references.slug(field.data, limit=80)):
            sentence = _("The short name of a report has lower-case letters, digits and hyphens, such as myria-2023.")
            field.data = proposed or field.data
            field.raw_data = [field.data]
            raise ValidationError(sentence)

    def validate_issued_on(self, field: DayField) -> None:
        """The day from which everything is counted."""
        if not field.data and not field.process_errors:
            raise ValidationError(_("Give the day on which the report was published."))


class AddresseeForm(PartForm):
    """One addressee of a draft. Checked with the form around it."""

    as_written = StringField(filters=[in_one_line], validators=[_AtMost(max=500)])
    qualifier = StringField(filters=[in_one_line], validators=[_AtMost(max=300)])
    body = SelectField(validate_choice=False)
    role = SelectField(validate_choice=False)


class DraftForm(TrackerForm):
    """One draft with all its addressees."""

    code = StringField(filters=[in_one_line], validators=[_AtMost(max=60)])
    section = StringField(filters=[in_one_line], validators=[_AtMost(max=500)], render_kw={"list": "sections"})
    text = TextAreaField(filters=[_plain])
    addressees = FieldList(FormField(AddresseeForm))
    seen = StringField(widget=HiddenInput())

    @classmethod
    def about(cls, draft: RecommendationDraft, seen: str, bodies: Mapping[str, str]) -> "DraftForm":
        """The form as it was sent, else filled from the draft; `bodies` are names by slug."""
        if request.method == "POST":
            form = cls(request.form)
        else:
            rows = [
                {"as_written": one.as_written, "qualifier": one.qualifier, "body": chosen(one), "role": one.role}
                for one in draft.addressees
            ]
            form = cls(
                None, code=draft.code, section=draft.section, text=draft.text, seen=seen, addressees=rows or [{}]
            )
        return form._labelled(bodies)

    def with_row(self, bodies: Mapping[str, str]) -> "DraftForm":
        """The same with an empty row at its end."""
        return self._anew([*self._rows(), {}], bodies)

    def without_row(self, number: int, bodies: Mapping[str, str]) -> "DraftForm":
        """The same without one of its rows."""
        rows = [row for n, row in enumerate(self._rows()) if n != number]
        return self._anew(rows or [{}], bodies)

    def typed(self, bodies: Mapping[str, str]) -> list[Typed]:
        """The addressees; a body that is none of the register's counts as not chosen."""
        rows = [{name: value or "" for name, value in row.items()} for row in self._rows()]
        return [Typed(**{**row, "body": row["body"] if row["body"] in bodies else ""}) for row in rows]

    def _rows(self) -> list[dict[str, Any]]:
        return [dict(entry.form.data) for entry in self.addressees]

    def _anew(self, rows: list[dict[str, Any]], bodies: Mapping[str, str]) -> "DraftForm":
        kept = {name: self[name].data for name in ("code", "section", "text", "seen")}
        return type(self)(None, addressees=rows, **kept)._labelled(bodies)

    def _labelled(self, bodies: Mapping[str, str]) -> "DraftForm":
        self.code.label.text, self.section.label.text = _("Code"), _("Section")
        self.text.label.text = _("Text")
        for entry in self.addressees:
            row = entry.form
            row.as_written.label.text, row.qualifier.label.text = _("As printed"), _("Qualifier")
            row.body.label.text, row.role.label.text = _("Body"), _("Role")
            row.body.choices = [("", _("Choose a body")), *bodies.items()]
            row.role.choices = [("", _("As in the register")), *((role.value, role.label) for role in Role)]
        return self
