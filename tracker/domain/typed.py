"""An answer as somebody typed it, field by field."""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from tracker.domain.days import day_of
from tracker.domain.moves import Answer
from tracker.domain.vocabulary import Implementation, Response

FIELDS = ("response", "reported", "done", "reason", "since", "links")
"""What an answer is typed into."""
Code = TypeVar("Code", bound=StrEnum)


def answer_of(fields: Mapping[str, str], *, is_relay: bool = False) -> Answer:
    """What stands in these fields, as the rules take it; what is none of the codes counts as not chosen."""
    typed = {name: fields.get(name, "").replace("\r\n", "\n").strip() for name in FIELDS}
    reported = None if is_relay else _code(Implementation, typed["reported"])
    return Answer(
        response=_code(Response, typed["response"]) or Response.AWAITED,
        reported=reported,
        done=typed["done"],
        reason=typed["reason"],
        since=None if is_relay else day_of(typed["since"]),
        links=tuple(line.strip() for line in typed["links"].splitlines() if line.strip()),
    )


def _code(codes: type[Code], typed: str) -> Code | None:
    return codes(typed) if typed in {code.value for code in codes} else None
