"""Answer links, read: whose form a token opens, and why one opens none any more."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker import clock, database
from tracker.errors import NotFound
from tracker.language import N_, _, day
from tracker.models import AnswerLink, FocalPoint
from tracker.queries import people

UNKNOWN = N_("This link opens no form. Copy it whole from your mail, or sign in with your mail address.")
_ENDED = {
    "revoked": N_("This link was withdrawn. If you still answer for this body, sign in with your mail address."),
    "replaced": N_("A newer mail has a newer link to this form. Open that one, or sign in with your mail address."),
}
_GIVEN = N_("The link of whoever handed this form on to you works no more. Ask them for another.")
_NOT_THEIRS = N_("This link was for somebody who does not answer for this body any more.")


def by_token(token: str, *, at: datetime) -> AnswerLink:
    """The link with this token; a sentence says why one works no more."""
    of_it = AnswerLink.token_digest == people.token_digest(token)
    link = database.session().scalar(select(AnswerLink).where(of_it))
    if link is None:
        raise NotFound(_(UNKNOWN))
    why = why_not(link, at=at)
    if why:
        raise NotFound(why)
    return link


def why_not(link: AnswerLink, *, at: datetime) -> str:
    """Why a link opens nothing at `at`; empty where it works. One that was handed on works as long as its giver's."""
    if link.ended_why:
        return _(_ENDED[link.ended_why])
    if link.expires_at <= at:
        ended = day(clock.day_of(link.expires_at))
        return _("This link worked until %(day)s. Sign in with your mail address, or ask for a new mail.", day=ended)
    if link.person.disabled_at is not None:
        return _(_NOT_THEIRS)
    if link.given_by is not None:
        return _(_GIVEN) if why_not(link.given_by, at=at) else ""
    return "" if _answers(link, at) else _(_NOT_THEIRS)


def _answers(link: AnswerLink, at: datetime) -> bool:
    """Whether its person is a focal point of its body on the day."""
    of_them = select(FocalPoint.id).where(
        FocalPoint.person_id == link.person_id, FocalPoint.body_id == link.body_id, people.present(clock.day_of(at))
    )
    return database.session().scalar(of_them.limit(1)) is not None


def working(session: Session, link_id: int, *, at: datetime) -> AnswerLink:
    """A link, while it works."""
    link = session.get(AnswerLink, link_id)
    why = why_not(link, at=at) if link else _(UNKNOWN)
    if link is None or why:
        raise NotFound(why)
    return link


def given(link: AnswerLink) -> list[AnswerLink]:
    """The links that were handed on by a link and have not ended."""
    of_it = (AnswerLink.given_by_id == link.id, AnswerLink.ended_at.is_(None))
    return list(database.session().scalars(select(AnswerLink).where(*of_it).order_by(AnswerLink.id)))
