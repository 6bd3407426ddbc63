"""The list of recommendations and the page of one: who sees what, and how it reads."""

from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlencode

import pytest
from flask import Flask, render_template
from selectolax.lexbor import LexborHTMLParser

from tests.making import Office
from tests.web.checking import CheckingClient, Enter
from tracker import clock, database
from tracker.domain.vocabulary import EntryKind
from tracker.queries import addressees, entries
from tracker.queries.filters import FLAGS
from tracker.resources import resource
from tracker.web import recommendations
from tracker.web.timelines import Happened, Timeline


@pytest.fixture
def coordinator(followed: Office, enter: Enter) -> CheckingClient:
    """The coordinator's browser."""
    return enter("coordination@myria.test")


def words(page: LexborHTMLParser, selector: str = "main") -> str:
    """What a reader sees of a part of a page."""
    return " ".join(" ".join(node.text(separator=" ") for node in page.css(selector)).split())


def codes(page: LexborHTMLParser) -> list[str]:
    """The codes of a list."""
    return [node.text(strip=True) for node in page.css(".r-recos a.r-code")]


def test_the_list_says_how_many_fit_in_words_of_the_filter(coordinator: CheckingClient) -> None:
    wanted = {"flag": "disputed", "body": "parquet-federal", "reported": "fully", "as_of": "2026-11-01"}
    page = coordinator.page(f"/recommendations?{urlencode(wanted)}")
    told = words(page, "#total")
    assert told.startswith("1 addressee : Federal Prosecutor")
    assert "reported: Fully implemented, Voices differ, as of 1 November 2026." in told
    assert codes(page) == ["2018/40"]
    assert page.css_first("#filter-flag option[selected]").text() == "Voices differ"


def test_twenty_five_stand_on_a_page_and_the_rest_on_the_next(coordinator: CheckingClient) -> None:
    first = coordinator.page("/recommendations?response=awaited")
    second = coordinator.page(first.css_first("a[rel=next]").attributes["href"] or "")
    assert (len(codes(first)), len(codes(second))) == (25, 20)
    assert second.css_first("a[rel=next]") is None
    assert codes(coordinator.page(second.css_first("a[rel=prev]").attributes["href"] or "")) == codes(first)


def test_nothing_that_fits_offers_to_show_all(coordinator: CheckingClient) -> None:
    page = coordinator.page("/recommendations?flag=disputed&response=not_competent")
    assert "Nothing fits." in words(page)
    assert page.css_first(".r-empty a").attributes["href"] == "/recommendations"


@pytest.mark.parametrize("query", ["response=x&reported=x&assessed=x&flag=x&after=x", "section=x"])
def test_nonsense_in_the_address_breaks_nothing(coordinator: CheckingClient, query: str) -> None:
    coordinator.page(f"/recommendations?{query}")


def test_what_no_database_holds_is_refused(coordinator: CheckingClient) -> None:
    assert coordinator.get("/recommendations?body=%00").status_code == 400
    assert coordinator.get(f"/recommendations?after={10**30}").status_code == 404
    assert coordinator.get(f"/imports/{10**30}").status_code == 404


def test_every_flag_has_its_words() -> None:
    assert set(recommendations.FLAGS) == set(FLAGS)


def test_a_row_leads_to_its_addressee_with_the_timeline_open(coordinator: CheckingClient) -> None:
    link = coordinator.page("/recommendations?body=parquet-federal").css_first(".r-recos a.r-code")
    page = coordinator.page(link.attributes["href"] or "")
    opened = [node.css_first(".r-addr__name").text() for node in page.css("details[open]")]
    assert opened == ["Federal Prosecutor's Office"]


def test_the_page_says_how_many_implementers_have_done_it(coordinator: CheckingClient) -> None:
    page = coordinator.page("/recommendations/myria-2023/2023-1")
    assert "Myria finds it implemented by 0 of 2 implementers." in words(page)
    assert [node.text() for node in page.css("h2")] == ["Two implementers", "Three relays"]
    assert "Issued on 18 October 2023, three years ago" in words(page, ".r-facts")
    assert "1 of 1 implementer." in words(coordinator.page("/recommendations/myria-2018/2018-36"))


def test_a_timeline_stands_newest_first_with_both_voices(coordinator: CheckingClient) -> None:
    page = coordinator.page("/recommendations/myria-2018/2018-40?" + _open(coordinator, "parquet-federal"))
    sides = [(node.attributes["class"] or "").split("--")[-1] for node in page.css("details[open] .r-entry")]
    assert sides == ["issuer", "body", "fact", "fact"]
    told = words(page, "details[open] .r-line")
    assert "Five of twelve files have none." in told
    assert "4 May · reply asked for, due on 16 Nov 2026" in told
    assert "issued in Annual report 2018" in told


def _open(client: CheckingClient, body: str) -> str:
    link = client.page(f"/recommendations?body={body}").css_first(".r-recos a.r-code")
    return (link.attributes["href"] or "").split("?")[1].split("#")[0]


def test_an_answer_on_paper_says_how_it_came_and_who_wrote_it_down(coordinator: CheckingClient) -> None:
    told = words(coordinator.page("/recommendations/myria-2023/2023-6"), ".r-line")
    assert "By letter, received on 16 November 2026, recorded by Coordination Secretariat of the committee" in told
    assert "Not reviewed yet" in told
    assert "16 Nov · The body reports Not accepted Not started A bill is pending." in told


def test_links_in_answers_lend_nothing_to_where_they_lead(coordinator: CheckingClient) -> None:
    link = coordinator.page("/recommendations/myria-2018/2018-36").css_first(".r-links a")
    assert (link.attributes["href"], link.attributes["rel"]) == ("https://example.org/teams", "noopener nofollow")


def test_a_coordinator_may_act_and_a_reader_may_not(coordinator: CheckingClient, enter: Enter) -> None:
    acts = [node.text() for node in coordinator.page("/recommendations/myria-2018/2018-35").css(".r-addr__act a")]
    assert "Review this answer" in acts
    assert "Record an answer on paper" in acts
    reader = enter("reader@myria.test").page("/recommendations/myria-2018/2018-35")
    assert not reader.css(".r-addr__act")
    assert "To review" in words(reader)


def test_a_focal_point_sees_the_wording_and_its_own_body_alone(followed: Office, enter: Enter) -> None:
    page = enter("police@bodies.test").page("/recommendations/myria-2018/2018-35")
    assert [node.text() for node in page.css(".r-addr__name")] == ["Police"]
    assert page.css_first("h1").text()
    assert "Expertise network" not in words(page)
    assert not page.css(".r-nav")


def test_others_are_told_that_there_is_no_such_recommendation(followed: Office, enter: Enter) -> None:
    stranger = enter("parquet@bodies.test")
    for address in ("2018-35", "none"):
        assert "There is no such recommendation." in words(stranger.page(f"/recommendations/myria-2018/{address}", 404))
    assert enter().get("/recommendations/myria-2018/2018-35").location == "/sign-in"
    assert stranger.get("/recommendations").status_code == 403


@pytest.mark.parametrize("kind", list(EntryKind))
def test_every_kind_of_entry_has_its_partial(app: Flask, followed: Office, kind: EntryKind) -> None:
    assert Path(resource("templates"), "timeline", f"{kind.value}.html").is_file()
    facts = {
        "due_on": "2026-12-01",
        "body": "police",
        "response": "accepted",
        "assessed": "fully",
        "ground": "article 17",
    }
    with app.test_request_context(), database.reading():
        row = addressees.page(addressees.Filters(clock.today(), issuer_ids=frozenset({followed.issuer.id}))).rows[0]
        entry = entries.timeline(row.addressee.id)[0]
        entry.__dict__["facts"] = facts
        entry.__dict__["words"] = {"reason": "Because <b>."}
        object.__setattr__(entry, "entry", _Of(entry.entry, kind))
        line = Happened(entry.counts_on, entry.recorded_at, told=entry)
        shown = render_template("timeline/lines.html", told=Timeline([line], {"police": "Police"}), row=row)
    assert shown.count("<li") == 2
    assert "<b>." not in shown


class _Of:
    """An entry that says to be of another kind."""

    def __init__(self, entry: object, kind: EntryKind) -> None:
        self._entry, self.kind = entry, kind

    def __getattr__(self, name: str) -> object:
        return getattr(self._entry, name)


def test_a_recommendation_of_many_costs_the_statements_of_one(
    coordinator: CheckingClient, statements: Callable[[], int]
) -> None:
    def cost(url: str) -> int:
        coordinator.page(url)
        before = statements()
        coordinator.page(url)
        return statements() - before

    of_one, of_four = cost("/recommendations/myria-2018/2018-40"), cost("/recommendations/myria-2023/2023-3")

    assert of_four <= of_one + 2
