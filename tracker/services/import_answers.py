"""Recording the answers of a response sheet, as they came on paper: all of them, or none."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker import clock
from tracker.database import transaction
from tracker.domain import chain, moves
from tracker.domain.moves import Answer
from tracker.domain.vocabulary import Channel, EntryKind, Implementation, Response
from tracker.errors import NotAccepted, NotFound
from tracker.language import _, ngettext
from tracker.models import Addressee, Entry, Import, Person
from tracker.queries import entries, import_answers, imports, people
from tracker.queries.import_answers import Row
from tracker.queries.portions import portions
from tracker.services import answers

_TOLD = 12
_REASONED = (Response.NOT_ACCEPTED, Response.NOT_COMPETENT)
_GIVEN = {"round", "question"}
"""Facts of an answer that come from what was expected, not from who answered."""


@dataclass(frozen=True)
class Meaning:
    """What a status is taken to mean."""

    response: Response | None
    reported: Implementation | None


@dataclass(frozen=True)
class Sheet:
    """How a response sheet is taken."""

    meanings: Mapping[str, Meaning]
    """By the words of a status."""
    received_on: date | None
    """For answers without a day beside them."""
    channel: Channel
    leaves_out: bool = False
    """Whether what cannot be recorded is left out, instead of stopping all."""


@dataclass(frozen=True)
class Recorded:
    """What recording a sheet did."""

    added: int
    known: int
    """Answers that were on record already."""
    left_out: int


def record(import_id: int, sheet: Sheet, *, by: Person, at: datetime) -> Recorded:
    """Put every answer of a document on the timeline of its addressee; what is there already stays as it is."""
    with transaction() as session:
        import_ = session.get(Import, import_id)
        if import_ is None or import_.issuer_id not in people.rights(by).coordinates:
            raise NotFound(_("There is no such import."))
        rows = import_answers.rows(imports.review(import_id))
        by_id = _addressees(session, rows)
        read = [(row, *_answer(row, sheet, by_id, clock.day_of(at))) for row in rows]
        wrong = [(row, sentence) for row, _one, sentence in read if sentence]
        if wrong and not sheet.leaves_out:
            raise NotAccepted("\n".join(_told(wrong)))
        there = _on_record(session, list(by_id))
        fresh: list[tuple[Addressee, Answer]] = []
        for row, answer, _sentence in read:
            if answer is not None and (said := _said(row.addressee_id or 0, answer)) not in there:
                there.add(said)
                fresh.append((by_id[row.addressee_id or 0], answer))
        if fresh:
            answers.put(session, fresh, by=by, at=at)
        return Recorded(len(fresh), len(rows) - len(wrong) - len(fresh), len(wrong))


def _told(wrong: list[tuple[Row, str]]) -> list[str]:
    told = [_("Line %(line)s: %(sentence)s", line=row.draft.line, sentence=sentence) for row, sentence in wrong[:_TOLD]]
    more = len(wrong) - len(told)
    return [*told, ngettext("One more line is wrong.", "%(n)s more lines are wrong.", more)] if more else told


def _addressees(session: Session, rows: list[Row]) -> dict[int, Addressee]:
    found: dict[int, Addressee] = {}
    for ids in portions(row.addressee_id for row in rows if row.addressee_id):
        found |= {one.id: one for one in session.scalars(select(Addressee).where(Addressee.id.in_(ids)))}
    return found


_WHY = {
    "not_on_record": lambda row: _("%(code)s is not on record in this report.", code=row.code or "–"),
    "which_body": lambda row: _(
        "It cannot be told who answers: “%(name)s” is not one addressee of %(code)s.",
        name=row.draft.named or "–",
        code=row.code or "–",
    ),
}


def _answer(row: Row, sheet: Sheet, by_id: Mapping[int, Addressee], today: date) -> tuple[Answer | None, str | None]:
    """The answer in a row, or why there is none that could be recorded."""
    if row.addressee_id is None:
        return None, _WHY[row.why](row)
    meant = sheet.meanings.get(row.draft.status) or Meaning(None, None)
    if meant.response is None:
        return None, _("Say what “%(status)s” means.", status=row.draft.status or "–")
    is_reason = meant.response in _REASONED or meant.reported is Implementation.OVERTAKEN
    answer = Answer(
        response=meant.response,
        reported=meant.reported,
        done="" if is_reason else row.draft.text,
        reason=row.draft.text if is_reason else "",
        channel=sheet.channel,
        received_on=row.on or sheet.received_on,
    )
    issued_on = by_id[row.addressee_id].recommendation.report.issued_on
    problems = moves.problems_of_answer(answer, today=today, issued_on=issued_on)
    return (None, problems[0].sentence) if problems else (answer, None)


_Said = tuple[int, str, str]


def _said(addressee_id: int, answer: Answer) -> _Said:
    facts = {name: str(value) for name, value in answers.facts_of(answer).items() if name != "channel"}
    return addressee_id, chain.canonical(facts), chain.canonical(answers.text_of(answer))


def _on_record(session: Session, addressee_ids: list[int]) -> set[_Said]:
    """What these addressees have answered, whatever it replied to and however it came."""
    found: set[_Said] = set()
    for ids in portions(addressee_ids):
        of_them = select(Entry).where(Entry.addressee_id.in_(ids), Entry.kind == EntryKind.ANSWERED)
        for told in map(entries.Told, session.scalars(of_them)):
            facts = {name: value for name, value in told.facts.items() if name not in {*_GIVEN, "channel"}}
            found.add((told.entry.addressee_id or 0, chain.canonical(facts), chain.canonical(told.words)))
    return found
