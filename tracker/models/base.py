"""What all tables share: names of constraints, times in UTC, codes with a check."""

import secrets
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import DateTime, Dialect, Enum, MetaData, String, TypeDecorator
from sqlalchemy.orm import DeclarativeBase

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC to the microsecond; a naive one is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """The tables of one installation."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {datetime: UtcDateTime}


def coded(codes: type[StrEnum], name: str) -> Enum:
    """A column of codes, kept as words and checked by the database; `name` is the constraint's."""
    return Enum(
        codes,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=24,
        values_callable=lambda enum: [code.value for code in enum],
    )


_LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"


def new_uid() -> str:
    """A random identifier that is stable across installations, 26 letters and digits."""
    drawn = secrets.randbits(26 * 5)  # once: a letter at a time takes as long as writing what it names
    return "".join(_LETTERS[drawn >> 5 * place & 31] for place in range(26))


Uid = String(26)


def states(*words: str, column: str = "state") -> Any:
    """The text of a check that a column holds one of these words."""
    return f"{column} IN ({', '.join(repr(word) for word in words)})"
