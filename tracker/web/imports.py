"""Imports: reading a document, its review, and accepting it."""

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from tracker import clock
from tracker.errors import ChangedMeanwhile, NotAccepted, NotReadable, Refusal
from tracker.intake import TakesLong, patience
from tracker.language import _, ngettext
from tracker.queries import import_undo, jobs
from tracker.queries import imports as of_imports
from tracker.queries.imports import Review
from tracker.services import ends, imports
from tracker.services.imports import Accepted
from tracker.web import access, import_pages, import_reading, import_review
from tracker.web.access import Access, only
from tracker.web.import_forms import ReportForm, UploadForm, file_name
from tracker.web.import_pages import bp


@bp.route("", methods=["GET", "POST"])
@only(Access.COORDINATORS)
def all_() -> ResponseReturnValue:
    """The imports of this issuer, and a form that reads another document."""
    form = UploadForm.opened()
    status = 200
    if request.method == "POST":
        if form.validate():
            try:
                return _read(form)
            except NotReadable as refusal:
                field = form.file if form.file.data else form.text
                field.errors = [str(refusal)]
        status = 422
    issuer_id = access.issuer_id()
    page = render_template(
        "imports/all.html",
        form=form,
        imports=of_imports.of_issuer(issuer_id),
        jobs=jobs.unfinished(issuer_id),
        how_far=import_reading.how_far,
        why=import_reading.why,
    )
    return page, status


def _read(form: UploadForm) -> ResponseReturnValue:
    content, name = form.document()
    now = clock.now()
    language = form.language.data or None
    try:
        import_ = imports.read(
            access.issuer_id(),
            content,
            name,
            language=language,
            by=access.person(),
            at=now,
            progress=patience(content),
        )
    except TakesLong:
        return import_reading.later(content, name, language)
    if import_.read_at < now:
        flash(_("This document was read before and is still under review. Nothing of that review is lost."), "success")
    return redirect(url_for("imports.show", import_id=import_.id))


@bp.get("/<int:import_id>")
@only(Access.COORDINATORS)
def show(import_id: int) -> ResponseReturnValue:
    """The review of one import, to leave and take up again at any time."""
    return import_review.page(import_pages.review(import_id))


@bp.get("/<int:import_id>/document")
@only(Access.COORDINATORS)
def document(import_id: int) -> ResponseReturnValue:
    """The document as it came, byte for byte."""
    name, content = of_imports.document(import_id, of_issuers=access.me().coordinates)
    response = Response(content, mimetype="application/octet-stream")
    response.headers.set("Content-Disposition", "attachment", filename=file_name(name) or _("Document"))
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"  # whatever a browser makes of it
    return response


@bp.get("/<int:import_id>/<any(report, accept):_step>")
@only(Access.COORDINATORS)
def back(import_id: int, _step: str) -> ResponseReturnValue:
    """A page that told of a problem, loaded again or in another language."""
    import_pages.review(import_id)
    return redirect(url_for("imports.show", import_id=import_id, lang=request.args.get("lang")))


@bp.post("/<int:import_id>/report")
@only(Access.COORDINATORS)
def describe(import_id: int) -> ResponseReturnValue:
    """Say which report the document belongs to."""
    review = import_pages.review(import_id)
    form = ReportForm.about(of_imports.proposed(review))
    if not form.validate():
        return import_review.page(review, form=form, status=422)
    try:
        imports.describe(import_id, form.description(), version=import_pages.seen_version(), by=access.person())
    except ChangedMeanwhile as refusal:
        return import_review.page(import_pages.review(import_id), form=form, problems=[str(refusal)], status=409)
    return redirect(import_pages.back(import_id))


@bp.post("/<int:import_id>/accept")
@only(Access.COORDINATORS)
def accept(import_id: int) -> ResponseReturnValue:
    """Put everything on record, or nothing; the report is taken as the page shows it."""
    review = import_pages.review(import_id)
    if review.import_.state == "accepted":
        return _accepted_before(review)
    form = ReportForm.about(of_imports.proposed(review))
    if not form.validate():
        what_stops = import_review.what_stops(review, but_the_report=True)
        return import_review.page(review, form=form, problems=what_stops, status=422)
    try:
        version = import_pages.seen_version()
        done = imports.accept(import_id, form.description(), version=version, by=access.person(), at=clock.now())
    except NotAccepted:
        review = import_pages.review(import_id)
        return import_review.page(review, problems=import_review.what_stops(review), status=422)
    except ChangedMeanwhile as refusal:
        return import_review.page(import_pages.review(import_id), problems=[str(refusal)], status=409)
    except Refusal as refusal:
        review = import_pages.review(import_id)
        if review.import_.state == "accepted":  # in the same moment, as by the first of two clicks
            return _accepted_before(review)
        flash(str(refusal), "error")
        return redirect(url_for("imports.show", import_id=import_id))
    flash(_done(done), "success")
    return redirect(url_for("recommendations.all_", report=done.report))


def _accepted_before(review: Review) -> ResponseReturnValue:
    flash(_("This import is on record. Nothing was added twice."), "success")
    return redirect(url_for("recommendations.all_", report=review.import_.report_slug))


def _done(done: Accepted) -> str:
    """What accepting did, and what to do next."""
    paired = ngettext(
        "One recommendation has its text in another language too.",
        "%(n)s recommendations have their text in another language too.",
        done.paired,
    )
    if not done.added and done.paired:
        return paired
    if not done.added:
        return ngettext(
            "Nothing was added: the one recommendation was there already.",
            "Nothing was added: all %(n)s recommendations were there already.",
            done.known,
        )
    told = [
        ngettext("One recommendation was added", "%(n)s recommendations were added", done.added),
        ngettext("with one addressee.", "with %(n)s addressees.", done.links),
    ]
    if done.paired:
        told.append(paired)
    if done.known:
        told.append(ngettext("One was there already.", "%(n)s were there already.", done.known))
    told.append(_("Nothing was sent."))
    link = Markup('<a href="{}">{}</a>').format(url_for("rounds.all_"), _("Open a round to ask for answers"))
    return Markup("{} {}").format(" ".join(told), link)


@bp.post("/<int:import_id>/settle")
@only(Access.COORDINATORS)
def settle(import_id: int) -> ResponseReturnValue:
    """A doubt about the document as a whole has been looked at."""
    review, code = import_pages.review(import_id), request.form.get("code", "")
    try:
        imports.settle(import_id, code, version=import_pages.seen_version(), by=access.person())
    except ChangedMeanwhile as refusal:
        return import_review.page(review, problems=[str(refusal)], status=409)
    return redirect(import_pages.back(import_id))


@bp.route("/<int:import_id>/undo", methods=["GET", "POST"])
@only(Access.COORDINATORS)
def undo(import_id: int) -> ResponseReturnValue:
    """Take back what was accepted, after saying what that means."""
    review = import_pages.review(import_id)
    if request.method == "POST":
        n = ends.undo_import(import_id, by=access.person(), at=clock.now())
        told = ngettext("One recommendation is as it was before.", "%(n)s recommendations are as they were before.", n)
        flash(told + " " + _("The document is still here: read it again when you like."), "success")
        return redirect(url_for("imports.all_"))
    return render_template("imports/undo.html", import_=review.import_, added=import_undo.added(import_id))


@bp.post("/<int:import_id>/discard")
@only(Access.COORDINATORS)
def discard(import_id: int) -> ResponseReturnValue:
    """Put an import aside; it can be taken up again."""
    review = import_pages.review(import_id)
    try:
        imports.discard(import_id, version=import_pages.seen_version(), by=access.person())
    except ChangedMeanwhile as refusal:
        return import_review.page(review, problems=[str(refusal)], status=409)
    undo = Markup('{} <button class="r-linkbutton" form="resume-{}">{}</button>')
    flash(undo.format(_("The import is discarded. Nothing of it was added."), import_id, _("Undo")), "success")
    return redirect(url_for("imports.all_"))


@bp.post("/<int:import_id>/resume")
@only(Access.COORDINATORS)
def resume(import_id: int) -> ResponseReturnValue:
    """Take a discarded import up again, as it was left."""
    import_pages.review(import_id)
    imports.resume(import_id, by=access.person())
    return redirect(url_for("imports.show", import_id=import_id))
