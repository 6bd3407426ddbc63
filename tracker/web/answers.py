"""What a body is asked, and its answer: by its focal point in one form, or recorded from paper."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.domain.vocabulary import EntryKind
from tracker.errors import NotFound, TimelineMoved
from tracker.language import _
from tracker.queries import addressees, entries
from tracker.queries import draft_answers as kept
from tracker.queries.addressees import Row
from tracker.services import answers
from tracker.web import access, draft_answers
from tracker.web.access import Access, only
from tracker.web.answer_forms import AnswerForm, PaperForm

bp = Blueprint("answers", __name__)


@bp.get("/answers")
@only(Access.FOCAL_POINTS)
def all_() -> ResponseReturnValue:
    """What this person's bodies are asked: questions first, then what is overdue, due; the rest by pages."""
    body_ids, today, after = access.me().body_ids, clock.today(), request.args.get("after", type=int)
    others = addressees.others_of(body_ids, today, after=after)
    rows = addressees.expected_of(body_ids, today) if after is None else []
    questions = entries.open_questions([row.addressee.id for row in rows])
    asked = [row for row in rows if row.addressee.id not in questions]
    shown = [row.addressee.id for row in (*rows, *others.rows)]
    return render_template(
        "answers/all.html",
        questions=questions,
        forms=list(dict.fromkeys((row.body, row.recommendation.report.issuer) for row in rows)),
        drafts=kept.saved_at(access.person().id, shown, "answer"),
        questioned=[row for row in rows if row.addressee.id in questions],
        overdue=[row for row in asked if row.is_overdue],
        due=[row for row in asked if not row.is_overdue],
        answered=[row for row in others.rows if row.standing.last_answer_on],
        unasked=[row for row in others.rows if not row.standing.last_answer_on],
        others=others,
        is_later_page=after is not None,
    )


@bp.route("/answers/<int:addressee_id>", methods=["GET", "POST"])
@only(Access.FOCAL_POINTS)
def write(addressee_id: int) -> ResponseReturnValue:
    """Answer one recommendation for one's body."""
    row = addressees.row(addressee_id, clock.today())
    if row.standing.body_id not in access.me().body_ids:
        raise NotFound(_("There is no such page, or it is not yours to see."))
    return _write(row, AnswerForm, url_for("answers.all_"))


@bp.route("/record/<int:addressee_id>", methods=["GET", "POST"])
@only(Access.COORDINATORS)
def record(addressee_id: int) -> ResponseReturnValue:
    """Record an answer that came by letter, mail, meeting or telephone."""
    row = addressees.row(addressee_id, clock.today())
    if row.recommendation.report.issuer_id not in access.me().coordinates:
        raise NotFound(_("There is no such page, or it is not yours to see."))
    there = url_for("recommendations.show", report=row.recommendation.report.slug, address=row.recommendation.address)
    return _write(row, PaperForm, there)


def _write(row: Row, form_of: type[AnswerForm], back: str) -> ResponseReturnValue:
    told = entries.timeline(row.addressee.id)
    given = (entry for entry in told if entry.kind is EntryKind.ANSWERED)
    last = max(given, key=lambda one: (one.counts_on, one.seq), default=None)  # a letter may be recorded late
    position = told[0].entry.position if told else 0
    is_paper = form_of is PaperForm
    draft = draft_answers.draft("paper" if is_paper else "answer", row.addressee.id)
    form = form_of.about(row, position, None if is_paper else last, draft.fields)  # a letter says what it says
    question = entries.open_questions([row.addressee.id]).get(row.addressee.id)
    # A draft may be older than what others wrote since: that stands beside it, as beside a form sent too late.
    newer = [entry for entry in told if draft.begun and entry.entry.position > draft.begun.seen]
    status = 200
    if request.method == "POST":
        seen = form.seen.data or 0
        issued_on = row.recommendation.report.issued_on
        if form.holds(today=clock.today(), issued_on=issued_on):
            try:
                answers.submit(row.addressee.id, form.answer(), seen=seen, by=access.person(), at=clock.now())
            except TimelineMoved:
                # What the page did not show yet stands beside what was written; sent once more, it is taken.
                told = entries.timeline(row.addressee.id)
                position = told[0].entry.position
                newer = [entry for entry in told if entry.entry.position > seen]
                form.seen.show(position)
                status = 409
            else:
                flash(_recorded(row), "success")
                return redirect(back)
        else:
            status = 422
    page = render_template(
        "answers/write.html",
        row=row,
        form=form,
        question=question,
        last=last,
        newer=newer,
        draft=draft,
        back=back,
        is_paper=is_paper,
    )
    return page, status


def _recorded(row: Row) -> str:
    """That an answer is on the timeline, and that it was no reply where one is still expected."""
    told = _("The answer on %(code)s is on the timeline.", code=row.recommendation.code or "")
    if addressees.row(row.addressee.id, clock.today()).standing.reply_due_on is None:
        return told
    return told + " " + _("It is older than the answer you asked about, so a reply is still expected.")
