"""Texts that a document adds in another language to what is on record, and their way back."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.domain import chain
from tracker.domain.vocabulary import EntryKind
from tracker.models import Addressee, AddresseeWording, Import, Person, Recommendation, RecommendationText
from tracker.queries.entries import Told
from tracker.queries.import_record import Met
from tracker.queries.portions import portions
from tracker.services import stems, timeline


def add(session: Session, import_: Import, pairs: Sequence[Met], by: Person | None, at: datetime) -> None:
    """Recommendations that are there have their text, and the names of their addressees, in another language too.

    One entry on the timeline of each tells the digests, and from which document they are.
    """
    ids = {one.there.id for one in pairs if one.there}
    by_id: dict[int, Recommendation] = {}
    named: dict[int, dict[str, Addressee]] = defaultdict(dict)
    for some in portions(ids):
        by_id |= {one.id: one for one in session.scalars(select(Recommendation).where(Recommendation.id.in_(some)))}
        for addressee in session.scalars(select(Addressee).where(Addressee.recommendation_id.in_(some))):
            named[addressee.recommendation_id][addressee.body.slug] = addressee
    additions, language = [], import_.language
    for one in pairs:
        recommendation = by_id[one.there.id if one.there else 0]
        texts = [RecommendationText(language=code, text=text) for code, text in one.adds.items()]
        recommendation.texts.extend(texts)
        wordings = {}
        for printed in one.draft.addressees:
            addressee = named[recommendation.id][printed.body or ""]
            if all(known.language != language for known in addressee.wordings):
                wording = AddresseeWording(
                    language=language, as_written=printed.as_written, qualifier=printed.qualifier
                )
                addressee.wordings.append(wording)
                wordings[printed.body] = {language: chain.digest(printed.as_printed)}
        facts = {
            "added": sorted(one.adds),
            "document": import_.digest,
            "texts": {code: chain.digest(text) for code, text in one.adds.items()},
            "wordings": wordings,
        }
        additions.append(timeline.Addition(recommendation, EntryKind.TEXT_CORRECTED, facts))
    if additions:
        stems.keep_more(session, [(one.there.id, one.adds) for one in pairs if one.there])
        timeline.append_rows(session, additions, by=by, at=at)


def take_back(session: Session, added: Sequence[Told], by: Person | None, at: datetime) -> None:
    """Take texts back that entries tell of; each stays readable in the entry that says so."""
    ids = {one.entry.recommendation_id for one in added}
    by_id: dict[int, Recommendation] = {}
    for some in portions(ids):
        by_id |= {one.id: one for one in session.scalars(select(Recommendation).where(Recommendation.id.in_(some)))}
    additions = []
    for one in added:
        recommendation, facts = by_id[one.entry.recommendation_id], one.facts
        gone = {text.language: text for text in recommendation.texts if text.language in facts["added"]}
        for text in gone.values():
            session.delete(text)
        _forget_wordings(session, recommendation, facts["wordings"])
        removed = {"removed": sorted(gone), "document": facts["document"], "unnamed": {
            body: sorted(wording) for body, wording in facts["wordings"].items()
        }}  # fmt: skip
        words = {language: text.text for language, text in gone.items()}
        stems.forget(session, recommendation.id, words)
        additions.append(
            timeline.Addition(recommendation, EntryKind.TEXT_CORRECTED, removed, words or None, about=one.seq)
        )
    if additions:
        timeline.append_rows(session, additions, by=by, at=at)


def _forget_wordings(session: Session, recommendation: Recommendation, named: dict[str, dict[str, str]]) -> None:
    """The names of its addressees in the languages that are taken back."""
    for addressee in session.scalars(select(Addressee).where(Addressee.recommendation_id == recommendation.id)):
        languages = named.get(addressee.body.slug, {})
        for wording in [one for one in addressee.wordings if one.language in languages]:
            addressee.wordings.remove(wording)
            session.delete(wording)
