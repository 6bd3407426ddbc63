"""Whom a round would write to, before it is opened, and whom it could not."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from tracker import database
from tracker.domain.reminders import leaves_at, next_sending, was_written_to
from tracker.language import current, order_of
from tracker.models import Addressee, AddressState, Body, FocalPoint, Issuer, Person, Report
from tracker.queries import policies, rounds
from tracker.queries.people import present
from tracker.queries.reminders import last_digests


@dataclass(frozen=True)
class Recipient:
    """One body within a round that is about to be opened."""

    body: Body
    items: tuple[Addressee, ...]
    persons: tuple[Person, ...]
    """Who would be written to."""
    refused: tuple[Person, ...]
    """Focal points whose address a mail server refused for good."""

    @property
    def codes(self) -> list[str]:
        """What it would be asked about."""
        return [one.recommendation.code or one.recommendation.address for one in self.items]


@dataclass(frozen=True)
class Preview:
    """A round as it would be opened now."""

    due_on: dict[int, date]
    """The due date of each report, by the report's id."""
    recipients: tuple[Recipient, ...]
    seen: str
    """The fingerprint of what is shown, which opening compares with what would be asked then."""

    @property
    def addressees(self) -> int:
        """How many would be asked."""
        return sum(len(one.items) for one in self.recipients)

    @property
    def unreachable(self) -> list[Recipient]:
        """The bodies at which someone or everyone cannot be written to."""
        return [one for one in self.recipients if one.refused or not one.persons]

    @property
    def persons(self) -> list[Person]:
        """Everyone who gets a mail: one each, whatever the number of bodies they answer for."""
        return list({person.id: person for one in self.recipients for person in one.persons}.values())

    def asked_of(self, person_id: int) -> dict[int, date]:
        """The due date of each addressee that the mail to this person is about."""
        items = (item for one in self.recipients if person_id in {p.id for p in one.persons} for item in one.items)
        return {item.id: self.due_on[item.recommendation.report_id] for item in items}


def preview(reports: dict[Report, date], today: date) -> Preview:
    """Everyone whom a round over these reports concerns, by body; the one with most to answer first."""
    session = database.session()
    asked = [one for report in reports for one in rounds.askable(session, report.id)]
    items: dict[int, list[Addressee]] = defaultdict(list)
    for addressee, body_id in asked:
        items[body_id].append(addressee)
    bodies = session.scalars(select(Body).where(Body.id.in_(items)))
    persons = _focal_points(list(items), today)
    refused = set(session.scalars(select(AddressState.address).where(AddressState.suppressed_at.is_not(None))))
    found = [
        Recipient(
            body,
            tuple(items[body.id]),
            tuple(one for one in persons[body.id] if one.email not in refused),
            tuple(one for one in persons[body.id] if one.email in refused),
        )
        for body in bodies
    ]
    ordered = sorted(found, key=lambda one: (-len(one.items), order_of(one.body.name(current()))))
    return Preview({report.id: day for report, day in reports.items()}, tuple(ordered), rounds.fingerprint(asked))


def _focal_points(body_ids: list[int], today: date) -> dict[int, list[Person]]:
    of_bodies = (
        select(FocalPoint)
        .join(FocalPoint.person)
        .where(FocalPoint.body_id.in_(body_ids), present(today), Person.disabled_at.is_(None))
        .order_by(Person.display_name)
    )
    found: dict[int, list[Person]] = defaultdict(list)
    for one in database.session().scalars(of_bodies):
        found[one.body_id].append(one.person)
    return found


def first_mails_at(issuer: Issuer, now: datetime, timezone: str) -> datetime | None:
    """When the first mails of a round that is opened now leave; None where that is at once."""
    moment = leaves_at(now, policies.of_issuer(database.session(), issuer.id).usual, timezone)
    return moment if moment > now else None


@dataclass(frozen=True)
class Later:
    """People who got a mail lately, so that this one comes a working day after the others."""

    persons: tuple[Person, ...]
    at: datetime


def later_mails(found: Preview, issuer: Issuer, now: datetime, timezone: str) -> Later | None:
    """Whose first mail leaves after the others', and when; None where all leave together."""
    policy = policies.of_issuer(database.session(), issuer.id).usual
    first_at = first_mails_at(issuer, now, timezone) or now
    last = last_digests(database.session(), now, [one.id for one in found.persons])
    waiting = [one for one in found.persons if was_written_to(last.get(one.id), first_at, policy, timezone)]
    return Later(tuple(waiting), next_sending(first_at, policy, timezone)) if waiting else None
