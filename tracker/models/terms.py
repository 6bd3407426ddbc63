"""The issuer's own lists: themes, groups and priorities, and which recommendations they are of."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.domain.vocabulary import TermKind
from tracker.models.base import Base, coded


class Term(Base):
    """One entry of a list. What is in use is never deleted; it ends, and is then chosen no more."""

    __tablename__ = "term"

    id: Mapped[int] = mapped_column(primary_key=True)
    issuer_id: Mapped[int] = mapped_column(ForeignKey("issuer.id"), index=True)
    kind: Mapped[TermKind] = mapped_column(coded(TermKind, "kind_is_known"))
    position: Mapped[int]
    ended_at: Mapped[datetime | None]

    names: Mapped[list["TermName"]] = relationship(lazy="selectin", cascade="all, delete-orphan")

    def name(self, language: str) -> str:
        """Its name in `language`, else in any."""
        by_language = {name.language: name.name for name in self.names}
        return by_language.get(language) or self.names[0].name


class TermName(Base):
    """The name of a term in one language."""

    __tablename__ = "term_name"

    term_id: Mapped[int] = mapped_column(ForeignKey("term.id"), primary_key=True)
    language: Mapped[str] = mapped_column(String(8), primary_key=True)
    name: Mapped[str] = mapped_column(String(120))


class RecommendationTerm(Base):
    """That a recommendation is of a theme or a group, or has a priority."""

    __tablename__ = "recommendation_term"

    recommendation_id: Mapped[int] = mapped_column(ForeignKey("recommendation.id"), primary_key=True)
    term_id: Mapped[int] = mapped_column(ForeignKey("term.id"), primary_key=True, index=True)
