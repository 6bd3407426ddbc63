"""Themes, groups and priority of a whole document or of its sections, said in the review."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker.errors import NotFound, Refusal
from tracker.language import _
from tracker.queries import terms as of_terms
from tracker.services import import_terms
from tracker.web import access, import_pages, terms
from tracker.web.access import Access, only
from tracker.web.forms import TrackerForm
from tracker.web.import_pages import bp

MOST = 60
"""Sections that one page takes."""


@bp.route("/<int:import_id>/terms", methods=["GET", "POST"])
@only(Access.COORDINATORS)
def give_terms(import_id: int) -> ResponseReturnValue:
    """Say what accepting gives: to everything, and to what stands under each heading."""
    review = import_pages.review(import_id)
    import_ = review.import_
    if import_.state != "draft":
        return redirect(url_for("imports.show", import_id=import_id))
    sections = ["", *dict.fromkeys(draft.section for draft in review.reading.drafts if draft.section)][: MOST + 1]
    lists, planned = of_terms.lists({import_.issuer_id}), of_terms.of_import(import_)
    groups = [terms.fields_for(lists, f"s{at}_", planned.get(section, ())) for at, section in enumerate(sections)]
    fields = {name: field for group in groups for name, field in group.items()}
    form: TrackerForm = type("GiveForm", (TrackerForm,), fields).posted()  # type: ignore[attr-defined]
    if request.method == "POST" and form.validate():
        wanted = {section: terms.chosen(form, list(group)) for section, group in zip(sections, groups, strict=True)}
        try:
            import_terms.plan(import_id, wanted, by=access.person())
        except NotFound:
            raise
        except Refusal as wrong:
            form.form_errors.append(str(wrong))
        else:
            flash(_("They are given when you accept."), "success")
            return redirect(import_pages.back(import_id))
    page = render_template(
        "imports/terms.html",
        import_=import_,
        form=form,
        sections=[(section, list(group)) for section, group in zip(sections, groups, strict=True)],
    )
    return page, 422 if form.errors else 200
