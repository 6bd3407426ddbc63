"""One recommendation put to one body: the unit that has a status. And what is expected of it."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.domain.vocabulary import Role
from tracker.models.base import Base, Uid, coded, new_uid
from tracker.models.bodies import Body
from tracker.models.reports import Recommendation


class Addressee(Base):
    """Who is to carry out a recommendation. Its body never changes; the acting body is in its standing."""

    __tablename__ = "addressee"
    __table_args__ = (UniqueConstraint("recommendation_id", "body_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(Uid, unique=True, default=new_uid)
    recommendation_id: Mapped[int] = mapped_column(ForeignKey("recommendation.id"))
    body_id: Mapped[int] = mapped_column(ForeignKey("body.id"), index=True)
    role: Mapped[Role] = mapped_column(coded(Role, "role_is_known"))
    position: Mapped[int]

    recommendation: Mapped[Recommendation] = relationship(lazy="joined")
    body: Mapped[Body] = relationship(lazy="joined")
    wordings: Mapped[list[AddresseeWording]] = relationship(lazy="selectin")

    def wording(self, language: str) -> AddresseeWording | None:
        """The words of the annex in `language`, else in any."""
        by_language = {wording.language: wording for wording in self.wordings}
        return by_language.get(language) or next(iter(self.wordings), None)


class AddresseeWording(Base):
    """How an annex writes the addressee, in one language."""

    __tablename__ = "addressee_wording"

    addressee_id: Mapped[int] = mapped_column(ForeignKey("addressee.id"), primary_key=True)
    language: Mapped[str] = mapped_column(String(8), primary_key=True)
    as_written: Mapped[str] = mapped_column(String(500))
    qualifier: Mapped[str | None] = mapped_column(String(300))
    """What the annex adds in brackets, such as “niveau politique”."""

    @property
    def as_printed(self) -> str:
        """Both, as the annex has them."""
        return f"{self.as_written} ({self.qualifier})" if self.qualifier else self.as_written


class Round(Base):
    """A follow-up campaign: the moment a coordinator asked."""

    __tablename__ = "round"

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(Uid, unique=True, default=new_uid)
    issuer_id: Mapped[int] = mapped_column(ForeignKey("issuer.id"), index=True)
    title: Mapped[str] = mapped_column(String(200))
    opened_at: Mapped[datetime]
    opened_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class ExpectedReply(Base):
    """One reply expected of one addressee: asked for by a round, or by a question to what it answered."""

    __tablename__ = "expected_reply"
    __table_args__ = (
        UniqueConstraint("round_id", "addressee_id", "asked_seq"),
        Index(
            "one_open_reply_per_addressee",
            "addressee_id",
            unique=True,
            sqlite_where=text("is_open = 1"),
            postgresql_where=text("is_open"),
        ),
        CheckConstraint(
            "is_open = (answered_seq IS NULL AND closed_seq IS NULL)", name="open_until_answered_or_closed"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int | None] = mapped_column(ForeignKey("round.id"))
    """None for a question to an answer that no round had asked for."""
    addressee_id: Mapped[int] = mapped_column(ForeignKey("addressee.id"), index=True)
    asked_on: Mapped[date]
    due_on: Mapped[date]
    original_due_on: Mapped[date]
    is_open: Mapped[bool] = mapped_column(default=True)
    asked_seq: Mapped[int] = mapped_column(ForeignKey("entry.seq"))
    """The entry that asked: of the round, or of a return with a question."""
    answered_seq: Mapped[int | None] = mapped_column(ForeignKey("entry.seq"))
    closed_seq: Mapped[int | None] = mapped_column(ForeignKey("entry.seq"))
    """The entry that ended it without an answer, such as a withdrawal."""

    addressee: Mapped[Addressee] = relationship(lazy="joined")
    round: Mapped[Round | None] = relationship(lazy="joined")
