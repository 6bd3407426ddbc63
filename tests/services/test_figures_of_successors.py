"""Figures by acting body, after any sequence of successions, against what anyone would count by hand."""

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from tests.making import Office
from tracker import clock, database
from tracker.errors import NotFound, Refusal
from tracker.models import Addressee, Body
from tracker.queries import figures, people, succession_previews
from tracker.queries import successions as of_successions
from tracker.queries.figures import By
from tracker.queries.filters import Filters
from tracker.queries.verify import verify
from tracker.services import successions

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
TODAY = NOW.date()
BODIES = ("police", "magistrats", "ministre-de-l-interieur", "ministre-de-la-justice", "sirs")
"""Several of them are addressees of the same recommendations; of the last nothing else is asked."""
DAYS = tuple(date(2024, 1, 1) + timedelta(days=200 * n) for n in range(5))
LOOKED_AT = (date(2019, 1, 1), date(2023, 10, 18), *DAYS, TODAY - timedelta(days=1))

bodies = st.sampled_from(BODIES)
steps = st.one_of(
    st.tuples(st.just("end"), bodies, st.lists(bodies, min_size=1, max_size=2, unique=True), st.sampled_from(DAYS)),
    st.tuples(st.just("merge"), bodies, st.lists(bodies, min_size=1, max_size=1), st.just(TODAY)),
    st.tuples(st.just("share"), bodies, st.integers(0, 30), st.integers(0, 1)),
    st.tuples(st.just("back"), bodies, st.none(), st.none()),
)


@dataclass
class ByHand:
    """The successions that stand, and who was given what; nothing else is remembered."""

    stand: dict[str, tuple[list[str], date]] = field(default_factory=dict)
    given: dict[tuple[str, int], str] = field(default_factory=dict)

    def acting(self, addressee: Addressee, day: date) -> str:
        """Follow the successions whose day has come, as far as they lead."""
        body = addressee.body.slug
        while body in self.stand and self.stand[body][1] <= day:
            successors, _from_on = self.stand[body]
            following = successors[0] if len(successors) == 1 else self.given.get((body, addressee.id))
            if following is None:
                return body
            body = following
        return body

    def counted(self, addressees: list[Addressee], day: date) -> Counter[str]:
        """How many each body acts for on a day; what it is asked twice counts once from today."""
        there = [one for one in addressees if one.recommendation.report.issued_on <= day]
        if day < TODAY:
            return Counter(self.acting(one, day) for one in there)
        keys = {(one.recommendation_id, one.role, self.acting(one, day)) for one in there}
        return Counter(body for _recommendation, _role, body in keys)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(steps, min_size=2, max_size=9))
@example(
    [
        ("end", "police", ["sirs"], DAYS[0]),
        ("end", "magistrats", ["sirs"], DAYS[1]),
        ("back", "police", None, None),  # what ended for it is there again
    ]
)
@example(
    [
        ("end", "police", ["magistrats", "sirs"], DAYS[0]),
        ("share", "police", 0, 0),
        ("share", "police", 0, 1),
        ("end", "magistrats", ["sirs"], DAYS[2]),
        ("back", "magistrats", None, None),
    ]
)
def test_figures_by_acting_body_equal_a_count_by_hand(
    anew: Callable[[], Office], moves: list[tuple[str, str, object, object]]
) -> None:
    office, hand = anew(), ByHand()
    clock.use(lambda: NOW)
    with database.reading() as session:
        addressees = list(session.scalars(select(Addressee)))

    for step, body, first, second in moves:
        with suppress(Refusal):
            _do(office, hand, addressees, step, body, first, second)

    for day in (*LOOKED_AT, TODAY):
        assert _figures(office, day) == hand.counted(addressees, day), day
    with database.reading():
        assert verify().ok


def _do(
    office: Office, hand: ByHand, addressees: list[Addressee], step: str, body: str, first: object, second: object
) -> None:
    by = office.coordinator
    if step == "end":
        seen = _seen(body, first, second, is_merger=False)
        successions.enter(body, first, second, seen=seen, by=by, at=NOW)
        hand.stand[body] = (sorted(first, key=_id), second)
    elif step == "merge":
        successions.merge(body, first[0], seen=_seen(body, first, second, is_merger=True), by=by, at=NOW)
        hand.stand[body] = (first, second)
    elif step == "share":
        _share(office, hand, body, first, second)
    else:
        successions.take_back(body, by=by, at=NOW)
        del hand.stand[body]
        hand.given = {key: slug for key, slug in hand.given.items() if key[0] != body}
        _forget(office, hand, addressees)


def _share(office: Office, hand: ByHand, body: str, n: int, which: int) -> None:
    with database.reading() as session:
        one = of_successions.of_former(session, people.body_by_slug(session, body).id)
        shares = of_successions.shared_out(session, one, {office.issuer.id}) if one and one.is_split else {}
    if not shares:
        raise NotFound("nothing to share")
    id_, slug = sorted(shares)[n % len(shares)], hand.stand[body][0][which]
    successions.assign(body, {id_: slug}, by=office.coordinator, at=NOW)
    hand.given[body, id_] = slug


def _forget(office: Office, hand: ByHand, addressees: list[Addressee]) -> None:
    """What ended for one that is taken back is to be shared out again; it asks what another addressee asks."""
    twice = Counter(one.recommendation_id for one in addressees)
    several = {one.id for one in addressees if twice[one.recommendation_id] > 1}
    with database.reading() as session:
        for body in {former for former, _id in hand.given}:
            one = of_successions.of_former(session, people.body_by_slug(session, body).id)
            shares = of_successions.shared_out(session, one, {office.issuer.id}) if one else {}
            waiting = {id_ for id_, share in shares.items() if not share.body} & several
            hand.given = {key: slug for key, slug in hand.given.items() if key[1] not in waiting or key[0] != body}


def _id(slug: str) -> int:
    with database.reading() as session:
        return session.scalars(select(Body.id).filter_by(slug=slug)).one()


def _seen(body: str, others: list[str], day: date, *, is_merger: bool) -> str:
    with database.reading() as session:
        former, *found = (people.body_by_slug(session, one) for one in (body, *others))
        preview = succession_previews.of_succession(session, former, found, day, TODAY, is_merger=is_merger)
        return preview.seen


def _figures(office: Office, day: date) -> Counter[str]:
    with database.reading():
        rows, _whole = figures.figures(By.BODY, Filters(day, issuer_ids=frozenset({office.issuer.id})))
        return Counter({row.key: row.addressees for row in rows})
