"""What was said in a submission, as its receipt tells it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from tracker import database, language
from tracker.models import Recommendation
from tracker.queries import entries
from tracker.queries.entries import Told


@dataclass(frozen=True)
class Said:
    """One answer."""

    code: str
    report: str
    text: str
    voices: str
    """Its codes in words: response, implementation."""
    confirms_of: date | None
    """The day of the answer that it confirms, because nothing has changed."""
    done: str
    reason: str
    since: date | None
    links: tuple[str, ...]
    answered_by: str


def said(told: Collection[Told], spoken: str) -> list[Said]:
    """These answers, in a language."""
    with language.speaking(spoken):
        return [_said(one) for one in told]


def _said(one: Told) -> Said:
    of = database.session().get_one(Recommendation, one.entry.recommendation_id)
    voices = (one.response, one.reported)
    return Said(
        code=of.code or of.address,
        report=of.report.title,
        text=of.text(language.current()).text,
        voices=" · ".join(voice.label for voice in voices if voice),
        confirms_of=entries.told(one.confirms).counts_on if one.confirms else None,
        done=one.words.get("done", ""),
        reason=one.words.get("reason", ""),
        since=one.fact_day("since"),
        links=tuple(one.links),
        answered_by=one.words.get("answered_by", ""),
    )
