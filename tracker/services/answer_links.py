"""Answer links: one person's way into the form of one body, for one round, without an account.

The token is kept nowhere. It is derived from the link's uid and the secret key when its mail leaves, and the database
holds its digest alone. A link works until it expires, is withdrawn or replaced; reading its page changes nothing.
"""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tracker import clock
from tracker.database import reading, transaction
from tracker.domain.acts import Act
from tracker.errors import NotFound, Refusal
from tracker.language import _
from tracker.models import AnswerLink, FocalPoint, Issuer, Person
from tracker.models.base import new_uid
from tracker.queries import answer_links, digests, people
from tracker.queries.digests import Form
from tracker.services import accounts, audit, limits, link_mails, parts
from tracker.settings import Settings

LIFE = timedelta(days=90)
"""From the day on which it is written, or on which the last of its replies is due, whichever is later."""
BYTES = 24
"""Of a token: 32 letters, digits, - and _."""


def token_of(secret_key: str, uid: str) -> str:
    """The token of a link. Only who holds the secret key can tell it."""
    digest = hmac.new(secret_key.encode(), b"answer link " + uid.encode(), hashlib.sha256).digest()
    return urlsafe_b64encode(digest[:BYTES]).decode()


def url_of(token: str, settings: Settings) -> str:
    """The address in a mail. The token is in its query, which no log of ours and no referrer holds."""
    return f"{settings.base_url}/answer?link={token}"


def tokens(uids: Iterable[str], settings: Settings) -> dict[str, str]:
    """The tokens of links that are about to leave, by uid: by an earlier key where it made them."""
    uids, (key, *earlier) = list(uids), settings.secret_keys
    if not earlier:
        return {uid: token_of(key, uid) for uid in uids}
    with reading() as session:
        digests = dict(
            session.execute(select(AnswerLink.uid, AnswerLink.token_digest).where(AnswerLink.uid.in_(uids))).all()
        )
    return {uid: _known(uid, digests.get(uid, ""), settings) or token_of(key, uid) for uid in uids}


def _known(uid: str, digest: str, settings: Settings) -> str | None:
    """The token with this digest, if a key that still holds made it."""
    made = (token_of(key, uid) for key in settings.secret_keys)
    return next((token for token in made if people.token_digest(token) == digest), None)


def of_form(session: Session, person: Person, form: Form, *, at: datetime, settings: Settings) -> AnswerLink:
    """The link of a focal point to a form: the one that earlier mails of the round hold, as long as it works."""
    due = clock.moment_on(form.due_on)
    for link in session.scalars(
        select(AnswerLink)
        .where(
            AnswerLink.person_id == person.id,
            AnswerLink.body_id == form.body_id,
            AnswerLink.issuer_id == form.issuer_id,
            AnswerLink.round_id == form.round_id if form.round_id else AnswerLink.round_id.is_(None),
            AnswerLink.given_by_id.is_(None),
            AnswerLink.ended_at.is_(None),
            AnswerLink.expires_at > max(at, due),
        )
        .order_by(AnswerLink.id.desc())
    ):
        if _known(link.uid, link.token_digest, settings):
            return link
    return new(session, person, form, expires_at=max(at, due) + LIFE, at=at, settings=settings)


def new(
    session: Session,
    person: Person,
    form: Form,
    *,
    expires_at: datetime,
    at: datetime,
    settings: Settings,
    given_by: AnswerLink | None = None,
) -> AnswerLink:
    """A link that did not exist, within the caller's transaction."""
    uid = new_uid()
    link = AnswerLink(
        uid=uid,
        token_digest=people.token_digest(token_of(settings.secret_key.get_secret_value(), uid)),
        person_id=person.id,
        body_id=form.body_id,
        issuer_id=form.issuer_id,
        round_id=form.round_id,
        given_by_id=given_by.id if given_by else None,
        created_at=at,
        expires_at=expires_at,
    )
    session.add(link)
    session.flush()
    session.refresh(link)  # with its person, body and issuer, for whoever needs it after the transaction
    return link


def enter(token: str, *, at: datetime) -> AnswerLink:
    """Open the form: somebody pressed the button. Their links of earlier rounds to the same form end."""
    with transaction() as session:
        link = answer_links.by_token(token, at=at)
        if link.opened_at is None:
            link.opened_at = at
            audit.note(
                session, Act.LINK_OPENED, ("body", link.body.slug), by=link.person, issuer_id=link.issuer_id, at=at
            )
        of_earlier = (
            AnswerLink.person_id == link.person_id,
            AnswerLink.body_id == link.body_id,
            AnswerLink.issuer_id == link.issuer_id,
            AnswerLink.given_by_id.is_(None),
            AnswerLink.round_id < link.round_id,  # of no round: nothing is
            AnswerLink.ended_at.is_(None),
        )
        if link.given_by_id is None:
            session.execute(update(AnswerLink).where(*of_earlier).values(ended_at=at, ended_why="replaced"))
        return link


def own(person: Person, body_id: int, issuer: str, *, at: datetime, settings: Settings) -> tuple[AnswerLink, str]:
    """The link of somebody who is signed in to the form of one of their bodies, and its token."""
    with transaction() as session:
        if body_id not in people.rights(person).body_ids:
            raise NotFound(_("There is no such form."))
        issuer_id = session.scalar(select(Issuer.id).where(Issuer.slug == issuer))
        open_ = digests.form_of(session, body_id, issuer_id) if issuer_id else None
        if open_ is None:
            raise NotFound(_("Nothing is asked of this body now. You may still answer each recommendation by itself."))
        link = of_form(session, person, open_, at=at, settings=settings)
        link.opened_at = link.opened_at or at
        return link, _known(link.uid, link.token_digest, settings) or ""


def hand_on(link_id: int, email: str, name: str, note: str, *, at: datetime, settings: Settings) -> AnswerLink:
    """Mail a colleague a link of their own to the same form and the same draft; asked twice, the same link again."""
    with transaction() as session:
        link = answer_links.working(session, link_id, at=at)
        if link.given_by_id is not None:
            raise Refusal(_("Only a focal point hands the form on. Ask whoever gave it to you."))
        limits.take(session, limits.FORMS_HANDED_ON, link.person.uid, settings, at=clock.wall())
        colleague = accounts.take_in(session, email, name, link.person.language, by=link.person)
        if colleague.id == link.person_id:
            raise Refusal(_("This is your own address. Enter that of the colleague."))
        given = next((one for one in answer_links.given(link) if one.person_id == colleague.id), None)
        if given is None or not _known(given.uid, given.token_digest, settings):
            form = Form(link.body_id, link.issuer_id, link.round_id, clock.day_of(link.expires_at))
            expires_at = link.expires_at
            given = new(session, colleague, form, expires_at=expires_at, at=at, settings=settings, given_by=link)
        link_mails.write(session, link, given, colleague, note, at=at, settings=settings)
        audit.note(
            session, Act.FORM_HANDED_ON, ("body", link.body.slug), by=link.person, issuer_id=link.issuer_id, at=at
        )
        return given


def take_back(link_id: int, given_id: int, *, at: datetime) -> AnswerLink:
    """End the link of a colleague, by whoever gave it. What they wrote stays in the draft."""
    with transaction() as session:
        link = answer_links.working(session, link_id, at=at)
        given = next((one for one in answer_links.given(link) if one.id == given_id), None)
        if given is None:
            raise NotFound(_("There is no such link. It may have ended meanwhile."))
        _withdraw(session, given, link.person, at)
        return given


def withdraw(focal_point_id: int, *, by: Person, at: datetime) -> int:
    """End every answer link that somebody has for a body, with those that they handed on; how many."""
    with transaction() as session:
        parts.must_keep(by)
        row = session.get(FocalPoint, focal_point_id)
        if row is None:
            raise NotFound(_("There is no such focal point. It may have been ended meanwhile."))
        of_them = (AnswerLink.person_id == row.person_id, AnswerLink.body_id == row.body_id)
        found = session.scalars(select(AnswerLink).where(*of_them, AnswerLink.ended_at.is_(None))).all()
        for link in found:
            _withdraw(session, link, by, at)
        return len(found)


def end_all(session: Session, person: Person, *, at: datetime) -> None:
    """End the links of somebody whose address is another: they went to the old one. Within the caller's transaction."""
    of_them = (AnswerLink.person_id == person.id, AnswerLink.ended_at.is_(None))
    session.execute(update(AnswerLink).where(*of_them).values(ended_at=at, ended_why="revoked"))


def _withdraw(session: Session, link: AnswerLink, by: Person, at: datetime) -> None:
    link.ended_at, link.ended_why = at, "revoked"
    audit.note(session, Act.LINK_WITHDRAWN, ("body", link.body.slug), by=by, issuer_id=link.issuer_id, at=at)
