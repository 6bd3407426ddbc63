"""People, what they may do, and their ways in. There are no passwords."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.models.base import Base, Uid, new_uid, states
from tracker.models.issuers import Issuer


class Person(Base):
    """Someone with a mail address. Entries name a person by `uid`, so that erasing the rest leaves the chain whole."""

    __tablename__ = "person"
    __table_args__ = (CheckConstraint("email = lower(email)", name="email_is_lower_case"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(Uid, unique=True, default=new_uid)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    display_name: Mapped[str] = mapped_column(String(200))
    """How others see them: a name, or a role such as “focal point, federal police”."""
    language: Mapped[str] = mapped_column(String(8), default="fr")
    is_admin: Mapped[bool] = mapped_column(default=False)
    disabled_at: Mapped[datetime | None]
    has_calendar: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether due dates can be read at the address of a calendar."""
    calendar_number: Mapped[int] = mapped_column(default=0, server_default="0")
    """Of that address: an earlier one opens nothing any more."""

    memberships: Mapped[list[Membership]] = relationship(lazy="selectin")


class Membership(Base):
    """What a person is at an issuer: coordinator or reader."""

    __tablename__ = "membership"
    __table_args__ = (
        UniqueConstraint("person_id", "issuer_id"),
        CheckConstraint(states("coordinator", "reader", column="role"), name="role_is_known"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    issuer_id: Mapped[int] = mapped_column(ForeignKey("issuer.id"), index=True)
    role: Mapped[str] = mapped_column(String(12))

    issuer: Mapped[Issuer] = relationship(lazy="joined")


class SignInCode(Base):
    """A code sent by mail. The digits are nowhere: they are derived from `uid` and the secret key."""

    __tablename__ = "sign_in_code"

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(Uid, unique=True, default=new_uid)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)
    used_at: Mapped[datetime | None]


class SignedInSession(Base):
    """A signed-in browser, revocable at once. The browser holds the token, we hold its digest."""

    __tablename__ = "session"

    token_digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    """Written at most once a minute."""
    expires_at: Mapped[datetime]
    roles: Mapped[str] = mapped_column(String(500))
    """What the person was when signing in: with other roles one signs in anew."""

    person: Mapped[Person] = relationship(lazy="joined")
