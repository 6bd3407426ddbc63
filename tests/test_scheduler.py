"""The worker: it plans and sends, survives what goes wrong, stops when told, and loses nothing when killed."""

import logging
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from tests.followed import TODAY
from tests.mail.peer import Peer, free_port, running
from tests.making import BEGIN, Office
from tracker import clock, database, scheduler
from tracker.models import OutgoingMail, Tick
from tracker.queries import mailing
from tracker.services import installation, outbox, reminders
from tracker.settings import Settings

NOON = datetime(2024, 10, 1, 11, tzinfo=UTC)


@pytest.fixture
def peer() -> Iterator[Peer]:
    with running() as found:
        yield found


@pytest.fixture
def settings(database_url: str, peer: Peer, tmp_path: Path) -> Settings:
    installation.release(at=NOON)
    return Settings(
        secret_key="k" * 40,
        database_url=database_url,
        data_dir=tmp_path,
        smtp_url=peer.url,
        mail_from="Myria <suivi@myria.example>",
    )


def wait_for(condition: Callable[[], object], seconds: float = 40) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "nothing happened in time"
        time.sleep(0.05)


def working(settings: Settings, stop: threading.Event) -> threading.Thread:
    worker = threading.Thread(
        target=scheduler.run, args=(settings, stop), kwargs={"plan_every": 0.3, "look_every": 0.05, "owner": "test"}
    )
    worker.start()
    return worker


def put(settings: Settings, count: int) -> None:
    for n in range(count):
        message_id = outbox.new_message_id(settings)
        content = f"Message-ID: {message_id}\r\nSubject: {n}\r\n\r\nx\r\n".encode()
        with database.transaction() as session:
            outbox.queue(
                session,
                outbox.Composed(str(n), content),
                message_id=message_id,
                key=f"test/{n}",
                kind="weekly",
                lane=1,
                person=None,
                recipient=f"n{n}@bodies.example",
                language="en",
                at=clock.wall(),
                expires_at=clock.wall() + timedelta(days=2),
                on_uncertain="resend",
            )


def test_it_plans_what_is_due_sends_it_and_tells_that_it_lives(settings, peer):
    office = Office.set_up(is_imported=False)
    office.accept("2023")
    office.ask(at=BEGIN)
    clock.use(lambda: NOON)
    stop = threading.Event()
    worker = working(settings, stop)

    wait_for(lambda: office.police.email in peer.recipients)
    stop.set()
    worker.join(10)

    with database.reading() as session:
        assert set(session.scalars(select(Tick.name))) >= {"planner", "sender"}
        assert mailing.health().is_alive("planner", clock.wall())


def test_a_round_that_fails_is_one_line_in_the_log_and_the_next_one_comes(settings, peer, monkeypatch, caplog):
    rounds = []

    def fails_once(*_: object) -> int:
        rounds.append(1)
        if len(rounds) == 1:
            raise RuntimeError("the database\nwas away")
        return 0

    monkeypatch.setattr(reminders, "plan", fails_once)
    stop = threading.Event()
    with caplog.at_level(logging.ERROR, "tracker.worker"):
        worker = working(settings, stop)
        wait_for(lambda: len(rounds) >= 2)
        stop.set()
        worker.join(10)

    assert [one.getMessage() for one in caplog.records] == ["reminders: RuntimeError: the database was away"]
    assert caplog.records[0].exc_info, "where it went wrong"


def test_one_duty_that_fails_keeps_no_other_from_its_turn(settings, monkeypatch):
    def fails(*_: object) -> int:
        raise RuntimeError("away")

    Office.set_up(is_imported=False)
    monkeypatch.setattr(reminders, "plan", fails)
    clock.use(lambda: TODAY)  # by day: in the evening the weekly digest waits

    scheduler.plan(settings, "test")

    with database.reading() as session:
        assert session.scalar(select(func.count(OutgoingMail.id)).where(OutgoingMail.kind == "weekly")) == 1
        assert session.get(Tick, "planner") is None, "what failed did not go well"


def test_a_sender_with_a_long_queue_tells_that_it_lives_while_it_sends(settings, peer):
    put(settings, 200)
    stop = threading.Event()
    sender = threading.Thread(target=scheduler.send_until, args=(stop, settings, "test"))
    sender.start()

    wait_for(lambda: _ticked("sender"))
    waiting = count("queued")
    stop.set()
    sender.join(30)

    assert waiting > 0


def _ticked(name: str) -> bool:
    with database.reading() as session:
        return session.get(Tick, name) is not None


def test_a_mail_server_that_is_away_stops_nothing(settings):
    put(settings, 2)
    dead = settings.model_copy(update={"smtp_url": f"smtp://127.0.0.1:{free_port()}"})
    stop = threading.Event()
    worker = working(dead, stop)

    def is_paused() -> bool:
        with database.reading():
            return bool(mailing.health().pause)

    wait_for(is_paused)
    assert worker.is_alive()
    stop.set()
    worker.join(10)
    assert not worker.is_alive()


WORKER = """
import sys
from tracker import database, scheduler
from tracker.settings import Settings
url, smtp, folder = sys.argv[1:]
database.connect(url)
settings = Settings(
    secret_key="k" * 40, database_url=url, smtp_url=smtp, mail_from="Myria <suivi@myria.example>", data_dir=folder
)
print("ready", flush=True)
scheduler.run(settings, look_every=0.05)
print("stopped", flush=True)
"""


def start_worker(settings: Settings, peer: Peer) -> subprocess.Popen[str]:
    root = Path(__file__).parents[1]
    worker = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", WORKER, settings.database, peer.url, str(settings.data_dir)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root)},
    )
    assert worker.stdout is not None
    assert worker.stdout.readline() == "ready\n"
    return worker


def count(*states: str) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count(OutgoingMail.id)).where(OutgoingMail.state.in_(states))) or 0


def let_leases_run_out() -> None:
    """As if a quarter of an hour went by."""
    outbox.claim("nobody", clock.wall() + timedelta(minutes=20), limit=0)
    with database.transaction() as session:
        session.execute(update(OutgoingMail).where(OutgoingMail.state == "queued").values(next_at=clock.wall()))


def test_killed_in_the_middle_again_and_again_it_loses_nothing_and_sends_at_most_two_copies(settings, peer):
    chance, kills = random.Random(7), 4  # noqa: S311  # the same run each time
    put(settings, 120)
    for kill in range(kills):
        seen = len(peer.accepted)
        worker = start_worker(settings, peer)
        wait_for(lambda seen=seen: len(peer.accepted) > seen + 3)
        time.sleep(chance.uniform(0, 0.03))
        worker.kill()
        worker.communicate()
        let_leases_run_out()
        if not count("queued"):
            pytest.fail(f"everything had left before kill {kill + 1}")
    worker = start_worker(settings, peer)
    wait_for(lambda: count("accepted") == 120)
    worker.send_signal(signal.SIGTERM)
    said, _errors = worker.communicate(timeout=40)

    assert (worker.returncode, said) == (0, "stopped\n")
    copies = Counter(recipient for recipient, _content in peer.accepted)
    assert len(copies) == 120
    assert max(copies.values()) <= 2
    assert sum(copies.values()) - 120 <= kills
    assert len({message["Message-ID"] for message in peer.messages}) == 120
