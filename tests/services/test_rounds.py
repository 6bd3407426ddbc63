"""Who may open a round."""

from datetime import date

import pytest
from sqlalchemy import select

from tests.making import BEGIN, Office
from tracker import database
from tracker.errors import NotFound
from tracker.models import Report, Round
from tracker.services import rounds


def test_only_the_issuer_s_coordinators_ask(office: Office) -> None:
    with database.reading() as session:
        report = session.scalars(select(Report.id).filter_by(slug="myria-2023")).one()

    for by in (office.reader, office.police):
        with pytest.raises(NotFound):
            rounds.open_round(office.issuer.id, "Follow-up", {report: date(2025, 1, 6)}, by=by, at=BEGIN)

    with database.reading() as session:
        assert session.scalars(select(Round)).all() == []
