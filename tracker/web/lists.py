"""What pages of figures and lists share: the day they are asked for, and the address of the list behind a count."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask import request, url_for

from tracker import clock
from tracker.queries.addressees import Row
from tracker.queries.filters import Filters
from tracker.web.access import me
from tracker.web.forms import DayField, PartForm, error_of, not_to_come, within_reach

NARROWED_BY = (
    "report",
    "section",
    "body",
    "response",
    "reported",
    "assessed",
    "role",
    "theme",
    "group",
    "priority",
    "flag",
)
TERMS = ("theme", "group", "priority")
"""The issuer's own lists, to which the dashboard is narrowed too."""


class AsOfForm(PartForm):
    """The day for which figures are asked."""

    as_of = DayField(validators=[within_reach, not_to_come])


@dataclass(frozen=True)
class Asked:
    """The day that a page is asked for; today where none or no day was typed."""

    day: date
    typed: str
    problem: str
    terms: dict[str, str] = field(default_factory=dict)
    """What figures are narrowed to: entries of the issuer's lists, by kind."""

    @classmethod
    def now(cls, *, by_terms: bool = False) -> "Asked":
        """The day in the address of this request, and with `by_terms` what figures are narrowed to."""
        form = AsOfForm(request.args)
        form.validate()
        problem = error_of(form.as_of)
        day = form.as_of.data or clock.today()
        terms = {name: request.args[name] for name in TERMS if by_terms and request.args.get(name)}
        return cls(day, request.args["as_of"] if problem else day.isoformat(), problem, terms)

    @property
    def is_today(self) -> bool:
        return self.day == clock.today()

    @property
    def status(self) -> int:
        """The status of the page."""
        return 422 if self.problem else 200

    def url(self, endpoint: str, **values: Any) -> str:
        """The address of another page as of the same day."""
        return url_for(endpoint, **{**self.terms, **values}, as_of=None if self.is_today else self.day.isoformat())

    def listed(self, **narrowed: str) -> str:
        """The address of the list behind a count."""
        return self.url("recommendations.all_", **narrowed)

    def filters(self, **narrowed: str) -> Filters:
        """What this person may read as of that day."""
        return Filters(self.day, issuer_ids=me().reads, **{**self.terms, **narrowed})


def narrowed() -> dict[str, str]:
    """What the address of this request narrows a list to."""
    return {name: request.args[name] for name in NARROWED_BY if request.args.get(name)}


def page_of(row: Row) -> str:
    """The address of a recommendation with this addressee open."""
    of, key = row.recommendation, row.addressee.id
    return url_for("recommendations.show", report=of.report.slug, address=of.address, open=key, _anchor=f"a{key}")
