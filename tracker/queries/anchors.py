"""Anchors: where the chain ended on some day, kept in a file outside the database.

Whoever removes the last entries, or puts another database in place, cannot make the two agree.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from sqlalchemy import select

from tracker import database
from tracker.domain import chain
from tracker.errors import NotFound
from tracker.models import Entry
from tracker.settings import Settings


@dataclass(frozen=True)
class Anchor:
    """The head of the chain at one moment."""

    at: str
    """As `chain.instant` writes it."""
    seq: int
    hash: str
    why: str
    """day, backup or restore."""
    kept: int | None = None
    """Of a restore: up to which entry the chain went on as it was before."""

    def as_line(self) -> str:
        """One line of the file."""
        return json.dumps(asdict(self))


@dataclass(frozen=True)
class Comparison:
    """What the anchors say about the chain."""

    anchors: int
    lost: int = 0
    """Entries that were there once, and are not since a restore that is on record."""
    first_wrong: int | None = None
    why: str | None = None


def file_of(settings: Settings) -> Path:
    """Where this installation keeps its anchors."""
    return settings.data_dir / "anchors.jsonl"


def anchors(file: Path) -> list[Anchor]:
    """The anchors of a file, in the order in which they were written."""
    return list(_read(file)) if file.exists() else []


def _read(file: Path) -> Iterator[Anchor]:
    for line in file.read_text(encoding="utf-8", errors="replace").splitlines():
        try:
            yield Anchor(**json.loads(line))
        except (TypeError, ValueError):
            continue  # a line that a power cut left half written anchors nothing


def compare(file: Path) -> Comparison:
    """Hold the chain of the connected database against a file of anchors."""
    found = anchors(file)
    if not found:
        raise NotFound(f"There are no anchors in {file}. The worker writes one a day: `tracker work`.")
    return disagreement(found)


def disagreement(found: Sequence[Anchor]) -> Comparison:
    """The first anchor that the chain does not agree with; restores that are on record explain what is lost."""
    wrong: Anchor | None = None
    lost, kept = 0, None
    for one in reversed(found):
        if kept is not None and one.seq > kept:
            lost = max(lost, one.seq - kept)
        elif _hash_of(one.seq) != one.hash and (wrong is None or one.seq <= wrong.seq):
            wrong = one
        if one.kept is not None:
            kept = one.kept if kept is None else min(kept, one.kept)
    if wrong is None:
        return Comparison(len(found), lost)
    return Comparison(
        len(found), lost, wrong.seq, f"the anchor of {wrong.at[:10]} holds an entry {wrong.seq} that is not here"
    )


def _hash_of(seq: int) -> str | None:
    if seq == 0:
        return chain.GENESIS
    return database.session().scalar(select(Entry.hash).where(Entry.seq == seq))
