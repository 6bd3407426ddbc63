"""Answers to review, the one that has waited longest first: file, return with a question, or assess with reasons."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker import clock, language
from tracker.domain.vocabulary import EntryKind
from tracker.errors import NotFound, TimelineMoved
from tracker.language import _
from tracker.queries import addressees, entries
from tracker.queries import review as of_review
from tracker.queries.addressees import Row
from tracker.services import review
from tracker.web import access, draft_answers
from tracker.web.access import Access, only
from tracker.web.review_forms import AssessmentForm, FilingForm, QuestionForm

bp = Blueprint("review", __name__)


@bp.get("/review")
@only(Access.COORDINATORS)
def queue() -> ResponseReturnValue:
    """Every answer that waits, with how long."""
    found = of_review.page(access.me().coordinates, clock.today(), after=request.args.get("after", 0, int))
    return render_template(
        "review/queue.html",
        found=found,
        today=clock.today(),
        previous_url=None if found.previous is None else url_for(".queue", after=found.previous or None),
        next_url=url_for(".queue", after=found.next) if found.next else None,
    )


@bp.get("/review/<int:addressee_id>")
@only(Access.COORDINATORS)
def show(addressee_id: int) -> ResponseReturnValue:
    """What is claimed against what stands, and the two acts."""
    return _page(_row(addressee_id))


@bp.post("/review/<int:addressee_id>/assess")
@only(Access.COORDINATORS)
def assess(addressee_id: int) -> ResponseReturnValue:
    """Record a finding; an answer that waits is dealt with by it."""
    row = _row(addressee_id)
    form = AssessmentForm.about(entries.position(addressee_id))
    if not form.holds():
        return _page(row, 422, finding=form)
    try:
        review.assess(
            addressee_id,
            form.finding(),
            form.reason.data,
            seen=form.seen.data or 0,
            by=access.person(),
            at=clock.now(),
            is_public=form.is_public.data,
        )
    except TimelineMoved as refusal:
        form.moved(addressee_id, refusal)
        return _page(_row(addressee_id), 409, finding=form)
    return _done(row, _("Your finding on %(code)s is on the timeline.", code=row.recommendation.code or ""))


@bp.post("/review/<int:addressee_id>/return")
@only(Access.COORDINATORS)
def return_(addressee_id: int) -> ResponseReturnValue:
    """Send an answer back with a question."""
    row = _row(addressee_id)
    form = QuestionForm.about(entries.position(addressee_id))
    if not form.holds():
        return _page(row, 422, question=form)
    try:
        review.return_(
            addressee_id,
            form.question.data,
            form.reply_by(),
            seen=form.seen.data or 0,
            by=access.person(),
            at=clock.now(),
        )
    except TimelineMoved as refusal:
        form.moved(addressee_id, refusal)
        return _page(_row(addressee_id), 409, question=form)
    sentence = _(
        "Your question on %(code)s is on the timeline; %(body)s reads it with the next mail.",
        code=row.recommendation.code or "",
        body=row.body.name(language.current()),
    )
    return _done(row, sentence)


@bp.post("/review/<int:addressee_id>/file")
@only(Access.COORDINATORS)
def file(addressee_id: int) -> ResponseReturnValue:
    """Take note of an answer without a finding."""
    row = _row(addressee_id)
    form = FilingForm.about(0)
    seen = form.seen.data or 0
    try:
        review.file(addressee_id, seen=seen, by=access.person(), at=clock.now(), is_public=form.is_public.data)
    except TimelineMoved as refusal:
        return _page(_row(addressee_id), 409, seen_before=seen, refusal=str(refusal))
    return _done(
        row, _("The answer on %(code)s is filed; the finding stays as it was.", code=row.recommendation.code or "")
    )


def _row(addressee_id: int) -> Row:
    row = addressees.row(addressee_id, clock.today())
    if row.recommendation.report.issuer_id not in access.me().coordinates:
        raise NotFound(_("There is no such page, or it is not yours to see."))
    return row


def _page(
    row: Row,
    status: int = 200,
    *,
    finding: AssessmentForm | None = None,
    question: QuestionForm | None = None,
    seen_before: int | None = None,
    refusal: str = "",
) -> tuple[str, int]:
    """The page with its forms empty but for the one that was sent, and with what came since `seen_before`."""
    sent = finding or question
    if sent is not None:
        seen_before = sent.seen_before
    told = entries.timeline(row.addressee.id)
    position = told[0].entry.position if told else 0
    answer = next((entry for entry in told if entry.seq == row.standing.unreviewed), None)
    drafts = {form: draft_answers.draft(form, row.addressee.id) for form in ("finding", "question")}
    seen = min(
        [one.begun.seen for one in drafts.values() if one.begun] + ([] if seen_before is None else [seen_before]),
        default=position,
    )
    page = render_template(
        "review/show.html",
        row=row,
        sent=sent,
        refusal=refusal,
        finding=finding or AssessmentForm.about(position, drafts["finding"].fields, is_sent=False),
        question=question or QuestionForm.about(position, drafts["question"].fields, is_sent=False),
        drafts=drafts,
        newer=[entry for entry in told if entry.entry.position > seen],
        filing=FilingForm.about(position, is_sent=False),
        found=next((entry for entry in told if entry.kind is EntryKind.ASSESSED), None),
        answer=answer,
        asked=next((entry for entry in told if answer and str(entry.seq) == str(answer.facts.get("question"))), None),
    )
    return page, status


def _done(row: Row, sentence: str) -> ResponseReturnValue:
    """On to the next answer that waits, or back to the recommendation."""
    flash(sentence, "success")
    waiting = of_review.first(access.me().coordinates)
    if waiting:
        return redirect(url_for("review.show", addressee_id=waiting))
    of, id_ = row.recommendation, row.addressee.id
    back = url_for("recommendations.show", report=of.report.slug, address=of.address, open=id_, _anchor=f"a{id_}")
    return redirect(back)
