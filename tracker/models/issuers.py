"""The oversight bodies of an installation, what each decided about following up, and the installation itself."""

from datetime import datetime

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from tracker.models.base import Base


class Installation(Base):
    """The one row about the installation as a whole."""

    __tablename__ = "installation"
    __table_args__ = (CheckConstraint("id = 1", name="there_is_one"),)

    id: Mapped[int] = mapped_column(primary_key=True, default=1)
    is_held: Mapped[bool]
    """Reminders and digests wait until someone releases them; sign-in codes never wait."""
    released_at: Mapped[datetime | None]
    paused_until: Mapped[datetime | None]
    """The mail server refused us as a whole: nothing is tried before this."""
    paused_why: Mapped[str | None]
    public_version: Mapped[int] = mapped_column(default=0, server_default="0")
    """Moves with everything that public pages tell and no entry does; see `models.public`."""
    changes: Mapped[int] = mapped_column(default=0, server_default="0")
    """Moves with everything that is written but what no page tells; see `database.transaction`."""


class Issuer(Base):
    """A body that makes recommendations, with its settings for rounds and reminders."""

    __tablename__ = "issuer"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    first_reply_months: Mapped[int] = mapped_column(default=6)
    """Months from publication to the first reply's due date."""
    next_reply_months: Mapped[int] = mapped_column(default=12)
    remind_before: Mapped[str] = mapped_column(String(60), default="30,7,0")
    """Days before the due date, most first; 0 is the day itself."""
    remind_every: Mapped[int] = mapped_column(default=14)
    """Days between reminders after the due date."""
    remind_at_most: Mapped[int] = mapped_column(default=4)
    """Reminders after the due date."""
    send_at: Mapped[str] = mapped_column(String(5), default="08:30")
    """Time of day from which mail leaves, on working days, in the installation's time zone."""
