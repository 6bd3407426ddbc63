"""Reads one file in a process of its own, with limits: whatever a file does, it does not do it to the product.

`read_apart` is the parent's side; `python -m tracker.intake.child read ENCODING` is the child's: bytes in, JSON out,
how far it is as lines on standard error. With `sheet NUMBER` it draws a page instead.
"""

import json
import os
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from typing import IO, Any

from tracker.intake import readers
from tracker.intake.documents import Document
from tracker.intake.readers import Progress
from tracker.intake.refusals import Unreadable

MEMORY = 512 * 1024 * 1024
"""Bytes of address space."""
SECONDS = 180
"""Of the processor; and twice as many by the clock."""
PATIENCE = 10
"""Seconds of the processor for one page of a PDF: one that turns in circles is not waited for."""
_PROGRESS = b"read "
_LISTEN_EVERY = 0.2
"""Seconds."""


class _Heard:
    """What came from the child so far."""

    def __init__(self) -> None:
        self.answer = b""
        self.last = (0, 0, "")
        """Its last word on how far it is."""

    def answered(self, pipe: IO[bytes]) -> None:
        """Take its answer, whole."""
        self.answer = pipe.read()

    def told(self, pipe: IO[bytes]) -> None:
        """Listen to how far it is."""
        for line in pipe:
            if line.startswith(_PROGRESS):
                done, of, unit = line.removeprefix(_PROGRESS).split()
                self.last = (int(done), int(of), unit.decode())


def read_apart(content: bytes, *, encoding: str = "", progress: Progress | None = None) -> Document:
    """The document in a file; `Unreadable` where it is refused, or the child came to its end over it."""
    told = json.loads(run(["read", encoding], content, progress=progress))
    if "refused" in told:
        raise Unreadable(told["refused"])
    return Document.from_json(told)


def environment() -> dict[str, str]:
    """What the child may know: where libraries are and how texts are written, none of the product's secrets."""
    kept = ("PATH", "PYTHONPATH", "VIRTUAL_ENV", "LANG", "LC_ALL", "LC_CTYPE", "TMPDIR", "SYSTEMROOT")
    return {name: os.environ[name] for name in kept if name in os.environ}


def run(arguments: Sequence[str], content: bytes, *, progress: Progress | None = None) -> bytes:
    """What the child answers; `progress` is told several times a second, also where nothing is new."""
    command = [sys.executable, "-P", "-m", "tracker.intake.child", *arguments]
    heard = _Heard()
    with subprocess.Popen(  # noqa: S603  # our own interpreter and module; the arguments are looked up, not run
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment()
    ) as child:
        pipes = ((_feed(content), child.stdin), (heard.told, child.stderr))
        others = [threading.Thread(target=listen, args=(pipe,), daemon=True) for listen, pipe in pipes]
        for one in others:
            one.start()
        answering = threading.Thread(target=heard.answered, args=(child.stdout,), daemon=True)
        answering.start()
        until = time.monotonic() + 2 * SECONDS
        try:
            while answering.is_alive() and time.monotonic() < until:
                answering.join(_LISTEN_EVERY)
                if progress:
                    progress(*heard.last)
        finally:
            if answering.is_alive():
                child.kill()
        for one in (answering, *others):
            one.join()  # before the pipes are closed: the child has ended, so that they end too
    if child.returncode != 0:
        raise Unreadable("too_slow")
    return heard.answer


def _feed(content: bytes) -> Callable[[IO[bytes]], None]:
    def feed(pipe: IO[bytes]) -> None:
        try:
            with pipe:
                pipe.write(content)
        except BrokenPipeError:  # the child has ended; its exit code tells
            return

    return feed


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def _go_on() -> None:
    """The next page has its time from now."""
    used = time.process_time()
    resource.setrlimit(resource.RLIMIT_CPU, (min(SECONDS, int(used) + 1 + PATIENCE), SECONDS))


def main(task: str, about: str) -> None:
    """Read standard input, or draw a page of it, within limits."""
    content = sys.stdin.buffer.read()
    _limit()
    if task == "sheet":
        sys.stdout.buffer.write(_drawn(content, int(about)))
    else:
        json.dump(_read(content, about), sys.stdout)


def _read(content: bytes, encoding: str) -> dict[str, Any]:
    """What was read; a file that breaks its library is damaged, whatever the library calls it."""
    try:
        if readers.kind_of(content) == "pdf":
            _go_on()
        return readers.read(content, encoding=encoding, progress=_tell).to_json()
    except Unreadable as refusal:
        return {"refused": refusal.code}
    except MemoryError:
        return {"refused": "too_slow"}
    except Exception:  # libraries raise what they like over a broken file
        return {"refused": "damaged"}


def _drawn(content: bytes, number: int) -> bytes:
    from tracker.intake import sheets

    try:
        return sheets.picture_of(content, number)
    except Exception:  # as above: there is no picture of it
        return b""


def _tell(done: int, of: int, unit: str) -> None:
    if unit == "pages":
        _go_on()
    sys.stderr.write(f"read {done} {of} {unit}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    main(*sys.argv[1:3])
