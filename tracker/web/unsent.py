"""What somebody typed is not lost when their form could not be taken: it is shown again, to be sent from there."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Flask, current_app, flash, jsonify, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker.errors import Refusal
from tracker.language import N_, _
from tracker.queries import people
from tracker.web import draft_answers
from tracker.web.access import Access

LABELS = {
    "done": N_("What was done"),
    "reason": N_("Reason"),
    "links": N_("Links to evidence"),
    "answered_by": N_("Who answered"),
    "question": N_("Your question"),
    "text": N_("Text"),
}
_LONG = 40
"""Characters from which a value is shown, not only sent along."""
_FORMS = {
    "answers.write": "answer",
    "draft_answers.save_answer": "answer",
    "answers.record": "paper",
    "review.assess": "finding",
    "review.return_": "question",
}


@dataclass(frozen=True)
class Typed:
    """One value of a form that was not taken."""

    name: str
    value: str

    @property
    def label(self) -> str:
        return _(LABELS.get(self.name, LABELS["text"]))

    @property
    def is_shown(self) -> bool:
        """Whether its writer sees it again; what was chosen or ticked is only sent along."""
        return bool(self.value) and (self.name in LABELS or len(self.value) > _LONG)


@dataclass(frozen=True)
class Unsent:
    """A form that was not taken, to be sent once more."""

    url: str
    typed: tuple[Typed, ...]


def unsent() -> Unsent | None:
    """What this request wanted to say; None where it said nothing in words."""
    if request.method != "POST" or request.endpoint is None:
        return None
    values = request.form.items(multi=True)
    typed = tuple(Typed(name, value) for name, value in values if name != "csrf_token")
    return Unsent(request.full_path.rstrip("?"), typed) if any(one.is_shown for one in typed) else None


def is_of_a_link() -> bool:
    """Whether a form that a link opens was sent: where the link ended meanwhile, its words are shown to be copied."""
    return _view() is Access.BEARERS


def is_from_here() -> bool:
    """Whether the browser says that a page of ours sent this. One that says nothing is not believed."""
    return bool(request.headers.get("Origin")) or request.headers.get("Sec-Fetch-Site") == "same-origin"


def register(app: Flask) -> None:
    """Look after forms of people who were signed out while they wrote. Comes after the check of their token."""
    app.before_request(_of_signed_out)


def _of_signed_out() -> ResponseReturnValue | None:
    """Keep the form where we know whose it is, else show it again; without words the page goes its usual way."""
    view = _view()
    if request.method != "POST" or view in (None, Access.EVERYONE, Access.BEARERS) or current_user.is_authenticated:
        return None
    values: Mapping[str, object] = request.view_args or {}
    form = values.get("form") if request.endpoint == "draft_answers.save" else _FORMS.get(request.endpoint or "")
    if isinstance(form, str) and _keep(form, values):
        return _kept(draft_answers.page_of(form, int(str(values["addressee_id"]))))
    shown = unsent()
    if shown is None:
        return None
    return render_template("errors/error.html", status=401, sentence=None, unsent=shown), 401


def _view() -> Access | None:
    return getattr(current_app.view_functions.get(request.endpoint or ""), "access", None)


def _keep(form: str, values: Mapping[str, object]) -> bool:
    person = people.who_was(session.get("_user_id", ""))
    if person is None:
        return False
    try:
        draft_answers.keep(form, int(str(values["addressee_id"])), person)
    except Refusal:
        return False
    return True


def _kept(page: str) -> ResponseReturnValue:
    if draft_answers.is_by_itself():
        return jsonify(said=_("Saved. You are signed out meanwhile: sign in again before you send."))
    session["next"] = page
    flash(
        _("You were signed out meanwhile. What you wrote is kept: sign in, and it stands in the form again."), "error"
    )
    return redirect(url_for("sign_in.ask"))
