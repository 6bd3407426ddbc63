"""The oversight bodies of an installation, what each decided about following up, and the installation itself."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.domain.vocabulary import BodyType
from tracker.models.base import Base, coded


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
    holidays: Mapped[str] = mapped_column(String(2), default="BE", server_default="BE")
    """The country on whose public holidays nothing leaves; empty for none."""

    type_policies: Mapped[list["TypePolicy"]] = relationship(cascade="all, delete-orphan", order_by="TypePolicy.type")
    quiet_periods: Mapped[list["QuietPeriod"]] = relationship(
        cascade="all, delete-orphan", order_by="QuietPeriod.from_on"
    )


class TypePolicy(Base):
    """How an issuer reminds one type of body, where that is not how it reminds the others."""

    __tablename__ = "type_policy"

    issuer_id: Mapped[int] = mapped_column(ForeignKey("issuer.id"), primary_key=True)
    type: Mapped[BodyType] = mapped_column(coded(BodyType, "type_is_known"), primary_key=True)
    remind_before: Mapped[str] = mapped_column(String(60))
    remind_every: Mapped[int]
    remind_at_most: Mapped[int]


class QuietPeriod(Base):
    """Days on which an issuer writes to nobody, such as a recess."""

    __tablename__ = "quiet_period"
    __table_args__ = (CheckConstraint("to_on >= from_on", name="ends_after_it_begins"),)

    issuer_id: Mapped[int] = mapped_column(ForeignKey("issuer.id"), primary_key=True)
    from_on: Mapped[date] = mapped_column(primary_key=True)
    to_on: Mapped[date]
    """The last of these days."""
