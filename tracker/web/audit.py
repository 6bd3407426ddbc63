"""What people did: for coordinators and administrators, narrowed by person, act and days."""

from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import SelectField, ValidationError

from tracker.domain.acts import Act
from tracker.language import _
from tracker.queries import audit, audit_words
from tracker.queries.audit import Told, Wanted
from tracker.web.access import Access, me, only
from tracker.web.forms import DayField, PartForm, code_of, within_reach

bp = Blueprint("audit", __name__)


class NarrowForm(PartForm):
    """What the log is narrowed to, as it stands in the address."""

    person = SelectField(validate_choice=False)
    act = SelectField(validate_choice=False)
    from_on = DayField(name="from", validators=[within_reach])
    until_on = DayField(name="until", validators=[within_reach])

    def validate_until_on(self, field: DayField) -> None:
        """The days in their order."""
        if field.data and self.from_on.data and field.data < self.from_on.data:
            raise ValidationError(_("The last day is before the first. Change one of them."))

    def wanted(self) -> Wanted:
        """The narrowing; a person or an act that is none counts as not chosen."""
        number = self.person.data or ""
        return Wanted(
            int(number) if number.isdigit() else None,
            code_of(Act, self.act.data),
            self.from_on.data,
            self.until_on.data,
        )


@bp.get("/audit")
@only(Access.KEEPERS)
def show() -> ResponseReturnValue:
    """The latest acts first."""
    form = NarrowForm(request.args)
    form.from_on.label.text, form.until_on.label.text = _("From"), _("Until")
    form.validate()
    wanted = form.wanted() if not form.errors else Wanted()
    after = request.args.get("after", type=int)
    narrowed: dict[str, Any] = {
        name: request.args[name] for name in ("person", "act", "from", "until") if request.args.get(name)
    }
    page = audit.page(me(), wanted, after=after)
    return render_template(
        "audit/show.html",
        form=form,
        page=page,
        narrowed=narrowed,
        people_choices=[(str(one.id), one.display_name) for one in audit.actors(me())],
        acts=sorted(((act.value, _(label)) for act, label in audit_words.LABELS.items()), key=lambda one: one[1]),
        link_to=link_to,
        is_later_page=after is not None,
        next_url=url_for("audit.show", **narrowed, after=page.next) if page.next else None,
    ), 422 if form.errors else 200


def link_to(told: Told) -> str | None:
    """The page of what a row is about, where there is one that this person may open."""
    ref, kind = told.row.ref or "", told.row.kind
    if kind == "body":
        return url_for("bodies.show", slug=ref)
    if kind == "recommendation":
        report, _slash, address = ref.partition("/")
        return url_for("recommendations.show", report=report, address=address)
    if kind == "report" and me().is_coordinator:
        return url_for("publication.show", slug=ref)
    if kind == "person":
        return url_for("people.show", person_id=int(ref))
    if kind == "import" and me().is_coordinator:
        return url_for("imports.show", import_id=int(ref))
    if kind == "mail" and me().is_coordinator:
        return url_for("reminders.mail", mail_id=int(ref))
    return None
