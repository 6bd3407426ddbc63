"""Deciding what everybody may read."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.followed import TODAY
from tests.making import Office
from tracker import database
from tracker.domain.acts import Act
from tracker.domain.vocabulary import Implementation, Response
from tracker.errors import NotAllowed, NotFound
from tracker.models import Addressee, AuditRow, Report, StandingRow
from tracker.queries import publication as published
from tracker.queries.publication import Openness
from tracker.queries.verify import verify
from tracker.services import people, publication, review

LATER = TODAY + timedelta(days=3)


@pytest.fixture
def report(followed: Office) -> int:
    with database.reading() as session:
        return session.scalars(select(Report.id).filter_by(slug="myria-2018")).one()


def standing(addressee: Addressee) -> StandingRow:
    with database.reading() as session:
        return session.scalars(select(StandingRow).filter_by(addressee_id=addressee.id, until_on=None)).one()


def spoken(addressee: Addressee) -> list[tuple[int, Openness]]:
    with database.reading():
        return [(told.seq, openness) for told, openness in published.spoken(addressee.id)]


def test_an_embargo_can_be_moved_and_a_public_report_is_not_published_again(followed: Office, report: int) -> None:
    publication.publish_report(report, LATER, by=followed.coordinator, at=TODAY)
    publication.publish_report(report, TODAY, by=followed.coordinator, at=TODAY)

    with pytest.raises(NotAllowed, match="public already"):
        publication.publish_report(report, LATER, by=followed.coordinator, at=TODAY)
    publication.take_back_report(report, by=followed.coordinator, at=TODAY)
    with pytest.raises(NotAllowed, match="not public"):
        publication.take_back_report(report, by=followed.coordinator, at=TODAY)


def test_only_who_coordinates_decides(followed: Office, report: int) -> None:
    stranger = people.add("other@elsewhere.test", "Other", "en", is_admin=True, from_on=TODAY.date())
    seized = followed.addressee("2018/40", "parquet-federal")
    (finding, _how), *_older = spoken(seized)

    for person in (followed.reader, followed.police, stranger):
        with pytest.raises(NotFound):
            publication.publish_report(report, TODAY, by=person, at=TODAY)
        with pytest.raises(NotFound):
            publication.publish_reviewed(report, up_to=10**6, by=person, at=TODAY)
        with pytest.raises(NotFound):
            publication.publish(seized.id, finding, by=person, at=TODAY)


def test_everything_that_was_reviewed_is_published_once_and_what_waits_is_not(followed: Office, report: int) -> None:
    waiting = followed.addressee("2018/35", "police")

    assert publication.publish_reviewed(report, up_to=10**6, by=followed.coordinator, at=TODAY) == 4
    assert publication.publish_reviewed(report, up_to=10**6, by=followed.coordinator, at=TODAY) == 0

    seized = standing(followed.addressee("2018/40", "parquet-federal"))
    assert (seized.published_reported, seized.published_assessed) == (Implementation.FULLY, Implementation.PARTIALLY)
    assert standing(waiting).published_response is Response.AWAITED
    with database.reading():
        assert verify().ok


def test_what_is_reviewed_after_the_preview_waits_for_the_next(followed: Office, report: int) -> None:
    with database.reading():
        up_to = published.last_seq()
    minors = followed.addressee("2018/35", "police")
    review.file(minors.id, seen=followed.seen(minors), by=followed.coordinator, at=TODAY)

    assert publication.publish_reviewed(report, up_to=up_to, by=followed.coordinator, at=TODAY) == 4
    assert spoken(minors)[0][1] is Openness.REVIEWED


def test_an_answer_that_waits_or_went_back_cannot_be_published(followed: Office) -> None:
    minors = followed.addressee("2018/35", "police")
    ((answer, openness),) = spoken(minors)
    assert openness is Openness.WAITING
    with pytest.raises(NotAllowed, match="Only what was reviewed"):
        publication.publish(minors.id, answer, by=followed.coordinator, at=TODAY)

    due_on = TODAY.date() + timedelta(days=9)
    review.return_(minors.id, "Where?", due_on, seen=followed.seen(minors), by=followed.coordinator, at=TODAY)
    assert spoken(minors) == [(answer, Openness.RETURNED)]
    with pytest.raises(NotAllowed, match="Only what was reviewed"):
        publication.publish(minors.id, answer, by=followed.coordinator, at=TODAY)


def test_an_answer_that_was_replaced_before_anybody_dealt_with_it_stays_private(followed: Office) -> None:
    minors = followed.addressee("2018/35", "police")
    followed.answer(minors, followed.police, at=TODAY, reported=Implementation.NOT_STARTED)
    review.file(minors.id, seen=followed.seen(minors), by=followed.coordinator, at=TODAY)

    assert [openness for _seq, openness in spoken(minors)] == [Openness.REVIEWED, Openness.REPLACED]


def test_what_is_taken_back_gives_way_to_what_was_public_before(followed: Office, report: int) -> None:
    trust = followed.addressee("2018/36", "police")
    publication.publish_reviewed(report, up_to=10**6, by=followed.coordinator, at=TODAY)
    followed.answer(trust, followed.police, at=TODAY, reported=Implementation.NOT_STARTED)
    review.assess(
        trust.id,
        Implementation.NOT_STARTED,
        "Both teams are gone.",
        seen=followed.seen(trust),
        by=followed.coordinator,
        at=TODAY,
        is_public=True,
    )
    assert standing(trust).published_reported is Implementation.NOT_STARTED
    assert standing(trust).published_assessed is Implementation.NOT_STARTED

    for seq, _openness in spoken(trust)[:2]:
        publication.take_back(trust.id, seq, by=followed.coordinator, at=LATER)

    assert standing(trust).published_reported is Implementation.CONTINUING
    assert standing(trust).published_assessed is Implementation.CONTINUING
    assert [openness for _seq, openness in spoken(trust)[:2]] == [Openness.TAKEN_BACK] * 2
    publication.publish(trust.id, spoken(trust)[0][0], by=followed.coordinator, at=LATER)
    assert standing(trust).published_assessed is Implementation.NOT_STARTED
    with database.reading():
        assert verify().ok


def test_a_second_click_publishes_and_takes_back_nothing_more(followed: Office) -> None:
    seized = followed.addressee("2018/40", "parquet-federal")
    seq = spoken(seized)[0][0]
    for _click in range(2):
        publication.publish(seized.id, seq, by=followed.coordinator, at=TODAY)
    position = followed.seen(seized)
    for _click in range(2):
        publication.take_back(seized.id, seq, by=followed.coordinator, at=TODAY)

    assert followed.seen(seized) == position + 1


def test_the_audit_log_keeps_who_decided(followed: Office, report: int) -> None:
    seized = followed.addressee("2018/40", "parquet-federal")
    seq = spoken(seized)[0][0]
    publication.publish_report(report, LATER, by=followed.coordinator, at=TODAY)
    publication.publish(seized.id, seq, by=followed.coordinator, at=TODAY)
    publication.take_back(seized.id, seq, by=followed.coordinator, at=TODAY)
    publication.take_back_report(report, by=followed.coordinator, at=TODAY)

    with database.reading() as session:
        rows = session.scalars(select(AuditRow).order_by(AuditRow.id.desc()).limit(4)).all()
    acts = [Act.REPORT_TAKEN_BACK, Act.TAKEN_BACK, Act.PUBLISHED, Act.REPORT_PUBLISHED]
    assert [(row.act, row.actor_id) for row in rows] == [(act.value, followed.coordinator.id) for act in acts]
