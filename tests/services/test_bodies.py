"""The register of bodies: names with their days, aliases, members, and what an import makes of them."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from tests.making import Office
from tracker import clock, database
from tracker.domain.vocabulary import BodyType, Role
from tracker.errors import NotAllowed, NotFound, Refusal
from tracker.intake import rematch
from tracker.models import Body, BodyName
from tracker.queries import bodies as of_bodies
from tracker.queries import figures, imports
from tracker.queries.figures import By
from tracker.queries.filters import Filters
from tracker.services import bodies, body_names
from tracker.services.bodies import Facts
from tracker.services.body_names import Name

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
DAY = date(2026, 2, 1)
PLAIN = Facts(BodyType.POLICE, Role.IMPLEMENTER)


@pytest.fixture(autouse=True)
def on_a_day(database_url: str) -> None:
    clock.use(lambda: NOW)


def body(slug: str) -> Body:
    with database.reading():
        return of_bodies.body(slug)


def matched(written: str) -> tuple[str | None, str]:
    with database.reading():
        found = rematch(written, imports.register())
    return found.body, found.match


def named(slug: str, language: str) -> BodyName:
    return next(one for one in body(slug).names if one.language == language and not one.is_alias)


def rename(office: Office, name: str = "Police intégrée", from_on: date | None = DAY, language: str = "fr") -> BodyName:
    return body_names.rename("police", language, Name(name), from_on, by=office.coordinator, at=NOW)


def alias(office: Office, name: str, slug: str = "police", **days: date | None) -> BodyName:
    days = {"from_on": None, "until_on": None, **days}
    return body_names.add_alias(slug, "fr", name, **days, by=office.coordinator, at=NOW)


def test_only_who_keeps_the_register_changes_it(office: Office) -> None:
    for by in (office.reader, office.police):
        for act in (
            lambda by: bodies.add(PLAIN, {"fr": Name("Service")}, by=by, at=NOW),
            lambda by: bodies.change("police", PLAIN, by=by, at=NOW),
            lambda by: bodies.add_member("police", "sirs", None, by=by, at=NOW),
            lambda by: body_names.rename("police", "fr", Name("Autre"), DAY, by=by, at=NOW),
            lambda by: body_names.add_alias("police", "fr", "Autre", None, None, by=by, at=NOW),
        ):
            with pytest.raises(NotAllowed, match="Only coordinators and administrators"):
                act(by)


def test_a_new_body_takes_its_slug_from_its_name_and_is_matched(office: Office) -> None:
    names = {"fr": Name("Service des armes", "https://example.org/armes"), "nl": Name("Wapendienst")}

    added = bodies.add(Facts(BodyType.JUSTICE, Role.RELAY, "police"), names, by=office.coordinator, at=NOW)

    assert added.slug == "service-des-armes"
    assert {one.language: one.status for one in body(added.slug).names} == {"fr": "official", "nl": "translated"}
    assert matched("le service des ARMES") == ("service-des-armes", "exact")


@pytest.mark.parametrize(
    ("slug", "names", "told"),
    [
        ("police", {"fr": Name("Autre police")}, "Another body has the short name"),
        ("new", {"fr": Name("Autre police")}, "Another body has the short name"),
        ("Ä b", {"fr": Name("Autre police")}, "small letters"),
        ("", {}, "a name in one language"),
        ("", {"fr": Name("La police")}, "is a name of Police already"),
        ("", {"fr": Name("x" * 301)}, "within 300 characters"),
    ],
)
def test_a_body_that_does_not_fit_is_refused(office: Office, slug: str, names: dict[str, Name], told: str) -> None:
    with pytest.raises(Refusal, match=told):
        bodies.add(PLAIN, names, slug, by=office.coordinator, at=NOW)


def test_a_body_cannot_stand_below_itself(office: Office) -> None:
    bodies.change("police", Facts(BodyType.POLICE, Role.RELAY, "sirs"), by=office.coordinator, at=NOW)

    with pytest.raises(Refusal, match="below itself"):
        bodies.change("sirs", Facts(BodyType.INSPECTORATE, Role.IMPLEMENTER, "police"), by=office.coordinator, at=NOW)
    assert body("police").role is Role.RELAY


def test_a_rename_keeps_the_old_name_until_the_day_before(office: Office) -> None:
    rename(office, "Geïntegreerde politie", language="nl")

    now = body("police")
    assert now.name("nl") == now.name("nl", DAY) == "Geïntegreerde politie"
    assert now.name("nl", date(2026, 1, 31)) == "Politie"
    assert matched("Geïntegreerde politie") == ("police", "exact")
    assert matched("de politie") == ("police", "alias")


def test_figures_of_an_earlier_day_show_the_name_of_that_day(followed: Office) -> None:
    clock.use(lambda: datetime(2026, 11, 23, 9, 0, tzinfo=UTC))
    rename(followed, "Integrated police", date(2026, 11, 1), "en")

    def shown(day: date) -> set[str]:
        with database.reading():
            rows, _whole = figures.figures(By.BODY, Filters(day, issuer_ids=frozenset({followed.issuer.id})))
        return {row.name for row in rows if row.key == "police"}

    assert shown(date(2026, 10, 31)) == {"Police"}
    assert shown(date(2026, 11, 1)) == {"Integrated police"}


def test_a_name_from_a_later_day_does_not_hold_yet(office: Office) -> None:
    before = body("police").name("fr")
    rename(office, from_on=date(2026, 6, 1))

    assert body("police").name("fr") == before
    assert matched(before) == ("police", "exact")
    assert matched("Police intégrée")[1] != "exact"


@pytest.mark.parametrize(
    ("name", "from_on", "told"),
    [
        ("Police intégrée", None, "from which day"),
        ("", DAY, "Write the name"),
        ("Sirs", DAY, "is a name of"),
    ],
)
def test_a_rename_that_does_not_fit_is_refused(office: Office, name: str, from_on: date | None, told: str) -> None:
    before = body("police").name("fr")
    if name == "Sirs":
        name = body("sirs").name("fr")
    with pytest.raises(Refusal, match=told):
        rename(office, name, from_on)

    assert body("police").name("fr") == before


def test_a_second_rename_is_later_than_the_first(office: Office) -> None:
    rename(office)
    with pytest.raises(Refusal, match="from 1 February 2026 on"):
        rename(office, "Encore", DAY)

    rename(office, "Police", date(2026, 3, 1))  # an earlier name may come again
    assert body("police").name("fr") == "Police"


def test_a_name_is_corrected_without_a_trace_in_its_days(office: Office) -> None:
    row = named("police", "nl")
    body_names.correct(
        "police", row.id, Name("Politiedienst", "Belgisch Staatsblad"), None, None, by=office.coordinator, at=NOW
    )

    assert body("police").name("nl") == "Politiedienst"
    assert named("police", "nl").status == "official"


def test_names_of_one_language_do_not_overlap(office: Office) -> None:
    rename(office)
    old = named("police", "fr")
    with pytest.raises(Refusal, match="must not overlap"):
        body_names.correct("police", old.id, Name(old.name), None, date(2026, 2, 2), by=office.coordinator, at=NOW)
    with pytest.raises(Refusal, match="after the beginning"):
        body_names.correct("police", old.id, Name(old.name), DAY, DAY, by=office.coordinator, at=NOW)

    assert named("police", "fr").until_on == DAY


def test_an_alias_is_matched_while_it_holds(office: Office) -> None:
    alias(office, "La grande maison")
    alias(office, "Ancienne maison", until_on=DAY)
    alias(office, "Maison à venir", from_on=date(2026, 4, 1))

    assert matched("grande maison.") == ("police", "alias")
    assert matched("Ancienne maison") == (None, "none")
    assert matched("Maison à venir") == (None, "none")


def test_an_alias_of_another_body_is_refused_while_that_holds(office: Office) -> None:
    alias(office, "La grande maison", until_on=DAY)
    with pytest.raises(Refusal, match="is a name of Police already"):
        alias(office, "grande maison", "sirs")
    with pytest.raises(Refusal, match="has this name already"):
        alias(office, "GRANDE MAISON")

    alias(office, "grande maison", "sirs", from_on=DAY)
    assert matched("La grande maison") == ("sirs", "alias")


def test_an_alias_can_be_removed_and_a_name_cannot(office: Office) -> None:
    row = alias(office, "La grande maison")
    body_names.remove_alias("police", row.id, by=office.coordinator, at=NOW)

    assert matched("La grande maison") == (None, "none")
    with pytest.raises(NotFound):
        body_names.remove_alias("police", row.id, by=office.coordinator, at=NOW)
    with pytest.raises(Refusal, match="A name is not removed"):
        body_names.remove_alias("police", named("police", "fr").id, by=office.coordinator, at=NOW)


def test_members_belong_from_a_day_to_a_day_and_both_sides_know(office: Office) -> None:
    row = bodies.add_member("bourgmestres", "police", DAY, by=office.coordinator, at=NOW)
    bodies.end_member("bourgmestres", row.id, date(2026, 5, 1), by=office.coordinator, at=NOW)
    bodies.add_member("bourgmestres", "police", date(2026, 5, 1), by=office.coordinator, at=NOW)

    with database.reading():
        members = of_bodies.members(body("bourgmestres").id)
        of = of_bodies.member_of(body("police").id)
    assert [(one.member.slug, one.from_on, one.until_on) for one in members] == [
        ("police", DAY, date(2026, 5, 1)),
        ("police", date(2026, 5, 1), None),
    ]
    assert [one.collective.slug for one in of] == ["bourgmestres", "bourgmestres"]


Act = Callable[[Office], object]
ADDED: dict[str, Act] = {
    "cannot be a member": lambda office: bodies.add_member("police", "police", None, by=office.coordinator, at=NOW),
    "of what belongs to it": lambda office: bodies.add_member(
        "police", "bourgmestres", None, by=office.coordinator, at=NOW
    ),
    "a member in these days already": lambda office: bodies.add_member(
        "bourgmestres", "police", None, DAY, by=office.coordinator, at=NOW
    ),
    "after the beginning": lambda office: bodies.add_member(
        "bourgmestres", "sirs", DAY, DAY, by=office.coordinator, at=NOW
    ),
}


@pytest.mark.parametrize("told", ADDED)
def test_a_member_that_does_not_fit_is_refused(office: Office, told: str) -> None:
    bodies.add_member("bourgmestres", "police", date(2020, 1, 1), by=office.coordinator, at=NOW)

    with pytest.raises(Refusal, match=told):
        ADDED[told](office)
