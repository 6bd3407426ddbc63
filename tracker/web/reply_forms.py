"""The form of a body: one item opens in place, nothing that was typed is lost by any button."""

from dataclasses import dataclass, replace

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import StringField, TextAreaField

from tracker import clock, language
from tracker.domain.typed import answer_of
from tracker.domain.vocabulary import Role
from tracker.errors import Refusal, TooOften
from tracker.language import _
from tracker.models.base import new_uid
from tracker.queries import answer_links as links
from tracker.queries import people, receipts
from tracker.queries import reply_forms as queries
from tracker.queries.reply_forms import Item
from tracker.services import answer_links, reply_forms
from tracker.services.reply_forms import Signature, WrittenMeanwhile
from tracker.web import access
from tracker.web.access import Access, link, only
from tracker.web.answer_forms import AnswerForm
from tracker.web.forms import AtMost, TrackerForm, stripped

bp = Blueprint("reply_forms", __name__)


@dataclass(frozen=True)
class Open:
    """The item that stands open in the form."""

    item: Item
    form: AnswerForm
    is_conflict: bool = False
    """A colleague wrote on it meanwhile: theirs stands beside what was typed here."""


class SignatureForm(TrackerForm):
    """Who answers: mailboxes are shared."""

    name = StringField(filters=[stripped], validators=[AtMost(100)])
    function = StringField(filters=[stripped], validators=[AtMost(100)])

    def validate_name(self, field: StringField) -> None:
        """An answer is somebody's."""
        if not field.data:
            field.errors = [_("Say who answers: your name.")]

    @classmethod
    def opened(cls) -> "SignatureForm":
        """The form, with labels in the language of this request."""
        form: SignatureForm = cls.posted()
        form.name.label.text, form.function.label.text = _("Your name"), _("Your function")
        return form


class HandOnForm(TrackerForm):
    """Which colleague gets a link, and a word to them."""

    email = StringField(filters=[stripped], validators=[AtMost(254)])
    name = StringField(filters=[stripped], validators=[AtMost(200)])
    note = TextAreaField(filters=[stripped], validators=[AtMost(500)])

    @classmethod
    def opened(cls) -> "HandOnForm":
        """The form, with labels in the language of this request."""
        form: HandOnForm = cls.posted()
        form.email.label.text, form.name.label.text = _("Mail address of the colleague"), _("Name or function")
        form.note.label.text = _("A word to them")
        return form


@bp.get("/form/<int:link_id>")
@only(Access.BEARERS)
def show(link_id: int) -> ResponseReturnValue:
    """Everything that is asked of the body, with one item open."""
    items = queries.items(link(), clock.today())
    wanted = request.args.get("open", type=int)
    return _page(items, next((_opened(one) for one in items if one.id == wanted), None))


@bp.post("/form/<int:link_id>")
@only(Access.BEARERS)
def act(link_id: int) -> ResponseReturnValue:
    """Keep what is typed in the open item, then do what the button says."""
    typed = request.form.get("item", type=int)
    try:
        if typed is not None and request.form.get("undo", type=int) != typed:
            _keep_typed(link_id, typed, is_saved="save" in request.form)
        return redirect(_do(link_id, typed))
    except WrittenMeanwhile as refusal:
        return _conflict(typed, str(refusal))


@bp.post("/form/<int:link_id>/draft/<int:addressee_id>")
@only(Access.BEARERS)
def keep(link_id: int, addressee_id: int) -> ResponseReturnValue:
    """Keep the open item while it is typed."""
    at = clock.now()
    version = request.form.get("version", 0, type=int)
    version = reply_forms.write(link_id, addressee_id, request.form, version=version, seen=_seen(), at=at)
    saved = _("Saved at %(time)s", time=language.time_of_day(at, access.settings().timezone))
    return jsonify(said=saved, version=version)


@bp.route("/form/<int:link_id>/send", methods=["GET", "POST"])
@only(Access.BEARERS)
def send(link_id: int) -> ResponseReturnValue:
    """Everything that will be sent, on one page, and who sends it."""
    form, problem, status = SignatureForm.opened(), "", 200
    if request.method == "POST":
        if form.validate():
            try:
                return redirect(url_for("reply_forms.receipt", link_id=link_id, submission_id=_send(link_id, form)))
            except WrittenMeanwhile as refusal:
                problem, status = str(refusal), 409
        else:
            status = 422
    today = clock.today()
    items = queries.items(link(), today)
    begun = [(one, one.problems(today)) for one in items if one.is_begun]
    page = render_template(
        "reply_forms/send.html",
        link=link(),
        form=form,
        problem=problem,
        once=new_uid(),
        ready=[one for one, problems in begun if not problems and not one.newer],
        unready=[(one, problems) for one, problems in begun if problems or one.newer],
        untouched=[one for one in items if one.is_expected and not one.is_begun],
        receivers=people.focal_points(link().body_id, today),
    )
    return page, status


@bp.get("/form/<int:link_id>/receipts/<int:submission_id>")
@only(Access.BEARERS)
def receipt(link_id: int, submission_id: int) -> ResponseReturnValue:
    """What was sent, for one's files."""
    submission = queries.submission(link(), submission_id)
    today = clock.today()
    return render_template(
        "reply_forms/receipt.html",
        link=link(),
        submission=submission,
        said=receipts.said(queries.sent(submission), language.current()),
        waiting=[one for one in queries.items(link(), today) if one.is_expected],
        receivers=people.focal_points(link().body_id, today),
    )


@bp.get("/form/<int:link_id>/print")
@only(Access.BEARERS)
def paper(link_id: int) -> ResponseReturnValue:
    """The whole form as one page to read or print."""
    return render_template("reply_forms/print.html", link=link(), items=queries.items(link(), clock.today()))


@bp.route("/form/<int:link_id>/hand-on", methods=["GET", "POST"])
@only(Access.BEARERS)
def hand_on(link_id: int) -> ResponseReturnValue:
    """A link of their own for a colleague, on the same draft."""
    form = HandOnForm.opened()
    if request.method == "POST" and form.validate():
        try:
            typed = (form.email.data, form.name.data, form.note.data)
            given = answer_links.hand_on(link_id, *typed, at=clock.now(), settings=access.settings())
        except TooOften:
            raise
        except Refusal as refusal:
            form.form_errors.append(str(refusal))
        else:
            flash(_("A link leaves for %(address)s.", address=given.person.email), "success")
            return redirect(url_for("reply_forms.hand_on", link_id=link_id))
    page = render_template("reply_forms/hand_on.html", link=link(), form=form, given=links.given(link()))
    return page, 422 if form.errors or form.form_errors else 200


@bp.post("/form/<int:link_id>/take-back")
@only(Access.BEARERS)
def take_back(link_id: int) -> ResponseReturnValue:
    """End the link of a colleague."""
    given = answer_links.take_back(link_id, request.form.get("given", 0, type=int), at=clock.now())
    flash(_("The link of %(name)s works no more. What they wrote stays.", name=given.person.display_name), "success")
    return redirect(url_for("reply_forms.hand_on", link_id=link_id))


def _send(link_id: int, form: SignatureForm) -> int:
    versions = {
        int(name.removeprefix("version-")): int(value)
        for name, value in request.form.items()
        if name.startswith("version-") and name.removeprefix("version-").isdecimal() and value.isdecimal()
    }
    signature = Signature(form.name.data, form.function.data or "")
    once = request.form.get("once", "")[:26]
    return reply_forms.send(link_id, versions, signature, once, at=clock.now(), settings=access.settings())


def _keep_typed(link_id: int, addressee_id: int, *, is_saved: bool) -> None:
    """Keep the open item; where it says nothing but what stood in it, only if its own button was pressed."""
    item = queries.item(link(), addressee_id, clock.today())
    typed = answer_of(request.form, is_relay=item.row.addressee.role is Role.RELAY)
    before = item.answer or item.last_answer or answer_of({})
    is_as_it_was = typed == replace(before, confirms=None) and not (item.draft and item.draft.is_unchanged)
    if is_saved or not is_as_it_was:
        version = request.form.get("version", 0, type=int)
        reply_forms.write(link_id, addressee_id, request.form, version=version, seen=_seen(), at=clock.now())


def _seen() -> int:
    """The position of the latest entry that the page showed of the item that stood open on it."""
    return request.form.get("seen", 0, type=int)


def _do(link_id: int, typed: int | None) -> str:
    """Do what a button says; where to go then."""
    here, at = url_for("reply_forms.show", link_id=link_id), clock.now()
    asked = {name: request.form.get(name, type=int) for name in ("confirm", "undo", "open", "save")}
    for name, change in (("confirm", reply_forms.confirm), ("undo", reply_forms.undo)):
        addressee_id = asked[name]
        if addressee_id is not None:
            change(link_id, addressee_id, version=_version(addressee_id, typed), at=at)
    if "look" in request.form:
        return url_for("reply_forms.send", link_id=link_id)
    if asked["open"] is not None:
        return f"{here}?open={asked['open']}#i{asked['open']}"
    if asked["undo"] is not None:
        return f"{here}#i{asked['undo']}"
    still_open = typed if typed is not None and asked["save"] is None else None
    return _next(link_id, here, still_open)


def _version(addressee_id: int, typed: int | None) -> int:
    name = "version" if addressee_id == typed else f"version-{addressee_id}"
    return request.form.get(name, 0, type=int)


def _next(link_id: int, here: str, still_open: int | None) -> str:
    """On to what is not answered yet, or to the page that sends."""
    if still_open is not None:
        return f"{here}?open={still_open}#i{still_open}"
    waiting = [one for one in queries.items(link(), clock.today()) if one.is_expected and not one.is_begun]
    return f"{here}#i{waiting[0].id}" if waiting else url_for("reply_forms.send", link_id=link_id)


def _opened(item: Item, *, is_conflict: bool = False) -> Open:
    """An item with its fields: as they were sent where nobody else wrote, as drafted, or as answered last."""
    draft = item.draft.fields if item.draft and not is_conflict else None  # of a conflict, what was sent
    form = AnswerForm.about(item.row, item.position, item.last, draft)
    if draft is not None and "check" in request.args:
        form.take(item.problems(clock.today()))
    return Open(item, form, is_conflict)


def _conflict(typed: int | None, sentence: str) -> ResponseReturnValue:
    """The form again, with what a colleague wrote beside what was typed here."""
    items = queries.items(link(), clock.today())
    found = next((one for one in items if one.id == typed), None)
    opened = _opened(found, is_conflict=True) if found else None
    return _page(items, opened, problem=sentence, status=409)


def _page(items: list[Item], opened: Open | None, *, problem: str = "", status: int = 200) -> ResponseReturnValue:
    expected = [one for one in items if one.is_expected]
    begun = [one for one in items if one.is_begun]
    page = render_template(
        "reply_forms/show.html",
        link=link(),
        items=items,
        opened=opened,
        problem=problem,
        expected=expected,
        begun=begun,
        given=links.given(link()),
        n_done=sum(one.is_begun for one in expected),
        saved_at=max((one.draft.saved_at for one in begun if one.draft), default=None),
    )
    return page, status
