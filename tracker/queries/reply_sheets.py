"""The spreadsheet of a form: what it holds when it is taken away, and what it says anew when it comes back."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from tracker.domain.moves import Answer, problems_of_answer
from tracker.domain.typed import answer_of
from tracker.domain.vocabulary import ANSWERS, SEVEN, Role
from tracker.intake.answer_sheets import SheetRow
from tracker.language import _, current
from tracker.models import AnswerLink
from tracker.queries import reply_forms
from tracker.queries.reply_forms import Item


def choices() -> dict[str, list[str]]:
    """The labels that its columns offer."""
    return {"response": [one.label for one in ANSWERS], "reported": [one.label for one in SEVEN]}


def rows(items: Sequence[Item]) -> list[dict[str, str]]:
    """One row a recommendation, filled in with the draft, else with the last answer."""
    return [_row(item) for item in items]


def _row(item: Item) -> dict[str, str]:
    of, said = item.row.recommendation, item.answer or item.last_answer or answer_of({})
    is_chosen = said.response in ANSWERS
    return {
        "code": item.code,
        "report": of.report.title,
        "text": of.text(current()).text,
        "question": item.question.words.get("question", "") if item.question else "",
        "due": item.row.standing.reply_due_on.isoformat() if item.row.standing.reply_due_on else "",
        "unchanged": "x" if item.draft and item.draft.is_unchanged else "",
        "response": said.response.label if is_chosen else "",
        "reported": said.reported.label if said.reported else "",
        "done": said.done,
        "reason": said.reason,
        "since": said.since.isoformat() if said.since else "",
        "links": "\n".join(said.links),
        "key": f"{item.row.addressee.uid}.{item.version}",
    }


@dataclass(frozen=True)
class Difference:
    """A row that says something else than the form."""

    line: int
    item: Item
    is_unchanged: bool
    fields: dict[str, str]
    answer: Answer
    """What the sheet says."""
    problems: tuple[str, ...]
    """What is to be corrected before it can be sent; it is taken over all the same."""
    is_conflict: bool
    """Somebody wrote in the form since the sheet was taken away."""


@dataclass(frozen=True)
class Compared:
    """A sheet beside its form."""

    differences: list[Difference]
    n_same: int
    strange: list[int]
    """Lines about what is not in this form."""


def compare(link: AnswerLink, sheet: Sequence[SheetRow], today: date) -> Compared:
    """What a sheet says anew."""
    items = {item.row.addressee.uid: item for item in reply_forms.items(link, today)}
    found = [_difference(items[row.uid], row, today) for row in sheet if row.uid in items]
    differences = [one for one in found if one is not None]
    strange = [row.line for row in sheet if row.uid not in items]
    return Compared(differences, len(found) - len(differences), strange)


def _difference(item: Item, row: SheetRow, today: date) -> Difference | None:
    is_relay = item.row.addressee.role is Role.RELAY
    is_unchanged = row.is_unchanged and item.may_confirm
    typed = answer_of(row.fields, is_relay=is_relay)
    before = item.answer or item.last_answer or answer_of({})
    was_unchanged = bool(item.draft and item.draft.is_unchanged)
    if is_unchanged == was_unchanged and (is_unchanged or typed == replace(before, confirms=None)):
        return None
    answer = item.last_answer if is_unchanged and item.last_answer else typed
    issued_on = item.row.recommendation.report.issued_on
    problems = [one.sentence for one in problems_of_answer(answer, today=today, issued_on=issued_on)]
    problems += [_("“%(typed)s” is none of the choices of this column.", typed=one[:60]) for one in row.unknown]
    if row.is_unchanged and not is_unchanged:
        problems.append(_("“Nothing has changed” says too little here: there is a question, or no earlier answer."))
    is_conflict = item.version != row.version and item.is_begun
    return Difference(row.line, item, is_unchanged, row.fields, answer, tuple(problems), is_conflict)
