"""Lists of addressees: narrowed, in order, page by page."""

from collections.abc import Iterator
from itertools import chain

import pytest

from tests.followed import TODAY
from tests.making import Office
from tracker import database
from tracker.queries import addressees
from tracker.queries.addressees import Page
from tracker.queries.filters import FLAGS, Filters

DAY = TODAY.date()


@pytest.fixture
def filters(followed: Office) -> Iterator[Filters]:
    """Everything of the issuer, today."""
    with database.reading():
        yield Filters(DAY, issuer_ids=frozenset({followed.issuer.id}))


def ids(page: Page) -> list[int]:
    """Which addressees stand on a page."""
    return [row.addressee.id for row in page.rows]


def test_pages_forwards_and_backwards_hold_the_same_rows_once_each(filters: Filters) -> None:
    whole = ids(addressees.page(filters, size=1000))
    assert len(whole) == len(set(whole)) == 49
    page, forwards = addressees.page(filters, size=10), []
    while True:
        forwards.append(ids(page))
        if page.next is None:
            break
        page = addressees.page(filters, after=page.next, size=10)
    assert [*chain.from_iterable(forwards)] == whole
    backwards = [ids(page)]
    while page.previous is not None:
        page = addressees.page(filters, before=page.previous, size=10)
        backwards.insert(0, ids(page))
    assert [*chain.from_iterable(backwards)] == whole
    assert page.previous is None


def test_counting_ends_where_it_would_cost_more_than_the_page(filters: Filters) -> None:
    counts = [addressees.page(filters, count_to=n) for n in (48, 49, 50)]

    assert [(one.total, one.has_more_than_total) for one in counts] == [(48, True), (49, False), (49, False)]


def test_the_first_page_has_nothing_before_it_and_the_last_nothing_after(filters: Filters) -> None:
    first = addressees.page(filters, size=25)
    last = addressees.page(filters, after=first.next, size=25)
    assert (first.previous, last.next) == (None, None)
    assert (first.total, last.total) == (49, 49)
    assert ids(addressees.page(filters, before=last.previous, size=25)) == ids(first)


@pytest.mark.parametrize("key", [0, -1, 10**9])
def test_a_key_that_is_nobodys_opens_the_first_page(filters: Filters, key: int) -> None:
    first = ids(addressees.page(filters))
    assert ids(addressees.page(filters, after=key)) == ids(addressees.page(filters, before=key)) == first


def test_the_latest_report_stands_first_in_printed_order(filters: Filters) -> None:
    codes = [row.recommendation.code or "" for row in addressees.page(filters, size=1000).rows]
    assert codes[0] == "2023/1"
    assert codes[-1].startswith("2018/")
    assert codes[:26] == sorted(codes[:26], key=lambda code: int(code.split("/")[1]))


def test_open_and_closed_divide_everything(filters: Filters) -> None:
    def count(flag: str) -> int:
        return addressees.page(Filters(DAY, flag=flag, issuer_ids=filters.issuer_ids)).total

    assert count("open") + count("closed") == 49
    assert (count("recent"), count("answered"), count("unreviewed"), count("stale")) == (2, 4, 2, 0)


@pytest.mark.parametrize("flag", FLAGS)
def test_a_row_of_a_flag_says_of_itself_what_the_flag_says(filters: Filters, flag: str) -> None:
    for row in addressees.page(Filters(DAY, flag=flag, issuer_ids=filters.issuer_ids), size=100).rows:
        assert flag != "disputed" or row.is_disputed
        assert flag != "overdue" or row.is_overdue
        assert flag != "unreviewed" or row.standing.unreviewed
        assert flag not in ("no_reply", "stale") or row.standing.last_answer_on is None


@pytest.mark.parametrize(
    "unknown", [{"body": "nobody"}, {"report": "none"}, {"section": "x"}, {"section": "9" * 40}, {"section": "²"}]
)
def test_what_is_unknown_fits_nothing(filters: Filters, unknown: dict[str, str]) -> None:
    assert addressees.page(Filters(DAY, issuer_ids=filters.issuer_ids, **unknown)).total == 0


def test_implementers_stand_before_relays(filters: Filters, followed: Office) -> None:
    of = followed.addressee("2023/1", "equipes-ecosoc").recommendation_id
    with database.reading():
        roles = [row.addressee.role.value for row in addressees.of_recommendation(of, DAY)]
    assert roles == ["implementer"] * 2 + ["relay"] * 3
