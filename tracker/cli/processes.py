"""The parent of the web processes and the worker: starts them, restarts what dies, stops all together."""

import logging
import multiprocessing
import signal
import threading
import time
from collections.abc import Callable, Sequence
from multiprocessing.process import BaseProcess

from tracker import logs, scheduler
from tracker.services import installation
from tracker.settings import Settings
from tracker.web import server

_STOP_SECONDS = 30
_RESTART_SECONDS = 1.0
log = logging.getLogger(__name__)


def run(
    settings: Settings,
    *,
    host: str,
    port: int,
    workers: int = 1,
    with_worker: bool,
    tick_seconds: float = 60,
    beside: Sequence[Callable[[], None]] = (),
) -> None:
    """Serve until SIGTERM or Ctrl-C, with what else is to run `beside`. Returns when every child has ended."""
    logs.configure()
    installation.disconnect()  # children open connections of their own
    shared = server.listen(host, port)
    duties: list[Callable[[], None]] = [lambda: server.run(settings, shared)] * workers
    duties += beside
    if with_worker:
        duties.append(lambda: _work(settings, tick_seconds))
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stopping.set())
    children = [(duty, _start(duty)) for duty in duties]
    while not stopping.wait(0.2):
        children = [(duty, child if child.is_alive() else _restart(duty)) for duty, child in children]
    _stop([child for _, child in children])
    shared.close()


def _work(settings: Settings, tick_seconds: float) -> None:
    installation.connect(settings)
    scheduler.run(settings, plan_every=tick_seconds)


def _start(duty: Callable[[], None]) -> BaseProcess:
    child = multiprocessing.get_context("fork").Process(target=duty)
    child.start()
    return child


def _restart(duty: Callable[[], None]) -> BaseProcess:
    log.error("a process ended by itself; starting it again")
    time.sleep(_RESTART_SECONDS)
    return _start(duty)


def _stop(children: list[BaseProcess]) -> None:
    for child in children:
        child.terminate()
    give_up_at = time.monotonic() + _STOP_SECONDS
    for child in children:
        child.join(max(0.1, give_up_at - time.monotonic()))
        if child.is_alive():
            child.kill()
