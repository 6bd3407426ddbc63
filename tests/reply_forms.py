"""Opens the form of a body by a link, as tests of pages and of services need it."""

from collections.abc import Sequence
from datetime import datetime
from random import Random

from selectolax.lexbor import LexborHTMLParser

from tests.making import Office
from tests.web.checking import CheckingClient
from tracker import database
from tracker.models import AnswerLink, Person
from tracker.queries import digests, reply_forms
from tracker.queries.reply_forms import Item
from tracker.services import answer_links
from tracker.services import reply_forms as reply_forms_service
from tracker.settings import Settings


def link_of(office: Office, person: Person, code: str, body: str, settings: Settings, at: datetime) -> AnswerLink:
    """The link of a focal point to the form in which one recommendation is answered."""
    addressee = office.addressee(code, body)
    with database.transaction() as session:
        form = digests.form_of(session, addressee.body_id, office.issuer.id)
        assert form is not None
        return answer_links.of_form(session, person, form, at=at, settings=settings)


def token_of(link: AnswerLink, settings: Settings) -> str:
    """What stands in its mail."""
    return answer_links.token_of(settings.secret_key.get_secret_value(), link.uid)


def opened(client: CheckingClient, link: AnswerLink, settings: Settings) -> str:
    """The address of the form, after the button of the link's page was pressed in this browser."""
    token = token_of(link, settings)
    there = client.send("/answer", 302, on=f"/answer?link={token}", link=token)
    assert there.location == f"/form/{link.id}"
    return there.location


def items_of(link: AnswerLink, at: datetime) -> dict[str, Item]:
    """What stands in a form, by code."""
    with database.reading():
        return {one.code: one for one in reply_forms.items(link, at.date())}


def hidden(page: LexborHTMLParser) -> dict[str, str]:
    """The hidden fields of the form, as a browser sends them."""
    fields = page.css("#form input[type=hidden]")
    return {str(one.attributes["name"]): str(one.attributes.get("value") or "") for one in fields}


def interleaved(links: Sequence[AnswerLink], code: str, at: datetime, *, times: int, seed: int = 5) -> list[str]:
    """Two people read, type and save one item in random order; the texts that were written over unseen.

    Whoever is refused reads again and goes on from what stands there, as the page has them do.
    """
    chance, item_id = Random(seed), items_of(links[0], at)[code].id  # noqa: S311  # no secret
    read = [items_of(link, at)[code] for link in links]
    lost: list[str] = []
    for n in range(times):
        who = chance.randrange(len(links))
        if chance.random() < 0.5:
            read[who] = items_of(links[who], at)[code]
        before = items_of(links[who], at)[code]
        text = f"{_text(read[who])} {who}-{n}".strip()
        try:
            reply_forms_service.write(links[who].id, item_id, {"done": text}, version=read[who].version, at=at)
        except reply_forms_service.WrittenMeanwhile:
            read[who] = items_of(links[who], at)[code]
            continue
        if _text(before) not in text:
            lost.append(_text(before))
    return lost


def _text(item: Item) -> str:
    return (item.draft.fields or {}).get("done", "") if item.draft else ""


def fields_of(page: str, action: str) -> dict[str, str]:
    """The hidden fields of the form that goes to an address."""
    fields = LexborHTMLParser(page).css(f"form[action='{action}'] input[type=hidden]")
    return {str(one.attributes["name"]): str(one.attributes.get("value") or "") for one in fields}
