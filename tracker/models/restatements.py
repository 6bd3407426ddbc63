"""Which recommendation asks again what an earlier one asked, and the stems by which wordings like it are found."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.models.base import Base
from tracker.models.people import Person
from tracker.models.reports import Recommendation


class Restatement(Base):
    """What a coordinator decided of two recommendations that look alike, until it is taken back."""

    __tablename__ = "restatement"
    __table_args__ = (
        CheckConstraint("recommendation_id <> earlier_id", name="nothing_restates_itself"),
        CheckConstraint("(taken_back_at IS NULL) = (taken_back_by_id IS NULL)", name="taken_back_by_somebody"),
        Index(
            "one_standing_decision_per_pair",
            "recommendation_id",
            "earlier_id",
            unique=True,
            sqlite_where=text("taken_back_at IS NULL"),
            postgresql_where=text("taken_back_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    recommendation_id: Mapped[int] = mapped_column(ForeignKey("recommendation.id"))
    earlier_id: Mapped[int] = mapped_column(ForeignKey("recommendation.id"), index=True)
    is_same: Mapped[bool]
    """It asks the same again; otherwise they only look alike."""
    decided_at: Mapped[datetime]
    decided_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    taken_back_at: Mapped[datetime | None]
    taken_back_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    recommendation: Mapped[Recommendation] = relationship(foreign_keys=recommendation_id)
    earlier: Mapped[Recommendation] = relationship(foreign_keys=earlier_id)
    decided_by: Mapped[Person] = relationship(foreign_keys=decided_by_id)


class RecommendationStem(Base):
    """A telling stem of a wording: `domain.likeness` says which, and under what number."""

    __tablename__ = "recommendation_stem"
    __table_args__ = {"sqlite_with_rowid": False}

    stem: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    recommendation_id: Mapped[int] = mapped_column(ForeignKey("recommendation.id"), primary_key=True)
