"""What a report has already, and what each draft of a document is beside it: the same, another language, or new."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import select

from tracker import database, intake
from tracker.models import Addressee, Body, Draft, Import, Recommendation, Report


@dataclass(frozen=True)
class Recorded:
    """A recommendation that the report has already."""

    id: int
    code: str | None
    texts: Mapping[str, str]
    """By language."""
    language: str
    """That of the report."""
    bodies: frozenset[str]
    """The slugs of its addressees."""

    @property
    def text(self) -> str:
        """Its wording as the report has it."""
        return self.texts.get(self.language) or next(iter(self.texts.values()))


@dataclass(frozen=True)
class Met:
    """A draft beside the recommendation that it is, if it is one already."""

    draft: intake.RecommendationDraft
    language: str
    """That of its document."""
    there: Recorded | None = None
    is_by_place: bool = False
    """Whether only its place among those without a code says which one it is."""

    @property
    def texts(self) -> dict[str, str]:
        """Its wordings by language."""
        return dict(self.draft.other_texts) | {self.language: self.draft.text}

    @cached_property
    def adds(self) -> dict[str, str]:
        """Wordings in languages in which the one on record has none."""
        there = self.there.texts if self.there else {}
        return {language: text for language, text in self.texts.items() if self.there and language not in there}

    @property
    def has_same_texts(self) -> bool:
        """Whether both say the same in every language that both have."""
        there = self.there.texts if self.there else {}
        return all(there.get(language, text) == text for language, text in self.texts.items())

    @property
    def bodies(self) -> frozenset[str | None]:
        """The slugs of the draft's addressees; None for one that is not known."""
        return frozenset(one.body for one in self.draft.addressees)

    @property
    def is_known(self) -> bool:
        """Whether it is there just as the draft has it."""
        if self.there is None or self.adds:
            return False
        return self.has_same_texts and self.bodies == self.there.bodies


def recorded(report: Report | None) -> list[Recorded]:
    """What a report has already, as printed."""
    if report is None:
        return []
    session = database.session()
    of_report = (Recommendation.report_id == report.id, ~Recommendation.is_hidden)
    addressed = select(Addressee.recommendation_id, Body.slug).join(Addressee.body).join(Addressee.recommendation)
    bodies: dict[int, set[str]] = defaultdict(set)
    for recommendation_id, slug in session.execute(addressed.where(*of_report)):
        bodies[recommendation_id].add(slug)
    # Parts are in no document: the whole is what was printed.
    printed = select(Recommendation).where(*of_report, Recommendation.parent_id.is_(None))
    found = session.scalars(printed.order_by(Recommendation.position))
    return [
        Recorded(one.id, one.code, {text.language: text.text for text in one.texts}, report.language,
                 frozenset(bodies[one.id]))
        for one in found
    ]  # fmt: skip


def meet(drafts: Sequence[intake.RecommendationDraft], there: Sequence[Recorded], language: str) -> list[Met]:
    """Each draft with the recommendation that it is: known by its code, one without a code by its wording.

    One without a code in a language that is new to all of them has only its place, where there are as many.
    """
    by_code = {one.code: one for one in there if one.code}
    by_text = {(told, text): one for one in there for told, text in one.texts.items()}
    met = []
    for draft in drafts:
        found = by_code.get(draft.code) if draft.code else by_text.get((language, draft.text))
        met.append(Met(draft, language, found))
    without_code = [at for at, one in enumerate(met) if not one.draft.code and one.there is None]
    waiting = [one for one in there if not one.code and language not in one.texts]
    if len(waiting) == len(without_code):
        for at, one in zip(without_code, waiting, strict=True):
            met[at] = Met(met[at].draft, language, one, is_by_place=True)
    return met


@dataclass(frozen=True)
class Other:
    """The draft of the same code in another language, in a document that is under review too."""

    document: str
    language: str
    draft: intake.RecommendationDraft


_HALF = 0.5
"""So many codes in common make two documents the languages of one report."""


def beside(import_: Import, drafts: Sequence[intake.RecommendationDraft]) -> dict[str, Other]:
    """The document under review that is the other language of this one, by code; empty where there is none."""
    codes = {draft.code for draft in drafts if draft.code}
    session = database.session()
    others = select(Import.id, Import.name, Import.language).where(
        Import.issuer_id == import_.issuer_id, Import.state == "draft", Import.language != import_.language
    )
    for id_, name, language in session.execute(others.order_by(Import.id.desc())) if codes else ():
        stored = session.scalars(select(Draft.reading).where(Draft.import_id == id_).order_by(Draft.position))
        theirs = [intake.RecommendationDraft.from_json(json.loads(one)) for one in stored]
        common = {one.code: Other(name, language, one) for one in theirs if one.code and one.code in codes}
        if len(common) > _HALF * max(len(codes), len(theirs)):
            return common
    return {}
