"""The organisations that can be addressed, under their dated names, and who answers for them."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker import clock
from tracker.domain.vocabulary import BodyType, Role
from tracker.models.base import Base, coded
from tracker.models.people import Person


class Body(Base):
    """An organisation. Its slug never changes; its names may."""

    __tablename__ = "body"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    type: Mapped[BodyType] = mapped_column(coded(BodyType, "type_is_known"))
    role: Mapped[Role] = mapped_column(coded(Role, "role_is_known"))
    """What its addressees are unless the review of an import says otherwise."""
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("body.id"))

    names: Mapped[list[BodyName]] = relationship(order_by="BodyName.id", lazy="selectin")

    def name(self, language: str, on: date | None = None) -> str:
        """Its name on a day, today unless told, in `language`, else in French, else any."""
        on = on or clock.today()
        held = {name.language: name.name for name in self.names if not name.is_alias and name.holds(on)}
        return held.get(language) or held.get("fr") or next(iter(held.values()), None) or self._any_name()

    def _any_name(self) -> str:
        """For a day on which none is known to have held."""
        return next((name.name for name in self.names if not name.is_alias), self.slug)


class BodyName(Base):
    """A name of a body in one language, or an alias under which annexes know it."""

    __tablename__ = "body_name"
    __table_args__ = (
        CheckConstraint("status IN ('official', 'translated')", name="status_is_known"),
        CheckConstraint("status <> 'official' OR source IS NOT NULL", name="official_names_have_a_source"),
        CheckConstraint("until_on > from_on", name="ends_after_it_begins"),
        Index(
            "one_last_name_per_language",
            "body_id",
            "language",
            unique=True,
            sqlite_where=text("until_on IS NULL AND NOT is_alias"),
            postgresql_where=text("until_on IS NULL AND NOT is_alias"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    body_id: Mapped[int] = mapped_column(ForeignKey("body.id"), index=True)
    language: Mapped[str] = mapped_column(String(8))
    name: Mapped[str] = mapped_column(String(300))
    is_alias: Mapped[bool] = mapped_column(default=False)
    status: Mapped[str] = mapped_column(String(10), default="translated")
    source: Mapped[str | None] = mapped_column(String(300))
    from_on: Mapped[date | None]
    """The first day; None where nobody knows."""
    until_on: Mapped[date | None]
    """The first day on which it no longer holds."""

    def holds(self, on: date) -> bool:
        """Whether the body has this name on a day."""
        return (self.from_on is None or self.from_on <= on) and (self.until_on is None or self.until_on > on)


class BodyMember(Base):
    """A body that belongs to a collective one, such as a governor to the governors. Figures do not look at it."""

    __tablename__ = "body_member"
    __table_args__ = (
        CheckConstraint("collective_id <> member_id", name="nobody_is_a_member_of_itself"),
        CheckConstraint("until_on > from_on", name="ends_after_it_begins"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    collective_id: Mapped[int] = mapped_column(ForeignKey("body.id"), index=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("body.id"), index=True)
    from_on: Mapped[date | None]
    until_on: Mapped[date | None]

    collective: Mapped[Body] = relationship(foreign_keys=[collective_id], lazy="joined")
    member: Mapped[Body] = relationship(foreign_keys=[member_id], lazy="joined")


class FocalPoint(Base):
    """A person who answers for a body, from a day (included) to a day (excluded)."""

    __tablename__ = "focal_point"
    __table_args__ = (
        CheckConstraint("until_on IS NULL OR until_on > from_on", name="ends_after_it_begins"),
        Index(
            "one_present_focal_point",
            "person_id",
            "body_id",
            unique=True,
            sqlite_where=text("until_on IS NULL"),
            postgresql_where=text("until_on IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    body_id: Mapped[int] = mapped_column(ForeignKey("body.id"), index=True)
    from_on: Mapped[date]
    until_on: Mapped[date | None]

    person: Mapped[Person] = relationship(lazy="joined")
    body: Mapped[Body] = relationship(lazy="joined")
