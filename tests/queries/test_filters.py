"""What a list is narrowed to, against the definitions of the domain."""

from datetime import date, timedelta

import pytest

from tests.making import BEGIN, Office
from tracker import database
from tracker.domain.figures import is_stale
from tracker.queries import addressees
from tracker.queries.filters import Filters


@pytest.mark.parametrize("answered_on", [date(2025, 2, 28), date(2025, 1, 31), date(2025, 7, 15)])
def test_a_list_of_stale_answers_holds_what_the_definition_calls_stale(office: Office, answered_on: date) -> None:
    police = office.addressee("2023/8", "police")
    office.answer(police, office.police, at=BEGIN + (answered_on - BEGIN.date()))

    with database.reading():
        for n in range(380, 440):
            today = answered_on + timedelta(days=n)
            filters = Filters(today, flag="stale", issuer_ids=frozenset({office.issuer.id}))
            found = [row.addressee.id for row in addressees.page(filters).rows]
            assert found == ([police.id] if is_stale(answered_on, today) else []), today
