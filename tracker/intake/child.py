"""Reads one file in a process of its own, with limits: whatever a file does, it does not do it to the product.

`read_apart` is the parent's side; `python -m tracker.intake.child` is the child's: bytes in, JSON out, pages that
were read as lines on standard error.
"""

import json
import resource
import subprocess
import sys
import threading
from typing import IO

from tracker.intake import readers
from tracker.intake.documents import Document
from tracker.intake.readers import Progress
from tracker.intake.refusals import Unreadable

MEMORY = 512 * 1024 * 1024
"""Bytes of address space."""
SECONDS = 60
"""Of the processor; and twice as many by the clock."""
_PROGRESS = b"read "


def read_apart(content: bytes, *, encoding: str = "", progress: Progress | None = None) -> Document:
    """The document in a file; `Unreadable` where it is refused, or the child came to its end over it."""
    command = [sys.executable, "-m", "tracker.intake.child", encoding]
    with subprocess.Popen(  # noqa: S603  # our own interpreter and module; the encoding is looked up, not run
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as child:
        assert child.stdin is not None  # noqa: S101  # all three are pipes
        assert child.stdout is not None  # noqa: S101
        assert child.stderr is not None  # noqa: S101
        threading.Thread(target=_feed, args=(child.stdin, content), daemon=True).start()
        threading.Thread(target=_listen, args=(child.stderr, progress), daemon=True).start()
        timer = threading.Timer(2 * SECONDS, child.kill)
        timer.start()
        answer = child.stdout.read()
        child.wait()
        timer.cancel()
    if child.returncode != 0:
        raise Unreadable("too_slow")
    told = json.loads(answer)
    if "refused" in told:
        raise Unreadable(told["refused"])
    return Document.from_json(told)


def _feed(pipe: IO[bytes], content: bytes) -> None:
    try:
        with pipe:
            pipe.write(content)
    except BrokenPipeError:  # the child has ended; its exit code tells
        return


def _listen(pipe: IO[bytes], progress: Progress | None) -> None:
    for line in pipe:
        if progress and line.startswith(_PROGRESS):
            done, of = line.removeprefix(_PROGRESS).split()
            progress(int(done), int(of))


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def main(encoding: str) -> None:
    """Read standard input; a file that breaks its library is damaged, whatever the library calls it."""
    content = sys.stdin.buffer.read()
    _limit()
    try:
        told = readers.read(content, encoding=encoding, progress=_tell).to_json()
    except Unreadable as refusal:
        told = {"refused": refusal.code}
    except MemoryError:
        told = {"refused": "too_slow"}
    except Exception:  # libraries raise what they like over a broken file
        told = {"refused": "damaged"}
    json.dump(told, sys.stdout)


def _tell(done: int, of: int) -> None:
    sys.stderr.write(f"read {done} {of}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "")
