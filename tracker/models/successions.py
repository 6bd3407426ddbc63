"""Which bodies take over from which, and from when. Rows are added; all that changes is that one was taken back."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Table, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.models.base import Base, Uid, new_uid
from tracker.models.bodies import Body

_successor = Table(
    "body_successor",
    Base.metadata,
    Column("succession_id", ForeignKey("body_succession.id"), primary_key=True),
    Column("body_id", ForeignKey("body.id"), primary_key=True, index=True),
)


class Succession(Base):
    """A body ends on a day, and another, or several, take over what it was asked."""

    __tablename__ = "body_succession"
    __table_args__ = (
        CheckConstraint("(taken_back_at IS NULL) = (taken_back_by_id IS NULL)", name="taken_back_by_somebody"),
        Index(
            "one_standing_succession_per_body",
            "former_id",
            unique=True,
            sqlite_where=text("taken_back_at IS NULL"),
            postgresql_where=text("taken_back_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(Uid, unique=True, default=new_uid)
    former_id: Mapped[int] = mapped_column(ForeignKey("body.id"))
    from_on: Mapped[date]
    """The first day on which the former body does not act any more."""
    is_merger: Mapped[bool]
    """The register held one body twice: all of it moves, closed or not."""
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    taken_back_at: Mapped[datetime | None]
    taken_back_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    former: Mapped[Body] = relationship(lazy="joined")
    successors: Mapped[list[Body]] = relationship(secondary=_successor, order_by=Body.id, lazy="selectin")

    @property
    def is_split(self) -> bool:
        """Several take over: somebody says who takes over what."""
        return len(self.successors) > 1
