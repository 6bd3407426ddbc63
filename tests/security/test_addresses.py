"""Where pages lead, what they forbid browsers, and names that try to be paths."""

import pytest
from flask import Flask

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
    "............................................................................................................................................................................................................................................................................................................",
    "\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9",
    *("a;b=c", "''", "<script>.html", "x.txt\x00.html"),
]  # fmt: skip


@pytest.mark.parametrize("name", PATHS)
def test_a_document_is_given_back_under_a_name_and_no_path(enter: Enter, office: Office, name: str) -> None:
    content = b"2024/1\tFaire.\tPolice\n" + name.replace("\x00", "").encode()
    read = imports.read(office.issuer.id, content, name.replace("\x00", ""), by=office.coordinator, at=clock.now())

    answered = enter("coordination@myria.test").get(f"/imports/{read.id}/document")

    assert answered.status_code == 200
    assert answered.data == content
    assert answered.headers["Content-Disposition"].startswith("attachment;")
    assert not set("\r\n\x00") & set(answered.headers["Content-Disposition"])
    assert answered.headers["X-Content-Type-Options"] == "nosniff"
    assert not [one for one in answered.headers.getlist("Set-Cookie") if one.startswith("a=b")]
    assert answered.mimetype == "application/octet-stream"


@pytest.mark.parametrize(
    "path",
    ["/static/../app.py", "/static/%2e%2e/settings.py", "/static/..%2f..%2fsettings.py", "/static//etc/passwd",
     "/static/..\\settings.py", "/static/vendor/../../web/app.py", "/static/%00", "/static/.", "/static/"],
)  # fmt: skip
def test_no_file_outside_the_folder_is_given(enter: Enter, office: Office, path: str) -> None:
    answered = enter().get(path)
    assert answered.status_code in (308, 404)
    assert "import" not in answered.text
