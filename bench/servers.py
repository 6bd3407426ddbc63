"""Servers as they run for users, in processes of their own: what they answer, and what it costs them."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from urllib.parse import urlencode

HERE = Path(__file__).parents[1]
_TICK = os.sysconf("SC_CLK_TCK")


class Server:
    """One server and the processes that belong to it."""

    def __init__(self, process: subprocess.Popen[bytes], port: int) -> None:
        self.process, self.port = process, port

    def processes(self) -> list[int]:
        """The process and all that came from it."""
        found = [self.process.pid]
        for pid in found:
            for task in Path(f"/proc/{pid}/task").glob("*/children"):
                found += [int(child) for child in task.read_text().split()]
        return found

    def cpu(self) -> float:
        """Seconds of user and system time until now."""
        ticks = 0
        for pid in self.processes():
            after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            ticks += int(after_name[11]) + int(after_name[12])
        return ticks / _TICK

    def memory(self) -> float:
        """MiB that are its own, with its share of what it shares (PSS)."""
        kib = 0
        for pid in self.processes():
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
            kib += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
        return kib / 1024


class Browser:
    """One connection that stays open, with the one cookie that the product sets."""

    def __init__(self, server: Server, cookie: str = "") -> None:
        self._connection = HTTPConnection("127.0.0.1", server.port, timeout=120)
        self._cookie = cookie

    def get(self, path: str, **headers: str) -> tuple[HTTPResponse, bytes]:
        """Ask for a page; what is neither 200 nor 304 is an error."""
        return self._ask("GET", path, None, headers, (200, 304))

    def look_up(self, path: str) -> tuple[HTTPResponse, bytes]:
        """Ask for what a search leads to: a page, or the way to the only thing found."""
        return self._ask("GET", path, None, {}, (200, 302))

    def post(self, path: str, fields: dict[str, str]) -> tuple[HTTPResponse, bytes]:
        """Send a form; what is not accepted is an error."""
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        return self._ask("POST", path, urlencode(fields), form, (302, 303))

    def _ask(
        self, method: str, path: str, body: str | None, headers: dict[str, str], accepted: tuple[int, ...]
    ) -> tuple[HTTPResponse, bytes]:
        cookie = {"Cookie": self._cookie} if self._cookie else {}
        self._connection.request(method, path, body, {**headers, **cookie, "Accept-Language": "fr"})
        answer = self._connection.getresponse()
        content = answer.read()
        if changed := answer.headers["Set-Cookie"]:
            self._cookie = changed.partition(";")[0]
        if answer.status not in accepted:
            raise RuntimeError(f"{method} {path} answered {answer.status}")
        return answer, content


@contextmanager
def hello() -> Iterator[Server]:
    """A bare page on the product's own server: what every figure is told in."""
    port = _free_port()
    code = (
        "from flask import Flask; from tracker.web.server import listen, serve; app = Flask('hello'); "
        f"app.add_url_rule('/', view_func=lambda: '<p>Hello.</p>'); serve(app, listen('127.0.0.1', {port}))"
    )
    with _running([sys.executable, "-c", code], port, {}) as server:
        yield server


@contextmanager
def product(database_url: str, folder: Path, *, secret: str, workers: int = 1) -> Iterator[Server]:
    """`tracker serve`, as an administrator starts it."""
    port = _free_port()
    command = [Path(sys.executable).parent / "tracker", "serve", "--port", str(port), "--workers", str(workers)]
    environment = {
        "TRACKER_DATABASE_URL": database_url,
        "TRACKER_DATA_DIR": str(folder),
        "TRACKER_SECRET_KEY": secret,
        "TRACKER_BASE_URL": f"http://127.0.0.1:{port}",
    }
    with _running([str(one) for one in command], port, environment) as server:
        yield server


@contextmanager
def _running(command: list[str], port: int, environment: dict[str, str]) -> Iterator[Server]:
    process = subprocess.Popen(command, cwd=HERE, env={**os.environ, **environment}, stdout=subprocess.DEVNULL)
    try:
        _wait_for(port, process)
        yield Server(process, port)
    finally:
        process.terminate()
        process.wait(60)


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    give_up_at = time.monotonic() + 60
    while time.monotonic() < give_up_at and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.02)
    raise RuntimeError("the server did not start")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
