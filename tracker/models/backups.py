"""The backups that were made of this installation."""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from tracker.models.base import Base


class Backup(Base):
    """One backup: under way, whole (it has a size) or failed (it has a reason)."""

    __tablename__ = "backup"
    __table_args__ = (CheckConstraint("size IS NULL OR why IS NULL", name="is_whole_or_failed"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    night: Mapped[date | None] = mapped_column(unique=True)
    """The day whose nightly backup it is: one worker of many makes it. None: somebody asked for it."""
    begun_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    file: Mapped[str] = mapped_column(String(500))
    size: Mapped[int | None] = mapped_column(BigInteger)
    """Bytes."""
    why: Mapped[str | None] = mapped_column(String(500))
    owner: Mapped[str] = mapped_column(String(80))
