"""What every way to an account shares: one person per mail address, and what is checked of them."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.domain.acts import Act
from tracker.domain.addresses import is_mail_address
from tracker.errors import Refusal
from tracker.language import LANGUAGES, _
from tracker.models import Person
from tracker.services import audit


def take_in(session: Session, email: str, display_name: str, language: str, *, by: Person | None = None) -> Person:
    """The person with this address, or a new one, within the caller's transaction."""
    address = checked_address(email)
    person = session.scalar(select(Person).where(Person.email == address))
    if person is not None:
        if person.disabled_at:
            raise Refusal(_("The account of %(address)s is closed. Open it again first.", address=address))
        return person
    person = Person(email=address, display_name=checked_name(display_name), language=checked_language(language))
    session.add(person)
    session.flush()
    audit.note(session, Act.PERSON_ADDED, ("person", person.id), by=by)
    return person


def checked_address(email: str) -> str:
    """A mail address as it is kept; refused where it has not the shape of one."""
    address = email.strip().lower()
    if not is_mail_address(address):
        raise Refusal(_("“%(address)s” is not a mail address.", address=address))
    return address


def checked_name(display_name: str) -> str:
    """A name or a role; somebody new needs one."""
    if not display_name.strip():
        raise Refusal(_("Say who this is: a name, or a role such as “Focal point, police”."))
    return display_name.strip()[:200]


def checked_language(language: str) -> str:
    """One of the languages that mails are written in."""
    if language not in LANGUAGES:
        raise Refusal(_("Choose one of these languages: %(languages)s.", languages=", ".join(LANGUAGES)))
    return language
