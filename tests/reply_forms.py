"""Opens the form of a body by a link, as tests of pages and of services need it."""

from datetime import datetime

from selectolax.lexbor import LexborHTMLParser

from tests.making import Office
from tests.web.checking import CheckingClient
from tracker import database
from tracker.models import AnswerLink, Person
from tracker.queries import digests, reply_forms
from tracker.queries.reply_forms import Item
from tracker.services import answer_links
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
