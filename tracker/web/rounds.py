"""Rounds: what was asked and what came back, and opening a new one after seeing exactly what it does."""

from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from tracker import clock, language
from tracker.errors import NotFound
from tracker.language import _, translated, translated_many
from tracker.mail.messages import Composed
from tracker.mail.parts import parts
from tracker.models import Issuer, Person
from tracker.queries import installation, recipients
from tracker.queries import rounds as of_rounds
from tracker.queries.recipients import Later, Preview
from tracker.queries.rounds import Askable
from tracker.services import reminders, rounds
from tracker.web import access
from tracker.web.access import Access, only
from tracker.web.mail_frame import framed
from tracker.web.round_forms import RoundForm

bp = Blueprint("rounds", __name__)


@bp.get("/rounds")
@only(Access.COORDINATORS)
def all_() -> ResponseReturnValue:
    """The rounds that were opened, and what can be asked now."""
    today = clock.today()
    return render_template(
        "rounds/all.html",
        opened=of_rounds.opened(access.issuer_id(), today),
        askable=_askable(),
        today=today,
    )


@bp.get("/rounds/new")
@only(Access.COORDINATORS)
def new() -> ResponseReturnValue:
    """Choose reports and due dates; what was chosen before stands in the address."""
    askable = _askable()
    if "title" in request.args:
        return _choose(askable, RoundForm.about(askable, request.args))
    chosen = [one.report for one in askable if one.addressees]
    if "report" in request.args:
        chosen = [one for one in chosen if one.slug == request.args["report"]]
        _must_be_ours(askable, request.args.getlist("report"))
    elif len(chosen) > 1:
        chosen = []
    # It is stored as it stands and read in every language: the report's own title, and the year.
    title = f"{chosen[0].title} · {_year()}" if chosen else str(_year())
    return _choose(askable, RoundForm.about(askable, title=title, report=[one.slug for one in chosen]))


@bp.get("/rounds/new/preview")
@only(Access.COORDINATORS)
def preview() -> ResponseReturnValue:
    """Who would be asked and written to, who cannot be, and one mail as it would arrive. Writes nothing."""
    askable = _askable()
    form = RoundForm.about(askable, request.args)
    _must_be_ours(askable, form.report.data)
    if not (form.holds(askable) and form.asks_someone(askable)):
        return _choose(askable, form, 422)
    return _show(form, recipients.preview(form.chosen(askable), clock.today()))


@bp.get("/rounds/new/mail")
@only(Access.COORDINATORS)
def mail_html() -> ResponseReturnValue:
    """The HTML part of the sample, for its frame."""
    askable = _askable()
    form = RoundForm.about(askable, request.args)
    _must_be_ours(askable, form.report.data)
    found = recipients.preview(form.chosen(askable), clock.today()) if form.holds(askable) else None
    person = _reader(found) if found else None
    if found is None or person is None:
        raise NotFound(_("There is no such mail."))
    return framed(_sample(found, person).content)


@bp.post("/rounds/new")
@only(Access.COORDINATORS)
def open_() -> ResponseReturnValue:
    """Open the round that was previewed."""
    askable = _askable()
    form = RoundForm.about(askable, request.form)
    _must_be_ours(askable, form.report.data)
    if not form.holds(askable):
        return _choose(askable, form, 422)
    now = clock.now()
    found = recipients.preview(form.chosen(askable), clock.today())
    try:
        rounds.open_round(
            access.issuer_id(),
            form.title.data,
            found.due_on,
            seen=request.form.get("seen", ""),
            by=access.person(),
            at=now,
        )
    except rounds.NobodyToAsk:
        flash(_("Nothing was asked twice: everyone in these reports has been asked already."), "success")
        return redirect(url_for("rounds.all_"))
    except rounds.AskedMeanwhile as refusal:
        return _show(form, recipients.preview(form.chosen(_askable()), clock.today()), str(refusal))
    flash(_told(found, now), "success")
    return redirect(url_for("rounds.all_"))


def _issuer() -> Issuer:
    return next(one for one in installation.issuers() if one.id == access.issuer_id())


def _askable() -> list[Askable]:
    return of_rounds.proposals(_issuer(), clock.today())


def _year() -> int:
    return clock.today().year


def _must_be_ours(askable: list[Askable], slugs: list[str]) -> None:
    if not set(slugs) <= {one.report.slug for one in askable}:
        raise NotFound(_("There is no such report."))


def _choose(askable: list[Askable], form: RoundForm, status: int = 200) -> ResponseReturnValue:
    page = render_template(
        "rounds/new.html", askable=askable, form=form, issuer_settings=_issuer(), today=clock.today()
    )
    return page, status


def _show(form: RoundForm, found: Preview, refusal: str = "") -> ResponseReturnValue:
    """The preview; `refusal` says why it is shown again."""
    sent = request.form if request.method == "POST" else request.args
    chosen = {field.name: sent.getlist(field.name) for field in form}
    reader = _reader(found)
    sample = parts(_sample(found, reader).content) if reader else None
    page = render_template(
        "rounds/preview.html",
        form=form,
        found=found,
        dues=list(form.chosen(_askable()).items()),
        chosen=chosen,
        reader=reader,
        sample=sample,
        first_mails_at=_first_mails_at(clock.now()),
        later=_later_mails(found, clock.now()),
        weekday_of=_weekday_of,
        is_held=installation.installation().is_held,
        refusal=refusal,
    )
    return page, 409 if refusal else 200


def _reader(found: Preview) -> Person | None:
    """Whose mail is the sample: asked for in the address, else the first of them."""
    wanted = request.args.get("person", type=int)
    if wanted is None:
        return found.persons[0] if found.persons else None
    reader = next((one for one in found.persons if one.id == wanted), None)
    if reader is None:
        raise NotFound(_("There is no such mail."))
    return reader


def _sample(found: Preview, person: Person) -> Composed:
    return reminders.sample(person, found.asked_of(person.id), at=clock.now(), settings=access.settings())


def _first_mails_at(now: datetime) -> datetime | None:
    return recipients.first_mails_at(_issuer(), now, access.settings().timezone)


def _later_mails(found: Preview, now: datetime) -> Later | None:
    return recipients.later_mails(found, _issuer(), now, access.settings().timezone)


def _weekday_of(moment: datetime) -> str:
    return language.weekday(clock.day_of(moment))


def _told(found: Preview, now: datetime) -> Markup:
    """What was done, and what comes next."""
    sentences = [
        translated_many("One addressee is asked.", "%(n)s addressees are asked.", found.addressees),
        _when(found, now),
    ]
    if found.unreachable:
        sentences.append(
            translated_many(
                "Next: one body cannot be written to; name someone.",
                "Next: %(words)s bodies cannot be written to; name someone.",
                len(found.unreachable),
            )
        )
    see = translated('<a href="%(url)s">See what leaves</a>', url=url_for("reminders.show"))
    return Markup(" ").join([*sentences, see])


def _when(found: Preview, now: datetime) -> Markup:
    moment = _first_mails_at(now)
    if not found.persons:
        return translated("Nobody gets a mail.")
    if installation.installation().is_held:
        return translated("Mail is held: nothing leaves before you release it.")
    later = _later_mails(found, now)
    if later and len(later.persons) == len(found.persons):
        moment = later.at
    if moment is None:
        return translated("The first mails leave within minutes.")
    return translated(
        "The first mails leave on %(day)s at %(time)s.",
        day=_weekday_of(moment),
        time=language.time_of_day(moment, access.settings().timezone),
    )
