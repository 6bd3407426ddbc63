"""What may be done only so often."""

from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from tracker.models.base import Base


class LimitedAct(Base):
    """One act that counts against a limit. Kept as long as it counts, and without anybody's name or address."""

    __tablename__ = "limited_act"
    __table_args__ = (Index("ix_limited_act_whose_at", "whose", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    whose: Mapped[str] = mapped_column(String(64))
    """A digest, under the secret key, of what was done and of whose doing it is."""
    at: Mapped[datetime] = mapped_column(index=True)
