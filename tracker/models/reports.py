"""What the issuer publishes: reports, their sections, and the recommendations in them."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.models.base import Base, Uid, new_uid, states
from tracker.models.issuers import Issuer


class Report(Base):
    """A publication that ends in recommendations."""

    __tablename__ = "report"

    id: Mapped[int] = mapped_column(primary_key=True)
    issuer_id: Mapped[int] = mapped_column(ForeignKey("issuer.id"), index=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    title: Mapped[str] = mapped_column(String(300))
    language: Mapped[str] = mapped_column(String(8))
    issued_on: Mapped[date]

    issuer: Mapped[Issuer] = relationship(lazy="joined")


class Publication(Base):
    """A decision that everybody may read a report from a moment on, until it is taken back."""

    __tablename__ = "publication"
    __table_args__ = (
        Index(
            "one_standing_publication_per_report",
            "report_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"), index=True)
    public_from: Mapped[datetime]
    """In the future: an embargo."""
    decided_at: Mapped[datetime]
    decided_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    ended_at: Mapped[datetime | None]
    """When it was taken back or decided anew; None: it stands."""
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class Section(Base):
    """A heading under which recommendations stand in a report."""

    __tablename__ = "section"
    __table_args__ = (UniqueConstraint("report_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"))
    position: Mapped[int]
    title: Mapped[str] = mapped_column(String(500))


class Import(Base):
    """A document that was read, from upload to acceptance."""

    __tablename__ = "import"
    __table_args__ = (CheckConstraint(states("draft", "accepted", "discarded", "undone"), name="state_is_known"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    issuer_id: Mapped[int] = mapped_column(ForeignKey("issuer.id"), index=True)
    name: Mapped[str] = mapped_column(String(255))
    content: Mapped[bytes] = mapped_column(LargeBinary)
    """The document, byte for byte."""
    digest: Mapped[str] = mapped_column(String(64))
    language: Mapped[str] = mapped_column(String(8))
    encoding: Mapped[str] = mapped_column(String(40))
    lines: Mapped[str]
    """JSON: the document's lines."""
    leftover: Mapped[str]
    """JSON: the lines that belong to no recommendation, each with why."""
    places: Mapped[str | None]
    """JSON: where on which page each line is printed, and the sizes of the pages; None of what has none."""
    terms: Mapped[str | None]
    """JSON: the themes, groups and priority that accepting gives, by section."""
    report_slug: Mapped[str] = mapped_column(String(80), default="")
    report_title: Mapped[str] = mapped_column(String(300), default="")
    issued_on: Mapped[date | None]
    state: Mapped[str] = mapped_column(String(10), default="draft")
    version: Mapped[int] = mapped_column(default=1)
    """Counts corrections, so that two coordinators do not undo each other's."""
    read_at: Mapped[datetime]
    read_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    accepted_at: Mapped[datetime | None]
    report_id: Mapped[int | None] = mapped_column(ForeignKey("report.id"))

    drafts: Mapped[list[Draft]] = relationship(order_by="Draft.position")


class ColumnChoice(Base):
    """What a coordinator said that the columns of a table hold: the next one with the same heads is read so."""

    __tablename__ = "column_choice"

    issuer_id: Mapped[int] = mapped_column(ForeignKey("issuer.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(32), primary_key=True)
    """Of the heads: `intake.TableRead.key`."""
    kinds: Mapped[str]
    """JSON: what each column holds."""


class Draft(Base):
    """One recommendation as it was understood and corrected, before it is accepted."""

    __tablename__ = "draft"
    __table_args__ = (UniqueConstraint("import_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    import_id: Mapped[int] = mapped_column(ForeignKey("import.id"))
    position: Mapped[int]
    reading: Mapped[str]
    """JSON of an intake draft: code, section, text, addressees, lines, findings."""


class Recommendation(Base):
    """One numbered demand."""

    __tablename__ = "recommendation"
    __table_args__ = (
        # A code and an address are unique in their report; an import that was undone frees them.
        Index(
            "one_recommendation_per_address",
            "report_id",
            "address",
            unique=True,
            sqlite_where=text("is_hidden = 0"),
            postgresql_where=text("NOT is_hidden"),
        ),
        Index(
            "one_recommendation_per_code",
            "report_id",
            "code",
            unique=True,
            sqlite_where=text("is_hidden = 0 AND code IS NOT NULL"),
            postgresql_where=text("NOT is_hidden AND code IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(Uid, unique=True, default=new_uid)
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"))
    section_id: Mapped[int | None] = mapped_column(ForeignKey("section.id"), index=True)
    import_id: Mapped[int | None] = mapped_column(ForeignKey("import.id"))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("recommendation.id"), index=True)
    """Of a part: what held several demands. From the day it was split, its parts are asked and not it."""
    position: Mapped[int]
    code: Mapped[str | None] = mapped_column(String(60))
    address: Mapped[str] = mapped_column(String(80))
    """Its code as it stands in addresses."""
    is_hidden: Mapped[bool] = mapped_column(default=False)

    report: Mapped[Report] = relationship(lazy="joined")
    section: Mapped[Section | None] = relationship(lazy="joined")
    texts: Mapped[list[RecommendationText]] = relationship(lazy="selectin")

    def text(self, language: str) -> RecommendationText:
        """Its wording in `language`, else in the report's language."""
        by_language = {text.language: text for text in self.texts}
        return by_language.get(language) or by_language.get(self.report.language) or self.texts[0]


class RecommendationText(Base):
    """The wording of a recommendation in one language."""

    __tablename__ = "recommendation_text"

    recommendation_id: Mapped[int] = mapped_column(ForeignKey("recommendation.id"), primary_key=True)
    language: Mapped[str] = mapped_column(String(8), primary_key=True)
    text: Mapped[str]
