"""Two people save what they wrote on the same page; one person sends the same form twice."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from urllib.parse import urlencode

import pytest
from selectolax.lexbor import LexborHTMLParser
from sqlalchemy import delete, func, select
from werkzeug.test import TestResponse

from tests.faults.together import at_once
from tests.making import ANNEXES, BEGIN, ISSUED, Office
from tests.measuring import Measure
from tests.web.checking import CheckingClient, Enter, visible
from tracker import clock, database
from tracker.models import Addressee, LimitedAct, Recommendation, Round
from tracker.queries import addressees, entries
from tracker.services import imports, people

POLICE, DESK = "police@bodies.test", "desk@bodies.test"
COORDINATION, SECOND = "coordination@myria.test", "second@myria.test"


@pytest.fixture(autouse=True)
def _on_the_day_of_asking(monkeypatch: pytest.MonkeyPatch, is_full: bool) -> Iterator[None]:
    clock.use(lambda: BEGIN)
    if is_full:  # to look at the markup of each page would take most of the time
        monkeypatch.setattr("tests.web.checking.check", lambda _response: None)
    yield
    clock.use(clock.wall)


@dataclass
class Browser:
    """Somebody's browser with forms open in it, as their fields stand on the page."""

    client: CheckingClient
    opened: dict[str, str] = field(default_factory=dict)

    def open(self, url: str) -> None:
        page = LexborHTMLParser(self.client.get(url).text)
        hidden = page.css("main input[type=hidden]")
        self.opened = {node.attributes["name"] or "": node.attributes["value"] or "" for node in hidden}

    def save(self, url: str, **fields: str) -> TestResponse:
        return self.client.post(url, data={**self.opened, **fields})


def items_of(office: Office) -> list[Addressee]:
    """The addressees that the police can answer about."""
    with database.reading() as session:
        body_id = session.scalar(select(Addressee.body_id).filter_by(id=office.addressee("2023/8", "police").id))
        bodies, today = frozenset({body_id or 0}), clock.today()
        found = [*addressees.expected_of(bodies, today), *addressees.others_of(bodies, today, size=500).rows]
        return [row.addressee for row in found]


@dataclass(frozen=True)
class Meeting:
    """A form in which two people write at once, each a text of their own."""

    who: tuple[str, str]
    page: str
    to: str
    fields: dict[str, str]
    text: str
    """The field that holds it."""
    times: int


MEETINGS = {
    "answer": Meeting(
        (POLICE, DESK), "/answers/{}", "/answers/{}", {"response": "accepted", "reported": "partially"}, "done", 500
    ),
    "finding": Meeting(
        (COORDINATION, SECOND), "/review/{}", "/review/{}/assess", {"assessed": "in_progress"}, "reason", 100
    ),
}


@pytest.mark.proves("D08")
@pytest.mark.parametrize("name", MEETINGS)
def test_whoever_saves_second_sees_both_texts_and_nothing_is_lost(
    office: Office, enter: Enter, is_full: bool, measure: Measure, name: str
) -> None:
    office.ask()
    people.add(DESK, "Desk, police", "nl", answers_for="police", from_on=BEGIN.date())
    people.add(SECOND, "Second", "fr", coordinates="myria", from_on=BEGIN.date())
    meeting = MEETINGS[name]
    pair, items, chance = [Browser(enter(one)) for one in meeting.who], items_of(office), random.Random(8)  # noqa: S311
    times, lost, untold, refused = meeting.times if is_full else 8, 0, 0, 0

    for turn in range(times):
        forget_how_often()
        item = items[turn % len(items)]
        url = meeting.page.format(item.id)
        said = [f"Voice {voice} of turn {turn}." for voice in "AB"]
        saves = [
            partial(pair[who].save, meeting.to.format(item.id), **meeting.fields, **{meeting.text: said[who]})
            for who in (0, 1)
        ]
        answered = INTERLEAVINGS[chance.choice(list(INTERLEAVINGS))](pair, url, saves)
        kept = [one.words.get(meeting.text) for one in entries_of(item)]
        for who, response in enumerate(answered):
            if response.status_code == 302:
                lost += said[who] not in kept
            else:
                refused += 1
                text = visible(response) + response.text
                untold += not (response.status_code == 409 and all(one in text for one in said))

    assert refused > 0, "no two forms ever met"
    measure("D08", f"updates lost by two people in the same form: {name}", lost, f"in {times} interleavings", "= 0")
    measure("D08", f"refusals that do not show both texts: {name}", untold, f"of {refused}", "= 0")


def forget_how_often() -> None:
    """Limits are another question: nobody sends so many forms within an hour."""
    with database.transaction() as session:
        session.execute(delete(LimitedAct))


Saves = list[Callable[[], TestResponse]]


def one_after_the_other(pair: list[Browser], url: str, saves: Saves) -> list[TestResponse]:
    pair[0].open(url)
    first = saves[0]()
    pair[1].open(url)
    return [first, saves[1]()]


def both_open_before_either_saves(pair: list[Browser], url: str, saves: Saves) -> list[TestResponse]:
    for one in pair:
        one.open(url)
    second, first = saves[1](), saves[0]()
    return [first, second]


def both_save_in_the_same_moment(pair: list[Browser], url: str, saves: Saves) -> list[TestResponse]:
    for one in pair:
        one.open(url)
    return at_once(*saves)


INTERLEAVINGS = {
    "one after the other": one_after_the_other,
    "both open": both_open_before_either_saves,
    "in the same moment": both_save_in_the_same_moment,
}


def entries_of(item: Addressee) -> list[entries.Told]:
    with database.reading():
        return entries.timeline(item.id)


@dataclass(frozen=True)
class Form:
    """A form about an addressee that is sent twice."""

    who: str
    page: str
    to: str
    fields: dict[str, str]

    def sent_by(self, browser: Browser, item: Addressee) -> TestResponse:
        return browser.save(self.to.format(item.id), **self.fields)


_ANSWER = {"response": "accepted", "reported": "partially", "done": "Said once."}
_LETTER = {"channel": "letter", "response": "accepted", "received_on": str(BEGIN.date()), "answered_by": "The cabinet"}
FORMS = {
    "an answer": Form(POLICE, "/answers/{}", "/answers/{}", _ANSWER),
    "a letter": Form(COORDINATION, "/record/{}", "/record/{}", _LETTER),
    "a finding": Form(COORDINATION, "/review/{}", "/review/{}/assess", {"assessed": "fully", "reason": "Seen once."}),
    "a question": Form(
        COORDINATION, "/review/{}", "/review/{}/return", {"question": "Asked once?", "due_on": "2024-12-24"}
    ),
    "filing": Form(COORDINATION, "/review/{}", "/review/{}/file", {}),
}


def two_clicks(enter: Enter, who: str) -> tuple[Browser, Browser]:
    """The same browser twice, for two requests in the same moment."""
    return Browser(enter(who)), Browser(enter())


def open_once(clicks: tuple[Browser, Browser], url: str) -> None:
    """Both hold the page that the first opened, and the cookie that came with it."""
    first, second = clicks
    first.open(url)
    second.opened = first.opened
    name = first.client.application.config["SESSION_COOKIE_NAME"]
    cookie = first.client.get_cookie(name)
    assert cookie is not None
    second.client.set_cookie(name, cookie.value)


@pytest.mark.proves("D09")
@pytest.mark.parametrize("name", FORMS)
def test_a_double_click_makes_one_entry_and_both_clicks_are_thanked(
    office: Office, enter: Enter, is_full: bool, measure: Measure, name: str
) -> None:
    form, items = FORMS[name], items_of(office)
    clicks = two_clicks(enter, form.who)
    times, wrong, unkind = 20 if is_full else 2, 0, 0

    for turn in range(times):
        item = items[turn % len(items)]
        office.answer(item, office.police)  # so that there is something to review
        open_once(clicks, form.page.format(item.id))
        before = office.seen(item)
        answered = at_once(*(partial(form.sent_by, click, item) for click in clicks))
        wrong += office.seen(item) != before + 1
        unkind += [one.status_code for one in answered] != [302, 302]

    measure("D09", f"double clicks that did not make one entry: {name}", wrong, f"of {times}", "= 0")
    measure("D09", f"double clicks of which one was refused: {name}", unkind, f"of {times}", "= 0")


@pytest.mark.proves("D09")
def test_another_answer_from_the_same_page_is_a_conflict_that_shows_both(
    office: Office, enter: Enter, measure: Measure
) -> None:
    item, browser = items_of(office)[0], Browser(enter(POLICE))
    browser.open(f"/answers/{item.id}")
    browser.save(f"/answers/{item.id}", **_ANSWER)

    other = browser.save(f"/answers/{item.id}", **{**_ANSWER, "done": "Said otherwise."})

    is_told = other.status_code == 409 and "Said once." in visible(other) and "Said otherwise." in other.text
    measure("D09", "another body in the same form is a conflict that shows both", int(is_told), "", "= 1")


@pytest.mark.proves("D09")
def test_a_round_is_opened_once_and_an_import_accepted_once_by_two_clicks(
    office: Office, enter: Enter, measure: Measure
) -> None:
    clicks, wrong, unkind = two_clicks(enter, COORDINATION), 0, 0
    for slug in ("myria-2018", "myria-2023"):
        chosen = {"title": "Follow-up", "report": slug, f"due-{slug}": "2025-03-03"}
        open_once(clicks, f"/rounds/new/preview?{urlencode(chosen)}")
        answered = at_once(*(partial(click.save, "/rounds/new") for click in clicks))
        unkind += [one.status_code for one in answered] != [302, 302]
    again = imports.read(
        office.issuer.id, (ANNEXES / "myria-2023.txt").read_bytes(), "again.txt", report="again", title="Again",
        issued_on=ISSUED["2023"], by=office.coordinator, at=BEGIN,
    )  # fmt: skip
    open_once(clicks, f"/imports/{again.id}")
    fields = {"slug": "again", "title": "Again", "issued_on": "2023-10-18"}
    answered = at_once(*(partial(click.save, f"/imports/{again.id}/accept", **fields) for click in clicks))
    unkind += [(one.status_code, one.location) for one in answered] != [(302, "/recommendations?report=again")] * 2

    with database.reading() as session:
        rounds = session.scalar(select(func.count(Round.id))) or 0
        added = session.scalar(select(func.count(Recommendation.id)).filter_by(import_id=again.id))
    wrong += (rounds != 2) + (added != len(again.drafts))
    measure("D09", "rounds and imports made twice by a double click", wrong, "of 3", "= 0")
    measure("D09", "double clicks on rounds and imports of which one was refused", unkind, "of 3", "= 0")
