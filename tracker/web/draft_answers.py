"""Half-written forms that are kept: by a button, by the page itself, and for whoever was signed out meanwhile."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, flash, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue

from tracker import clock, language
from tracker.language import _
from tracker.models import Person
from tracker.queries import draft_answers as kept
from tracker.queries.draft_answers import Begun
from tracker.services import draft_answers
from tracker.web import access
from tracker.web.access import Access, only

bp = Blueprint("draft_answers", __name__)

_ANSWER = ("response", "reported", "done", "reason", "since", "links")
FIELDS = {
    "answer": _ANSWER,
    "paper": (*_ANSWER, "channel", "received_on", "answered_by"),
    "finding": ("assessed", "reason", "is_public"),
    "question": ("question", "due_on"),
}
"""What is kept of each form."""
_PAGES = {"answer": "answers.write", "paper": "answers.record", "finding": "review.show", "question": "review.show"}
_LISTS = {
    "answer": "answers.all_",
    "paper": "recommendations.all_",
    "finding": "review.queue",
    "question": "review.queue",
}


@dataclass(frozen=True)
class Draft:
    """A kept form as its page shows it, and where it is kept and thrown away."""

    form: str
    addressee_id: int
    begun: Begun | None

    @property
    def fields(self) -> Mapping[str, str] | None:
        """What stood in the fields; None where nothing is kept."""
        return self.begun.fields if self.begun else None

    @property
    def url(self) -> str:
        return self._address("save")

    @property
    def discard_url(self) -> str:
        return self._address("discard")

    def _address(self, act: str) -> str:
        if self.form == "answer":
            return url_for(f"draft_answers.{act}_answer", addressee_id=self.addressee_id)
        return url_for(f"draft_answers.{act}", form=self.form, addressee_id=self.addressee_id)


def draft(form: str, addressee_id: int) -> Draft:
    """What whoever is signed in began to write; on a form that was just sent what was sent counts."""
    begun = kept.begun(access.person().id, addressee_id, form) if request.method == "GET" else None
    return Draft(form, addressee_id, begun)


def page_of(form: str, addressee_id: int) -> str:
    """The address of the page with this form."""
    return url_for(_PAGES[form], addressee_id=addressee_id)


@bp.post("/answers/<int:addressee_id>/draft")
@only(Access.FOCAL_POINTS)
def save_answer(addressee_id: int) -> ResponseReturnValue:
    """Keep an answer for later, as it is."""
    return _save("answer", addressee_id)


@bp.post("/drafts/<any(paper, finding, question):form>/<int:addressee_id>")
@only(Access.COORDINATORS)
def save(form: str, addressee_id: int) -> ResponseReturnValue:
    """Keep a form of the issuer for later, as it is."""
    return _save(form, addressee_id)


def _save(form: str, addressee_id: int) -> ResponseReturnValue:
    at = keep(form, addressee_id, access.person())
    if is_by_itself():
        return jsonify(said=said(at))
    sentence = _("%(saved)s. Nothing was sent; the form opens with it.", saved=said(at))
    flash(sentence, "success")
    return redirect(url_for(_LISTS[form]))


@bp.post("/answers/<int:addressee_id>/draft/discard")
@only(Access.FOCAL_POINTS)
def discard_answer(addressee_id: int) -> ResponseReturnValue:
    """Begin an answer anew."""
    return _discard("answer", addressee_id)


@bp.post("/drafts/<any(paper, finding, question):form>/<int:addressee_id>/discard")
@only(Access.COORDINATORS)
def discard(form: str, addressee_id: int) -> ResponseReturnValue:
    """Begin a form of the issuer anew."""
    return _discard(form, addressee_id)


def _discard(form: str, addressee_id: int) -> ResponseReturnValue:
    draft_answers.discard(addressee_id, form, by=access.person())
    flash(_("Your draft is gone."), "success")
    return redirect(page_of(form, addressee_id))


def keep(form: str, addressee_id: int, by: Person) -> datetime:
    """Keep what this request says in the fields of a form; when."""
    fields = {name: request.form[name] for name in FIELDS[form] if name in request.form}
    at = clock.now()
    seen = request.form.get("seen", 0, type=int)
    draft_answers.save(addressee_id, form, fields, seen=seen, by=by, at=at, is_by_itself=is_by_itself())
    return at


def is_by_itself() -> bool:
    """Whether the page keeps the form, not a person with a button."""
    return request.accept_mimetypes.best == "application/json"


def said(at: datetime) -> str:
    """That it is kept, and when."""
    return _("Saved at %(time)s", time=language.time_of_day(at, access.settings().timezone))
