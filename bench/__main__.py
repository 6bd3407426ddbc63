"""`make bench`: speed and memory, each figure against its bar, one JSON line each, for sizes and engines.

`python -m bench S M` measures these sizes; figures of one run are told in hellos, the cost of a bare page of that run.
"""

import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pydantic import SecretStr

from bench import figures, loading, pages, servers, work
from tests.databases import Databases, OnPostgresql, OnSqlite
from tracker import database
from tracker.services import schema
from tracker.settings import Settings

SECRET = secrets.token_urlsafe(48)
RECORD = figures.MEASURED / "bench.jsonl"


class Run:
    """All figures of one size on one engine."""

    def __init__(self, databases: Databases, engine: str, size: loading.Size, folder: Path) -> None:
        self._databases, self._engine, self._size, self._folder = databases, engine, size, folder
        self._begun = time.monotonic()
        url = databases.empty("bench")
        self._url, self._owned = url, databases.owned(url)

    def tell(self, id_: str, what: str, value: float, unit: str, bar: str = "") -> None:
        """Print a figure and put it on record."""
        took = time.monotonic() - self._begun
        where = {"database": self._engine, "size": self._size.name}
        figure = figures.measured(id_, what, value, unit, bar, **where, seconds=took)
        figures.record(figure, RECORD)
        verdict = "     " if not bar else "holds" if figure.ok else "MISSES"
        print(f"{verdict:6} {id_} {what}: {value:.3g} {unit} {bar and f'(bar {bar})'}", flush=True)

    def measure(self) -> None:
        """Load, then measure what has a bar."""
        print(f"== {self._engine}, {self._size.name}: {self._size.recommendations} recommendations", flush=True)
        settings = Settings(
            secret_key=SecretStr(SECRET), database_url=self._url, migration_url=self._owned, data_dir=self._folder
        )
        schema.bring_up_to_date(settings)
        database.close()
        database.connect(self._owned)
        begun = time.perf_counter()
        loading.load(self._size)
        self.tell("B07", "loading", time.perf_counter() - begun, "s")
        database.close()
        database.connect(self._url)
        known = pages.prepare(settings)
        work.prove(self._size, self.tell)
        database.close()
        self._serve(known)
        database.connect(self._url)
        work.plan(settings, self.tell)
        work.send(settings, self.tell)
        database.close()

    def _serve(self, known: pages.Known) -> None:
        with servers.hello() as bare:
            anybody = servers.Browser(bare)
            hello = pages.cost(bare, lambda _n: anybody.get("/"), least=400)
        self.tell("B00", "a bare page", hello, "ms of CPU")
        begun = time.perf_counter()
        with servers.product(self._url, self._folder, secret=SECRET) as server:
            servers.Browser(server).get("/")
            self.tell("B08", "from `tracker serve` to the first page", time.perf_counter() - begun, "s", "≤ 4")
            pages.measure(server, known, hello, self.tell)
            self.tell("B10", "memory of the web (PSS)", server.memory(), "MiB", "≤ 200")
        with servers.product(self._url, self._folder, secret=SECRET, workers=2) as server:
            pages.one_at_a_time(server, known)  # what a process does once is behind it
            gain = pages.eight_at_once(server, known) / pages.one_at_a_time(server, known)
            self.tell("B11", "pages a second of eight at once, in those of one", gain, "times", "≥ 1.4")


@contextmanager
def engine(name: str, folder: Path) -> Iterator[Databases]:
    """A place for databases, gone afterwards."""
    folder.mkdir()
    databases = OnSqlite(folder, is_durable=True) if name == "sqlite" else OnPostgresql()
    try:
        yield databases
    finally:
        databases.close()


def help_() -> float:
    """Seconds of `tracker --help`, the best of five."""
    command = [str(Path(sys.executable).parent / "tracker"), "--help"]

    def once() -> float:
        begun = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        return time.perf_counter() - begun

    return min(once() for _turn in range(5))


def main() -> None:
    """Measure the sizes that are named, S and M otherwise, on both engines."""
    for size in [loading.SIZES[name] for name in sys.argv[1:]] or [loading.S, loading.M]:
        for name in ("sqlite", "postgresql"):
            with tempfile.TemporaryDirectory() as folder, engine(name, Path(folder) / "databases") as databases:
                run = Run(databases, name, size, Path(folder))
                run.measure()
                if name == "sqlite":
                    run.tell("B08", "`tracker --help`", help_(), "s", "≤ 0.5")
    RECORD.with_suffix(".md").write_text(figures.page(RECORD), encoding="utf-8")


if __name__ == "__main__":
    main()
