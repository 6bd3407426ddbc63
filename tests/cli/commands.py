"""Commands as an administrator types them: each in a process of its own, with nothing but what it is given.

To import the product takes longer than most commands. One process has done that, and every command is forked off it;
whatever is about the start itself is run `from_nothing`.
"""

import multiprocessing
import os
import pkgutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import tracker.cli
from tracker.cli.main import main

TRACKER = Path(sys.executable).parent / "tracker"
LONGEST = 60
"""Seconds that a command may take."""
_server = multiprocessing.get_context("forkserver")
_server.set_forkserver_preload([f"tracker.cli.{one.name}" for one in pkgutil.iter_modules(tracker.cli.__path__)])

Done = subprocess.CompletedProcess[str]


def run(*arguments: object, env: dict[str, str] | None = None, cwd: Path | None = None) -> Done:
    """What a command printed and how it ended."""
    with TemporaryDirectory() as folder:
        out, err = Path(folder) / "out", Path(folder) / "err"
        typed = [str(one) for one in arguments]
        process = _server.Process(target=_type, args=(typed, _environment(env), str(cwd or "/"), str(out), str(err)))
        process.start()
        process.join(LONGEST)
        if process.is_alive():
            process.kill()
            raise subprocess.TimeoutExpired(typed, LONGEST)
        return Done(typed, process.exitcode or 0, out.read_text(), err.read_text())


def run_from_nothing(*arguments: object, env: dict[str, str] | None = None, cwd: Path | None = None) -> Done:
    """The same with the installed command."""
    return subprocess.run(
        [TRACKER, *map(str, arguments)],
        env=_environment(env),
        cwd=cwd or "/",
        capture_output=True,
        text=True,
        timeout=LONGEST,
        check=False,
    )


def _environment(given: dict[str, str] | None) -> dict[str, str]:
    return {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ} | (given or {})


def _type(arguments: list[str], env: dict[str, str], cwd: str, out: str, err: str) -> None:
    os.environ.clear()
    os.environ.update(env)
    os.chdir(cwd)
    for file, stream in ((out, sys.stdout), (err, sys.stderr)):
        os.dup2(os.open(file, os.O_WRONLY | os.O_CREAT, 0o600), stream.fileno())
    sys.argv = ["tracker", *arguments]
    main()
