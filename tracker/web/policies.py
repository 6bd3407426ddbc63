"""When reminders leave: what holds in plain words, what a change would mean, and the change."""

from datetime import timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.errors import NotAllowed
from tracker.language import _
from tracker.queries import mailing, policies, policy_words
from tracker.queries.mailing import Mailing
from tracker.queries.policies import Policies
from tracker.services import policies as service
from tracker.web import access
from tracker.web.access import Access, only
from tracker.web.policy_forms import PolicyForm
from tracker.web.reminders import when

bp = Blueprint("policies", __name__)
EXAMPLE = timedelta(days=182)
"""Between asking and the due date of the example."""


@bp.route("/reminders/settings", methods=["GET", "POST"])
@only(Access.COORDINATORS)
def edit() -> ResponseReturnValue:
    """What holds, or what was chosen and what it would mean; kept only when that is asked for."""
    [issuer_id] = sorted(access.me().coordinates)[:1]
    present, types = policies.here(issuer_id)
    form = PolicyForm.about(present, types)
    wanted = form.wanted() if request.method == "POST" else present
    if request.method == "POST" and wanted and "keep" in request.form:
        try:
            service.change(issuer_id, wanted, seen=form.seen.data or "", by=access.person())
        except NotAllowed as refusal:
            form.form_errors.append(str(refusal))
            form.seen.data, form.seen.raw_data = present.mark, None
        else:
            flash(_("Reminders leave by these rules from now on."), "success")
            return redirect(url_for("reminders.show"))
    page = render_template(
        "policies/edit.html",
        form=form,
        types=types,
        present=present,
        is_new=wanted is not None and wanted.mark != present.mark,
        told=policy_words.told(wanted or present, types, clock.today(), clock.today() + EXAMPLE),
        due_on=clock.today() + EXAMPLE,
        coming=_next(issuer_id, None),
        changed=_next(issuer_id, wanted) if wanted and wanted.mark != present.mark else None,
        when=when,
    )
    return page, 409 if form.form_errors and wanted else 422 if form.errors else 200


def _next(issuer_id: int, wanted: Policies | None) -> Mailing | None:
    """The next mailing of an issuer, by what holds or by what is wanted."""
    supposed = policies.supposing(issuer_id, wanted) if wanted else None
    now, timezone = clock.now(), access.settings().timezone
    found = mailing.mailings(now, timezone, issuer_ids={issuer_id}, limit=1, policies=supposed)
    return found[0] if found else None
