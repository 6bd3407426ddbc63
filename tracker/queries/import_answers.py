"""The answers that a response sheet holds, each beside the addressee that gave it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from tracker import database
from tracker.domain.vocabulary import Implementation, Response
from tracker.intake import AnswerDraft, replies
from tracker.models import Addressee, Body, Report, StandingRow
from tracker.queries import import_record, imports
from tracker.queries.imports import Review
from tracker.queries.portions import portions


@dataclass(frozen=True)
class Row:
    """One answer of one addressee."""

    draft: AnswerDraft
    code: str
    addressee_id: int | None
    """None where it cannot be told for certain who answers."""
    body: str | None
    """The slug of who answers."""
    why: str = ""
    """Why nobody is found: `not_on_record` or `which_body`."""

    @property
    def on(self) -> date | None:
        """The day beside it."""
        return date.fromisoformat(self.draft.on) if self.draft.on else None


@dataclass(frozen=True)
class Wording:
    """A status as the sheet words it, with what it is taken to mean."""

    status: str
    times: int
    response: Response | None
    reported: Implementation | None


def count(review: Review) -> int:
    """How many answers a document holds."""
    return sum(len(draft.answers) for draft in review.reading.drafts)


def rows(review: Review) -> list[Row]:
    """Every answer of a document, in its order."""
    session = database.session()
    slug = review.import_.report_slug or imports.proposed(review).slug
    report = session.scalar(select(Report).filter_by(slug=slug, issuer_id=review.import_.issuer_id))
    met = import_record.meet(review.reading.drafts, import_record.recorded(report), review.import_.language)
    addressees = _addressees([one.there.id for one in met if one.there and one.draft.answers])
    return [
        row
        for one in met
        for answer in one.draft.answers
        for row in _of(answer, one.draft.code or "", addressees.get(one.there.id, {}) if one.there else None)
    ]


def _of(answer: AnswerDraft, code: str, there: dict[str, int] | None) -> Iterator[Row]:
    if there is None:
        yield Row(answer, code, None, None, "not_on_record")
        return
    bodies = [slug for slug in dict.fromkeys(answer.bodies) if slug in there]
    if not answer.named and len(there) == 1:
        bodies = list(there)
    if not bodies or (answer.bodies and len(bodies) < len(set(answer.bodies))):
        yield Row(answer, code, None, None, "which_body")
        return
    for slug in bodies:
        yield Row(answer, code, there[slug], slug)


def _addressees(recommendation_ids: Sequence[int]) -> dict[int, dict[str, int]]:
    """Of whom each of these recommendations is asked now: the numbers of its addressees, by the body that acts."""
    found: dict[int, dict[str, int]] = {}
    for ids in portions(recommendation_ids):
        asked = (
            select(Addressee.recommendation_id, Addressee.id, Body.slug)
            .join(StandingRow, (StandingRow.addressee_id == Addressee.id) & StandingRow.until_on.is_(None))
            .join(Body, Body.id == StandingRow.body_id)
            .where(Addressee.recommendation_id.in_(ids))
            .order_by(Addressee.position)
        )
        for recommendation_id, addressee_id, slug in database.session().execute(asked):
            found.setdefault(recommendation_id, {}).setdefault(slug, addressee_id)
    return found


def wordings(of: Sequence[Row]) -> list[Wording]:
    """Every status once, the most frequent first."""
    times: dict[str, int] = {}
    for row in of:
        if row.addressee_id is not None:
            times[row.draft.status] = times.get(row.draft.status, 0) + 1
    found = sorted(times.items(), key=lambda one: (-one[1], one[0]))
    return [Wording(status, n, *replies.meaning(status)) for status, n in found]
