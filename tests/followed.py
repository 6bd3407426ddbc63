"""A follow-up with a bit of everything: answers of each kind, findings, silence, and a body without a focal point."""

from datetime import UTC, datetime, timedelta

from tests.making import BEGIN, Office
from tracker import clock
from tracker.domain.vocabulary import Channel, Implementation, Response
from tracker.services import people, review

TODAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
ASKED = datetime(2026, 5, 4, 8, 0, tzinfo=UTC)
DUE = datetime(2026, 11, 16, tzinfo=UTC).date()


def follow(office: Office) -> Office:
    """Both annexes asked, some answered, some assessed; today is 23 November 2026."""
    people.add(
        "magistrats@bodies.test", "Focal point, magistrates", "fr", answers_for="magistrats", from_on=BEGIN.date()
    )
    office.ask("myria-2018", at=ASKED, due_on=DUE)
    office.ask("myria-2023", at=ASKED, due_on=DUE)
    seized = office.addressee("2018/40", "parquet-federal")
    said = "Each file now has an inquiry into assets."
    office.answer(seized, office.federal_prosecutor, at=_ago(90), reported=Implementation.FULLY, done=said)
    find(office, "2018/40", "parquet-federal", Implementation.PARTIALLY, "Five of twelve files have none.", ago=60)
    trust = office.addressee("2018/36", "police")
    said = "Teams in two districts."
    links = ("https://example.org/teams",)
    office.answer(trust, office.police, at=_ago(80), reported=Implementation.CONTINUING, done=said, links=links)
    find(office, "2018/36", "police", Implementation.CONTINUING, "Both teams were visited.", ago=50)
    minors = office.addressee("2018/35", "police")
    office.answer(minors, office.police, at=_ago(5), reported=Implementation.IN_PROGRESS, done="A module.")
    on_paper(office, ago=4)
    clock.use(lambda: TODAY)
    return office


def on_paper(office: Office, *, ago: int) -> None:
    """A letter of parliament, recorded by the coordinator three days after it was received."""
    office.answer(
        office.addressee("2023/6", "parlements"),
        office.coordinator,
        at=_ago(ago),
        response=Response.NOT_ACCEPTED,
        reported=Implementation.NOT_STARTED,
        reason="A bill is pending.",
        channel=Channel.LETTER,
        received_on=_ago(ago + 3).date(),
        answered_by="Secretariat of the committee",
    )


def find(office: Office, code: str, body: str, assessed: Implementation, reason: str, *, ago: int) -> None:
    """The issuer assesses."""
    addressee = office.addressee(code, body)
    seen = office.seen(addressee)
    review.assess(addressee.id, assessed, reason, seen=seen, by=office.coordinator, at=_ago(ago))


def _ago(days: int) -> datetime:
    return TODAY - timedelta(days=days)
