"""What everybody may see: nothing before a decision, nothing that was not published, the same bytes for all."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from tests.followed import TODAY, find
from tests.making import Office
from tests.web.checking import CheckingClient, Enter, visible
from tracker import clock, database
from tracker.domain.vocabulary import BodyType, EntryKind, Implementation
from tracker.models import Body, BodyName, Recommendation, RecommendationText, Report
from tracker.queries import figures
from tracker.queries import publication as published
from tracker.queries.figures import By
from tracker.queries.filters import Filters
from tracker.services import ends, publication, review
from tracker.settings import Settings
from tracker.web.app import create_app

SEIZED = "/r/myria-2018/2018-40"
"""Answered by the federal prosecutor, then assessed."""
PAGES = (
    "/", "/r/myria-2018", "/r/myria-2023", SEIZED, f"{SEIZED}.json", "/r/myria-2018/2018-35",
    "/r/myria-2018/2018-35.json", "/r/myria-2018/2018-36", "/r/myria-2023/2023-6", "/r/myria-2023/2023-6.json",
    "/b/police", "/b/parquet-federal", "/b/parlements", "/find?q=2018", "/find?q=police",
    "/changes.atom", "/accessibility", "/privacy",
)  # fmt: skip


def report_id(slug: str) -> int:
    with database.reading() as session:
        return session.scalars(select(Report.id).filter_by(slug=slug)).one()


def publish(office: Office, *slugs: str, at: datetime = TODAY, public_from: datetime | None = None) -> None:
    for slug in slugs or ("myria-2018", "myria-2023"):
        publication.publish_report(report_id(slug), public_from or at, by=office.coordinator, at=at)


def publish_all(office: Office, at: datetime = TODAY) -> None:
    for slug in ("myria-2018", "myria-2023"):
        publication.publish_reviewed(report_id(slug), up_to=10**6, by=office.coordinator, at=at)


@pytest.fixture
def visitor(app: Flask) -> CheckingClient:
    client = app.test_client()
    assert isinstance(client, CheckingClient)
    return client


@pytest.fixture
def moving() -> Iterator[list[datetime]]:
    """The present moment: the last of the list."""
    moments = [TODAY]
    clock.use(lambda: moments[-1])
    yield moments
    clock.use(clock.wall)


def words(client: CheckingClient, path: str) -> str:
    return visible(client.get(path, headers={"Accept-Language": "en"}))


def test_without_a_decision_the_home_is_honestly_empty_and_nothing_is_there(
    visitor: CheckingClient, followed: Office
) -> None:
    told = words(visitor, "/")

    assert "Nothing has been published here yet." in told
    assert "Sign in" in told
    for path in PAGES[1:12]:
        answered = visitor.get(path, headers={"Accept-Language": "en"})
        assert answered.status_code == 404
        assert "2018" not in visible(answered)
    assert "2018/40" not in words(visitor, "/find?q=2018")


def test_what_is_not_there_and_what_is_not_public_answer_the_same(visitor: CheckingClient, followed: Office) -> None:
    publish(followed, "myria-2023")

    hidden, absent = (visitor.get(path) for path in (SEIZED, "/r/myria-2018/9999-1"))

    assert (hidden.status_code, visible(hidden)) == (absent.status_code, visible(absent))


def test_a_report_alone_shows_what_was_asked_and_nothing_that_was_said(
    visitor: CheckingClient, followed: Office
) -> None:
    publish(followed)

    told = words(visitor, SEIZED)

    assert "Federal Prosecutor" in told
    assert "inquiry into assets" not in told
    assert "Five of twelve" not in told
    assert "It has replied; its reply is not public." in told
    under_review = words(visitor, "/r/myria-2018/2018-35")
    assert "A reply is under review." in under_review
    assert "Not public" in told  # it may have reported something
    assert "Not public" in under_review


def test_what_was_reviewed_shows_once_it_is_published(visitor: CheckingClient, followed: Office) -> None:
    publish(followed)
    publish_all(followed)

    told = words(visitor, SEIZED)

    assert "Each file now has an inquiry into assets." in told
    assert "Five of twelve files have none." in told
    assert "Gap" in told
    data = visitor.get(f"{SEIZED}.json").get_json()
    prosecutor = next(one for one in data["addressees"] if one["body"]["slug"] == "parquet-federal")
    assert (prosecutor["reported"], prosecutor["assessed"], prosecutor["disputed"]) == ("fully", "partially", True)
    assert [line["kind"] for line in prosecutor["timeline"]] == ["assessed", "answered", "asked", "issued"]
    assert data["url"].endswith(SEIZED)


def test_nothing_unpublished_is_on_any_page(visitor: CheckingClient, followed: Office, moving: list[datetime]) -> None:
    canary = "canary-7f3a"
    police = followed.addressee("2018/36", "police")
    followed.answer(
        police, followed.police, at=TODAY, reported=Implementation.NOT_STARTED, done=f"{canary} unreviewed",
        links=(f"https://example.org/{canary}",),
    )  # fmt: skip
    prosecutor = followed.addressee("2018/40", "parquet-federal")
    review.assess(
        prosecutor.id, Implementation.NOT_VERIFIABLE, f"{canary} reason",
        seen=followed.seen(prosecutor), by=followed.coordinator, at=TODAY + timedelta(hours=1),
    )  # fmt: skip
    minors = followed.addressee("2018/35", "police")
    due_on = TODAY.date() + timedelta(days=9)
    review.return_(
        minors.id, f"{canary} question", due_on, seen=followed.seen(minors), by=followed.coordinator, at=TODAY
    )
    parliament = followed.addressee("2023/6", "parlements")
    review.file(parliament.id, seen=followed.seen(parliament), by=followed.coordinator, at=TODAY, is_public=True)
    with database.reading() as session:
        withdrawn = session.scalars(select(Recommendation.id).filter_by(code="2023/8")).one()
    ends.withdraw(withdrawn, f"{canary} internal", by=followed.coordinator, at=TODAY)
    publish(followed)
    finding = _found(followed, "2018/36", "police")
    publication.publish(police.id, finding, by=followed.coordinator, at=TODAY)
    moving.append(TODAY + timedelta(hours=2))
    persons = ("Focal point", "Secretariat of the committee", "bodies.test", "myria.test")

    for path in (*PAGES, "/r/myria-2023/2023-8", "/r/myria-2023/2023-8.json"):
        for code in ("en", "fr"):
            page = visitor.get(f"{path}{'&' if '?' in path else '?'}lang={code}")
            assert page.status_code in (200, 302), path
            assert canary not in page.text
            assert not [name for name in persons if name in page.text], path
    assert "A bill is pending." in visitor.get("/r/myria-2023/2023-6?lang=en").text
    assert "Both teams were visited." in visitor.get("/r/myria-2018/2018-36?lang=en").text
    assert "Withdrawn on" in visitor.get("/r/myria-2023/2023-8?lang=en").text


def _found(office: Office, code: str, body: str) -> int:
    with database.reading():
        told = published.spoken(office.addressee(code, body).id)
    return next(one.seq for one, _how in told if one.kind is EntryKind.ASSESSED)


def test_an_embargo_ends_by_itself_to_the_second(
    visitor: CheckingClient, followed: Office, moving: list[datetime]
) -> None:
    moment = TODAY + timedelta(days=2, hours=3)
    publish(followed, public_from=moment)

    for at, is_public in ((TODAY, False), (moment - timedelta(seconds=1), False), (moment, True)):
        moving.append(at)
        assert visitor.get("/r/myria-2023").status_code == (200 if is_public else 404)
        assert ("Nothing has been published" in words(visitor, "/")) is not is_public
    moving.append(moment + timedelta(days=1))
    assert visitor.get("/r/myria-2023").status_code == 200


def test_what_is_taken_back_is_gone_at_once_from_kept_pages_too(
    visitor: CheckingClient, followed: Office, moving: list[datetime]
) -> None:
    publish(followed)
    assert visitor.get("/r/myria-2023").status_code == 200
    tag = visitor.get("/").headers["ETag"]

    moving.append(TODAY + timedelta(minutes=1))
    for slug in ("myria-2018", "myria-2023"):
        publication.take_back_report(report_id(slug), by=followed.coordinator, at=moving[-1])

    assert visitor.get("/r/myria-2023").status_code == 404
    assert visitor.get("/", headers={"If-None-Match": tag}).status_code == 200


def test_a_repeated_visit_is_answered_without_the_page(visitor: CheckingClient, followed: Office) -> None:
    publish(followed)
    first = visitor.get("/", headers={"Accept-Language": "nl"})
    again = visitor.get("/", headers={"Accept-Language": "nl", "If-None-Match": first.headers["ETag"]})

    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    assert first.headers["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert first.headers["Vary"] == "Accept-Language"
    assert "Vary" not in visitor.get("/?lang=nl").headers
    assert "Vary" not in visitor.get(f"{SEIZED}.json").headers


def test_everybody_gets_the_same_bytes_and_nobody_a_cookie(
    visitor: CheckingClient, enter: Enter, followed: Office
) -> None:
    publish(followed)
    coordinator = enter("coordination@myria.test")
    coordinator.page("/dashboard")
    for path in PAGES:
        seen = {client.get(path, headers={"Accept-Language": "en"}).data for client in (visitor, coordinator, visitor)}
        assert len(seen) == 1, path
        for client in (visitor, coordinator):
            answered = client.get(path)
            assert "Set-Cookie" not in answered.headers
            assert "csrf_token" not in answered.text
    assert coordinator.page("/").css_first('a[href="/work"]')
    assert coordinator.get("/work").location == "/dashboard"


@pytest.mark.parametrize("change", ["answer", "finding", "name", "title", "type"])
def test_a_kept_page_is_built_anew_when_what_it_tells_changes(
    visitor: CheckingClient, followed: Office, change: str
) -> None:
    publish(followed)
    before = [visitor.get(path, headers={"Accept-Language": "en"}).data for path in ("/", "/r/myria-2018", "/b/police")]

    if change == "answer":
        publish_all(followed)
    elif change == "finding":
        find(followed, "2018/35", "police", Implementation.NOT_STARTED, "None.", ago=0)
        publish_all(followed)
    else:
        with database.transaction() as session:
            if change == "name":
                police = session.scalars(select(Body).filter_by(slug="police")).one()
                police.names.append(BodyName(language="en", name="A new name", is_alias=False))
                for name in police.names[:-1]:
                    if name.language == "en" and not name.is_alias:
                        name.until_on = TODAY.date()
            elif change == "title":
                session.scalars(select(Report).filter_by(slug="myria-2018")).one().title = "Another title"
            else:
                session.execute(update(Body).where(Body.slug == "police").values(type=BodyType.OTHER))

    after = [visitor.get(path, headers={"Accept-Language": "en"}).data for path in ("/", "/r/myria-2018", "/b/police")]
    assert before != after


def test_the_language_is_the_one_in_the_address_or_the_browser_s_and_stays(
    visitor: CheckingClient, followed: Office
) -> None:
    publish(followed)

    assert '<html lang="nl"' in visitor.get("/", headers={"Accept-Language": "nl-BE,nl;q=0.9"}).text
    assert '<html lang="fr"' in visitor.get("/", headers={"Accept-Language": "de"}).text
    page = visitor.page("/?lang=en")
    assert page.css_first('a[href="/r/myria-2018?lang=en"]')
    assert '<html lang="nl"' in visitor.get("/", headers={"Accept-Language": "nl"}).text
    assert page.css_first("link[rel=canonical]").attributes["href"] == "http://127.0.0.1:8000/"


def test_the_rest_of_one_visitor_s_address_never_reaches_another(visitor: CheckingClient, followed: Office) -> None:
    publish(followed)

    first = visitor.get("/?lang=en&from=canary&page=7")

    assert "canary" not in first.text
    assert first.data == visitor.get("/?lang=en").data


def test_a_text_that_does_not_exist_in_the_reader_s_language_says_in_which_it_does(
    visitor: CheckingClient, followed: Office
) -> None:
    publish(followed)
    assert "This text exists in French only." in words(visitor, SEIZED)
    assert "Deze tekst bestaat enkel in het Frans." in visible(visitor.get(f"{SEIZED}?lang=nl"))
    assert "n’existe" not in visible(visitor.get(f"{SEIZED}?lang=fr"))

    with database.transaction() as session:
        of = session.scalars(select(Recommendation).filter_by(code="2018/40")).one()
        session.add(RecommendationText(recommendation_id=of.id, language="nl", text="Het geld volgen."))

    told = visitor.page(f"{SEIZED}?lang=nl")
    assert told.css_first("h1").text() == "Het geld volgen."
    assert told.css_first("h1").attributes["lang"] == "nl"
    assert "This text exists in French and Dutch only." in words(visitor, SEIZED)


def test_a_page_behind_the_last_is_no_page(visitor: CheckingClient, followed: Office) -> None:
    publish(followed)

    assert visitor.get("/r/myria-2018?page=2").status_code == 404
    assert visitor.get("/b/police?page=99999999999").status_code == 404
    assert visitor.get("/r/myria-2018?page=x").status_code == 200


def test_a_number_leads_to_its_recommendation_and_words_to_a_list(visitor: CheckingClient, followed: Office) -> None:
    publish(followed)

    assert visitor.get("/find?q=2018/40&lang=en").location == f"{SEIZED}?lang=en"
    assert visitor.get("/find?q= 2018-40 ").location == SEIZED
    listed = visitor.page("/find?q=passeurs&lang=en")
    assert [node.text() for node in listed.css(".r-list .r-code")]
    assert "/b/police" in visitor.get("/find?q=polic").text
    assert "Nothing fits" in words(visitor, "/find?q=%25%25")
    assert words(visitor, "/find?q=")


def test_public_figures_agree_with_the_pages(visitor: CheckingClient, followed: Office) -> None:
    publish(followed, "myria-2018")
    publish_all(followed)
    with database.reading():
        issuers = frozenset({followed.issuer.id})
        _rows, whole = figures.figures(By.BODY, Filters(TODAY.date(), issuer_ids=issuers), public=True)
        rows, _whole = figures.figures(By.REPORT, Filters(TODAY.date(), issuer_ids=issuers), public=True)

    reported = whole.reported["fully"] + whole.reported["continuing"]
    found = whole.assessed["fully"] + whole.assessed["continuing"]
    assert [row.key for row in rows] == ["myria-2018"]
    assert (reported, found) == (2, 1)
    told = words(visitor, "/")
    assert f"Of {whole.implementers} requests, bodies report 2 as implemented; Myria finds 1." in told


def test_figures_of_an_earlier_day_count_what_was_public_then(followed: Office) -> None:
    publish(followed, at=TODAY - timedelta(days=10))
    publish_all(followed, at=TODAY - timedelta(days=3))

    def public(days_ago: int) -> tuple[int, int]:
        day = (TODAY - timedelta(days=days_ago)).date()
        with database.reading():
            filters = Filters(day, issuer_ids=frozenset({followed.issuer.id}))
            _rows, whole = figures.figures(By.BODY, filters, public=True)
        return whole.addressees, whole.reported["fully"]

    assert public(11) == (0, 0)
    assert public(10)[0] == 49
    assert public(4)[1] == 0
    assert public(3)[1] == 1


@pytest.mark.parametrize("contact", ["", "contact@myria.test"])
def test_the_statements_name_whom_to_write_to(settings: Settings, office: Office, contact: str) -> None:
    app = create_app(settings.model_copy(update={"contact_email": contact}))
    app.test_client_class = CheckingClient

    for path in ("/accessibility", "/privacy"):
        for code in ("fr", "nl", "en"):
            told = app.test_client().get(f"{path}?lang={code}").text
            assert (f"mailto:{contact}" if contact else "Myria,") in told


def test_a_letter_is_told_as_one_and_not_who_signed(visitor: CheckingClient, followed: Office) -> None:
    parliament = followed.addressee("2023/6", "parlements")
    publish(followed)
    review.file(parliament.id, seen=followed.seen(parliament), by=followed.coordinator, at=TODAY, is_public=True)

    told = words(visitor, "/r/myria-2023/2023-6")

    assert "By letter" in told
    assert "Not accepted" in told
    assert "Secretariat" not in told


def test_an_installation_without_an_issuer_has_a_home(visitor: CheckingClient, database_url: str) -> None:
    assert "Nothing has been published here yet." in words(visitor, "/")
