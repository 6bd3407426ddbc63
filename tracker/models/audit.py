"""What people did, apart from the timeline."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from tracker.models.base import Base, states


class AuditRow(Base):
    """One act. Rows are added, never changed, and go when their time is over."""

    __tablename__ = "audit"
    __table_args__ = (
        CheckConstraint(states("page", "terminal", "worker", column="door"), name="door_is_known"),
        Index("ix_audit_actor_id_id", "actor_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    """None: nobody signed in, the worker, or whoever is at the terminal."""
    door: Mapped[str] = mapped_column(String(10))
    address: Mapped[str | None] = mapped_column(String(45))
    """The network address that a page was asked from."""
    act: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str | None] = mapped_column(String(20))
    """What it is about: person, body, import, round, mail, recommendation or page."""
    ref: Mapped[str | None] = mapped_column(String(200))
    """Which one: its id, or the name that it has in addresses."""
    issuer_id: Mapped[int | None] = mapped_column(ForeignKey("issuer.id"))
    facts: Mapped[str] = mapped_column(String(2000))
    """A JSON object of codes and numbers."""
    keep_until: Mapped[date] = mapped_column(index=True)
    """The first day on which it may be deleted."""
