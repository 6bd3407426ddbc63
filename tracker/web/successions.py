"""Bodies that end: who takes over and from when, who shares a split, two that are one, and taking it back."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import Form

from tracker import clock, language
from tracker.errors import ChangedMeanwhile, NotAllowed, NotFound, Refusal
from tracker.language import _, ngettext
from tracker.models import Body, Succession
from tracker.queries import bodies
from tracker.queries import successions as queries
from tracker.queries.successions import Share
from tracker.services import successions
from tracker.web import access
from tracker.web.access import Access, me, only
from tracker.web.body_forms import MergerForm, SuccessionForm

bp = Blueprint("successions", __name__)
SHARES_ON_A_PAGE = 50


@bp.route("/bodies/<slug>/succession", methods=["GET", "POST"])
@only(Access.KEEPERS)
def enter(slug: str) -> ResponseReturnValue:
    """Who takes over from a body, and from when: asked, then previewed, then confirmed."""
    body = bodies.body(slug)
    form = SuccessionForm.about(_others(body), request.values)
    if "from_on" not in request.values or not form.validate() or form.from_on.data is None:
        return _ask("succession", body, form)
    return _preview_or_do("succession", body, form, form.chosen(), form.from_on.data)


@bp.route("/bodies/<slug>/merger", methods=["GET", "POST"])
@only(Access.KEEPERS)
def merge(slug: str) -> ResponseReturnValue:
    """Which body this one turned out to be: asked, then previewed, then confirmed."""
    body = bodies.body(slug)
    form = MergerForm.about(_others(body), request.values)
    if "into" not in request.values or not form.validate():
        return _ask("merger", body, form)
    return _preview_or_do("merger", body, form, [form.into.data], clock.today())


def _others(body: Body) -> list[Body]:
    return [one for one in bodies.register() if one.id != body.id]


def _ask(kind: str, body: Body, form: Form) -> ResponseReturnValue:
    successions.may_end(body.slug, by=access.person())
    page = render_template(f"successions/{kind}.html", body=body, form=form, today=clock.today())
    return page, 422 if form.errors else 200


def _preview_or_do(kind: str, body: Body, form: Form, chosen: Collection[str], day: date) -> ResponseReturnValue:
    """Looked at first; done where it was confirmed and nothing moved since."""
    refusal, by, at = "", access.person(), clock.now()
    is_merger = kind == "merger"
    try:
        if request.method == "POST":
            try:
                return _done(_do(body.slug, chosen, day, is_merger=is_merger))
            except ChangedMeanwhile as moved:
                refusal = str(moved)
        found = successions.look(body.slug, chosen, day, is_merger=is_merger, by=by, at=at)
    except (NotFound, NotAllowed):
        raise
    except Refusal as wrong:
        form.form_errors.append(str(wrong))
        return _ask(kind, body, form)
    sent = {field.name: field._value() if field.name == "from_on" else field.data for field in form}
    page = render_template(
        "successions/preview.html", body=body, found=found, sent=sent, refusal=refusal, today=clock.today()
    )
    return page, 409 if refusal else 200


def _do(slug: str, chosen: Collection[str], day: date, *, is_merger: bool) -> Succession:
    seen, by, at = request.form.get("seen", ""), access.person(), clock.now()
    if is_merger:
        return successions.merge(slug, *chosen, seen=seen, by=by, at=at)
    return successions.enter(slug, chosen, day, seen=seen, by=by, at=at)


def _done(one: Succession) -> ResponseReturnValue:
    """Say what was done, and go to what is left to do."""
    spoken = language.current()
    names = language.listed(body.name(spoken) for body in one.successors)
    if one.is_split and one.from_on <= clock.today():
        flash(_("%(body)s is split. Say now who takes over what.", body=one.former.name(spoken)), "success")
        return redirect(url_for("successions.share", slug=one.former.slug))
    if one.is_merger:
        flash(_("%(former)s is now one with %(new)s.", former=one.former.name(spoken), new=names), "success")
        return redirect(url_for("bodies.show", slug=one.successors[0].slug))
    told = ngettext(
        "%(names)s takes over from %(body)s.",
        "%(names)s take over from %(body)s.",
        len(one.successors),
        names=names,
        body=one.former.name(spoken),
    )
    flash(told, "success")
    return redirect(url_for("bodies.show", slug=one.former.slug))


@bp.route("/bodies/<slug>/shares", methods=["GET", "POST"])
@only(Access.COORDINATORS)
def share(slug: str) -> ResponseReturnValue:
    """Who takes over what of a body that was split."""
    one = queries.split(slug, clock.today())
    if request.method == "POST":
        n = successions.assign(slug, _chosen(), by=access.person(), at=clock.now())
        flash(ngettext("One addressee has its successor.", "%(n)s addressees have their successor.", n), "success")
        return redirect(url_for("successions.share", slug=slug, **_pages()))
    shares = queries.shares(one, me().coordinates)
    return render_template(
        "successions/share.html",
        split=one,
        waiting=_part([each for each in shares if not each.body], slug, "waiting"),
        given=_part([each for each in shares if each.body], slug, "given"),
        here=url_for("successions.share", slug=slug, **_pages()),
    )


@dataclass(frozen=True)
class Part:
    """A page of one of the two lists of a split, and where the pages before and after it are."""

    shares: Sequence[Share]
    total: int
    previous_url: str | None
    next_url: str | None


def _pages() -> dict[str, Any]:
    """The page of each list that is looked at, where it is not the first."""
    asked = {name: request.args.get(name, 1, int) for name in ("waiting", "given")}
    return {name: number for name, number in asked.items() if number > 1}


def _part(shares: Sequence[Share], slug: str, name: str) -> Part:
    last = max(1, -(-len(shares) // SHARES_ON_A_PAGE))
    number = min(_pages().get(name, 1), last)

    def url(page: int) -> str:
        return url_for("successions.share", slug=slug, **{**_pages(), name: page}, _anchor=name)

    return Part(
        shares[(number - 1) * SHARES_ON_A_PAGE : number * SHARES_ON_A_PAGE],
        len(shares),
        url(number - 1) if number > 1 else None,
        url(number + 1) if number < last else None,
    )


def _chosen() -> dict[int, str]:
    """What was chosen for which addressee; nothing for those that wait on."""
    sent = ((name[1:], value) for name, value in request.form.items() if name.startswith("a") and value)
    return {int(id_): value for id_, value in sent if id_.isascii() and id_.isdecimal()}


@bp.route("/bodies/<slug>/succession/take-back", methods=["GET", "POST"])
@only(Access.KEEPERS)
def take_back(slug: str) -> ResponseReturnValue:
    """Take a succession back that was entered by mistake."""
    body = bodies.body(slug)
    if request.method == "POST":
        successions.take_back(slug, by=access.person(), at=clock.now())
        flash(_("%(body)s acts again, as if nobody had taken over.", body=body.name(language.current())), "success")
        return redirect(url_for("bodies.show", slug=slug))
    one = successions.may_take_back(slug, by=access.person())
    moved, answered = queries.moved_back(one)
    return render_template("successions/take_back.html", body=body, one=one, moved=moved, answered=answered)
