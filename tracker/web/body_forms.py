"""Forms about bodies: what they are, how they are called, who belongs to them."""

from collections.abc import Mapping, Sequence
from datetime import date

from werkzeug.datastructures import MultiDict
from wtforms import SelectField, StringField, ValidationError
from wtforms.validators import Length

from tracker import language
from tracker.domain.vocabulary import BodyType, Role
from tracker.language import LANGUAGES, NAMES, _
from tracker.models import Body, BodyName
from tracker.services.bodies import Facts
from tracker.services.body_names import Name
from tracker.web.forms import DayField, PartForm, TrackerForm, choices, stripped, within_reach


class FactsForm(TrackerForm):
    """What a body is."""

    type = SelectField()
    role = SelectField()
    parent = SelectField()

    def name_fields(self, others: Sequence[Body]) -> None:
        """Labels and choices in the language in use; `others` may stand above it."""
        self.type.label.text, self.role.label.text = _("Type"), _("Role by default")
        self.parent.label.text = _("Body above it")
        self.type.choices, self.role.choices = choices(list(BodyType)), choices(list(Role))
        self.parent.choices = [("", _("None")), *((one.slug, one.name(language.current())) for one in others)]

    def facts(self) -> Facts:
        """What was chosen."""
        return Facts(BodyType(self.type.data), Role(self.role.data), self.parent.data)

    @classmethod
    def about(cls, body: Body, others: Sequence[Body]) -> "FactsForm":
        """The form as it was sent, or filled with what is known."""
        above = next((one.slug for one in others if one.id == body.parent_id), "")
        form: FactsForm = cls.posted(type=body.type.value, role=body.role.value, parent=above)
        form.name_fields([one for one in others if one.id != body.id])
        return form


class BodyForm(FactsForm):
    """A body that is new to the register."""

    slug = StringField(filters=[stripped])
    name_fr = StringField(filters=[stripped])
    name_nl = StringField(filters=[stripped])
    name_en = StringField(filters=[stripped])
    source_fr = StringField(filters=[stripped])
    source_nl = StringField(filters=[stripped])
    source_en = StringField(filters=[stripped])

    def names(self) -> Mapping[str, Name]:
        """What was typed, by language."""
        typed = {code: Name(self[f"name_{code}"].data, self[f"source_{code}"].data) for code in LANGUAGES}
        return {code: name for code, name in typed.items() if name.name}

    @classmethod
    def opened(cls, others: Sequence[Body]) -> "BodyForm":
        """The form as it was sent, or empty."""
        form: BodyForm = cls.posted(type=BodyType.OTHER.value, role=Role.IMPLEMENTER.value)
        form.name_fields(others)
        form.slug.label.text = _("Short name in addresses")
        for code in LANGUAGES:
            form[f"name_{code}"].label.text = _("Name, %(language)s", language=NAMES[code])
            form[f"source_{code}"].label.text = _("Source of this name, %(language)s", language=NAMES[code])
        return form


class _Dated(TrackerForm):
    from_on = DayField(validators=[within_reach])
    until_on = DayField(validators=[within_reach])

    def name_days(self) -> None:
        """Labels of the days."""
        self.from_on.label.text, self.until_on.label.text = _("From"), _("Until")


class NameForm(_Dated):
    """A name in one language, from a day on."""

    language = SelectField()
    name = StringField(filters=[stripped], validators=[Length(max=300)])
    source = StringField(filters=[stripped], validators=[Length(max=300)])

    def typed(self) -> Name:
        """The name with its source."""
        return Name(self.name.data, self.source.data)

    @classmethod
    def opened(cls, **known: str | date | None) -> "NameForm":
        """The form as it was sent, or filled with what is known."""
        form: NameForm = cls.posted(**known)
        form.name_days()
        form.language.label.text, form.language.choices = _("Language"), list(NAMES.items())
        form.name.label.text, form.source.label.text = _("Name"), _("Source")
        return form

    @classmethod
    def about(cls, row: BodyName) -> "NameForm":
        """A name or an alias to correct."""
        return cls.opened(
            language=row.language, name=row.name, source=row.source or "", from_on=row.from_on, until_on=row.until_on
        )


class MemberForm(_Dated):
    """A body that belongs to a collective one."""

    member = SelectField()

    @classmethod
    def opened(cls, others: Sequence[Body]) -> "MemberForm":
        """The form as it was sent, or empty."""
        form: MemberForm = cls.posted()
        form.name_days()
        form.member.label.text = _("Body")
        form.member.choices = [(one.slug, one.name(language.current())) for one in others]
        return form


class SuccessionForm(PartForm):
    """Who takes over from a body, and from when: in the address of the preview, and in what confirms it."""

    from_on = DayField(validators=[within_reach])
    first = SelectField(default="")
    second = SelectField(default="")
    third = SelectField(default="")
    fourth = SelectField(default="")
    fifth = SelectField(default="")
    sixth = SelectField(default="")

    @property
    def successors(self) -> list[SelectField]:
        """The fields of those that take over."""
        return [self.first, self.second, self.third, self.fourth, self.fifth, self.sixth]

    def validate_from_on(self, field: DayField) -> None:
        """A day, in any case."""
        if field.data is None:
            raise ValidationError(_("Enter the day from which it does not act any more."))

    def chosen(self) -> list[str]:
        """The slugs of those that take over."""
        return [field.data for field in self.successors if field.data]

    @classmethod
    def about(cls, others: Sequence[Body], sent: MultiDict[str, str]) -> "SuccessionForm":
        """The form as it was sent, or empty; `others` may take over."""
        form: SuccessionForm = cls(sent)
        form.from_on.label.text = _("From")
        bodies = [("", _("None")), *((one.slug, one.name(language.current())) for one in others)]
        for field in form.successors:
            field.label.text, field.choices = _("And also, where it is split"), bodies
        form.first.label.text = _("Body that takes over")
        form.first.choices = [("", _("Choose a body")), *bodies[1:]]
        return form


class MergerForm(PartForm):
    """Which body another one turned out to be."""

    into = SelectField(default="")

    def validate_into(self, field: SelectField) -> None:
        """A body, in any case."""
        if not field.data:
            raise ValidationError(_("Choose the body that stays."))

    @classmethod
    def about(cls, others: Sequence[Body], sent: MultiDict[str, str]) -> "MergerForm":
        """The form as it was sent, or empty; `others` may stay."""
        form: MergerForm = cls(sent)
        form.into.label.text = _("The body that stays")
        form.into.choices = [("", _("Choose a body")), *((one.slug, one.name(language.current())) for one in others)]
        return form
