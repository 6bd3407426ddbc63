"""What somebody began to write and did not send yet."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from tracker.models.base import Base, states


class DraftAnswer(Base):
    """One person's unsent form about one addressee. Nobody else ever sees it, and it counts for nothing."""

    __tablename__ = "draft_answer"
    __table_args__ = (
        CheckConstraint(states("answer", "paper", "finding", "question", column="form"), name="form_is_known"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    addressee_id: Mapped[int] = mapped_column(ForeignKey("addressee.id"), primary_key=True, index=True)
    form: Mapped[str] = mapped_column(String(12), primary_key=True)
    """answer (by the body), paper (recorded for it), finding or question (of the issuer)."""
    fields: Mapped[str] = mapped_column(Text)
    """JSON: what stands in each field, as typed."""
    seen: Mapped[int]
    """The position of the latest entry that its page showed."""
    saved_at: Mapped[datetime]
    """In the product's time."""
