"""What all forms share."""

from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

from flask import request
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import Form, IntegerField, StringField, ValidationError
from wtforms.fields import Field
from wtforms.validators import Length
from wtforms.widgets import HiddenInput

from tracker import clock
from tracker.domain.days import day_of
from tracker.domain.moves import Problem
from tracker.domain.vocabulary import Coded
from tracker.language import N_, _, number

_YEARS = range(1900, 2201)
"""What can be counted back from and forward to."""
Code = TypeVar("Code", bound=StrEnum)


_TOLD = {
    "Not a valid choice.": N_("Choose one of the list."),
    "Invalid Choice: could not coerce.": N_("Choose one of the list."),
    "Not a valid integer value.": N_("Enter a whole number."),
}
"""What the package says of a field by itself, in our words."""


class _Spoken:
    """Messages of the package in the language in use."""

    def gettext(self, told: str) -> str:
        return _(_TOLD[told]) if told in _TOLD else told

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        return singular if n == 1 else plural


class PartForm(Form):  # type: ignore[misc]  # the package is untyped
    """A form in the address of a page, or one that is part of another: without CSRF protection of its own."""

    class Meta(Form.Meta):  # type: ignore[misc]  # the package is untyped
        """How the package finds its messages."""

        def get_translations(self, _form: object) -> _Spoken:
            """The language in use."""
            return _Spoken()


class TrackerForm(FlaskForm):  # type: ignore[misc]  # the package is untyped
    """A form with CSRF protection whose messages speak the language in use."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]  # the package is untyped
        """How the package finds its messages."""

        def get_translations(self, _form: object) -> _Spoken:
            """The language in use."""
            return _Spoken()

    def take(self, problems: Sequence[Problem]) -> None:
        """Put each problem that the rules found at its field, or above the form where it has none."""
        for problem in problems:
            if problem.field in self._fields:
                field = self._fields[problem.field]
                field.errors = [*field.errors, problem.sentence]
            else:
                self.form_errors.append(problem.sentence)

    @classmethod
    def posted(cls, **values: Any) -> Any:
        """The form as it was sent, or filled with `values` when it was only opened."""
        return cls(request.form if request.method == "POST" else None, **values)

    @classmethod
    def drafted(cls, draft: Mapping[str, str] | None, values: Mapping[str, Any]) -> Any:
        """The form filled with what was kept of it, or with `values` where nothing was."""
        return cls(MultiDict(draft) if draft is not None else None, **values)


def stripped(text: str | None) -> str:
    """Text without blanks around it, with plain line ends."""
    return (text or "").replace("\r\n", "\n").strip()


class SeenField(IntegerField):  # type: ignore[misc]  # the package is untyped
    """The position of the latest entry that the page showed on which a form was filled in."""

    widget = HiddenInput()

    def show(self, position: int) -> None:
        """The page now shows entries up to `position`; a field would else say again what was sent."""
        self.data, self.raw_data = position, None


class AtMost(Length):  # type: ignore[misc]  # the package is untyped
    """The most characters of a text, told in the language in use."""

    def __init__(self, limit: int) -> None:
        super().__init__(max=limit)

    def __call__(self, form: TrackerForm, field: Field) -> None:
        self.message = _("Keep this text within %(limit)s characters.", limit=number(self.max))
        super().__call__(form, field)


class DayField(StringField):  # type: ignore[misc]  # the package is untyped
    """A date as browsers send it (2026-11-23) or as people type it (23/11/2026); empty is None."""

    def process_formdata(self, valuelist: list[str]) -> None:
        typed = (valuelist[0] if valuelist else "").strip()
        self.raw_data = [typed]
        self.data = None
        if typed:
            self.data = day_of(typed)
            if self.data is None:
                raise ValidationError(_("“%(typed)s” is not a date. Write it as 2026-11-23.", typed=typed[:30]))

    def _value(self) -> str:
        if self.raw_data and self.raw_data[0]:
            return str(self.raw_data[0])
        return self.data.isoformat() if isinstance(self.data, date) else ""


def within_reach(_form: object, field: DayField) -> None:
    """The check of a day that can be meant; a typing error lies outside."""
    if field.data and field.data.year not in _YEARS:
        field.data = None
        raise ValidationError(_("Enter a day between 1900 and 2200."))


def not_to_come(_form: object, field: DayField) -> None:
    """The check of a day of which something is told: of a later one nothing is known yet."""
    if field.data and field.data > clock.today():
        field.data = None
        raise ValidationError(_("Enter today or an earlier day: nothing is known yet of later ones."))


def choices(codes: Sequence[Coded]) -> list[tuple[str, str]]:
    """Codes with their labels, for a choice among them."""
    return [(code.value, code.label) for code in codes]


def code_of(codes: type[Code], chosen: str | None) -> Code | None:
    """What was chosen as a code; None where nothing was, or what no page offers."""
    return codes(chosen) if chosen in {code.value for code in codes} else None


def error_of(field: Field) -> str:
    """The first error at a field."""
    return str(field.errors[0]) if field.errors else ""
