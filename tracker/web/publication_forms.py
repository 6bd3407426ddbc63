"""The form in which a coordinator decides from when everybody may read a report."""

from datetime import datetime, time

from wtforms import RadioField, StringField

from tracker import clock
from tracker.language import _
from tracker.web.forms import DayField, TrackerForm, stripped

NOW, LATER = "now", "later"
_HOUR = "08:00"
"""Proposed for an embargo."""


class PublicationForm(TrackerForm):
    """Now, or from a moment on."""

    when = RadioField(validate_choice=False)
    day = DayField()
    hour = StringField(filters=[stripped])

    @classmethod
    def sent(cls, embargo: datetime | None = None, shown: str = "") -> "PublicationForm":
        """The form as sent; else empty, or with the embargo that stands and its hour as shown."""
        values = {"when": LATER if embargo else None, "day": clock.day_of(embargo) if embargo else None}
        form: PublicationForm = cls.posted(**values, hour=shown or _HOUR)
        form.when.label.text = _("From when may everybody read it?")
        form.when.choices = [(NOW, _("Now")), (LATER, _("From a day and an hour on"))]
        form.day.label.text = _("Day")
        form.hour.label.text = _("Hour")
        return form

    def moment(self) -> datetime | None:
        """When the report becomes public; None where a field says what is wrong."""
        is_well_formed = self.validate()
        if self.when.data == NOW:
            return clock.now()
        if self.when.data != LATER:
            self.when.errors = [_("Choose now, or a day and an hour.")]
            return None
        hour = _hour(self.hour.data)
        if hour is None:
            self.hour.errors = [_("Write the hour as 08:00.")]
        if self.day.data is None and not self.day.errors:
            self.day.errors = [_("Enter the day from which everybody may read it.")]
        if not is_well_formed or hour is None or self.day.data is None:
            return None
        moment = clock.moment_on(self.day.data, hour)
        if moment <= clock.now():
            self.day.errors = [_("This moment is past. Choose a later one, or “Now”.")]
            return None
        return moment


def _hour(typed: str | None) -> time | None:
    try:
        return time.fromisoformat((typed or "").replace("h", ":").replace(".", ":").zfill(5))
    except ValueError:
        return None
