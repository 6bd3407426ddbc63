"""What the tables say now against what the entries give: public texts, addressees, expected replies."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import and_, or_, select

from tracker import database
from tracker.domain import chain, replies
from tracker.domain.replies import Reply
from tracker.domain.standing import Happening
from tracker.domain.vocabulary import EntryKind
from tracker.models import (
    Addressee,
    AddresseeWording,
    Body,
    ExpectedReply,
    Recommendation,
    RecommendationText,
    Report,
    Round,
    StandingRow,
)


@dataclass
class Given:
    """What the entries give, gathered while they are walked."""

    texts: dict[int, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))
    """Digests of each recommendation's texts by language."""
    undone: set[int] = field(default_factory=set)
    """Recommendations whose import was undone."""
    wordings: dict[int, dict[str, dict[str, str]]] = field(default_factory=lambda: defaultdict(dict))
    """Digests of wordings in languages that came later, by recommendation, body and language."""
    addressees: dict[int, dict[str, Any]] = field(default_factory=lambda: defaultdict(dict))
    """The body, role and digests of the wording of each addressee."""

    def take(self, recommendation_id: int, addressee_id: int | None, kind: EntryKind, facts: Mapping[str, Any]) -> None:
        """Gather what one entry says."""
        if kind is EntryKind.IMPORT_UNDONE:
            self.undone.add(recommendation_id)
        elif kind in (EntryKind.ISSUED, EntryKind.TEXT_CORRECTED) and addressee_id is None:
            self.texts[recommendation_id].update(facts.get("texts", {}))
            for body, wording in facts.get("wordings", {}).items():
                self.wordings[recommendation_id].setdefault(body, {}).update(wording)
            self._take_back(recommendation_id, facts)
        elif kind is EntryKind.ISSUED and addressee_id is not None:
            self.addressees[addressee_id] = {name: facts[name] for name in ("body", "role", "wording")}

    def _take_back(self, recommendation_id: int, facts: Mapping[str, Any]) -> None:
        for language in facts.get("removed", ()):
            self.texts[recommendation_id].pop(language, None)
        for body, languages in facts.get("unnamed", {}).items():
            for language in languages:
                self.wordings[recommendation_id].get(body, {}).pop(language, None)


def wrong(given: Given, happenings: Mapping[int, list[Happening]]) -> str | None:
    """The first row that is not what the entries give, in words."""
    return next(_all(given, happenings), None)


def _all(given: Given, happenings: Mapping[int, list[Happening]]) -> Iterator[str]:
    yield from _recommendations(given)
    yield from _addressees(given)
    yield from _replies(happenings)
    yield from differing_due_dates()


def _recommendations(given: Given) -> Iterator[str]:
    session = database.session()
    stored: dict[int, dict[str, str]] = defaultdict(dict)
    for id_, language, text in session.execute(
        select(RecommendationText.recommendation_id, RecommendationText.language, RecommendationText.text)
    ):
        stored[id_][language] = chain.digest(text)
    rows = select(Recommendation.id, Report.slug, Recommendation.address, Recommendation.is_hidden)
    for id_, report, address, is_hidden in session.execute(rows.join(Report).order_by(Recommendation.id)):
        name = f"{report}/{address}"
        if stored.get(id_) != given.texts.get(id_):
            yield f"the text of {name} is not the one that was issued"
        if is_hidden != (id_ in given.undone):
            yield f"{name} is {'hidden' if is_hidden else 'shown'} and should not be"


def _addressees(given: Given) -> Iterator[str]:
    session = database.session()
    wordings: dict[int, dict[str, str]] = defaultdict(dict)
    for one in session.scalars(select(AddresseeWording)):
        wordings[one.addressee_id][one.language] = chain.digest(one.as_printed)
    rows = select(Addressee.id, Addressee.recommendation_id, Addressee.role, Body.slug)
    rows = rows.join(Body, Body.id == Addressee.body_id)
    for id_, recommendation_id, role, body in session.execute(rows.order_by(Addressee.id)):
        issued = given.addressees.get(id_, {})
        wording = issued.get("wording", {}) | given.wordings.get(recommendation_id, {}).get(body, {})
        stored = {"body": body, "role": role.value, "wording": wordings.get(id_, {})}
        if not issued or stored != {**issued, "wording": wording}:
            yield f"the body, role or wording of addressee {id_} is not the one that was issued"


def _replies(happenings: Mapping[int, list[Happening]]) -> Iterator[str]:
    stored: dict[int, list[Reply]] = defaultdict(list)
    rows = select(
        ExpectedReply.addressee_id,
        ExpectedReply.asked_seq,
        ExpectedReply.asked_on,
        ExpectedReply.due_on,
        ExpectedReply.original_due_on,
        Round.uid,
        ExpectedReply.answered_seq,
        ExpectedReply.closed_seq,
    )
    rows = rows.outerjoin(Round, Round.id == ExpectedReply.round_id)
    for row in database.session().execute(rows.order_by(ExpectedReply.asked_seq)):
        addressee_id, asked, asked_on, due_on, original, round_, answered, closed = row
        stored[addressee_id].append(Reply(asked, asked_on, due_on, original, round_, answered, closed))
    for addressee_id in sorted(happenings.keys() | stored.keys()):
        if replies.replay(happenings.get(addressee_id, ())) != stored.get(addressee_id, []):
            yield f"what is expected of addressee {addressee_id} is not what its entries give"


def differing_due_dates() -> Iterator[str]:
    """Figures count by the standing, reminders leave by the expected reply: both must name the same day."""
    is_expected = and_(ExpectedReply.addressee_id == StandingRow.addressee_id, ExpectedReply.is_open)
    differ = or_(
        StandingRow.reply_due_on.is_distinct_from(ExpectedReply.due_on),
        StandingRow.original_due_on.is_distinct_from(ExpectedReply.original_due_on),
    )
    now = select(StandingRow.addressee_id).where(StandingRow.until_on.is_(None))
    for addressee_id in database.session().scalars(now.outerjoin(ExpectedReply, is_expected).where(differ)):
        yield f"addressee {addressee_id} is counted by another due date than the one of the reply that is expected"
