"""`make demo`: a fresh installation with its story, served with its worker."""

import fcntl
import shutil
import socket
import sys
import time
from pathlib import Path
from typing import TextIO

from tracker import clock, database
from tracker.cli import processes
from tracker.demo import catcher
from tracker.demo.seed import seed
from tracker.domain.policies import Policy
from tracker.domain.reminders import leaves_at
from tracker.errors import Refusal
from tracker.services import installation, schema
from tracker.settings import Settings

_RUNNING = "running"
"""The file that a running demonstration holds."""
_TICK_SECONDS = 2
"""A moved day is noticed at once, instead of within a minute."""


def run(settings: Settings, port: int) -> None:
    """Make the demonstration anew in its folder and serve it until Ctrl-C."""
    begun = time.monotonic()
    mail_port = catcher.free_port()
    settings = settings.model_copy(update={"smtp_url": f"smtp://127.0.0.1:{mail_port}"})
    try:
        _require_free(port)
        _running = claim(settings.data_dir)  # held until this process ends
        print("Making the demonstration: both annexes of Myria, with invented answers …", flush=True)
        _empty(settings.data_dir)
        installation.connect(settings)
        begin_by_day(settings)
        schema.migrate()
        seed(settings.timezone)
        database.close()
        _let_commands_in(settings)
    except Refusal as refusal:
        sys.exit(str(refusal))
    print(_welcome(settings.base_url, time.monotonic() - begun), flush=True)
    processes.run(
        settings,
        host="127.0.0.1",
        port=port,
        with_worker=True,
        tick_seconds=_TICK_SECONDS,
        beside=[lambda: catcher.run(settings.data_dir / "mail", mail_port)],
    )


def begin_by_day(settings: Settings) -> None:
    """At night and at weekends no reminder leaves: then the demonstration begins with the next working day."""
    now = clock.now()
    opens = leaves_at(now, Policy(country="BE"), settings.timezone)
    if opens > now:
        clock.move_forward(settings.moved_day, (clock.day_of(opens) - clock.today()).days)


def claim(folder: Path) -> TextIO:
    """The folder for this demonstration alone, until the file that is returned is closed."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        running = (folder / _RUNNING).open("w")
    except OSError as wrong:
        raise Refusal(f"The folder {folder} cannot be made ({wrong.strerror}). Change its rights.") from None
    try:
        fcntl.flock(running, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        running.close()
        raise Refusal(
            f"A demonstration runs in {folder} already. Stop it with Ctrl-C first, or use another checkout."
        ) from None
    return running


def _empty(folder: Path) -> None:
    for old in folder.iterdir():
        if old.is_dir():
            shutil.rmtree(old, ignore_errors=True)
        elif old.name != _RUNNING:
            old.unlink()


def _let_commands_in(settings: Settings) -> None:
    """Write the settings beside the data, so that `tracker`, run in that folder, is about the demonstration."""
    values = {
        "SECRET_KEY": settings.secret_key.get_secret_value(),
        "BASE_URL": settings.base_url,
        "DATA_DIR": settings.data_dir.absolute(),
        "SMTP_URL": settings.smtp_url,
        "BESIDE_DEMO": True,
    }
    file = settings.data_dir / ".env"
    file.touch(mode=0o600)
    file.write_text("".join(f'TRACKER_{name}="{value}"\n' for name, value in values.items()))


def _require_free(port: int) -> None:
    with socket.socket() as probe:
        if probe.connect_ex(("127.0.0.1", port)) == 0:
            raise Refusal(f"Port {port} is taken. Choose another: make demo PORT={port + 1}")


def _welcome(url: str, seconds: float) -> str:
    return f"""
Ready after {seconds:.0f} s: {url}/demo

  {url}/                what everybody reads: published reports, answers and findings
  {url}/demo            enter with one click as coordination, reader, or focal point of a body;
                                   move today forward and watch reminders leave
  {url}/demo/mail       every mail that was sent: codes, reminders, the weekly digest
  {url}/sign-in         or sign in as everyone does: coordination@myria.example,
                                   police@organismes.example … the code arrives at /demo/mail

Everything but the recommendations is invented. It is made anew each time, in .demo. Ctrl-C stops it.
"""
