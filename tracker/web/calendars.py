"""Due dates as calendars read them (RFC 5545), at an address that stands for one person."""

from datetime import datetime, time, timedelta
from urllib.parse import urlsplit

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from tracker import clock, language
from tracker.language import _, ngettext
from tracker.models import Person
from tracker.queries import calendars
from tracker.queries.calendars import Due
from tracker.services import calendars as service
from tracker.web import access
from tracker.web.access import Access, only, settings

bp = Blueprint("calendars", __name__)
LISTED = 40
"""Numbers of recommendations in one entry of a calendar."""


def addresses(person: Person) -> list[tuple[str, str]]:
    """The name of a body and the address of its calendar, the one of all without a name first; none where closed."""
    if not person.has_calendar:
        return []
    key = f"{person.uid}-{calendars.token(person, settings().secret_keys[0])}"
    there = f"{settings().base_url}{url_for('calendars.show', key=key)}"
    found = calendars.bodies(person)
    of_bodies = [(one.name(language.current()), f"{there}?body={one.slug}") for one in found]
    return [("", there), *(sorted(of_bodies) if len(found) > 1 else [])]


@bp.post("/account/calendar")
@only(Access.SIGNED_IN)
def renew() -> ResponseReturnValue:
    """Make new addresses; the old ones open nothing any more."""
    service.renew(access.person().id)
    flash(_("The addresses for your calendar stand below."), "success")
    return redirect(url_for("account.show"))


@bp.post("/account/calendar/stop")
@only(Access.SIGNED_IN)
def close() -> ResponseReturnValue:
    """Show due dates at no address any more."""
    service.close(access.person().id)
    flash(_("No calendar reads your due dates any more."), "success")
    return redirect(url_for("account.show"))


@bp.get("/calendar/<key>.ics")
@only(Access.EVERYONE)
def show(key: str) -> ResponseReturnValue:
    """When replies are due: numbers and dates, no text."""
    uid, _dash, opens = key.partition("-")
    person = calendars.owner(uid, opens, settings().secret_keys)
    with language.speaking(person.language):
        content = _written(calendars.dues(person, request.args.get("body", "")))
    return Response(content, mimetype="text/calendar", headers={"Cache-Control": "private, no-store"})


def _written(dues: list[Due]) -> bytes:
    from icalendar import Calendar, Event  # takes its time to load, and few pages need it

    calendar, host = Calendar(), urlsplit(settings().base_url).hostname
    calendar.add("prodid", "-//Repons//calendar//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", _("Replies due"))
    stamp = datetime.combine(clock.today(), time(0), tzinfo=clock.now().tzinfo)
    for due in dues:
        event = Event()
        event.add("uid", f"{due.issuer.slug}-{due.body.slug}-{due.on.isoformat()}@{host}")
        event.add("dtstamp", stamp)
        event.add("dtstart", due.on)
        event.add("dtend", due.on + timedelta(days=1))
        event.add("summary", _summary(due))
        event.add("description", ", ".join(due.codes[:LISTED]) + (" …" if len(due.codes) > LISTED else ""))
        event.add("url", f"{settings().base_url}/")
        event.add("transp", "TRANSPARENT")
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _summary(due: Due) -> str:
    return ngettext(
        "%(body)s: one reply due to %(issuer)s",
        "%(body)s: %(n)s replies due to %(issuer)s",
        len(due.codes),
        body=due.body.name(language.current()),
        issuer=due.issuer.name,
    )
