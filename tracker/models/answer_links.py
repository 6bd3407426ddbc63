"""Personal links to the form of a body, the draft that its holders share, and what was sent from it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.models.base import Base, Uid, new_uid, states
from tracker.models.bodies import Body
from tracker.models.issuers import Issuer
from tracker.models.people import Person


class AnswerLink(Base):
    """One person's way into the form of one body for one round, without an account.

    The token is nowhere: it is derived from `uid` and the secret key when a mail leaves, and found again by its digest.
    """

    __tablename__ = "answer_link"
    __table_args__ = (
        UniqueConstraint("uid"),
        CheckConstraint(states("revoked", "replaced", column="ended_why"), name="end_is_known"),
        CheckConstraint("(ended_at IS NULL) = (ended_why IS NULL)", name="ends_for_a_reason"),
        Index("ix_answer_link_person_id_body_id", "person_id", "body_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(Uid, default=new_uid)
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    body_id: Mapped[int] = mapped_column(ForeignKey("body.id"))
    issuer_id: Mapped[int] = mapped_column(ForeignKey("issuer.id"))
    round_id: Mapped[int | None] = mapped_column(ForeignKey("round.id"))
    """The latest round that asked; None where only questions did."""
    given_by_id: Mapped[int | None] = mapped_column(ForeignKey("answer_link.id"), index=True)
    """The link of whoever handed the form on; None of a focal point's own."""
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    opened_at: Mapped[datetime | None]
    """When its button was first pressed."""
    ended_at: Mapped[datetime | None]
    ended_why: Mapped[str | None] = mapped_column(String(12))

    person: Mapped[Person] = relationship(lazy="joined")
    body: Mapped[Body] = relationship(lazy="joined")
    issuer: Mapped[Issuer] = relationship(lazy="joined")
    given_by: Mapped[AnswerLink | None] = relationship(remote_side=[id])


class SharedDraft(Base):
    """What a body is about to answer to one recommendation: everybody who holds a link to its form sees the same.

    A row stays when its draft is sent or thrown away, so that its version never comes back.
    """

    __tablename__ = "shared_draft"

    addressee_id: Mapped[int] = mapped_column(ForeignKey("addressee.id"), primary_key=True)
    version: Mapped[int]
    """Grows with each change: whoever saves says which one they saw."""
    is_unchanged: Mapped[bool] = mapped_column(default=False)
    """The last answer is to be confirmed as it stands."""
    fields: Mapped[str | None] = mapped_column(Text)
    """JSON: what stands in each field, as typed; None where nothing is written."""
    seen: Mapped[int]
    """The position of the latest entry that its page showed."""
    saved_at: Mapped[datetime]
    saved_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))

    saved_by: Mapped[Person] = relationship(lazy="joined")


class Submission(Base):
    """Answers that were sent together from a form."""

    __tablename__ = "submission"
    __table_args__ = (UniqueConstraint("uid"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(Uid)
    """Made with the page that sends, so that sending twice is sending once."""
    answer_link_id: Mapped[int] = mapped_column(ForeignKey("answer_link.id"), index=True)
    sent_at: Mapped[datetime]
    entries: Mapped[str] = mapped_column(Text)
    """JSON: the seqs of its entries."""

    link: Mapped[AnswerLink] = relationship(lazy="joined")
