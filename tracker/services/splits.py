"""Splits a recommendation that holds several demands into parts, each with its own text, addressees and status."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tracker import clock, database
from tracker.database import transaction
from tracker.domain import chain, references
from tracker.domain.acts import Act
from tracker.domain.vocabulary import EntryKind
from tracker.errors import NotAllowed, NotFound, Refusal, TimelineMoved
from tracker.language import _
from tracker.models import (
    Addressee,
    AddresseeWording,
    ExpectedReply,
    Person,
    Recommendation,
    RecommendationTerm,
    RecommendationText,
    Round,
)
from tracker.queries import addressees, people, splits
from tracker.services import audit, ends, rounds, stems, takeovers, timeline
from tracker.services.timeline import Addition

MOST = len(references.LETTERS)


@dataclass(frozen=True)
class Demand:
    """One of several demands: its text by language, and who is asked, by the ids of the whole's addressees."""

    texts: Mapping[str, str]
    addressees: frozenset[int]


def split(recommendation_id: int, demands: Sequence[Demand], *, by: Person, at: datetime) -> list[Recommendation]:
    """From today its parts are asked, and no longer the whole: of whoever a reply is awaited, for each of its parts.

    Refused after a first answer or finding. The whole, its timeline and figures of earlier days stay.
    """
    with transaction() as session:
        whole = may_split(session, recommendation_id, by)
        today = clock.day_of(at)
        asked = {row.addressee.id: row.addressee for row in addressees.of_recommendation(whole.id, today)}
        _check(whole, demands, asked.keys())
        awaited = _awaited(session, asked.keys())
        parts = [_part(whole, n, demand) for n, demand in enumerate(demands)]
        facts = {"parts": [references.part(whole.address, n) for n in range(len(parts))]}
        ended = ends.end(session, [whole], EntryKind.WITHDRAWN, None, by, at, facts=facts)[0]
        _make_room(session, whole, len(parts))
        session.add_all(parts)
        put = [list(_addressed(part, demand, asked)) for part, demand in zip(parts, demands, strict=True)]
        session.add_all(new for of_part in put for new, _old in of_part)
        session.flush()
        _same_terms(session, whole, parts)
        stems.keep(session, [(part.id, demand.texts) for part, demand in zip(parts, demands, strict=True)])
        issued = [one for part, of_part in zip(parts, put, strict=True) for one in _issued(whole, part, of_part, at)]
        timeline.append_all(session, issued, by=by, at=at)
        again = [(new, *awaited[old.id]) for of_part in put for new, old in of_part if old.id in awaited]
        rounds.ask(session, again, by=by, at=at)
        takeovers.settle(session, by=by, at=at)
        audit.note_about(session, Act.SPLIT, whole, by=by, at=at, seq=ended.seq)
        return parts


def look(recommendation_id: int, *, by: Person) -> None:
    """Refuse whoever asks to split what they may not."""
    may_split(database.session(), recommendation_id, by)


def may_split(session: Session, recommendation_id: int, by: Person) -> Recommendation:
    """The recommendation, where this person may split it; refused with the reason why not."""
    whole = session.get(Recommendation, recommendation_id)
    if whole is None or whole.is_hidden or whole.report.issuer_id not in people.rights(by).coordinates:
        raise NotFound(_("There is no such recommendation."))
    if whole.parent_id is not None:
        raise NotAllowed(_("This is a part already. Parts are not split again."))
    if splits.parts(whole.id):
        raise NotAllowed(_("This recommendation was split before."))
    if splits.is_withdrawn(whole.id):
        raise NotAllowed(_("This recommendation was withdrawn before."))
    if splits.was_spoken_of(whole.id):
        raise NotAllowed(_("A body has answered, or it was assessed: it can no longer be split."))
    return whole


def _check(whole: Recommendation, demands: Sequence[Demand], asked: Collection[int]) -> None:
    languages = {text.language for text in whole.texts}
    if not 2 <= len(demands) <= MOST:
        raise Refusal(_("Make at least two parts, and %(n)s at most.", n=MOST))
    if any(not demand.texts.get(language, "").strip() for demand in demands for language in languages):
        raise Refusal(_("Give each part a text in every language that the recommendation has."))
    for language in languages:
        if len({demand.texts[language] for demand in demands}) < len(demands):
            raise Refusal(_("Two parts have the same text. Leave in each only what it asks."))
    if any(not demand.addressees for demand in demands):
        raise Refusal(_("Say of each part who is asked."))
    put = frozenset().union(*(demand.addressees for demand in demands))
    if not put <= set(asked):
        raise TimelineMoved(_("Who is asked has changed since you looked. Look again, then split it."))
    if put != set(asked):
        raise Refusal(_("Somebody is asked by no part. Give each addressee at least one."))
    if splits.taken(whole.report_id, [references.part(whole.address, n) for n in range(len(demands))]):
        raise Refusal(_("A part would get a number that another recommendation of this report has."))


def _awaited(session: Session, addressee_ids: Collection[int]) -> dict[int, tuple[Round, date]]:
    """Of whom a round awaits a reply: the round and the due date."""
    of_them = select(ExpectedReply).where(ExpectedReply.addressee_id.in_(addressee_ids), ExpectedReply.is_open)
    return {one.addressee_id: (one.round, one.due_on) for one in session.scalars(of_them) if one.round is not None}


def _part(whole: Recommendation, n: int, demand: Demand) -> Recommendation:
    return Recommendation(
        report_id=whole.report_id,
        section_id=whole.section_id,
        import_id=whole.import_id,
        parent_id=whole.id,
        position=whole.position + n + 1,
        code=references.part(whole.code, n) if whole.code else None,
        address=references.part(whole.address, n),
        texts=[RecommendationText(language=language, text=text) for language, text in demand.texts.items()],
    )


def _same_terms(session: Session, whole: Recommendation, parts: Sequence[Recommendation]) -> None:
    """Parts are of the themes and groups of the whole, until somebody says otherwise."""
    of_whole = select(RecommendationTerm.term_id).where(RecommendationTerm.recommendation_id == whole.id)
    for term_id in session.scalars(of_whole).all():
        session.add_all(RecommendationTerm(recommendation_id=part.id, term_id=term_id) for part in parts)


def _make_room(session: Session, whole: Recommendation, n: int) -> None:
    """Parts stand behind the whole, before what was printed after it."""
    behind = (Recommendation.report_id == whole.report_id, Recommendation.position > whole.position)
    session.execute(update(Recommendation).where(*behind).values(position=Recommendation.position + n))


def _addressed(
    part: Recommendation, demand: Demand, asked: Mapping[int, Addressee]
) -> Iterator[tuple[Addressee, Addressee]]:
    """The addressees of a part, each with the one of the whole that it goes back to."""
    for position, old in enumerate(one for id_, one in asked.items() if id_ in demand.addressees):
        wordings = [
            AddresseeWording(language=one.language, as_written=one.as_written, qualifier=one.qualifier)
            for one in old.wordings
        ]
        yield (
            Addressee(recommendation=part, body_id=old.body_id, role=old.role, position=position, wordings=wordings),
            old,
        )


def _issued(
    whole: Recommendation, part: Recommendation, put: Sequence[tuple[Addressee, Addressee]], at: datetime
) -> Iterator[Addition]:
    """It counts from today: on earlier days the whole was asked, and figures of those days stay."""
    on = max(clock.day_of(at), whole.report.issued_on)
    texts = {text.language: chain.digest(text.text) for text in part.texts}
    yield Addition(part, EntryKind.ISSUED, {"texts": texts, "part_of": whole.uid}, counts_on=on)
    for new, old in put:
        wording = {one.language: chain.digest(one.as_printed) for one in new.wordings}
        facts = {"body": old.body.slug, "role": old.role.value, "wording": wording}
        yield Addition(new, EntryKind.ISSUED, facts, counts_on=on)
