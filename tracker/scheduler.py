"""The clock of the worker: a planner tick every minute; senders and jobs that look every second; a backup a night.

Nothing is remembered here. All truth is in the database, so that any number of workers may run, stop and be killed.
"""

import logging
import os
import signal
import socket
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from tracker import clock
from tracker.services import (
    anchors,
    audit,
    bounces,
    handover,
    jobs,
    limits,
    nightly,
    outbox,
    reminders,
    retention,
    takeovers,
    ticks,
    weekly,
)
from tracker.settings import Settings

log = logging.getLogger("tracker.worker")
PLAN_EVERY = 60
LOOK_EVERY = 1
TELL_EVERY = timedelta(seconds=15)
"""How often the sender notes that it lives."""


def run(
    settings: Settings,
    stop: threading.Event | None = None,
    *,
    plan_every: float = PLAN_EVERY,
    look_every: float = LOOK_EVERY,
    owner: str = "",
) -> None:
    """Plan and send until `stop` is set; without one, until SIGTERM or SIGINT. A mail in hand is finished first."""
    if stop is None:
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
    audit.come_in("worker")
    owner = owner or f"{socket.gethostname()}:{os.getpid()}"
    duties: dict[str, Callable[[], None]] = {
        "planner": lambda: plan(settings, owner),
        "night": lambda: keep(settings, owner),
        "bounces": lambda: come_back(settings, owner),
    }
    # A thread each: a backup of a large database must not keep the planner waiting.
    timer = BackgroundScheduler(timezone=UTC, executors={name: ThreadPoolExecutor(1) for name in duties})
    for name, duty in duties.items():
        timer.add_job(
            _survive,
            "interval",
            args=(name, duty),
            executor=name,
            seconds=plan_every,
            next_run_time=datetime.now(UTC),
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,
        )
    timer.start()
    # Whoever waits for a code waits behind no digest, however slowly the mail server takes one.
    beside = [
        threading.Thread(target=work_until, args=(stop, owner, look_every), name="jobs"),
        threading.Thread(target=send_codes_until, args=(stop, settings, f"{owner}/codes", look_every), name="codes"),
    ]
    for thread in beside:
        thread.start()
    try:
        send_until(stop, settings, owner, look_every)
    finally:
        stop.set()
        for thread in beside:
            thread.join()
        timer.shutdown(wait=True)


def plan(settings: Settings, owner: str) -> None:
    """One tick: let bodies succeed whose day has come, decide what is due and write the mails that carry it."""
    now = clock.now()
    duties: dict[str, Callable[[], object]] = {
        "takeovers": lambda: takeovers.take_over_due(now),
        "reminders": lambda: reminders.plan(now, settings),
        "weekly digests": lambda: weekly.plan(now, settings),
        "limits": lambda: limits.forget(at=clock.wall()),
        "jobs": lambda: jobs.forget(clock.wall()),
        "audit": lambda: audit.purge(clock.day_of(clock.wall())),
    }
    went_well = [_survive(name, duty) for name, duty in duties.items()]  # each has its turn, whatever befell another
    if all(went_well):
        ticks.went_well("planner", owner, at=clock.wall())


def come_back(settings: Settings, owner: str) -> None:
    """One look at what came back, where there is a place to look."""
    if settings.bounces_url.get_secret_value():
        bounces.look(settings, at=clock.wall())
        ticks.went_well("bounces", owner, at=clock.wall())


def keep(settings: Settings, owner: str) -> None:
    """One look at what is done once a day: an anchor of the chain, the nightly backup, and what is kept no longer."""
    anchors.write_daily(settings)
    nightly.back_up(settings, owner, at=clock.wall())
    if retention.is_due(clock.wall()):
        retention.purge(clock.now())
        ticks.went_well("retention", owner, at=clock.wall())


def work_until(stop: threading.Event, owner: str, look_every: float = LOOK_EVERY) -> None:
    """Do the jobs that wait, one after the other, look again every second, until `stop` is set."""

    def look() -> None:
        while not stop.is_set() and jobs.run_next(owner, stopping=stop.is_set):
            pass

    while not stop.is_set():
        _survive("jobs", look)
        stop.wait(look_every)


def send_until(stop: threading.Event, settings: Settings, owner: str, look_every: float = LOOK_EVERY) -> None:
    """Send what waits, look again every second, until `stop` is set."""
    told_at = datetime.min.replace(tzinfo=UTC)

    def tell() -> None:
        nonlocal told_at
        if clock.wall() - told_at >= TELL_EVERY:
            ticks.went_well("sender", owner, at=clock.wall())
            told_at = clock.wall()

    def look() -> None:
        while not stop.is_set() and outbox.is_anything_waiting(clock.wall()):
            if not handover.send_waiting(settings, owner, stopping=stop.is_set, after_each=tell):
                break  # held or paused
        tell()

    while not stop.is_set():
        _survive("sender", look)
        stop.wait(look_every)


def send_codes_until(stop: threading.Event, settings: Settings, owner: str, look_every: float = LOOK_EVERY) -> None:
    """Send codes alone, look again every second, until `stop` is set."""

    def look() -> None:
        while not stop.is_set() and outbox.is_anything_waiting(clock.wall(), only_codes=True):
            if not handover.send_waiting(settings, owner, only_codes=True, stopping=stop.is_set):
                break

    while not stop.is_set():
        _survive("codes", look)
        stop.wait(look_every)


def _survive(name: str, duty: Callable[[], object]) -> bool:
    """Do one round and tell whether it went well; whatever goes wrong is in the log, and the next round comes."""
    try:
        duty()
    except Exception as error:  # a worker that dies of one bad round would send nothing at all
        said = " ".join(str(error).split())[:500]
        log.error("%s: %s: %s", name, type(error).__name__, said, exc_info=True)
        return False
    return True
