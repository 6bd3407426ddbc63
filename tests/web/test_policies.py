"""When reminders leave: looked at in plain words, previewed, and kept only when that is asked for."""

from datetime import date, time

import pytest
from werkzeug.test import TestResponse

from tests.making import Office
from tests.web.checking import CheckingClient, Enter, visible
from tracker import database
from tracker.domain.policies import Policy, Quiet
from tracker.domain.vocabulary import BodyType
from tracker.models import AuditRow
from tracker.queries import policies

COORDINATOR = "coordination@myria.test"
PAGE = "/reminders/settings"
USUAL = {"before": "30, 7, 0", "every": "14", "at_most": "4", "send_at": "08:30", "keeps_holidays": "y"}


def kept() -> policies.Policies:
    with database.reading() as session:
        return policies.of_issuer(session, 1)


def send(client: CheckingClient, status: int = 302, **chosen: str) -> TestResponse:
    return client.send(PAGE, status, **{**USUAL, "seen": kept().mark, **chosen})


def test_what_holds_stands_in_plain_words(followed: Office, enter: Enter) -> None:
    told = visible(enter(COORDINATOR).get(PAGE))

    assert "Reminders follow 30 and 7 days before the due date and on the day itself." in told
    assert "After it, one more follows every 14 days, four at most." in told


def test_a_change_is_shown_before_it_is_kept(followed: Office, enter: Enter) -> None:
    client, before = enter(COORDINATOR), kept()
    police = {"police_own": "y", "police_before": "14", "police_every": "30", "police_at_most": "1"}

    looked = send(client, 200, every="10", show="1", **police)
    assert kept() == before, "looking keeps nothing"
    assert "After it, one more follows after 30 days." in visible(looked)
    assert "What this makes of the next mailing" in visible(looked)

    send(client, every="10", keep="1", **police)
    assert kept().usual == Policy(every=10, country="BE")
    assert kept().of(BodyType.POLICE) == Policy((14,), 30, 1, country="BE")
    assert kept().of(BodyType.PARLIAMENT) == kept().usual
    with database.reading() as session:
        assert session.query(AuditRow).filter_by(act="policy_changed", issuer_id=1).count() == 1


def test_a_quiet_period_and_another_hour_are_kept_and_can_be_taken_away(followed: Office, enter: Enter) -> None:
    client = enter(COORDINATOR)

    send(client, send_at="10:00", from_0="2026-12-21", to_0="2027-01-03", keep="1")
    assert kept().usual.quiet == (Quiet(date(2026, 12, 21), date(2027, 1, 3)),)
    assert kept().usual.send_at == time(10)

    send(client, keep="1")
    assert kept().usual == Policy(country="BE")


def test_tomorrow_s_mailing_follows_the_rules_that_are_looked_at(followed: Office, enter: Enter) -> None:
    told = visible(send(enter(COORDINATOR), 200, from_0="2026-11-24", to_0="2027-01-03", show="1"))

    assert "Today’s rules: Monday 30 November, 08:30: two mails" in told
    assert "Your choice: Monday 4 January, 08:30: two mails" in told


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"before": "a week"}, "Write at most 6 numbers of days"),
        ({"every": "0"}, "Enter a number from 3 to 90."),
        ({"at_most": "x"}, "Enter a whole number."),
        ({"from_0": "2026-12-21"}, "Give the first and the last day"),
        ({"from_0": "2026-12-21", "to_0": "2026-12-20"}, "A quiet period ends after it begins"),
        ({"police_own": "y", "police_before": "soon"}, "Write at most 6 numbers of days"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_kept(
    followed: Office, enter: Enter, wrong: dict[str, str], told: str
) -> None:
    before = kept()

    answer = send(enter(COORDINATOR), 422, keep="1", **wrong)

    assert told in visible(answer)
    assert kept() == before


def test_two_who_change_at_once_do_not_undo_each_other(followed: Office, enter: Enter) -> None:
    seen = kept().mark
    send(enter(COORDINATOR), every="10", keep="1")

    answer = send(enter(COORDINATOR), 409, every="20", keep="1", seen=seen)

    assert "Somebody else changed this meanwhile" in visible(answer)
    assert kept().usual.every == 10
