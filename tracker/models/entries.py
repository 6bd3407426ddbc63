"""The timeline, which the database itself keeps append-only, and the standing projected from it."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.domain.vocabulary import EntryKind, Implementation, Response
from tracker.models.base import Base, coded
from tracker.models.people import Person


class Entry(Base):
    """One thing that happened to a recommendation or to one of its addressees. Rows are added, never changed."""

    __tablename__ = "entry"
    __table_args__ = (
        # Two people who save at once would both take the same position: the second is refused.
        Index(
            "one_entry_per_position",
            "addressee_id",
            "position",
            unique=True,
            sqlite_where=text("addressee_id IS NOT NULL"),
            postgresql_where=text("addressee_id IS NOT NULL"),
        ),
        Index(
            "one_entry_per_position_of_a_recommendation",
            "recommendation_id",
            "position",
            unique=True,
            sqlite_where=text("addressee_id IS NULL"),
            postgresql_where=text("addressee_id IS NULL"),
        ),
        UniqueConstraint("previous_hash", name="the_chain_never_forks"),
        Index("ix_entry_recommendation_id", "recommendation_id"),
        Index("ix_entry_kind_recorded_at", "kind", "recorded_at"),
        Index("ix_entry_about", "about"),
    )

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """Contiguous from 1: the order of the chain."""
    recommendation_id: Mapped[int] = mapped_column(ForeignKey("recommendation.id"))
    addressee_id: Mapped[int | None] = mapped_column(ForeignKey("addressee.id"))
    position: Mapped[int]
    """Counts the entries of the addressee, or of the recommendation where there is none."""
    kind: Mapped[EntryKind] = mapped_column(coded(EntryKind, "kind_is_known"))
    facts: Mapped[str]
    """Canonical JSON of codes, numbers and dates; never free text."""
    text_commitment: Mapped[str | None] = mapped_column(String(64))
    about: Mapped[int | None] = mapped_column(ForeignKey("entry.seq"))
    """The entry that this one is about: the answer that is filed, the entry that is corrected."""
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    """None: the worker."""
    counts_on: Mapped[date]
    """The day from which it counts in figures."""
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64), unique=True)

    recorded_by: Mapped[Person | None] = relationship(lazy="joined")
    text: Mapped[EntryText | None] = relationship(lazy="joined")


class EntryText(Base):
    """The free text of an entry: JSON, salted, and the only part that a redaction may delete."""

    __tablename__ = "entry_text"

    seq: Mapped[int] = mapped_column(ForeignKey("entry.seq"), primary_key=True, autoincrement=False)
    salt: Mapped[bytes] = mapped_column(LargeBinary)
    text: Mapped[str]


class ChainHead(Base):
    """Where the chain ends. Locked by every append, so that the chain never forks."""

    __tablename__ = "chain_head"
    __table_args__ = (CheckConstraint("id = 1", name="there_is_one"),)

    id: Mapped[int] = mapped_column(primary_key=True, default=1)
    seq: Mapped[int]
    hash: Mapped[str] = mapped_column(String(64))


class StandingRow(Base):
    """What is true of an addressee from one day to another; rewritten from its entries by every append."""

    __tablename__ = "standing"
    __table_args__ = (
        Index(
            "one_open_standing_per_addressee",
            "addressee_id",
            unique=True,
            sqlite_where=text("until_on IS NULL"),
            postgresql_where=text("until_on IS NULL"),
        ),
        CheckConstraint("until_on IS NULL OR until_on > from_on", name="ends_after_it_begins"),
        Index("ix_standing_body_id_from_on", "body_id", "from_on"),
    )

    addressee_id: Mapped[int] = mapped_column(ForeignKey("addressee.id"), primary_key=True)
    from_on: Mapped[date] = mapped_column(primary_key=True)
    until_on: Mapped[date | None]
    body_id: Mapped[int] = mapped_column(ForeignKey("body.id"))
    """The acting body."""
    response: Mapped[Response] = mapped_column(coded(Response, "response_is_known"))
    reported: Mapped[Implementation | None] = mapped_column(coded(Implementation, "reported_is_known"))
    assessed: Mapped[Implementation] = mapped_column(coded(Implementation, "assessed_is_known"))
    published_response: Mapped[Response] = mapped_column(coded(Response, "published_response_is_known"))
    published_reported: Mapped[Implementation | None] = mapped_column(
        coded(Implementation, "published_reported_is_known")
    )
    published_assessed: Mapped[Implementation] = mapped_column(coded(Implementation, "published_assessed_is_known"))
    reply_due_on: Mapped[date | None]
    original_due_on: Mapped[date | None]
    last_answer_on: Mapped[date | None]
    unreviewed: Mapped[int | None] = mapped_column(ForeignKey("entry.seq"))
