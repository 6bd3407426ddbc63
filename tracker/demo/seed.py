"""Tells the story through the services, as if it had happened: one chain, one ledger, no row by hand."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from tracker import clock, database
from tracker.demo.story import (
    ACCEPTED_AGO,
    FOCAL_POINTS,
    ISSUED,
    PUBLISHED_AGO,
    RESTATED,
    STORY,
    TERMS,
    Asked,
    Found,
    Returned,
    Said,
)
from tracker.domain import references
from tracker.domain.moves import Answer
from tracker.domain.vocabulary import Channel
from tracker.intake import Register
from tracker.models import Issuer, Person, Recommendation
from tracker.queries import addressees, entries, recommendations
from tracker.services import answers, audit, imports, installation, lineage, people, publication, review, rounds, terms

ANNEXES = Path(__file__).parent / "annexes"


def seed(timezone: str) -> None:
    """Fill an empty, migrated database with the story up to today."""
    audit.come_in("terminal")
    issuer = installation.set_up("Myria", Register.shipped())
    begin = _at(ACCEPTED_AGO, timezone)
    with clock.standing_at(begin):
        coordinator = people.add(
            "coordination@myria.example", "Coordination", "fr", coordinates="myria", from_on=begin.date()
        )
        people.add("lecture@myria.example", "Lecture", "fr", reads="myria", from_on=begin.date())
        speakers = {
            body: people.add(f"{mailbox}@organismes.example", role, spoken, answers_for=body, from_on=begin.date())
            for body, mailbox, spoken, role in FOCAL_POINTS
        }
    for year in ISSUED:
        _accept(issuer, year, coordinator, begin)
    _publish(issuer, coordinator, _at(PUBLISHED_AGO, timezone))
    for later, earlier in RESTATED:
        lineage.decide(_of(later).id, _of(earlier).id, is_same=True, by=coordinator, at=_at(PUBLISHED_AGO, timezone))
    _sort(issuer, coordinator, _at(PUBLISHED_AGO, timezone))
    for event in STORY:
        at = _at(event.ago, timezone)
        if isinstance(event, Asked):
            _ask(issuer, event, coordinator, at)
        elif isinstance(event, Said):
            _say(event, speakers[event.body] if event.channel is Channel.FORM else coordinator, at)
        elif isinstance(event, Returned):
            _return(event, coordinator, at)
        else:
            _find(event, coordinator, at)
    installation.release(at=clock.now())


def _at(ago: int, timezone: str) -> datetime:
    """Mid-morning, so many days ago."""
    local = clock.now().astimezone(ZoneInfo(timezone)) - timedelta(days=ago)
    return local.replace(hour=10, minute=12, second=0, microsecond=0).astimezone(UTC)


def _accept(issuer: Issuer, year: str, by: Person, at: datetime) -> None:
    import_ = imports.read(
        issuer.id,
        (ANNEXES / f"myria-{year}.txt").read_bytes(),
        f"myria-{year}.txt",
        report=f"myria-{year}",
        title=f"Rapport annuel {year}",
        issued_on=ISSUED[year],
        by=by,
        at=at,
    )
    imports.accept(import_.id, by=by, at=at)


def _publish(issuer: Issuer, by: Person, at: datetime) -> None:
    """Both reports, at once: what is said of them becomes public as the story goes."""
    with database.reading():
        reports = recommendations.reports(frozenset({issuer.id}))
    for report in reports:
        publication.publish_report(report.id, at, by=by, at=at)


def _ask(issuer: Issuer, event: Asked, by: Person, at: datetime) -> None:
    with database.reading():
        reports = recommendations.reports(frozenset({issuer.id}))
    report = next(report for report in reports if report.slug == event.report)
    due_on = clock.day_of(at) + timedelta(days=event.ago - event.due_ago)
    rounds.open_round(issuer.id, event.title, {report.id: due_on}, by=by, at=at)


def _sort(issuer: Issuer, by: Person, at: datetime) -> None:
    """Themes, a group and a priority, on what is of them."""
    given: dict[str, list[int]] = {}
    for kind, names, codes in TERMS:
        term = terms.add(issuer.id, kind, names, by=by, at=at)
        for code in codes:
            given.setdefault(code, []).append(term.id)
    for code, ids in given.items():
        terms.assign(_of(code).id, ids, by=by, at=at)


def _of(code: str) -> Recommendation:
    with database.reading():
        return recommendations.recommendation(f"myria-{code[:4]}", references.address(code))


def _addressee(code: str, body: str) -> tuple[int, int]:
    """The id of an addressee, and the position of its latest entry."""
    of = _of(code)
    with database.reading():
        row = next(row for row in addressees.of_recommendation(of.id, clock.today()) if row.body.slug == body)
        return row.addressee.id, entries.position(row.addressee.id)


def _say(event: Said, by: Person, at: datetime) -> None:
    addressee_id, seen = _addressee(event.code, event.body)
    is_paper = event.channel is not Channel.FORM
    answer = Answer(
        response=event.response,
        reported=event.reported,
        done=event.done,
        reason=event.reason,
        links=event.links,
        channel=event.channel,
        received_on=clock.day_of(at) - timedelta(days=3) if is_paper else None,
        answered_by=event.answered_by,
    )
    answers.submit(addressee_id, answer, seen=seen, by=by, at=at)


def _find(event: Found, by: Person, at: datetime) -> None:
    addressee_id, seen = _addressee(event.code, event.body)
    if event.assessed is None:
        review.file(addressee_id, seen=seen, by=by, at=at, is_public=event.is_public)
    else:
        is_public = event.is_public
        review.assess(addressee_id, event.assessed, event.reason, seen=seen, by=by, at=at, is_public=is_public)


def _return(event: Returned, by: Person, at: datetime) -> None:
    addressee_id, seen = _addressee(event.code, event.body)
    review.return_(addressee_id, event.question, clock.day_of(at) + timedelta(days=event.days), seen=seen, by=by, at=at)
