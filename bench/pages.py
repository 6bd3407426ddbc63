"""What pages cost: CPU of the server's processes a request, in hellos, all of one run."""

import re
import statistics
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from urllib.parse import urlencode

from selectolax.lexbor import LexborHTMLParser
from sqlalchemy import select

from bench import loading
from bench.servers import Browser, Server
from tracker import clock, database
from tracker.models import Addressee, FocalPoint, Person, Recommendation, Report
from tracker.services import publication, sign_in
from tracker.settings import Settings
from tracker.web.app import create_app

Tell = Callable[..., None]
_LEAST = 40
_LEAST_CPU = 0.4
"""Seconds: below this the clock of the processes is too coarse to divide by."""


@dataclass(frozen=True)
class Known:
    """Addresses that exist in a loaded installation, and who may come in."""

    recommendation: str
    code: str
    body: str
    coordinator: str
    focal_points: list[tuple[int, str]]
    """Addressees and a cookie of somebody who answers for them."""


def prepare(settings: Settings) -> Known:
    """Make one report public and let people in, on the connected database."""
    app = create_app(settings)

    def cookie(person_id: int) -> str:
        client = app.test_client()
        with client.session_transaction() as session:
            session["_user_id"], session["_fresh"] = sign_in.enter_as(person_id, at=clock.wall()), True
        name = app.config["SESSION_COOKIE_NAME"]
        return f"{name}={client.get_cookie(name).value}"  # type: ignore[union-attr]  # it was set above

    with database.reading() as session:
        coordinator = session.scalars(select(Person).filter_by(email=loading.COORDINATOR)).one()
        report = session.scalars(select(Report).order_by(Report.issued_on.desc()).limit(1)).one()
        first = session.scalars(select(Recommendation).filter_by(report_id=report.id).limit(1)).one()
        some = select(Addressee.id, FocalPoint.person_id).join(FocalPoint, FocalPoint.body_id == Addressee.body_id)
        asked = session.execute(some.order_by(Addressee.id.desc()).limit(80)).all()
        addressed = session.scalars(select(Addressee).filter_by(recommendation_id=first.id).limit(1)).one()
        slug = addressed.body.slug
    now = clock.wall()
    publication.publish_report(report.id, now, by=coordinator, at=now)
    cookies = {person_id: cookie(person_id) for person_id in {one.person_id for one in asked}}
    return Known(
        f"/r/{report.slug}/{first.address}",
        str(first.code),
        f"/b/{slug}",
        cookie(coordinator.id),
        [(one.id, cookies[one.person_id]) for one in asked],
    )


def cost(server: Server, ask: Callable[[int], object], least: int = _LEAST) -> float:
    """CPU milliseconds of one request, over as many as can be told."""
    for turn in range(3):
        ask(turn)
    done, before = 0, server.cpu()
    while done < least or (server.cpu() - before < _LEAST_CPU and done < 20 * least):
        ask(done)
        done += 1
    return (server.cpu() - before) / done * 1000


def measure(server: Server, known: Known, hello: float, tell: Tell) -> None:
    """Every page that has a bar."""

    def in_hellos(id_: str, what: str, bar: str, ask: Callable[[int], object]) -> float:
        spent = cost(server, ask)
        tell(id_, what, spent / hello, "hellos", bar)
        return spent

    anybody, coordinator = Browser(server), Browser(server, known.coordinator)
    for path, name in (("/", "the home"), (known.recommendation, "a recommendation"), (known.body, "a body")):
        in_hellos("B01", f"public, from kept bytes: {name}", "≤ 3", partial(_read, anybody, path))
        etag = anybody.get(path)[0].headers["ETag"]
        in_hellos("B01", f"public, nothing new (304): {name}", "≤ 3", partial(_again, anybody, path, etag))
    in_hellos("B02", "the dashboard, nothing changed", "≤ 6", partial(_read, coordinator, "/dashboard"))
    today = cost(server, partial(_anew, coordinator, "/dashboard?"))
    tell("B02", "the dashboard, first view after a change", today, "ms", "≤ 80")
    day = (clock.wall() - timedelta(days=300)).date()
    past = cost(server, partial(_anew, coordinator, f"/dashboard?as_of={day}&"))
    tell("B02", "the dashboard of an earlier day, in dashboards", past / today, "times", "≤ 1.5")
    first = in_hellos("B03", "a list of 25", "≤ 15", partial(_anew, coordinator, "/recommendations?"))
    following = _next(coordinator.get("/recommendations")[1])
    if following:
        then = cost(server, partial(_anew, coordinator, f"{following}&"))
        tell("B03", "its next page, in first pages", then / first, "times", "≤ 1.5")
    inside = known.recommendation.replace("/r/", "/recommendations/")
    in_hellos("B03", "a recommendation", "≤ 15", partial(_read, coordinator, inside))
    searched = [_timed(partial(anybody.look_up, path)) for path in _searches(known) * 8]
    tell("B04", "a search, p95", _p95(searched) * 1000, "ms", "≤ 60")
    answers(server, known, hello, tell)


def answers(server: Server, known: Known, hello: float, tell: Tell) -> None:
    """Answers are posted one by one, then eight at once."""
    forms = [_form(Browser(server, cookie), addressee_id) for addressee_id, cookie in known.focal_points]
    alone, at_once = forms[: len(forms) // 2], forms[len(forms) // 2 :]
    before, done = server.cpu(), len(alone)
    for send in alone:
        send()
    tell("B05", "posting an answer", (server.cpu() - before) / done * 1000 / hello, "hellos", "≤ 20")
    with ThreadPoolExecutor(8) as people:
        took = list(people.map(_timed, at_once))
    tell("B05", "p95 of posting with eight at once, in medians", _p95(took) / statistics.median(took), "times", "≤ 5")


def _form(browser: Browser, addressee_id: int) -> Callable[[], object]:
    """Fetches a form; sends it when called."""
    path = f"/answers/{addressee_id}"
    tree = LexborHTMLParser(browser.get(path)[1])
    hidden = tree.css("main form[method=post] input[type=hidden]")
    fields = {str(one.attributes["name"]): str(one.attributes.get("value") or "") for one in hidden}
    fields |= {"response": "accepted", "reported": "in_progress", "done": "Une note de service est en préparation."}
    return lambda: browser.post(path, fields)


def eight_at_once(server: Server, known: Known) -> float:
    """Pages a second with eight people at once."""
    browsers = [Browser(server, known.coordinator) for _person in range(8)]

    def read(browser: Browser) -> None:
        for path in ("/dashboard", "/recommendations") * 6:
            browser.get(path)

    return 8 * 12 / _timed(lambda: _all_at_once(read, browsers))


def one_at_a_time(server: Server, known: Known) -> float:
    """Pages a second for one."""
    browser = Browser(server, known.coordinator)
    pages = ("/dashboard", "/recommendations") * 12
    return len(pages) / _timed(lambda: [browser.get(path) for path in pages])


def _all_at_once(act: Callable[[Browser], None], browsers: Sequence[Browser]) -> None:
    with ThreadPoolExecutor(len(browsers)) as people:
        list(people.map(act, browsers))


def _searches(known: Known) -> list[str]:
    """The mix: codes and names, two words, one common word, six to three to one."""
    asked = [known.code, "service 3", "service 7", known.code, "service 11", "service 12"]
    asked += ["police victimes", "accueil victimes", "former magistrats", "les"]
    return [f"/find?{urlencode({'q': words})}" for words in asked]


def _read(browser: Browser, path: str, _turn: int) -> None:
    browser.get(path)


def _anew(browser: Browser, path: str, turn: int) -> None:
    """A page that nobody asked for before: what is kept is kept under its address."""
    browser.get(f"{path}turn={turn}-{time.monotonic_ns()}")


def _again(browser: Browser, path: str, etag: str, _turn: int) -> None:
    browser.get(path, **{"If-None-Match": etag})


def _next(page: bytes) -> str | None:
    found = re.search(rb'href="(/recommendations\?[^"]*after=\d+[^"]*)"', page)
    return found[1].decode().replace("&amp;", "&") if found else None


def _timed(act: Callable[[], object]) -> float:
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun


def _p95(seconds: Sequence[float]) -> float:
    return statistics.quantiles(seconds, n=20)[-1]
