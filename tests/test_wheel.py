"""What is installed is what is here: a wheel of the product, and an installation of it in an environment of its own."""

import json
import re
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, build_opener

import pytest

from tests.mail.peer import Peer, free_port, running

pytestmark = pytest.mark.xdist_group("wheel")
HERE = Path(__file__).parents[1]
BIN = Path(sys.executable).parent
ANNEX = HERE / "tracker" / "demo" / "annexes" / "myria-2023.txt"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The product as it is given to an administrator."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(build, cwd=HERE, check=True, capture_output=True, timeout=60)
    return next(folder.glob("repons-*.whl"))


def files(folder: str) -> set[str]:
    """What lies in a folder of the checkout, by its name in the wheel."""
    place = {"tracker": "tracker", "templates": "tracker/_templates", "migrations": "tracker/_migrations"}[folder]
    return {
        f"{place}/{one.relative_to(HERE / folder)}"
        for one in (HERE / folder).rglob("*")
        if one.is_file() and "__pycache__" not in one.parts and not one.is_relative_to(HERE / "tracker" / "demo")
    }


def test_the_wheel_holds_all_of_the_product_and_nothing_else(wheel: Path) -> None:
    held = {one for one in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in one}

    assert held == files("tracker") | files("templates") | files("migrations")
    for language in ("fr", "nl"):
        assert f"tracker/translations/{language}/LC_MESSAGES/messages.mo" in held
    assert {"tracker/register/belgium.json", "tracker/static/look.css", "tracker/_migrations/HEAD"} <= held
    assert not [one for one in held if "test" in one or "myria-20" in one]


@pytest.fixture(scope="module")
def tracker(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command, installed from the wheel and the locked libraries alone."""
    folder = tmp_path_factory.mktemp("environment")
    uv = shutil.which("uv", path=BIN) or "uv"
    subprocess.run([uv, "venv", "--quiet", "--python", sys.executable, folder], check=True, timeout=60)
    into = [uv, "pip", "install", "--quiet", "--python", folder / "bin" / "python"]
    locked = ["--require-hashes", "-r", HERE / "requirements" / "run.lock"]
    subprocess.run([*into, *locked], check=True, timeout=300)
    subprocess.run([*into, "--no-deps", wheel], check=True, timeout=60)
    return folder / "bin" / "tracker"


@pytest.fixture
def peer() -> Iterator[Peer]:
    with running() as found:
        yield found


def test_an_installation_from_the_wheel_reads_asks_serves_and_mails(tracker: Path, tmp_path: Path, peer: Peer) -> None:
    port = free_port()
    (tmp_path / ".env").write_text(
        "TRACKER_SECRET_KEY=Fq7-a-key-that-nobody-else-knows-at-all\n"
        f"TRACKER_BASE_URL=http://127.0.0.1:{port}\nTRACKER_SMTP_URL={peer.url}\nTRACKER_MAIL_FROM=suivi@myria.example\n"
    )

    def run(*arguments: object, code: int = 0) -> str:
        done = subprocess.run(
            [tracker, *map(str, arguments)],
            cwd=tmp_path, env={}, capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout

    assert run("--version").startswith("tracker, version ")
    assert "`tracker migrate`" in run("doctor", code=1)
    assert "and is at" in run("migrate")
    about = ("--issuer", "Myria", "--report", "myria-2023", "--title", "Rapport 2023", "--issued", "2023-10-18")
    assert "12 added" in run("import", ANNEX, *about, "--accept")
    run("user", "add", "suivi@myria.example", "--name", "Coordination", "--lang", "nl", "--coordinates", "myria")
    assert run("user", "code", "suivi@myria.example")[:6].isdigit()
    assert "coordinator of myria" in run("user", "list")

    server = subprocess.Popen([tracker, "serve", "--all", "--port", str(port)], cwd=tmp_path, env={})
    try:
        enters(f"http://127.0.0.1:{port}", peer)
        wait_for(lambda: "planner: never" not in read(f"http://127.0.0.1:{port}/readyz"))
        run("backup", "a.sqlite")
        run("verify", "--anchors")
        found = json.loads(run("doctor", "--json"))["findings"]
        assert {one["check"] for one in found if one["state"] != "fine"} <= {"base_url", "data_folder"}
    finally:
        server.send_signal(signal.SIGTERM)
        assert server.wait(30) == 0
    assert "entries came in" in run("restore", "a.sqlite", "--replace", "--yes")


def enters(address: str, peer: Peer) -> None:
    """Open the pages as a browser would, ask for a code by mail, and sign in with it."""
    browser = build_opener(HTTPCookieProcessor(CookieJar()))
    wait_for(lambda: "ready" in read(f"{address}/readyz"))
    page = read(f"{address}/sign-in?lang=nl", browser)
    assert 'lang="nl"' in page
    for sheet in re.findall(r'href="(/static/[^"]+\.css[^"]*)"', page):
        assert "{" in read(address + sheet, browser)
    asked = submit(browser, f"{address}/sign-in", page, email="suivi@myria.example")
    wait_for(lambda: peer.messages)
    mail = peer.messages[0]
    assert {one.get_content_type() for one in mail.walk()} >= {"text/plain", "text/html"}
    text = next(one for one in mail.walk() if one.get_content_type() == "text/plain").get_payload(decode=True)
    digits = re.findall(r"\b\d{6}\b", bytes(text).decode())[0]
    assert "2023/6" in submit(browser, f"{address}/sign-in/code", asked, code=digits) + read(
        f"{address}/recommendations", browser
    )


def read(address: str, browser: OpenerDirector | None = None, data: bytes | None = None) -> str:
    """A page; nothing where nobody answers yet."""
    try:
        with (browser or build_opener()).open(address, data, timeout=5) as answer:
            return str(answer.read().decode())
    except OSError:
        return ""


def submit(browser: OpenerDirector, address: str, page: str, **values: str) -> str:
    hidden = dict(re.findall(r'<input[^>]*type="hidden"[^>]*name="([^"]+)"[^>]*value="([^"]*)"', page))
    hidden |= dict(re.findall(r'name="(csrf_token)"[^>]*value="([^"]*)"', page))
    return read(address, browser, urlencode({**hidden, **values}).encode())


def wait_for(condition: object, seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < end, "nothing happened in time"
        time.sleep(0.1)
