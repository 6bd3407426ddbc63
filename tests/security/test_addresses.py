"""Where pages lead, what they forbid browsers, and names that try to be paths."""

from pathlib import Path

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st
from werkzeug.http import parse_options_header

from tests.intake import files
from tests.making import Office
from tests.measuring import Measure
from tests.security.visits import addresses, rules, visitors
from tests.security.world import World
from tests.web.checking import Enter
from tracker import clock
from tracker.services import imports, sign_in
from tracker.settings import Settings
from tracker.web.app import create_app

EMAIL = "police@bodies.test"
ELSEWHERE = [
    *("https://evil.test", "http://evil.test/", "//evil.test", "///evil.test", "////evil.test", "/\\evil.test"),
    *("\\\\evil.test", "\\/evil.test", "/\\/evil.test", "\\evil.test", "/\t/evil.test", "/\n/evil.test"),
    *("/\r/evil.test", "\t//evil.test", " //evil.test", "\x00//evil.test", "//evil.test/%2f.."),
    *("//evil.test@suivi.test", "//suivi.test@evil.test", "https:evil.test", "https:/evil.test"),
    *("https:///evil.test", "http:evil.test", "hTTps://evil.test", "ftp://evil.test", "javascript:alert(1)"),
    *("JaVaScRiPt:alert(1)", "java\tscript:alert(1)", "data:text/html,x", "vbscript:x", "mailto:a@evil.test"),
    *("//evil.test:443", "//[::1]", "//127.0.0.1", "//2130706433", "//0x7f000001", "//evil%2etest"),
    *("//evil\u3002test", "//evil.test#/", "//evil.test?/", "https://suivi.test.evil.test"),
    *("https://suivi.test@evil.test", "https://suivi.test:x@evil.test/", "https://evil.test/suivi.test"),
    *("/ /evil.test\\..", "..//evil.test", "./\\evil.test", "evil.test", "?//evil.test", "#//evil.test"),
    *("/\u2028/evil.test", "/\u2029/evil.test", "\u2028//evil.test", "/\x0b/evil.test", "/\x0c/evil.test"),
    *("blob:https://evil.test/x", "file:///etc/passwd", "about:blank", "view-source://evil.test", ""),
    "/%0d%0aLocation:%20//evil.test",
]  # fmt: skip


@pytest.mark.proves("S17")
def test_nobody_is_led_elsewhere_after_signing_in(
    enter: Enter, office: Office, settings: Settings, measure: Measure
) -> None:
    led = []
    for wanted in ELSEWHERE:
        client = enter()
        with client.session_transaction() as cookie:
            cookie["next"], cookie["email"] = wanted, EMAIL
        digits = sign_in.code_for(EMAIL, settings, at=clock.wall())
        answered = client.send("/sign-in/code", code=digits)
        location = str(answered.location)
        browser_s = location.replace("\t", "").replace("\n", "").replace("\r", "").replace("\\", "/").strip()
        if not browser_s.startswith("/") or browser_s.startswith("//"):
            led.append(f"{wanted!r}: {location!r}")

    assert led == []
    assert len(ELSEWHERE) >= 60
    measure("S17", "addresses that lead elsewhere", len(led), f"of {len(ELSEWHERE)}", "= 0")


@pytest.mark.parametrize(
    "path", ["//evil.test", "//evil.test/answers", "/\\evil.test", "/%5cevil.test", "///evil.test/x"]
)
def test_a_page_that_is_not_there_does_not_link_elsewhere(app: Flask, enter: Enter, office: Office, path: str) -> None:
    answered = app.test_client().open(environ_overrides={"PATH_INFO": path, "SCRIPT_NAME": ""})
    for attribute in ('href="', 'action="', 'src="'):
        for found in answered.text.split(attribute)[1:]:
            assert not found.startswith(("//", "/\\", "http")), found[:60]
    assert "evil" not in (answered.location or "").removeprefix("http://localhost/evil")


@pytest.mark.proves("S25")
def test_every_answer_tells_browsers_what_to_refuse(world: World, settings: Settings, measure: Measure) -> None:
    app = create_app(settings.model_copy(update={"base_url": "https://suivi.test"}))
    app.config["SESSION_COOKIE_SECURE"] = False  # the browser of the tests is not one of TLS
    loose, n = [], 0
    for visitor in visitors(world):
        if visitor.role not in ("visitor", "coordinator", "focal point of the police", "reader"):
            continue
        browser = visitor.browser(app)
        wanted = [
            (method, address)
            for rule in rules(app)
            for method in sorted((rule.methods or set()) & {"GET", "POST", "PUT"} | {"PUT"})
            for address, _thing in addresses(
                app, rule, "GET" if "GET" in (rule.methods or set()) else "POST", world.things[:1]
            )
        ]
        for method, address in [*wanted, ("GET", "/nowhere"), ("GET", "/static/nowhere"), ("GET", "/static/look.css")]:
            answered = browser.open(address, method=method)
            n += 1
            answered.close()
            headers = answered.headers
            policy = headers.get("Content-Security-Policy", "")
            is_a_mail = "sandbox" in policy  # its own frame: styles of its own, nothing else
            kept = headers.get("Cache-Control", "")
            is_public = visitor.role == "visitor" or "/static/" in address or kept.startswith("public")
            problems = [
                "unsafe" in policy and not is_a_mail,
                "script-src 'unsafe" in policy or "unsafe-eval" in policy,
                "default-src 'none'" not in policy,
                "frame-ancestors 'none'" not in policy and not is_a_mail,
                headers.get("X-Content-Type-Options") != "nosniff",
                "max-age=31536000" not in headers.get("Strict-Transport-Security", ""),
                "no-store" not in kept and not is_public,
                "Server" in headers or "X-Powered-By" in headers,
                any("Expires" in one for one in headers.getlist("Set-Cookie")) and answered.status_code == 200,
            ]
            if any(problems):
                loose.append(f"{method} {address} as {visitor.role}: {problems} {dict(headers)}")

    assert loose == [], "\n".join(loose[:5])
    measure("S25", "answers without their headers", len(loose), f"of {n}", "= 0")


PATHS = [
    *("../../etc/passwd", "..\\..\\windows\\system.ini", "/etc/passwd", "C:\\boot.ini", "a/../../b.txt"),
    *("....//x", "%2e%2e%2fx", "x\r\nSet-Cookie: a=b", "x\nContent-Type: text/html", "x\"; filename=\"evil.html"),
    *("x\u2028y", "x\u202egnp.exe", "\x7f", "con.txt"),
    "." * 300,
    "\xe9" * 300,
    *("a;b=c", "''", "<script>.html", "x.txt\x00.html"),
]  # fmt: skip


NAMES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=60)
OUTSIDE = ("../../evil.xml", "/tmp/evil.xml", "..\\..\\evil.xml", "word/../../../evil.xml", "C:\\evil.xml")  # noqa: S108


@pytest.mark.proves("S22")
def test_a_document_is_given_back_under_a_name_and_no_path(
    enter: Enter, office: Office, settings: Settings, is_full: bool, measure: Measure
) -> None:
    coordinator, loose, n = enter("coordination@myria.test"), list[str](), 0
    before = sorted(settings.data_dir.rglob("*"))

    def look_at(name: str) -> None:
        nonlocal n
        n += 1
        content = b"2024/1\tFaire.\tPolice\n" + str(n).encode()
        read = imports.read(office.issuer.id, content, name, by=office.coordinator, at=clock.now())
        answered = coordinator.get(f"/imports/{read.id}/document")
        disposition = answered.headers["Content-Disposition"]
        kind, options = parse_options_header(disposition)
        is_good = (
            (answered.status_code, answered.data, answered.mimetype) == (200, content, "application/octet-stream"),
            kind == "attachment",
            not set("\r\n\0") & set(disposition),
            not set("/\\") & set(options["filename"]) and not options["filename"].startswith("."),
            answered.headers["X-Content-Type-Options"] == "nosniff",
            not [one for one in answered.headers.getlist("Set-Cookie") if one.startswith("a=b")],
        )
        if not all(is_good):
            loose.append(f"{name!r}: {disposition} {is_good}")

    for name in PATHS:
        look_at(name.replace("\0", ""))
    hypothesis(max_examples=300 if is_full else 10, deadline=None, database=None)(given(NAMES)(look_at))()

    assert loose == []
    assert sorted(settings.data_dir.rglob("*")) == before, "a document is kept in the database, not in a folder"
    measure("S22", "documents given back under a path, or as something else", len(loose), f"of {n} names", "= 0")


@pytest.mark.proves("S22")
def test_names_inside_a_packed_document_are_written_nowhere(
    office: Office, settings: Settings, measure: Measure
) -> None:
    found, folders = list[Path](), (Path("/tmp"), Path.cwd(), settings.data_dir, settings.data_dir.parent)  # noqa: S108
    for name in OUTSIDE:
        content = files.with_part(files.word("Recommandation 1 : former la police."), name, b"<evil/>")
        read = imports.read(office.issuer.id, content, "annex.docx", by=office.coordinator, at=clock.now())
        assert read.id
        found += [one for folder in folders for one in folder.glob("*evil.xml")]

    measure("S22", "entries of packed documents written to a folder", len(found), f"of {len(OUTSIDE)}", "= 0")


PLACES = [
    *("/static/../app.py", "/static/%2e%2e/settings.py", "/static/..%2f..%2fsettings.py", "/static//etc/passwd"),
    *("/static/..\\settings.py", "/static/vendor/../../web/app.py", "/static/%00", "/static/.", "/static/"),
]


@pytest.mark.proves("S22")
def test_no_file_outside_the_folder_is_given(enter: Enter, office: Office, measure: Measure) -> None:
    given_out = []
    for path in PLACES:
        answered = enter().get(path)
        if answered.status_code not in (308, 404) or "import" in answered.text:
            given_out.append(path)

    measure("S22", "files given from outside their folder", len(given_out), f"of {len(PLACES)}", "= 0")
