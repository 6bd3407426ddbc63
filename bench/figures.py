"""Figures on record: one JSON line each, from which pages are made.

`python -m bench.figures docs/measured/faults.jsonl` makes the page beside it.
"""

import json
import operator
import subprocess
import sys
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

HERE = Path(__file__).parents[1]
MEASURED = HERE / "docs" / "measured"
_HOLDS = {"=": operator.eq, "≤": operator.le, "≥": operator.ge}


@dataclass(frozen=True)
class Figure:
    """One figure that was measured, against its bar."""

    id: str
    """Of the acceptance test."""
    what: str
    value: float
    unit: str
    bar: str
    """A sign and a number, such as “≤ 5”; empty where a figure is only told."""
    ok: bool
    database: str
    size: str
    commit: str
    date: str
    seconds: float
    """How long measuring took."""


def measured(
    id_: str, what: str, value: float, unit: str, bar: str, *, database: str, size: str, seconds: float
) -> Figure:
    """A figure of now and of this commit."""
    return Figure(
        id_, what, value, unit, bar, holds(value, bar), database, size, _commit(), _today(), round(seconds, 1)
    )


def holds(value: float, bar: str) -> bool:
    """Whether a value keeps to its bar."""
    if not bar:
        return True
    sign, number = bar.split()
    return bool(_HOLDS[sign](value, float(number)))


def _today() -> str:
    return datetime.now(UTC).date().isoformat()


def _commit() -> str:
    changed = _git("status", "--porcelain", "--untracked-files=no", "--", ".", ":!docs/measured")
    return _git("rev-parse", "--short", "HEAD") + ("-dirty" if changed else "")


def _git(*arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=HERE, capture_output=True, text=True, check=False).stdout.strip()


def record(figure: Figure, to: Path) -> None:
    """Add one line."""
    to.parent.mkdir(parents=True, exist_ok=True)
    with to.open("a", encoding="utf-8") as file:
        file.write(json.dumps(asdict(figure), ensure_ascii=False) + "\n")


def latest(of: Path) -> list[Figure]:
    """The newest figure of each kind, in the order of their ids."""
    lines = of.read_text(encoding="utf-8").splitlines()
    found = {(one.id, one.what, one.database, one.size): one for one in (Figure(**json.loads(line)) for line in lines)}
    return sorted(found.values(), key=lambda one: (one.id, one.what, one.database))


def page(of: Path) -> str:
    """The newest figures as a page of Markdown, each with the command that measures it again."""
    name, found = of.stem, latest(of)
    missed = [one for one in found if not one.ok]
    rows = [
        f"| {one.id} | {one.what} | {one.value:g} {one.unit} | {one.bar or '–'} | {'yes' if one.ok else '**no**'} |"
        f" {one.database} | {one.size} | {one.seconds:g} s | {one.date}, {one.commit} | `make {name} ONLY={one.id}` |"
        for one in found
    ]
    return "\n".join([
        f"# Measured: {name}",
        "",
        f"Made by `make {name}` from [{of.name}]({of.name}), which keeps every figure there ever was; do not edit.",
        f"{len(found)} figures of {len({one.id for one in found})} acceptance tests, {_told(missed)}.",
        "",
        "| id | what | figure | bar | kept | database | size | took | when | again |",
        "|---|---|---|---|---|---|---|---|---|---|",
        *rows,
        "",
    ])  # fmt: skip


def _told(missed: list[Figure]) -> str:
    if not missed:
        return "each within its bar"
    return "of which these miss their bar: " + "; ".join(f"{one.id}, {one.what} ({one.database})" for one in missed)


if __name__ == "__main__":
    for given in map(Path, sys.argv[1:]):
        given.with_suffix(".md").write_text(page(given), encoding="utf-8")
