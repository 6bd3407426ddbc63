"""The chain of entries: how facts become bytes, and how each entry holds the one before it.

Anyone with an export can recompute it: SHA-256 over length-prefixed UTF-8 fields in the order of `Link`.
"""

import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

FORMAT = "repons-entry-1"
GENESIS = "0" * 64
"""The previous hash of the first entry."""
SALT_BYTES = 32


@dataclass(frozen=True)
class Link:
    """What the hash of an entry covers, in this order. Empty text stands for what is absent."""

    seq: int
    recommendation: str
    addressee: str
    position: int
    kind: str
    facts: str
    text_commitment: str
    about: str
    recorded_at: str
    recorded_by: str
    counts_on: str
    previous_hash: str

    def hash(self) -> str:
        """The hash of the entry, 64 hexadecimal digits."""
        fields = [str(field).encode() for field in (FORMAT, *vars(self).values())]
        return hashlib.sha256(b"".join(len(one).to_bytes(8, "big") + one for one in fields)).hexdigest()


def canonical(value: Mapping[str, object]) -> str:
    """JSON with sorted keys and no spaces: the same facts are always the same bytes."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_plain)


def _plain(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"facts hold codes, numbers and dates, not {type(value).__name__}")


def instant(moment: datetime) -> str:
    """A moment as text with exactly six decimals and Z: every database and dump gives the same bytes."""
    return f"{moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='microseconds')}Z"


def salt() -> bytes:
    """What makes a short text impossible to guess from its commitment."""
    return secrets.token_bytes(SALT_BYTES)


def commitment(salted_with: bytes, text: str) -> str:
    """What an entry keeps of its free text, so that the text can be deleted and never changed."""
    return hashlib.sha256(salted_with + text.encode()).hexdigest()


def digest(text: str) -> str:
    """The digest of a public text, such as the wording of a recommendation."""
    return hashlib.sha256(text.encode()).hexdigest()
