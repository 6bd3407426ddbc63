"""Figures counted by the database, of any day."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from tests.followed import DUE, TODAY
from tests.making import ISSUED, Office
from tracker import database
from tracker.domain.vocabulary import Implementation
from tracker.models import ExpectedReply, OutgoingMail, Reminder
from tracker.queries import addressees, figures, news
from tracker.queries.figures import By
from tracker.queries.filters import Filters

DAY = TODAY.date()


@pytest.fixture
def filters(followed: Office) -> Iterator[Filters]:
    """Everything of the issuer, today."""
    with database.reading():
        yield Filters(DAY, issuer_ids=frozenset({followed.issuer.id}))


def on(filters: Filters, day: date, **narrowed: str) -> Filters:
    """The same on another day."""
    return Filters(day, issuer_ids=filters.issuer_ids, **narrowed)


@pytest.mark.parametrize("by", list(By))
def test_every_division_adds_up_to_the_same_total(filters: Filters, by: By) -> None:
    rows, whole = figures.figures(by, filters)
    assert whole.addressees == sum(row.addressees for row in rows) == 49
    assert (whole.disputed, whole.closed, whole.no_reply) == (1, 1, 3)


@pytest.mark.parametrize("flag", ["overdue", "no_reply", "no_focal_point", "disputed", "closed"])
@pytest.mark.parametrize("day", [DAY, DUE, ISSUED["2018"], DAY - timedelta(days=70), DAY + timedelta(days=400)])
def test_a_flag_lists_what_the_figure_counts(filters: Filters, flag: str, day: date) -> None:
    rows, _whole = figures.figures(By.BODY, on(filters, day))
    for row in rows:
        assert addressees.page(on(filters, day, flag=flag, body=row.key)).total == getattr(row, flag)


@pytest.mark.parametrize("voice", ["response", "reported", "assessed"])
def test_a_status_lists_what_the_figure_counts(filters: Filters, voice: str) -> None:
    _rows, whole = figures.figures(By.BODY, filters)
    for code, count in getattr(whole, voice).items():
        assert addressees.page(on(filters, DAY, **{voice: code})).total == count, code


def test_a_figure_of_an_earlier_day_is_what_it_was_on_that_day(filters: Filters) -> None:
    def found(ago: int) -> int:
        return figures.figures(By.BODY, on(filters, DAY - timedelta(days=ago)))[1].assessed["partially"]

    assert [found(61), found(60), found(0)] == [0, 1, 1]


def test_a_letter_counts_from_the_day_it_was_received(filters: Filters) -> None:
    def answered(ago: int) -> int:
        return addressees.page(on(filters, DAY - timedelta(days=ago), response="not_accepted")).total

    assert [answered(8), answered(7), answered(0)] == [0, 1, 1]


def test_before_anything_was_issued_there_is_nothing(filters: Filters) -> None:
    rows, whole = figures.figures(By.BODY, on(filters, ISSUED["2018"] - timedelta(days=1)))
    assert (rows, whole.addressees) == ([], 0)


def test_public_figures_count_nothing_of_a_report_that_is_not_public(filters: Filters) -> None:
    _rows, whole = figures.figures(By.BODY, filters, public=True)
    assert whole.addressees == 0


def test_another_issuers_work_is_not_counted(filters: Filters) -> None:
    assert figures.figures(By.BODY, Filters(DAY, issuer_ids=frozenset({99})))[1].addressees == 0


def test_the_pairs_that_are_drawn_are_the_implementers_that_are_counted(filters: Filters) -> None:
    rows, _whole = figures.overview(By.BODY, filters)
    for row in rows:
        assert row.pairs.total() == row.figures.implementers
        assert row.relayed.total() == row.figures.addressees - row.figures.implementers
    prosecutor = next(row for row in rows if row.figures.key == "parquet-federal")
    assert prosecutor.pairs[Implementation.FULLY, Implementation.PARTIALLY] == 1


def test_news_tell_what_arrived_lately_and_what_waits(filters: Filters) -> None:
    told = news.news(filters)
    assert (told.arrived, told.bodies, told.waiting, told.asked) == (2, 2, 2, 49)
    assert told.waiting_since == DAY - timedelta(days=7)
    assert news.news(on(filters, DAY - timedelta(days=85))).arrived == 1


def test_a_silent_body_is_told_with_what_it_was_asked(filters: Filters) -> None:
    rows, _whole = figures.overview(By.BODY, filters)
    silent = next(row for row in rows if row.is_silent)
    assert silent.subject is not None
    told = news.silences({silent.subject.id}, filters)[silent.subject.id]
    assert (silent.figures.key, told.due_on, told.reminders) == ("magistrats", DUE, 0)
    assert told.only is not None
    assert told.only.code == "2023/3"


@pytest.mark.parametrize(("accepted_at", "n"), [("22:59", 1), ("23:01", 0)])
def test_a_reminder_of_after_midnight_belongs_to_the_next_day(followed: Office, accepted_at: str, n: int) -> None:
    """By the clocks of the installation, an hour ahead of UTC."""
    trust = followed.addressee("2018/36", "police")
    moment = datetime.fromisoformat(f"{DAY}T{accepted_at}+00:00")
    with database.transaction() as session:
        reply = session.scalars(select(ExpectedReply).filter_by(addressee_id=trust.id)).first()
        mail = OutgoingMail(
            key="test",
            message_id="<test>",
            kind="digest",
            lane=1,
            recipient="police@bodies.test",
            language="nl",
            subject="–",
            content=b"",
            content_digest="",
            on_uncertain="resend",
            state="accepted",
            created_at=moment,
            next_at=moment,
            expires_at=moment,
            accepted_at=moment,
        )
        session.add(
            Reminder(
                key="test",
                kind="due",
                step="due",
                step_on=DAY,
                expected_reply=reply,
                addressee_id=trust.id,
                state="planned",
                planned_at=moment,
                outgoing_mail=mail,
            )
        )
        body_id = trust.body_id
    with database.reading():
        filters = Filters(DAY, issuer_ids=frozenset({followed.issuer.id}))
        assert news.silences({body_id}, filters)[body_id].reminders == n
