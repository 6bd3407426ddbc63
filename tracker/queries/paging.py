"""Pages of long lists by key, so that the thousandth costs what the first does."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, UnaryExpression, and_, or_

SIZE = 25


@dataclass(frozen=True)
class Key:
    """One column of an order, and whether it runs downwards."""

    column: Any
    is_descending: bool = False

    def order(self, backwards: bool) -> UnaryExpression[Any]:
        """The column for ORDER BY."""
        return self.column.desc() if self.is_descending != backwards else self.column.asc()  # type: ignore[no-any-return]

    def beyond(self, value: object, backwards: bool) -> ColumnElement[bool]:
        """The condition that a row stands strictly after `value`."""
        return self.column < value if self.is_descending != backwards else self.column > value  # type: ignore[no-any-return]


def beyond(keys: Sequence[Key], values: Sequence[object], *, backwards: bool) -> ColumnElement[bool]:
    """The condition that a row stands after the one with these values, in the order of `keys`."""
    steps = [
        and_(
            *(key.column == value for key, value in zip(keys[:n], values, strict=False)),
            keys[n].beyond(values[n], backwards),
        )
        for n in range(len(keys))
    ]
    return or_(*steps)
