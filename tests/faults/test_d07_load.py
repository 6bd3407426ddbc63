"""Everything at once: bodies answer, the office reads and assesses, reminders are planned, a backup runs."""

import threading
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from bench import loading
from tests.measuring import Measure
from tests.web.checking import Enter
from tracker import clock, database
from tracker.domain.moves import Answer
from tracker.domain.vocabulary import Response
from tracker.errors import Refusal, TimelineMoved
from tracker.models import Addressee, FocalPoint, Person
from tracker.queries import entries
from tracker.queries.verify import verify
from tracker.services import answers, backup, installation, reminders, review
from tracker.settings import Settings

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
READ = ("/dashboard", "/recommendations", "/recommendations?flag=overdue", "/review", "/rounds")


class Load:
    """Duties that go round in threads of their own until the time is over; what each did, and what users met."""

    def __init__(self) -> None:
        self.done: Counter[str] = Counter()
        self.wrong: list[str] = []
        self._over = threading.Event()

    def run(self, duties: dict[str, Callable[[int], object]], seconds: float) -> None:
        threads = [threading.Thread(target=self._repeat, args=one) for one in duties.items()]
        for thread in threads:
            thread.start()
        self._over.wait(seconds)
        self._over.set()
        for thread in threads:
            thread.join()

    def _repeat(self, name: str, duty: Callable[[int], object]) -> None:
        for turn in range(1_000_000):
            if self._over.is_set():
                return
            try:
                duty(turn)
                self.done[name] += 1
            except TimelineMoved:
                self.done["told that somebody was faster"] += 1
            except Exception as error:
                self.wrong.append(f"{name}: {type(error).__name__}: {error}")


def focal_points() -> list[tuple[int, Person]]:
    """Addressees with somebody who answers for them."""
    with database.reading() as session:
        found = select(Addressee.id, FocalPoint).join(FocalPoint, FocalPoint.body_id == Addressee.body_id)
        return [(one, focal_point.person) for one, focal_point in session.execute(found.order_by(Addressee.id))]


def seen(addressee_id: int) -> int:
    with database.reading():
        return entries.position(addressee_id)


@pytest.mark.proves("D07")
def test_nobody_is_turned_away_while_everything_happens_at_once(
    filled: str, app: Flask, enter: Enter, settings: Settings, tmp_path: Path,
    is_full: bool, size: loading.Size, measure: Measure,
) -> None:  # fmt: skip
    clock.use(lambda: AT)
    installation.release(at=AT)
    asked = focal_points()
    with database.reading() as session:
        coordinator = session.scalars(select(Person).filter_by(email=loading.COORDINATOR)).one()
    browsers = [enter(loading.COORDINATOR) for _reader in range(3)]

    def answer(turn: int) -> None:
        addressee_id, person = asked[turn * 7 % len(asked)]
        said = Answer(Response.ACCEPTED, None, done=f"Said {turn}.")
        answers.submit(addressee_id, said, seen=seen(addressee_id), by=person, at=AT)

    def assess(turn: int) -> None:
        addressee_id, _person = asked[turn * 11 % len(asked)]
        try:
            review.file(addressee_id, seen=seen(addressee_id), by=coordinator, at=AT)
        except Refusal as refusal:
            if "no answer to file" not in str(refusal):
                raise

    def read(number: int) -> Callable[[int], object]:
        return lambda turn: browsers[number].page(READ[(turn + number) % len(READ)])

    load = Load()
    load.run(
        {
            "answers": answer,
            "more answers": lambda turn: answer(turn * 3 + 1),
            "filings": assess,
            **{f"pages of reader {number}": read(number) for number in range(3)},
            "plans": lambda _turn: reminders.plan(AT, settings),
            "backups": lambda turn: backup.backup(
                settings, tmp_path / f"{turn % 2}.backup", replace=True, owner="load", told=lambda _done, _of: None
            ),
        },
        600 if is_full else 4,
    )

    assert load.wrong[:3] == []
    with database.reading():
        assert verify().ok
    measure("D07", "errors seen by users under mixed load", len(load.wrong), "errors", "= 0", size.name)
    pages = sum(times for name, times in load.done.items() if name.startswith("pages"))
    measure("D07", "pages read meanwhile", pages, "pages", "≥ 1", size.name)
    written = load.done["answers"] + load.done["more answers"]
    measure("D07", "answers written meanwhile", written, "answers", "≥ 1", size.name)
    measure("D07", "backups taken meanwhile", load.done["backups"], "backups", "≥ 1", size.name)
    measure("D07", "plans of reminders made meanwhile", load.done["plans"], "plans", "≥ 1", size.name)


def test_the_time_in_which_a_load_runs_is_bounded() -> None:
    load, begun = Load(), time.monotonic()

    load.run({"sleep": lambda _turn: time.sleep(0.01), "fail": lambda turn: [][turn]}, 0.1)

    assert time.monotonic() - begun < 10
    assert load.done["sleep"] > 0
    assert load.wrong[0].startswith("fail: IndexError")


@pytest.fixture(autouse=True)
def no_check_of_every_page(monkeypatch: pytest.MonkeyPatch) -> None:
    """Looking at the markup of each page would take the time that the load needs."""
    monkeypatch.setattr("tests.web.checking.check", lambda _response: None)
