"""The ledger: reminders that were decided, mails that carry them, and every attempt to hand one over."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.models.addressees import Addressee, ExpectedReply
from tracker.models.base import Base, states
from tracker.models.people import Person


class Reminder(Base):
    """The decision to remind one person of one expected reply, or not to, and why."""

    __tablename__ = "reminder"
    __table_args__ = (
        CheckConstraint(states("planned", "superseded", "skipped"), name="state_is_known"),
        CheckConstraint("(state = 'skipped') = (why IS NOT NULL)", name="only_a_skip_has_a_reason"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(160), unique=True)
    """Kind, expected reply, due date, step and person: the same decision is never taken twice."""
    kind: Mapped[str] = mapped_column(String(12))
    step: Mapped[str] = mapped_column(String(20))
    step_on: Mapped[date]
    """The day for which it was planned."""
    expected_reply_id: Mapped[int] = mapped_column(ForeignKey("expected_reply.id"), index=True)
    addressee_id: Mapped[int] = mapped_column(ForeignKey("addressee.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    state: Mapped[str] = mapped_column(String(12))
    why: Mapped[str | None] = mapped_column(String(40))
    planned_at: Mapped[datetime]
    outgoing_mail_id: Mapped[int | None] = mapped_column(ForeignKey("outgoing_mail.id"), index=True)

    expected_reply: Mapped[ExpectedReply] = relationship(lazy="joined")
    addressee: Mapped[Addressee] = relationship(lazy="joined")
    outgoing_mail: Mapped[OutgoingMail | None] = relationship(back_populates="reminders")


class OutgoingMail(Base):
    """A message to one address. Its bytes, Date and Message-ID are frozen when it is written."""

    __tablename__ = "outgoing_mail"
    __table_args__ = (
        CheckConstraint(
            states(
                "queued",
                "leased",
                "accepted",
                "failed",
                "uncertain",  # of the moment: whoever meets the doubt queues or holds the mail in the same act
                "held",
                "cancelled",
                "superseded",
                "suppressed",
                "expired",
            ),
            name="state_is_known",
        ),
        CheckConstraint("on_uncertain IN ('resend', 'hold')", name="doubt_is_resolved"),
        Index("ix_outgoing_mail_next", "state", "lane", "next_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(120), unique=True)
    """A digest's is (person, day, n); any other mail's is its cause."""
    message_id: Mapped[str] = mapped_column(String(160), unique=True)
    kind: Mapped[str] = mapped_column(String(12))
    """code, digest (reminders to a focal point), link (a form handed on), receipt, weekly (to a coordinator)."""
    lane: Mapped[int]
    """0 codes, 1 due and overdue, 2 stale, 3 digests: the lower goes first."""
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    issuer_id: Mapped[int | None] = mapped_column(ForeignKey("issuer.id"))
    """The issuer that it speaks for; None for a code."""
    recipient: Mapped[str] = mapped_column(String(254), index=True)
    language: Mapped[str] = mapped_column(String(8))
    subject: Mapped[str] = mapped_column(String(300))
    content: Mapped[bytes] = mapped_column(LargeBinary)
    """The message as it leaves, but for the placeholder of a secret."""
    content_digest: Mapped[str] = mapped_column(String(64))
    secret_of: Mapped[str | None] = mapped_column(String(26))
    """The uid of the code whose digits take the placeholder's place at hand-over."""
    links: Mapped[str | None] = mapped_column(Text)
    """The uids of the answer links whose tokens take the places of their placeholders at hand-over."""
    on_uncertain: Mapped[str] = mapped_column(String(6))
    state: Mapped[str] = mapped_column(String(12))
    why: Mapped[str | None] = mapped_column(String(300))
    attempts: Mapped[int] = mapped_column(default=0)
    uncertain_times: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    next_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    lease_owner: Mapped[str | None] = mapped_column(String(80))
    lease_until: Mapped[datetime | None]
    token: Mapped[int] = mapped_column(default=0)
    """Grows with each lease: a sender that lost its lease holds an old one."""
    fenced_at: Mapped[datetime | None]
    """Committed just before the final dot: from here on the mail may have arrived."""
    was_fenced: Mapped[bool] = mapped_column(default=False)
    accepted_at: Mapped[datetime | None]
    smtp_code: Mapped[int | None]
    smtp_text: Mapped[str | None] = mapped_column(String(500))

    person: Mapped[Person | None] = relationship(lazy="joined")
    reminders: Mapped[list[Reminder]] = relationship(back_populates="outgoing_mail")


class MailAttempt(Base):
    """One attempt to hand a mail over, written when it ended. Rows are added, never changed."""

    __tablename__ = "mail_attempt"

    outgoing_mail_id: Mapped[int] = mapped_column(ForeignKey("outgoing_mail.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    phase: Mapped[str] = mapped_column(String(12))
    """How far it came: connect, hello, login, from, to, data, fence, dot."""
    host: Mapped[str] = mapped_column(String(255))
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime]
    code: Mapped[int | None]
    text: Mapped[str | None] = mapped_column(String(500))


class AddressState(Base):
    """An address that the mail system refused for good."""

    __tablename__ = "address_state"

    address: Mapped[str] = mapped_column(String(254), primary_key=True)
    suppressed_at: Mapped[datetime | None]
    reason: Mapped[str | None] = mapped_column(String(500))


class Tick(Base):
    """When each recurring duty of the worker last went well."""

    __tablename__ = "tick"

    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    last_ok_at: Mapped[datetime]
    owner: Mapped[str] = mapped_column(String(80))
