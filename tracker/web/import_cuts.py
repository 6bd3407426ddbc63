"""How the document is cut into drafts: one split at a line, two joined, the last change taken back."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import RadioField, StringField
from wtforms.validators import InputRequired
from wtforms.widgets import HiddenInput

from tracker.errors import ChangedMeanwhile, NotFound, Refusal
from tracker.intake import RecommendationDraft, editing
from tracker.language import _
from tracker.queries.imports import Review
from tracker.services import import_cuts
from tracker.web import access, import_pages, import_review
from tracker.web.access import Access, only
from tracker.web.forms import TrackerForm
from tracker.web.import_pages import DRAFT, bp
from tracker.web.import_steps import told

MOST_PLACES = 300
"""At which a draft can be split on the page."""


class SplitForm(TrackerForm):
    """Where a draft is split: the line with which the second one begins, as 12, or a place inside it, as 12:57."""

    line = RadioField(validators=[InputRequired()], validate_choice=False)  # whatever is none is refused as one
    seen = StringField(widget=HiddenInput())

    @classmethod
    def about(cls, review: Review, draft: RecommendationDraft, seen: str) -> "SplitForm":
        """The lines of a draft below its first, and the sentences in all of them."""
        form: SplitForm = cls.posted(seen=seen)
        form.line.label.text = _("The second draft begins with")
        form.line.validators[0].message = _("Choose with what the second draft begins.")
        form.line.choices = [
            (f"{number}:{within}" if within else str(number), _label(number, within, review.reading.lines[number - 1]))
            for number, within in _places(review, draft)
        ][:MOST_PLACES]
        return form

    def place(self) -> tuple[int, int]:
        """The line, and behind how many of its characters; 0 for what is none."""
        found = re.fullmatch(r"([0-9]{1,9})(?::([0-9]{1,9}))?", self.line.data)
        return (int(found[1]), int(found[2] or 0)) if found else (0, 0)


def _places(review: Review, draft: RecommendationDraft) -> Iterator[tuple[int, int]]:
    texts = review.reading.lines
    for number in range(draft.lines[0], draft.lines[1] + 1):
        for within in (0, *editing.ends_of_sentences(texts[number - 1])):
            if texts[number - 1].strip() and editing.is_inside(draft, texts, number, within):
                yield number, within


def _label(number: int, within: int, text: str) -> str:
    told = " | ".join(text[within:].split("\t")).strip()
    return f"{number}  {'… ' if within else ''}{told}"


@dataclass(frozen=True)
class Neighbour:
    """The draft above or below one, with which it can be joined."""

    position: int
    draft: RecommendationDraft
    seen: str


def _neighbours(review: Review, position: int) -> tuple[Neighbour | None, Neighbour | None]:
    """The drafts before and after one, as printed."""
    at = review.positions.index(position)
    near = (at - 1, at + 1)
    drafts = review.reading.drafts
    before, after = (
        Neighbour(review.positions[n], drafts[n], import_review.seen(drafts[n])) if 0 <= n < len(drafts) else None
        for n in near
    )
    return before, after


@bp.route(f"{DRAFT}/lines", methods=["GET", "POST"])
@only(Access.COORDINATORS)
def cut(import_id: int, position: int) -> ResponseReturnValue:
    """Split a draft at a line, or join it with the one before or after it."""
    review = import_pages.review(import_id)
    if request.method == "GET" and (review.import_.state != "draft" or position in dict(review.dropped)):
        return redirect(url_for("imports.show", import_id=import_id))
    draft = review.draft(position)
    form = SplitForm.about(review, draft, import_review.seen(draft))
    status = 200
    if request.method == "POST":
        status = 422
        if "join" in request.form or form.validate():
            try:
                return _done(review, position, draft, form)
            except ChangedMeanwhile as moved:
                form.form_errors.append(str(moved))
                status = 409
            except Refusal as refusal:
                form.form_errors.append(str(refusal))
        review = import_pages.review(import_id)
        if position not in review.positions:
            return redirect(url_for("imports.show", import_id=import_id))
        draft = review.draft(position)
        form.seen.data = import_review.seen(draft)
    before, after = _neighbours(review, position)
    page = render_template(
        "imports/cut.html",
        import_=review.import_,
        draft=draft,
        position=position,
        form=form,
        before=before,
        after=after,
        here=import_pages.here(),
    )
    return page, status


def _done(review: Review, position: int, draft: RecommendationDraft, form: SplitForm) -> ResponseReturnValue:
    """Do what was asked and go where its draft is."""
    import_, by = review.import_, access.person()
    moved = ChangedMeanwhile(_("Someone corrected these drafts meanwhile. Look at them as they are now, then go on."))
    if form.seen.data != import_review.seen(draft):
        raise moved
    if "join" not in request.form:
        at, within = form.place()
        import_cuts.split(import_.id, position, at, within=within, version=import_.version, by=by)
    else:
        before, after = _neighbours(review, position)
        other = before if request.form["join"] == "before" else after
        if other is None or other.seen != request.form.get("other"):
            raise moved
        upper, lower = (other.position, position) if other is before else (position, other.position)
        import_cuts.join(import_.id, upper, lower, version=import_.version, by=by)
        position = upper
    order = request.args.get("order")
    now = import_pages.review(import_.id)
    return redirect(import_review.place(now, position, order))


@bp.post("/<int:import_id>/take-back")
@only(Access.COORDINATORS)
def take_back(import_id: int) -> ResponseReturnValue:
    """Take back the latest change of the drafts."""
    review = import_pages.review(import_id)
    try:
        step = import_cuts.take_back(import_id, version=import_pages.seen_version(), by=access.person())
    except (ChangedMeanwhile, NotFound) as refusal:
        return import_review.page(review, problems=[str(refusal)], status=409)
    flash(_("Taken back: %(what)s.", what=told(step)), "success")
    return redirect(import_pages.back(import_id, "drafts"))
