"""One draft of an import: answering its questions, correcting it, leaving it out and taking it back."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from tracker.errors import ChangedMeanwhile, NotFound
from tracker.intake import RecommendationDraft
from tracker.language import _
from tracker.queries import imports as of_imports
from tracker.queries.imports import Review
from tracker.services import doubts, imports
from tracker.web import access, import_pages, import_review
from tracker.web.access import Access, only
from tracker.web.import_forms import DraftForm
from tracker.web.import_pages import DRAFT, bp


@bp.route(DRAFT, methods=["GET", "POST"])
@only(Access.COORDINATORS)
def correct(import_id: int, position: int) -> ResponseReturnValue:
    """Correct everything about one draft by hand."""
    review = import_pages.review(import_id)
    left_out = dict(review.dropped).get(position)
    if request.method == "GET" and (left_out or review.import_.state != "draft"):
        return redirect(url_for("imports.show", import_id=import_id))
    draft = left_out or review.draft(position)
    bodies = of_imports.body_names()
    form = DraftForm.about(draft, import_review.seen(draft), bodies)
    newer, status = None, 200
    if "add" in request.form:
        form = form.with_row(bodies)
    elif "remove" in request.form:
        form = form.without_row(request.form.get("remove", -1, int), bodies)
    elif request.method == "POST":
        if not form.validate():
            status = 422
        elif left_out:
            status = 409
            form.form_errors.append(_("Someone left this out meanwhile. Put it back on the review, then save again."))
        elif _save(review, position, draft, form, bodies):
            return redirect(import_review.place(import_pages.review(import_id), position, request.args.get("order")))
        else:
            # What stands now is shown beside what was typed; sent once more, what was typed is taken.
            newer, status = import_pages.review(import_id).draft(position), 409
            form.seen.data = import_review.seen(newer)
    on_line = (one for one in review.findings if one.line == draft.lines[0])
    findings = [*import_review.about(draft, on_line), *draft.findings]
    page = render_template(
        "imports/correct.html",
        review=review,
        import_=review.import_,
        draft=draft,
        position=position,
        form=form,
        newer=newer,
        names=bodies,
        findings=findings,
        as_read=review.reading.lines[draft.lines[0] - 1 : draft.lines[1]],
        sections=sorted({one.section for one in review.reading.drafts if one.section}),
        here=import_pages.here(),
    )
    return page, status


def _save(review: Review, position: int, draft: RecommendationDraft, form: DraftForm, bodies: dict[str, str]) -> bool:
    """Keep what was typed, unless the draft is no longer the one that the page showed."""
    if form.seen.data != import_review.seen(draft):
        return False
    corrected = doubts.corrected(
        draft,
        code=form.code.data,
        section=form.section.data,
        text=form.text.data,
        typed=form.typed(bodies),
        register=of_imports.register(),
    )
    try:
        imports.correct(review.import_.id, position, corrected, version=review.import_.version, by=access.person())
    except ChangedMeanwhile:
        return False
    return True


@bp.post(f"{DRAFT}/answer")
@only(Access.COORDINATORS)
def answer(import_id: int, position: int) -> ResponseReturnValue:
    """Answer one question about a draft with one button."""
    review = import_pages.review(import_id)
    draft = review.draft(position)
    code = draft.code or _("line %(line)s", line=draft.lines[0])
    moved = _("Someone corrected %(code)s meanwhile. Look at it as it is now, then answer again.", code=code)
    if request.form.get("seen") != import_review.seen(draft):
        return import_review.page(review, problems=[moved], status=409)
    verb, _blank, about = request.form.get("answer", "").partition(" ")
    try:
        if verb == "drop":
            imports.drop(import_id, position, version=review.import_.version, by=access.person())
            _tell_of_undo(code, position)
        else:
            settled = _answered(draft, verb, about)
            imports.correct(import_id, position, settled, version=review.import_.version, by=access.person())
    except ChangedMeanwhile:
        return import_review.page(import_pages.review(import_id), problems=[moved], status=409)
    is_printed = request.args.get("order") == "printed"
    return redirect(
        import_pages.back(import_id, None if verb == "drop" else f"draft-{position}" if is_printed else "drafts")
    )


def _answered(draft: RecommendationDraft, verb: str, about: str) -> RecommendationDraft:
    number = int(about) if about.isdecimal() else 0
    match verb:
        case "keep":
            return doubts.keep_reading(draft)
        case "take":
            return doubts.take_alternative(draft, number)
        case "confirm":
            return doubts.confirm_body(draft, number)
        case "look":
            return doubts.look_up_again(draft, number, of_imports.register())
        case "first":
            return doubts.keep_first(draft)
        case "right":
            return doubts.is_right(draft, about)
    raise NotFound(_("This question is not asked any more. Load the page again."))


def _tell_of_undo(code: str, position: int) -> None:
    """The button belongs to a form that stands further down on the review."""
    undo = Markup('{} <button class="r-linkbutton" form="restore-{}">{}</button>')
    flash(undo.format(_("%(code)s is left out.", code=code), position, _("Undo")), "success")


@bp.post(f"{DRAFT}/restore")
@only(Access.COORDINATORS)
def restore(import_id: int, position: int) -> ResponseReturnValue:
    """Take back a draft that was left out."""
    review = import_pages.review(import_id)
    try:
        imports.restore(import_id, position, version=import_pages.seen_version(), by=access.person())
    except ChangedMeanwhile as refusal:
        return import_review.page(review, problems=[str(refusal)], status=409)
    flash(_("It is back among the drafts."), "success")
    return redirect(import_pages.back(import_id))
