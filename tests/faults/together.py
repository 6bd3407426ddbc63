"""Several at once: threads that begin in the same moment, and processes."""

import multiprocessing
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

Did = TypeVar("Did")


def at_once(*duties: Callable[[], Did]) -> list[Did]:
    """Do these in threads that wait for each other before they begin; what each gave, in order."""
    begin = threading.Barrier(len(duties))

    def do(duty: Callable[[], Did]) -> Did:
        begin.wait()
        return duty()

    with ThreadPoolExecutor(len(duties)) as pool:
        return list(pool.map(do, duties))


def in_processes(duty: Callable[..., Any], arguments: Sequence[tuple[Any, ...]]) -> list[int]:
    """Run a function in processes of its own, one for each set of arguments; how each ended.

    Connections do not survive a fork: nobody may be connected.
    """
    context = multiprocessing.get_context("fork")
    processes = [context.Process(target=duty, args=one) for one in arguments]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    return [process.exitcode or 0 for process in processes]
