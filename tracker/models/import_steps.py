"""What coordinators did to an import under review, so that it can be taken back."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from tracker.models.base import Base


class ImportStep(Base):
    """One change of the drafts of an import. The latest one can be taken back, then the one before it."""

    __tablename__ = "import_step"

    id: Mapped[int] = mapped_column(primary_key=True)
    import_id: Mapped[int] = mapped_column(ForeignKey("import.id"), index=True)
    what: Mapped[str] = mapped_column(String(20))
    """A code; the review has the words."""
    about: Mapped[str] = mapped_column(String(100))
    """The code of the draft, or its line."""
    before: Mapped[str] = mapped_column(Text)
    """JSON: each draft that changed as it was, by position, null where there was none; the leftover, if it changed."""
    at: Mapped[datetime]
    """By the system's clock."""
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
