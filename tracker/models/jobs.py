"""Work that takes longer than a page may: asked for here, done by a worker."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from tracker.models.base import Base, states


class Job(Base):
    """One piece of work from request to result. While it runs it is leased: whoever dies over it loses it."""

    __tablename__ = "job"
    __table_args__ = (
        CheckConstraint(states("waiting", "running", "done", "failed", "cancelled"), name="state_is_known"),
        CheckConstraint("(state = 'running') = (leased_until IS NOT NULL)", name="is_leased_while_running"),
        CheckConstraint("(state = 'failed') = (why IS NOT NULL)", name="failed_for_a_reason"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    """What is to be done: a key of `services.jobs.WORK`."""
    issuer_id: Mapped[int] = mapped_column(ForeignKey("issuer.id"), index=True)
    name: Mapped[str] = mapped_column(String(255))
    """What a person calls it."""
    request: Mapped[str] = mapped_column(Text)
    """JSON: what it is asked with."""
    content: Mapped[bytes] = mapped_column(LargeBinary, default=b"")
    """The file that came with it; empty without one, and when it has ended."""
    digest: Mapped[str] = mapped_column(String(64), default="")
    state: Mapped[str] = mapped_column(String(10), default="waiting", index=True)
    done: Mapped[int] = mapped_column(default=0)
    of: Mapped[int] = mapped_column(default=0)
    """0: not known yet."""
    unit: Mapped[str] = mapped_column(String(10), default="")
    """What is counted: pages or rows."""
    attempts: Mapped[int] = mapped_column(default=0)
    """How often a worker took it; also the token that proves which of them has it."""
    leased_until: Mapped[datetime | None]
    """By the system's clock."""
    result_id: Mapped[int | None]
    """Of what came of it: the import that was read."""
    why: Mapped[str | None] = mapped_column(String(40))
    """A code; `services.jobs.sentence` has the words."""
    asked_at: Mapped[datetime]
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    ended_at: Mapped[datetime | None]
