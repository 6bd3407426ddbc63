"""When reminders leave: the steps, those of some types of body, the hour, and the quiet days."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from wtforms import BooleanField, HiddenField, IntegerField, StringField, TimeField, ValidationError
from wtforms.fields import Field
from wtforms.validators import NumberRange, Optional

from tracker.domain.policies import AT_MOST, BEFORE, BEFORE_STEPS, EVERY, Policy, Quiet, days_before, is_sound
from tracker.domain.vocabulary import BodyType
from tracker.language import _
from tracker.queries.policies import Policies
from tracker.web.forms import DayField, TrackerForm, within_reach

SPARE_ROWS = 2
"""Empty rows for quiet periods, beside those there are."""
COUNTRY = "BE"


class DaysField(StringField):  # type: ignore[misc]  # the package is untyped
    """Days before the due date, such as “30, 7, 0”."""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.raw_data, typed = valuelist, valuelist[0] if valuelist else ""
        self.data = days_before(typed)
        if self.data is None:
            told = _("Write at most %(steps)s numbers of days, each up to %(days)s: 30, 7, 0.")
            raise ValidationError(told % {"steps": BEFORE_STEPS, "days": BEFORE})

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return ", ".join(str(day) for day in self.data or ())


class _Between(NumberRange):  # type: ignore[misc]  # the package is untyped
    """A number of a range, told in the language in use."""

    def __call__(self, form: TrackerForm, field: Field) -> None:
        self.message = _("Enter a number from %(min)s to %(max)s.")
        super().__call__(form, field)


def _every() -> IntegerField:
    return IntegerField(validators=[Optional(), _Between(*EVERY)])


def _at_most() -> IntegerField:
    return IntegerField(validators=[Optional(), _Between(0, AT_MOST)])


class PolicyForm(TrackerForm):
    """All that an issuer decides about reminders."""

    before = DaysField()
    every = IntegerField(validators=[_Between(*EVERY)])
    at_most = IntegerField(validators=[_Between(0, AT_MOST)])
    send_at = TimeField(format=["%H:%M", "%H:%M:%S"])
    keeps_holidays = BooleanField()
    seen = HiddenField()

    @classmethod
    def about(cls, policies: Policies, types: Sequence[BodyType]) -> "PolicyForm":
        """The form as sent, or with what holds."""
        usual, fields, values = policies.usual, dict[str, Any](), dict[str, Any]()
        for code in types:
            own = policies.of_type.get(code)
            fields |= {f"{code}_own": BooleanField(), f"{code}_before": DaysField()}
            fields |= {f"{code}_every": _every(), f"{code}_at_most": _at_most()}
            values |= {f"{code}_own": own is not None, **_steps(own or usual, f"{code}_")}
        rows = len(usual.quiet) + SPARE_ROWS
        for n in range(rows):
            fields |= {f"from_{n}": DayField(validators=[within_reach]), f"to_{n}": DayField(validators=[within_reach])}
        for n, one in enumerate(usual.quiet):
            values |= {f"from_{n}": one.from_on, f"to_{n}": one.to_on}
        values |= _steps(usual, "")
        values |= {"send_at": usual.send_at, "keeps_holidays": bool(usual.country), "seen": policies.mark}
        made: Any = type("PolicyForm", (cls,), {**fields, "types": list(types), "rows": rows})
        form: PolicyForm = made.posted(**values)
        form.name_fields()
        return form

    types: Sequence[BodyType] = ()
    rows = 0

    def name_fields(self) -> None:
        """Labels in the language in use."""
        for prefix in ("", *(f"{code}_" for code in self.types)):
            self[f"{prefix}before"].label.text = _("Days before the due date")
            self[f"{prefix}every"].label.text = _("Then every so many days")
            self[f"{prefix}at_most"].label.text = _("At most, after the due date")
        for code in self.types:
            self[f"{code}_own"].label.text = _("Remind these bodies otherwise")
        self.send_at.label.text = _("Mail leaves from")
        self.keeps_holidays.label.text = _("Nothing leaves on Belgian public holidays")
        for n in range(self.rows):
            self[f"from_{n}"].label.text, self[f"to_{n}"].label.text = (
                _("Nothing leaves from"),
                _("up to and including"),
            )

    def wanted(self) -> Policies | None:
        """What was chosen; None where something is wrong, which then stands at its field."""
        for code in self.types:
            if not self[f"{code}_own"].data:  # whatever stands in fields that are not used
                for name in ("before", "every", "at_most"):
                    self[f"{code}_{name}"].validators, self[f"{code}_{name}"].process_errors = [], []
        is_sound_otherwise = self.validate()
        quiet = self._quiet()
        if not is_sound_otherwise or quiet is None or self.errors:
            return None
        country = COUNTRY if self.keeps_holidays.data else ""
        usual = Policy(self.before.data or (), self.every.data, self.at_most.data, self.send_at.data, country, quiet)
        own = {code: self._own(code, usual) for code in self.types if self[f"{code}_own"].data}
        return Policies(usual, own)

    def _own(self, code: BodyType, usual: Policy) -> Policy:
        before, every, at_most = (self[f"{code}_{name}"].data for name in ("before", "every", "at_most"))
        return replace(
            usual,
            before=before,
            every=usual.every if every is None else every,
            at_most=usual.at_most if at_most is None else at_most,
        )

    def _quiet(self) -> tuple[Quiet, ...] | None:
        found, is_whole = list[Quiet](), True
        for n in range(self.rows):
            begin, end = self[f"from_{n}"], self[f"to_{n}"]
            if begin.data and end.data:
                one = Quiet(begin.data, end.data)
                if not is_sound([one]):
                    end.errors = [_("A quiet period ends after it begins and is shorter than three months.")]
                    is_whole = False
                found.append(one)
            elif begin.data or end.data:
                missing = end if begin.data else begin
                missing.errors = [*missing.errors, _("Give the first and the last day of the quiet period.")]
                is_whole = False
        if len({one.from_on for one in found}) < len(found):
            self.form_errors.append(_("Two quiet periods begin on the same day: make them one."))
            is_whole = False
        return tuple(sorted(found, key=lambda one: one.from_on)) if is_whole else None


def _steps(policy: Policy, prefix: str) -> dict[str, Any]:
    return {f"{prefix}before": policy.before, f"{prefix}every": policy.every, f"{prefix}at_most": policy.at_most}
