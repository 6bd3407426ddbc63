"""The web process stops at once when nothing is under way, and finishes what is."""

import multiprocessing
import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from multiprocessing.process import BaseProcess

import pytest

from tracker.web import server

SLOW_SECONDS = 1.0


def _application(environ: dict[str, str], start_response: Callable[..., object]) -> Iterable[bytes]:
    if environ["PATH_INFO"] == "/slow":
        time.sleep(SLOW_SECONDS)
    if environ["PATH_INFO"] == "/kept":
        start_response("304 Not Modified", [("ETag", '"x"')])
        return []
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "5")])
    return [b"whole"]


@pytest.fixture
def serving() -> Iterator[tuple[BaseProcess, tuple[str, int]]]:
    """A web process of its own, and its address."""
    shared = server.listen("127.0.0.1", 0)
    process = multiprocessing.get_context("fork").Process(target=server.serve, args=(_application, shared))
    process.start()
    assert _answer(shared.getsockname(), "/").endswith(b"whole")
    yield process, shared.getsockname()
    process.kill()
    process.join()
    shared.close()


def _answer(address: tuple[str, int], path: str, *, then_close: bool = True) -> bytes:
    with socket.create_connection(address, timeout=20) as connection:
        ending = "Connection: close\r\n" if then_close else ""
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: here\r\n{ending}\r\n".encode())
        parts = iter(lambda: connection.recv(4096), b"")
        return b"".join(parts)


def _seconds_to_stop(process: BaseProcess) -> float:
    begun = time.monotonic()
    process.terminate()
    process.join(20)
    assert process.exitcode == 0
    return time.monotonic() - begun


def test_it_stops_at_once_even_while_browsers_keep_connections_open(
    serving: tuple[BaseProcess, tuple[str, int]],
) -> None:
    process, address = serving
    with socket.create_connection(address) as kept:
        kept.sendall(b"GET / HTTP/1.1\r\nHost: here\r\n\r\n")
        assert b"200 OK" in kept.recv(4096)

        assert _seconds_to_stop(process) < 3


def test_a_request_that_is_under_way_is_finished(serving: tuple[BaseProcess, tuple[str, int]]) -> None:
    process, address = serving
    answers: list[bytes] = []
    reader = threading.Thread(target=lambda: answers.append(_answer(address, "/slow", then_close=False)))
    reader.start()
    time.sleep(SLOW_SECONDS / 3)

    assert _seconds_to_stop(process) < SLOW_SECONDS + 3
    reader.join(20)

    assert answers[0].endswith(b"whole")


def test_an_answer_that_nothing_changed_leaves_the_connection_open(
    serving: tuple[BaseProcess, tuple[str, int]],
) -> None:
    _process, address = serving
    with socket.create_connection(address, timeout=20) as connection:
        for _again in range(3):
            connection.sendall(b"GET /kept HTTP/1.1\r\nHost: here\r\n\r\n")
            head = connection.recv(4096)
            assert head.startswith(b"HTTP/1.1 304")
            assert b"Connection" not in head
        connection.sendall(b"GET / HTTP/1.1\r\nHost: here\r\n\r\n")
        answered = b""
        while not answered.endswith(b"whole"):
            more = connection.recv(4096)
            assert more, answered
            answered += more


@pytest.mark.parametrize("asked", [b"GET /kept HTTP/1.1\r\nHost: here\r\nConnection: close", b"GET /kept HTTP/1.0"])
def test_whoever_wishes_the_connection_closed_gets_it_closed(
    serving: tuple[BaseProcess, tuple[str, int]], asked: bytes
) -> None:
    _process, address = serving
    with socket.create_connection(address, timeout=20) as connection:
        connection.sendall(asked + b"\r\n\r\n")
        answered = b"".join(iter(lambda: connection.recv(4096), b""))
    assert b"Connection: close" in answered
