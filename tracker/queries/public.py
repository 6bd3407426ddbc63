"""What everybody may see. Nothing here tells what was not published but that it exists, where silence would mislead.

Pages get these frozen facts and never a standing or an entry, so that no template can say too much.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import aliased

from tracker import clock, database
from tracker.domain.figures import is_disputed, is_overdue
from tracker.domain.vocabulary import EntryKind, Implementation, Response, Role
from tracker.errors import NotFound
from tracker.language import _
from tracker.models import (
    Addressee,
    AddresseeWording,
    Body,
    BodyName,
    Entry,
    Publication,
    Recommendation,
    RecommendationText,
    Report,
    StandingRow,
    Succession,
)
from tracker.queries import successions
from tracker.queries.addressees import standings
from tracker.queries.filters import has_focal_point, holds_on
from tracker.queries.publication import is_public


class Notice(StrEnum):
    """What is to be said of an addressee beside what was published."""

    NONE = ""
    EXPECTED = "expected"
    NO_REPLY = "no_reply"
    UNDER_REVIEW = "under_review"
    NOT_PUBLISHED = "not_published"
    """It has replied; its reply is not public."""


@dataclass(frozen=True)
class Voices:
    """One addressee as everybody may see it: what it reports and what is found, as published."""

    addressee_id: int
    recommendation: Recommendation
    body: Body
    """The acting body."""
    role: Role
    wordings: Sequence[AddresseeWording]
    response: Response
    reported: Implementation | None
    assessed: Implementation
    notice: Notice
    due_on: date | None
    """When its first reply is or was due; None where none is expected."""

    def wording(self, language: str) -> AddresseeWording | None:
        """The words of the annex in `language`, else in any."""
        return next((one for one in self.wordings if one.language == language), next(iter(self.wordings), None))

    @property
    def is_implementer(self) -> bool:
        return self.role is Role.IMPLEMENTER

    @property
    def pair(self) -> tuple[Implementation | None, Implementation]:
        """What is drawn in one column of a stave."""
        return self.reported, self.assessed

    @property
    def is_done(self) -> bool:
        """Whether it is found fully implemented or continuing."""
        return self.assessed in (Implementation.FULLY, Implementation.CONTINUING)

    @property
    def is_disputed(self) -> bool:
        return self.is_implementer and is_disputed(self.reported, self.assessed)


_STAMP = "SELECT chain_head.hash, installation.public_version FROM chain_head, installation"


def stamp() -> tuple[Any, ...]:
    """Changes with whatever public pages tell, but for the time; asked by every request."""
    return database.glance(_STAMP)


def holds_until(now: datetime) -> datetime:
    """The next moment at which public pages change by themselves: an embargo ends, or the day."""
    embargo = select(func.min(Publication.public_from)).where(Publication.public_from > now)
    midnight = clock.moment_on(clock.day_of(now) + timedelta(days=1))
    return min(midnight, database.session().scalar(embargo) or midnight)


def reports(now: datetime) -> list[tuple[Report, datetime]]:
    """The public reports, the latest first, each with the moment from which it is public."""
    found = database.session().execute(
        select(Report, Publication.public_from)
        .join(Publication, Publication.report_id == Report.id)
        .where(Publication.ended_at.is_(None), Publication.public_from <= now)
        .order_by(Report.issued_on.desc(), Report.id)
    )
    return [(report, moment) for report, moment in found]


def report(slug: str, now: datetime) -> Report:
    """A public report."""
    found = database.session().scalar(select(Report).where(Report.slug == slug, is_public(now)))
    if found is None:
        raise NotFound(_("There is no such page."))
    return found


def recommendation(report: str, address: str, now: datetime) -> Recommendation:
    """A recommendation of a public report."""
    found = database.session().scalar(
        _recommendations(now).where(Report.slug == report, Recommendation.address == address)
    )
    if found is None:
        raise NotFound(_("There is no such page."))
    return found


def body(slug: str, now: datetime) -> tuple[Body, Succession | None, set[int]]:
    """A body to which a public report puts something, or did; what came after it, and which of those have a page."""
    session = database.session()
    found = session.scalar(select(Body).where(Body.slug == slug))
    after = successions.ended(clock.day_of(now)).get(found.id) if found else None
    asked = _voiced(now, clock.day_of(now)).with_only_columns(StandingRow.body_id)
    around = [found.id, *(one.id for one in after.successors)] if found and after else [found.id] if found else []
    public_ids = set(session.scalars(select(Body.id).where(Body.id.in_(around), Body.id.in_(asked))))
    if found is None or not public_ids:
        raise NotFound(_("There is no such page."))
    return found, after, public_ids


def count(now: datetime, report_id: int | None = None, *, with_parts: bool = False) -> int:
    """How many recommendations are public, of one report or of all, as printed: parts are not counted beside them."""
    public = _recommendations(now).with_only_columns(func.count(Recommendation.id))
    if not with_parts:
        public = public.where(Recommendation.parent_id.is_(None))
    if report_id is not None:
        public = public.where(Recommendation.report_id == report_id)
    return database.session().scalar(public) or 0


def of_report(report_id: int, now: datetime, *, first: int, size: int) -> list[Recommendation]:
    """The recommendations of a public report in printed order, from the `first` on (the first is 0)."""
    public = _recommendations(now).where(Recommendation.report_id == report_id)
    found = database.session().scalars(public.order_by(Recommendation.position).offset(first).limit(size))
    return list(found)


def of_body(body_id: int, now: datetime, *, first: int, size: int) -> list[Voices]:
    """What was put to a body, the latest report first."""
    order = (Report.issued_on.desc(), Report.id, Recommendation.position, Addressee.position)
    asked = _voiced(now, clock.day_of(now)).where(StandingRow.body_id == body_id).order_by(*order)
    return _told(asked.offset(first).limit(size), clock.day_of(now))


def voices(recommendation_ids: Sequence[int], now: datetime, *, on: date | None = None) -> list[Voices]:
    """The addressees of recommendations, implementers before relays, as they stand or stood on a day."""
    day = on or clock.day_of(now)
    asked = _voiced(now, day).where(Addressee.recommendation_id.in_(recommendation_ids))
    return _told(asked.order_by(Recommendation.position, Addressee.role, Addressee.position), day)


def withdrawn_on(recommendation_ids: Sequence[int]) -> dict[int, date]:
    """The days on which recommendations were withdrawn, but not for their parts. Why is the issuer's to tell."""
    part = aliased(Recommendation)
    is_split = select(part.id).where(part.parent_id == Entry.recommendation_id).exists()
    of_them = (Entry.recommendation_id.in_(recommendation_ids), Entry.kind == EntryKind.WITHDRAWN, ~is_split)
    found = database.session().execute(select(Entry.recommendation_id, Entry.counts_on).where(*of_them))
    return dict(found.all())


def find(words: str, now: datetime, *, at_most: int) -> list[Recommendation]:
    """Recommendations whose code begins with these words, or whose wording has them."""
    pattern = words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    has = select(RecommendationText.recommendation_id).where(RecommendationText.text.ilike(f"%{pattern}%", escape="\\"))
    fits = or_(
        Recommendation.code.ilike(f"{pattern}%", escape="\\"),
        Recommendation.address.ilike(f"{pattern}%", escape="\\"),
        Recommendation.id.in_(has),
    )
    order = (Report.issued_on.desc(), Report.id, Recommendation.position)
    return list(database.session().scalars(_recommendations(now).where(fits).order_by(*order).limit(at_most)))


def bodies_named(words: str, now: datetime, *, at_most: int) -> list[Body]:
    """Bodies to which something was put, with these words in a name."""
    pattern = words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    named = select(BodyName.body_id).where(BodyName.name.ilike(f"%{pattern}%", escape="\\"))
    asked = _voiced(now, clock.day_of(now)).with_only_columns(StandingRow.body_id)
    found = select(Body).where(Body.id.in_(named), Body.id.in_(asked)).order_by(Body.slug)
    return list(database.session().scalars(found.limit(at_most)))


def _recommendations(now: datetime) -> Select[Recommendation]:
    return select(Recommendation).join(Recommendation.report).where(is_public(now), ~Recommendation.is_hidden)


def _voiced(now: datetime, day: date) -> Select[Any]:
    return standings().add_columns(has_focal_point(day)).where(is_public(now), holds_on(day))


def _told(asked: Select[Any], day: date) -> list[Voices]:
    found = database.session().execute(asked)
    return [_as_published(addressee, standing, body, reach, day) for addressee, standing, body, reach in found]


def _as_published(addressee: Addressee, standing: StandingRow, body: Body, is_reachable: bool, day: date) -> Voices:
    notice = _notice(standing, is_reachable, day)
    return Voices(
        addressee.id,
        addressee.recommendation,
        body,
        addressee.role,
        addressee.wordings,
        standing.published_response,
        standing.published_reported,
        standing.published_assessed,
        notice,
        standing.reply_due_on if notice in (Notice.EXPECTED, Notice.NO_REPLY) else None,
    )


def _notice(standing: StandingRow, is_reachable: bool, day: date) -> Notice:
    """Silence is told only of who never replied: a reply that is not published is no silence."""
    if standing.unreviewed is not None:
        return Notice.UNDER_REVIEW
    if standing.last_answer_on is not None:
        return Notice.NOT_PUBLISHED if standing.published_response is Response.AWAITED else Notice.NONE
    if standing.reply_due_on is None or not is_reachable:
        return Notice.NONE
    return Notice.NO_REPLY if is_overdue(standing.reply_due_on, day) else Notice.EXPECTED
