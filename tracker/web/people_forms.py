"""Forms about people: who they are, what they may do, and from when to when they answer for a body."""

from collections.abc import Mapping, Sequence
from datetime import date

from wtforms import BooleanField, RadioField, SelectField, StringField, ValidationError
from wtforms.fields import Field
from wtforms.validators import InputRequired

from tracker import clock, language
from tracker.language import _
from tracker.models import Issuer, Person
from tracker.services.focal_points import Contact
from tracker.web.forms import DayField, TrackerForm, stripped, within_reach


class PersonForm(TrackerForm):
    """Who somebody is."""

    email = StringField(filters=[stripped])
    display_name = StringField(filters=[stripped])
    language = SelectField()

    def name_fields(self) -> None:
        """Labels and choices in the language in use."""
        self.email.label.text, self.display_name.label.text = _("Mail address"), _("Name or role")
        self.language.label.text = _("Language of mails and pages")
        self.language.choices = list(language.NAMES.items())

    def validate_email(self, field: Field) -> None:
        """One is needed; its shape is the service's to judge."""
        InputRequired(_("Enter a mail address."))(self, field)

    def validate_display_name(self, field: Field) -> None:
        """One that fits; whether one is needed is the service's to say."""
        if len(field.data or "") > 200:
            raise ValidationError(_("Keep this within %(limit)s characters.", limit=200))

    def contact(self) -> Contact:
        """What was typed."""
        return Contact(self.email.data, self.display_name.data, self.language.data)

    @classmethod
    def about(cls, person: Person | None = None) -> "PersonForm":
        """The form as it was sent, or filled with what is known."""
        known = person and {name: getattr(person, name) for name in ("email", "display_name", "language")}
        form: PersonForm = cls.posted(**(known or {"language": language.current()}))
        form.name_fields()
        return form


class FocalPointForm(PersonForm):
    """Somebody who is to answer for a body from a day on."""

    from_on = DayField(validators=[within_reach])

    def validate_from_on(self, field: Field) -> None:
        """A day is needed."""
        if not field.errors:
            InputRequired(_("Enter the day."))(self, field)

    def day(self) -> date:
        """The day of a form that holds."""
        return self.from_on.data or clock.today()

    @classmethod
    def opened(cls, label: str) -> "FocalPointForm":
        """The form as it was sent, or for somebody who begins today; `label` names the day."""
        form: FocalPointForm = cls.posted(language=language.current(), from_on=clock.today())
        form.name_fields()
        form.from_on.label.text = label
        return form


class EndForm(TrackerForm):
    """The day from which something is over."""

    until_on = DayField(validators=[within_reach])

    def validate_until_on(self, field: Field) -> None:
        """A day is needed."""
        if not field.errors:
            InputRequired(_("Enter the day."))(self, field)

    def day(self) -> date:
        """The day of a form that holds."""
        return self.until_on.data or clock.today()

    @classmethod
    def opened(cls, label: str) -> "EndForm":
        """The form as it was sent, or for today; `label` names the day."""
        form: EndForm = cls.posted(until_on=clock.today())
        form.until_on.label.text = label
        return form


class PartsForm(TrackerForm):
    """What somebody is at each issuer, and whether they administer the installation."""

    is_admin = BooleanField()

    @classmethod
    def over(cls, issuers: Sequence[Issuer], person: Person | None = None) -> "PartsForm":
        """The form over the issuers whose parts may be given."""
        held = {one.issuer_id: one.role for one in person.memberships} if person else {}
        fields = {f"issuer_{one.id}": RadioField(name=f"issuer-{one.id}", default="") for one in issuers}
        values = {f"issuer_{one.id}": held.get(one.id, "") for one in issuers}
        form: PartsForm = type("PartsForm", (cls,), fields).posted(  # type: ignore[attr-defined]  # made here
            is_admin=bool(person and person.is_admin), **values
        )
        for one in issuers:
            field = form[f"issuer_{one.id}"]
            field.label.text = one.name
            field.choices = [
                ("", _("Nothing")),
                ("reader", _("Reader: sees figures and timelines")),
                ("coordinator", _("Coordinator: imports, asks, reviews, keeps people and bodies")),
            ]
        form.is_admin.label.text = _("Administrator: sees everything, keeps people and bodies, follows nothing up")
        return form

    def fields_of(self, issuers: Sequence[Issuer]) -> list[Field]:
        """The field of each issuer."""
        return [self[f"issuer_{one.id}"] for one in issuers]

    def roles(self, issuers: Sequence[Issuer]) -> Mapping[int, str]:
        """What was chosen, by the id of the issuer."""
        return {one.id: self[f"issuer_{one.id}"].data or "" for one in issuers}


class LanguageForm(TrackerForm):
    """One's own language."""

    language = SelectField()

    @classmethod
    def opened(cls, chosen: str) -> "LanguageForm":
        """The form as it was sent, or with the language that is kept."""
        form: LanguageForm = cls.posted(language=chosen)
        form.language.label.text = _("Language of mails and pages")
        form.language.choices = list(language.NAMES.items())
        return form
