"""Several real processes on one database: what one of them ended or counted, the others know at the next request."""

import http.client
import re
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import pytest
from sqlalchemy import select

from tests.making import KEY, Office
from tests.measuring import Measure
from tracker import clock, database
from tracker.models import OutgoingMail, Person
from tracker.services import people, sign_in
from tracker.settings import Settings
from tracker.web.app import create_app

PROCESSES = 4
EMAIL = "police@bodies.test"
BASE = "https://suivi.test"
COOKIE = "__Host-repons"


@dataclass
class Site:
    """Four processes at one address, and a browser as plain as can be."""

    port: int
    settings: Settings

    def ask(self, path: str, cookie: str = "", form: dict[str, str] | None = None, **headers: str) -> "Answer":
        """One request on a connection of its own, so that any of the processes may take it."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if cookie:
            sent["Cookie"] = f"{COOKIE}={cookie}"
        if form is not None:
            sent["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            connection.request("GET" if form is None else "POST", path, urlencode(form or {}) or None, sent)
            found = connection.getresponse()
            return Answer(found.status, dict(found.getheaders()), found.read().decode(), cookie)
        finally:
            connection.close()

    def cookie(self, **held: object) -> str:
        """A cookie that the site signed, holding this."""
        client = create_app(self.settings).test_client()
        with client.session_transaction(base_url=BASE) as session:
            session.update(held)
        found = client.get_cookie(COOKIE, domain="suivi.test")
        assert found is not None
        return str(found.value)

    def signed_in(self, email: str) -> tuple[str, str]:
        """The cookie of somebody signed in, and the token of their session."""
        with database.reading() as session:
            person_id = session.query(Person.id).filter_by(email=email).scalar()
        token = sign_in.enter_as(person_id, at=clock.wall())
        return self.cookie(_user_id=token, _fresh=True, language="en"), token


@dataclass
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    text: str
    sent_cookie: str

    @property
    def cookie(self) -> str:
        """The cookie from now on."""
        found = re.match(rf"{COOKIE}=([^;]*)", self.headers.get("Set-Cookie", ""))
        return found.group(1) if found else self.sent_cookie

    @property
    def token(self) -> str:
        """The token of the first form."""
        found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', self.text)
        assert found, self.text[:500]
        return found.group(1)


@pytest.fixture
def serve(office: Office, database_url: str, tmp_path: Path) -> Callable[[], object]:
    """Starts the site; what it writes to the log stands in `log` of the test's folder."""
    settings = Settings(secret_key=KEY, database_url=database_url, data_dir=tmp_path, base_url=BASE, _env_file=None)

    @contextmanager
    def serve() -> Iterator[Site]:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        environment = {
            "TRACKER_SECRET_KEY": KEY,
            "TRACKER_DATABASE_URL": database_url,
            "TRACKER_BASE_URL": BASE,
            "TRACKER_DATA_DIR": str(tmp_path),
            "PATH": "/usr/bin:/bin",
        }
        tracker = Path(sys.executable).parent / "tracker"
        command = [tracker, "serve", "--port", str(port), "--workers", str(PROCESSES)]
        with (tmp_path / "log").open("a") as log:
            process = subprocess.Popen(command, env=environment, cwd=tmp_path, stdout=log, stderr=log)
            site = Site(port, settings)
            try:
                give_up_at = time.monotonic() + 60
                while time.monotonic() < give_up_at:
                    try:
                        site.ask("/healthz")
                        break
                    except OSError:
                        time.sleep(0.2)
                yield site
            finally:
                process.send_signal(signal.SIGTERM)
                process.wait(40)

    return serve


def together(n: int, ask: Callable[[int], int]) -> Counter[int]:
    """`n` requests, eight at once, counted by their status."""
    with ThreadPoolExecutor(8) as pool:
        return Counter(pool.map(ask, range(n)))


@pytest.mark.proves("S13")
def test_limits_are_exact_over_processes_and_a_restart(serve: Callable, measure: Measure) -> None:
    def ask_for(site: Site, email: str, n: int) -> Counter[int]:
        page = site.ask("/sign-in?lang=en")
        form = {"email": email, "csrf_token": page.token}
        return together(n, lambda _n: site.ask("/sign-in", page.cookie, form).status)

    with serve() as site:
        asked = ask_for(site, EMAIL, 24)
        assert asked == {302: 5, 429: 19}
        page = site.ask("/sign-in/code?lang=en", site.cookie(email=EMAIL))
        wrong = {"code": "000000", "csrf_token": page.token}
        tried = together(24, lambda _n: site.ask("/sign-in/code", page.cookie, wrong).status)
        assert tried == {422: 10, 429: 14}
        refused = site.ask("/sign-in/code", page.cookie, wrong)
        assert 0 < int(refused.headers["Retry-After"]) <= 300
        assert "Try again at" in refused.text
    with serve() as site:
        again = ask_for(site, f" {EMAIL.upper()}", 8)
        assert again == {429: 8}
        assert ask_for(site, "parquet@bodies.test", 4) == {302: 4}
    measure("S13", f"codes asked for with {PROCESSES} processes at once", asked[302], "of 24", "= 5")
    measure("S13", f"wrong codes tried with {PROCESSES} processes at once", tried[422], "of 24", "= 10")
    measure("S13", "codes asked for beyond the limit after a restart", again[302], "of 8", "= 0")


@pytest.mark.proves("S10")
def test_what_was_ended_opens_nothing_in_any_process(serve: Callable, measure: Measure) -> None:
    accepted = Counter[int]()
    with serve() as site:
        ends = {
            "sign-out": lambda token: sign_in.leave(token, at=clock.wall()),
            "another role": lambda _token: people.add(
                EMAIL, "Focal point, police", "nl", reads="myria", from_on=clock.today()
            ),
            "disabled": lambda _token: _disable(EMAIL),
        }
        for name, end in ends.items():
            cookie, token = site.signed_in(EMAIL)
            assert together(12, lambda _n, cookie=cookie: site.ask("/answers", cookie).status) == {200: 12}, name
            end(token)
            accepted += together(24, lambda _n, cookie=cookie: site.ask("/answers", cookie).status)
            assert set(accepted) == {302}, name
    measure("S10", f"ended sessions accepted by {PROCESSES} processes", accepted[200], f"of {accepted.total()}", "= 0")


def _disable(email: str) -> None:
    with database.transaction() as session:
        session.query(Person).filter_by(email=email).one().disabled_at = clock.wall()


VARIANTS: list[dict[str, str]] = [
    {"Host": host} for host in ("evil.test", "evil.test:80", "suivi.test.evil.test", "suivi.test@evil.test", "[::1]")
] + [
    {name: value}
    for value in ("evil.test", "evil.test, suivi.test")
    for name in ("X_Forwarded_Host", "X_Forwarded_Server", "X_Host", "X_Original_Host", "X_HTTP_Host_Override")
] + [
    {"Forwarded": "host=evil.test;proto=http"},
    {"X_Forwarded_Prefix": "//evil.test"},
    {"X_Script_Name": "//evil.test"},
    {"X_Forwarded_Proto": "javascript"},
    {"X_Original_URL": "//evil.test/"},
]  # fmt: skip


@pytest.mark.proves("S15")
def test_no_header_changes_where_links_lead(serve: Callable, measure: Measure) -> None:
    def is_foreign(answer: Answer) -> bool:
        return "evil" in answer.text or "evil" in str({n: v for n, v in answer.headers.items() if n != "Set-Cookie"})

    with serve() as site:
        cookie, _token = site.signed_in("coordination@myria.test")
        foreign, n = [], 0
        for variant in VARIANTS:
            for path, who in (("/", ""), ("/answers", ""), ("/dashboard", cookie), ("/nowhere", ""), ("/sign-in", "")):
                answer = site.ask(path, who, **variant)
                n += 1
                if is_foreign(answer) or answer.status >= 500:
                    foreign.append(f"{path} with {variant}: {answer.status}")
        for target in ("http://evil.test/", "http://evil.test/answers", "https://evil.test/nowhere", "//evil.test/x"):
            answer = site.ask(target)
            n += 1
            links = re.findall(rf'(?:href|src|action)="(?!{BASE})(?:https?:)?//[^"]*', answer.text)
            if links or "evil.test" in answer.headers.get("Location", "").removeprefix("/evil.test"):
                foreign.append(f"{target}: {links} {answer.headers.get('Location')}")
        page = site.ask("/sign-in?lang=en")
        form = {"email": EMAIL, "csrf_token": page.token}
        assert site.ask("/sign-in", page.cookie, form, Host="evil.test", X_Forwarded_Host="evil.test").status == 302
        with database.reading() as session:
            (content,) = session.scalars(select(OutgoingMail.content)).all()
        assert BASE.encode() in content
        assert b"evil" not in content
    assert foreign == [], "\n".join(foreign)
    measure("S15", "answers with a foreign link", len(foreign), f"of {n}, {len(VARIANTS) + 4} variants", "= 0")
