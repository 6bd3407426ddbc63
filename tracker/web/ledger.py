"""The ledger: every mail and every decision against one, narrowed by a form that is a link, and as a file."""

from collections.abc import Iterator
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict
from wtforms import StringField
from wtforms.validators import Length

from tracker import clock, language
from tracker.language import N_, _
from tracker.queries import bodies, ledger_pages, rounds
from tracker.queries.ledger_pages import Filters
from tracker.web import access
from tracker.web.access import Access, only
from tracker.web.downloads import as_csv
from tracker.web.forms import DayField, PartForm, stripped

bp = Blueprint("ledger", __name__)

TABS = {
    "": N_("Everything"),
    "waiting": N_("Waiting"),
    "held": N_("Held"),
    "delivered": N_("Delivered"),
    "not_sent": N_("Not sent"),
    "failed": N_("Failed"),
}
HEADS = (
    N_("When"),
    N_("Recipient"),
    N_("Address"),
    N_("Body"),
    N_("Recommendations"),
    N_("Language"),
    N_("State"),
    N_("Mail"),
    N_("Subject"),
    N_("Detail"),
    N_("Attempts"),
    N_("Delivered"),
)
"""Of the file."""


class LedgerForm(PartForm):
    """What the ledger is narrowed to. It is sent by GET, so that its result is a link."""

    show = StringField()
    person = StringField(filters=[stripped], validators=[Length(max=254)])
    body = StringField(filters=[stripped])
    recommendation = StringField(filters=[stripped])
    round = StringField(filters=[stripped])
    from_on = DayField()
    until_on = DayField()

    def filters(self) -> Filters:
        """The same for the query; a day that is none narrows nothing."""
        return Filters(
            **{name: field.data for name, field in self._fields.items() if field.data},
            timezone=access.settings().timezone,
            issuer_ids=access.me().coordinates,
        )

    def address(self, endpoint: str = ".show", **values: str | None) -> str:
        """The address of the ledger narrowed like this, but for `values`."""
        typed: dict[str, Any] = {name: request.args.get(name) or None for name in self._fields}
        return url_for(endpoint, **{**typed, **values})


@bp.get("/reminders/ledger")
@only(Access.COORDINATORS)
def show() -> ResponseReturnValue:
    """The latest 25 that fit, or those before or after."""
    form = _form()
    found = form.filters()
    counts = ledger_pages.counts(found)
    after, before = (request.args.get(name, "") for name in ("after", "before"))
    page = ledger_pages.page(found, after=after, before=before)
    heading = found.show if found.show in ledger_pages.SHOWS else ""
    tabs = [
        {
            "label": _(label),
            "url": form.address(show=name or None),
            "is_current": name == heading,
            "count": counts[name],
        }
        for name, label in TABS.items()
    ]
    return render_template(
        "ledger/show.html",
        form=form,
        tabs=tabs,
        page=page,
        total=counts[heading],
        is_narrowed=any(request.args.get(name) for name in form._fields if name != "show"),
        choices={"body": _bodies(), "round": _rounds()},
        previous_url=form.address(before=page.previous) if page.previous else None,
        next_url=form.address(after=page.next) if page.next else None,
    ), 422 if form.errors else 200


@bp.get("/reminders/ledger.csv")
@only(Access.COORDINATORS)
def csv() -> ResponseReturnValue:
    """The same as a file: every row that fits, not one page of them."""
    name = f"ledger-{clock.today().isoformat()}"
    return as_csv(name, [_(head) for head in HEADS], _cells(_form().filters()))


def _cells(filters: Filters) -> Iterator[tuple[object, ...]]:
    for row in ledger_pages.everything(filters):
        mail = row.mail
        yield (
            row.at.isoformat(timespec="seconds"),
            row.person.display_name if row.person else "",
            mail.recipient if mail else row.person.email if row.person else "",
            ", ".join(row.bodies),
            ", ".join(row.codes),
            mail.language if mail else "",
            row.state_label,
            row.subject,
            mail.subject if mail else "",
            row.reason,
            mail.attempts if mail else 0,
            mail.accepted_at.isoformat(timespec="seconds") if mail and mail.accepted_at else "",
        )


def _form() -> LedgerForm:
    form = LedgerForm(MultiDict(request.args))
    form.validate()
    return form


def _bodies() -> list[tuple[str, str]]:
    return [(one.slug, one.name(language.current())) for one in bodies.addressed()]


def _rounds() -> list[tuple[str, str]]:
    return [(one.uid, one.title) for one in rounds.of_issuers(access.me().coordinates)]
