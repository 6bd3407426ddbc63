"""Bodies that end: what moves to whom and from when, what ends as a duplicate, and how it is taken back."""

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.followed import ASKED
from tests.making import BEGIN, Office
from tracker import clock, database
from tracker.domain.vocabulary import BodyType, Implementation, Role
from tracker.errors import ChangedMeanwhile, NotAllowed, NotFound, Refusal
from tracker.intake import rematch
from tracker.models import Addressee, Issuer, Person, Succession
from tracker.queries import addressees, entries, figures, imports, ledger_pages, news, succession_previews
from tracker.queries import bodies as of_bodies
from tracker.queries import successions as of_successions
from tracker.queries.figures import By
from tracker.queries.filters import Filters
from tracker.queries.people import focal_points
from tracker.queries.verify import verify
from tracker.services import bodies, installation, people, reminders, review, successions, takeovers
from tracker.services.bodies import Facts
from tracker.services.body_names import Name
from tracker.settings import Settings

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
TODAY = NOW.date()
DAY = date(2026, 10, 15)
"""When bodies end, unless told otherwise; a few weeks ago."""


@pytest.fixture
def there(followed: Office) -> Office:
    """The office of `followed`, with two bodies that nothing was asked of."""
    for slug in ("north", "south"):
        facts = Facts(BodyType.POLICE, Role.IMPLEMENTER)
        bodies.add(facts, {"fr": Name(f"Corps {slug}")}, slug, by=followed.coordinator, at=NOW)
    people.add("north@bodies.test", "Focal point, north", "fr", answers_for="north", from_on=BEGIN.date())
    return followed


def seen(slug: str, *successors: str, from_on: date = DAY, is_merger: bool = False) -> str:
    with database.reading() as session:
        former, *others = (of_bodies.body(one) for one in (slug, *successors))
        preview = succession_previews.of_succession(session, former, others, from_on, TODAY, is_merger=is_merger)
        return preview.seen


def end(office: Office, slug: str, *successors: str, from_on: date = DAY, by: Person | None = None) -> Succession:
    fingerprint = seen(slug, *successors, from_on=from_on)
    return successions.enter(slug, successors, from_on, seen=fingerprint, by=by or office.coordinator, at=NOW)


def merge(office: Office, slug: str, into: str) -> Succession:
    fingerprint = seen(slug, into, from_on=TODAY, is_merger=True)
    return successions.merge(slug, into, seen=fingerprint, by=office.coordinator, at=NOW)


def counted(office: Office, day: date = TODAY) -> dict[str, int]:
    with database.reading():
        rows, _whole = figures.figures(By.BODY, Filters(day, issuer_ids=frozenset({office.issuer.id})))
        return {row.key: row.addressees for row in rows}


def acting(addressee: Addressee, day: date = TODAY) -> str:
    with database.reading():
        return addressees.row(addressee.id, day).body.slug


def kinds(addressee: Addressee) -> list[str]:
    with database.reading():
        return [one.kind.value for one in entries.timeline(addressee.id)]


def verified() -> bool:
    with database.reading():
        return verify().ok


def test_the_successor_acts_from_the_day_on_for_what_is_open(there: Office) -> None:
    before, earlier = counted(there), counted(there, DAY - timedelta(days=1))
    closed = there.addressee("2018/36", "police")
    with database.reading():
        assert addressees.row(closed.id, TODAY).standing.assessed is Implementation.CONTINUING

    end(there, "police", "north")

    after = counted(there)
    assert after["police"] == 1
    assert after["north"] == before["police"] - 1
    assert counted(there, DAY - timedelta(days=1)) == earlier
    assert "north" not in counted(there, DAY - timedelta(days=1))
    assert acting(closed, TODAY) == "police"
    assert verified()


def test_what_was_open_on_the_day_moves_though_it_was_closed_since(there: Office) -> None:
    closed = there.addressee("2018/36", "police")

    end(there, "police", "north", from_on=date(2026, 9, 1))

    assert (acting(closed, date(2026, 8, 31)), acting(closed, date(2026, 9, 1))) == ("police", "north")


def test_whoever_took_over_is_silent_since_then_at_the_earliest(there: Office) -> None:
    asked = there.addressee("2023/8", "police")
    end(there, "police", "north")

    with database.reading():
        row = addressees.row(asked.id, TODAY)
        filters = Filters(TODAY, issuer_ids=frozenset({there.issuer.id}), body="north")
        silence = news.silences([row.body.id], filters)[row.body.id]
        before = addressees.row(asked.id, DAY - timedelta(days=1))
    assert (row.asked_on, silence.asked_on) == (DAY, DAY)
    assert before.asked_on == ASKED.date()


def test_a_closed_one_that_is_opened_again_follows(there: Office) -> None:
    closed = there.addressee("2018/36", "police")
    end(there, "police", "north")

    review.assess(closed.id, Implementation.PARTIALLY, "", seen=there.seen(closed), by=there.coordinator, at=NOW)
    assert takeovers.take_over_due(NOW) == 1

    assert acting(closed) == "north"
    assert acting(closed, TODAY - timedelta(days=1)) == "police"
    assert verified()


def test_who_answers_for_the_successor_answers_and_who_did_before_does_not(there: Office) -> None:
    asked = there.addressee("2018/35", "police")
    end(there, "police", "north")
    with database.reading() as session:
        north = session.get_one(Person, focal_points(of_bodies.body("north").id, TODAY)[0].person_id)

    with pytest.raises(NotFound):
        there.answer(asked, there.police, at=NOW)
    there.answer(asked, north, at=NOW, reported=Implementation.PARTIALLY, done="Half of them.")

    assert kinds(asked)[:2] == ["answered", "taken_over"]
    assert verified()


def test_reminders_go_to_the_people_of_the_successor_in_its_name(there: Office, settings: Settings) -> None:
    installation.release(at=NOW)
    reminders.plan(NOW, settings)
    end(there, "police", "north", from_on=TODAY + timedelta(days=7))
    takeovers.take_over_due(NOW + timedelta(days=7))

    found = reminders.preview(NOW + timedelta(days=14), settings)["planned"]
    of_north = [one for one in found if one["person"] == "north@bodies.test"]
    assert {one["body"] for one in of_north} == {"north"}
    assert of_north
    assert "police@bodies.test" not in {one["person"] for one in found}
    clock.use(lambda: NOW + timedelta(days=14))
    reminders.plan(NOW + timedelta(days=14), settings)
    with database.reading():
        issuers = frozenset({there.issuer.id})
        rows = ledger_pages.page(ledger_pages.Filters(body="north", issuer_ids=issuers), size=50).rows
        told = {(row.person.email, *row.bodies) for row in rows if row.mail and row.person}
    assert told == {("police@bodies.test", "Police"), ("north@bodies.test", "Corps north")}


def test_a_body_that_ends_later_is_succeeded_by_the_worker_on_the_day(there: Office) -> None:
    day = TODAY + timedelta(days=30)
    end(there, "police", "north", from_on=day)
    assert "north" not in counted(there)
    assert takeovers.take_over_due(NOW + timedelta(days=29)) == 0

    n = takeovers.take_over_due(NOW + timedelta(days=30))

    assert n == counted(there, day)["north"] > 0
    assert takeovers.take_over_due(NOW + timedelta(days=30)) == 0
    assert "north" not in counted(there, day - timedelta(days=1))


def test_where_both_are_asked_the_same_the_one_that_was_heard_stays(there: Office) -> None:
    """Of 2023/3 police and magistrates are both addressees, and neither said anything yet; of 2018/35 police has."""
    police, magistrates = there.addressee("2023/3", "police"), there.addressee("2023/3", "magistrats")

    end(there, "magistrats", "police")

    assert kinds(magistrates)[:2] == ["taken_over", "taken_over"]
    assert "taken_over" not in kinds(police)
    assert acting(magistrates, TODAY - timedelta(days=1)) == "police"
    with pytest.raises(NotFound):
        acting(magistrates)
    with database.reading():
        assert entries.open_reply(magistrates.id) is None
        assert entries.open_reply(police.id) is not None
    assert verified()


def test_of_two_the_one_that_spoke_stays_though_it_is_the_former_bodys(there: Office) -> None:
    police, magistrates = there.addressee("2023/3", "police"), there.addressee("2023/3", "magistrats")
    there.answer(police, there.police, at=NOW, reported=Implementation.IN_PROGRESS)

    end(there, "police", "magistrats")

    assert acting(police) == "magistrats"
    with pytest.raises(NotFound):
        acting(magistrates)
    assert verified()


def test_none_of_two_ends_while_its_answer_waits(there: Office) -> None:
    police, magistrates = there.addressee("2023/3", "police"), there.addressee("2023/3", "magistrats")
    there.answer(police, there.police, at=NOW)
    with database.reading() as session:
        magistrate = session.get_one(Person, focal_points(of_bodies.body("magistrats").id, TODAY)[0].person_id)
    there.answer(magistrates, magistrate, at=NOW)

    end(there, "police", "magistrats")

    assert acting(police) == acting(magistrates) == "magistrats"


def test_a_merger_takes_everything_the_people_and_the_names_from_today(there: Office) -> None:
    before = counted(there)

    merge(there, "police", "north")

    after = counted(there)
    assert after["north"] == before["police"]
    assert "police" not in after
    assert counted(there, TODAY - timedelta(days=1)) == before
    with database.reading():
        assert focal_points(of_bodies.body("police").id, TODAY) == []
        names = {one.person.email for one in focal_points(of_bodies.body("north").id, TODAY)}
        assert names == {"police@bodies.test", "north@bodies.test"}
        assert rematch("services de police", imports.register()).body == "north"
        assert "police" not in imports.body_names()
    assert verified()


def test_what_was_taken_back_never_was_but_stays_on_the_timeline(there: Office) -> None:
    before = counted(there), counted(there, DAY)
    police, magistrates = there.addressee("2023/3", "police"), there.addressee("2023/3", "magistrats")
    end(there, "magistrats", "police")

    moved = successions.take_back("magistrats", by=there.coordinator, at=NOW)

    assert moved >= 1
    assert (counted(there), counted(there, DAY)) == before
    assert kinds(magistrates)[:4] == ["corrected", "corrected", "taken_over", "taken_over"]
    with database.reading():
        assert entries.open_reply(magistrates.id) is not None
    assert acting(police) == "police"
    assert verified()
    end(there, "magistrats", "north")
    assert acting(magistrates) == "north"
    assert verified()


def test_a_merger_that_is_taken_back_gives_the_people_back(there: Office) -> None:
    before = counted(there)
    merge(there, "police", "north")

    later = NOW + timedelta(days=3)
    clock.use(lambda: later)
    successions.take_back("police", by=there.coordinator, at=later)

    assert counted(there) == before
    with database.reading():
        assert [one.person.email for one in focal_points(of_bodies.body("police").id, later.date())] == [
            "police@bodies.test"
        ]
        assert [one.person.email for one in focal_points(of_bodies.body("north").id, later.date())] == [
            "north@bodies.test"
        ]
        assert rematch("services de police", imports.register()).body == "police"
    assert verified()


def test_what_followed_from_a_succession_is_taken_back_with_it(there: Office) -> None:
    before = counted(there)
    end(there, "police", "north", from_on=date(2026, 6, 1))
    end(there, "north", "south")
    assert counted(there)["south"] == before["police"] - 1

    successions.take_back("police", by=there.coordinator, at=NOW)

    assert counted(there) == before
    assert verified()


def test_what_is_left_to_a_body_that_was_split_is_shared_out_by_hand(there: Office) -> None:
    before = counted(there)
    one, other = there.addressee("2018/35", "police"), there.addressee("2023/3", "police")
    end(there, "police", "north", "south")
    assert counted(there) == before
    with database.reading():
        (waiting,) = of_successions.to_assign({there.issuer.id}, TODAY)
    assert waiting.n == before["police"] - 1

    assert successions.assign("police", {one.id: "north", other.id: "south"}, by=there.coordinator, at=NOW) == 2
    assert successions.assign("police", {one.id: "north"}, by=there.coordinator, at=NOW) == 0

    assert (acting(one), acting(other)) == ("north", "south")
    assert acting(one, DAY - timedelta(days=1)) == "police"
    assert successions.assign("police", {one.id: "south"}, by=there.coordinator, at=NOW) == 1
    assert acting(one) == acting(one, DAY) == "south"
    with database.reading():
        assert of_successions.to_assign({there.issuer.id}, TODAY)[0].n == waiting.n - 2
    assert verified()


def test_an_annex_that_names_a_body_of_before_is_for_its_successor_at_once(office: Office) -> None:
    clock.use(lambda: NOW)
    bodies.add(
        Facts(BodyType.POLICE, Role.IMPLEMENTER), {"fr": Name("Corps north")}, "north", by=office.coordinator, at=NOW
    )
    end(office, "police", "north", from_on=date(2020, 1, 1))

    assert acting(office.addressee("2018/35", "police")) == "north"
    assert acting(office.addressee("2018/35", "police"), date(2019, 12, 31)) == "police"
    assert acting(office.addressee("2023/3", "police"), date(2023, 10, 18)) == "north"


@pytest.mark.parametrize(
    ("slug", "successors", "days", "told"),
    [
        ("south", (), 0, "Choose the body that takes over"),
        ("south", ("south",), 0, "cannot take over from itself"),
        ("police", ("sirs",), 30, "was succeeded already"),
        ("south", ("police",), 0, "has ended itself"),
        ("north", ("police",), 30, "has ended itself"),
        ("north", ("south",), 0, "Choose a later day"),
    ],
)
def test_what_cannot_be_is_refused(there: Office, slug: str, successors: tuple[str, ...], days: int, told: str) -> None:
    end(there, "police", "north")

    with pytest.raises(Refusal, match=told):
        end(there, slug, *successors, from_on=DAY + timedelta(days))


def test_what_changed_since_the_preview_is_looked_at_again(there: Office) -> None:
    fingerprint = seen("police", "north")
    people.add("second@bodies.test", "Second", "fr", answers_for="police", from_on=BEGIN.date())

    with pytest.raises(ChangedMeanwhile, match="Look again"):
        successions.enter("police", ["north"], DAY, seen=fingerprint, by=there.coordinator, at=NOW)


def test_only_who_coordinates_all_that_moves_or_an_administrator_may(there: Office) -> None:
    with database.transaction() as session:
        session.add(Issuer(slug="other", name="Other"))
    stranger = people.add("other@issuer.test", "Other", "en", coordinates="other", from_on=BEGIN.date())
    admin = people.add("admin@installation.test", "Admin", "en", is_admin=True, from_on=BEGIN.date())
    addressee = there.addressee("2018/35", "police")
    for by in (stranger, there.police, there.reader):
        with pytest.raises(NotAllowed, match="Ask an administrator"):
            end(there, "police", "north", "south", by=by)

    end(there, "police", "north", "south", by=admin)

    for by in (stranger, there.police, there.reader):
        with pytest.raises(NotFound):
            successions.assign("police", {addressee.id: "north"}, by=by, at=NOW)
    successions.assign("police", {addressee.id: "north"}, by=there.coordinator, at=NOW)
    for by in (stranger, there.police, there.reader):
        with pytest.raises(NotAllowed):
            successions.take_back("police", by=by, at=NOW)
