"""Who may say what, and which reasons are owed."""

from dataclasses import dataclass
from datetime import date, timedelta

from tracker.domain.vocabulary import ANSWERS, FINDINGS, SEVEN, Channel, Implementation, Response
from tracker.errors import NotAllowed
from tracker.language import _, number

TEXT_LIMIT = 8000
"""Characters in one free text."""
SINCE_YEARS = 30
"""How long before its report something may have been done: an earlier year is a slip."""
LINKS_LIMIT = 10
LINK_LIMIT = 2000
"""Characters in one link."""
FURTHEST = timedelta(days=3660)
"""A due date beyond ten years is a typing error."""

_RESPONSE_OWES_REASON = (Response.NOT_ACCEPTED, Response.NOT_COMPETENT)
_REPORT_OWES_ACCOUNT = (Implementation.FULLY, Implementation.CONTINUING, Implementation.PARTIALLY)
_FINDING_OWES_REASON = (Implementation.FULLY, Implementation.CONTINUING, Implementation.OVERTAKEN)


@dataclass(frozen=True)
class Answer:
    """What a body says about one recommendation."""

    response: Response
    reported: Implementation | None
    done: str = ""
    """What was done since."""
    reason: str = ""
    """Why not, or who is competent."""
    since: date | None = None
    """Since when, as the body tells it; it never moves a figure."""
    links: tuple[str, ...] = ()
    channel: Channel = Channel.FORM
    received_on: date | None = None
    """The day a paper answer was received; None for a form."""
    answered_by: str = ""
    """Name and function of who answered: several people may share a mailbox."""
    confirms: int | None = None
    """The earlier answer that it says again, because nothing has changed."""


@dataclass(frozen=True)
class Problem:
    """What is wrong with one field, as a sentence that says what to do."""

    field: str
    sentence: str


def problems_of_answer(answer: Answer, *, today: date, issued_on: date) -> list[Problem]:
    """Everything that the rules miss in an answer; empty when it may be submitted."""
    found = []
    if answer.response not in ANSWERS:
        found.append(Problem("response", _("Choose whether the body accepts this recommendation.")))
    if answer.reported is not None and answer.reported not in SEVEN:
        found.append(Problem("reported", _("Choose where the implementation stands.")))
    if answer.response in _RESPONSE_OWES_REASON and not answer.reason:
        found.append(Problem("reason", _REASON_SENTENCES[answer.response]()))
    if answer.reported is Implementation.OVERTAKEN and not answer.reason:
        found.append(Problem("reason", _("Say why this recommendation no longer applies.")))
    if answer.reported in _REPORT_OWES_ACCOUNT and not answer.done:
        found.append(Problem("done", _("Say in a few sentences what was done, so that it can be checked.")))
    if answer.since is not None and answer.since > today:
        found.append(Problem("since", _("“Since when” cannot be in the future.")))
    elif answer.since is not None and answer.since.year < issued_on.year - SINCE_YEARS:
        found.append(Problem("since", _("Check the year of “Since when”: it is long before the report.")))
    found += [*_too_long("done", answer.done), *_too_long("reason", answer.reason), *_problems_of_links(answer.links)]
    if answer.channel is not Channel.FORM:
        found += _problems_of_receipt(answer.received_on, today, issued_on)
    return found


_REASON_SENTENCES = {
    Response.NOT_ACCEPTED: lambda: _("Say why the body does not accept this recommendation."),
    Response.NOT_COMPETENT: lambda: _("Say who is competent, as far as the body knows."),
}


def _too_long(field: str, text: str) -> list[Problem]:
    if len(text) <= TEXT_LIMIT:
        return []
    return [Problem(field, _("Keep this text within %(limit)s characters.", limit=number(TEXT_LIMIT)))]


def _problems_of_links(links: tuple[str, ...]) -> list[Problem]:
    if len(links) > LINKS_LIMIT:
        return [Problem("links", _("Give ten links at most."))]
    for link in links:
        if not link.startswith(("https://", "http://")) or " " in link or len(link) > LINK_LIMIT:
            return [Problem("links", _("“%(link)s” is not a web address. It begins with https://.", link=link[:80]))]
    return []


def _problems_of_receipt(received_on: date | None, today: date, issued_on: date) -> list[Problem]:
    if received_on is None:
        return [Problem("received_on", _("Enter the day on which the answer was received."))]
    if received_on > today:
        return [Problem("received_on", _("The answer cannot have been received in the future."))]
    if received_on < issued_on:
        return [Problem("received_on", _("The answer cannot have been received before the report was published."))]
    return []


def problems_of_assessment(assessed: Implementation, reason: str) -> list[Problem]:
    """What the rules miss in an assessment; empty when it may be made."""
    if assessed not in FINDINGS:
        return [Problem("assessed", _("Choose what you find.")), *_too_long("reason", reason)]
    if assessed in _FINDING_OWES_REASON and not reason:
        return [Problem("reason", _("Give the reason or the evidence for this finding; it stands on the timeline."))]
    return _too_long("reason", reason)


def problems_of_question(question: str, due_on: date | None, *, today: date) -> list[Problem]:
    """What the rules miss in a question to an answer; empty when the answer may be returned with it."""
    found = _too_long("question", question)
    if not question:
        found.append(Problem("question", _("Say what you want to know; the body reads it before anything else.")))
    if due_on is None:
        found.append(Problem("due_on", _("Enter the day by which you expect a reply.")))
    elif due_on <= today:
        found.append(Problem("due_on", _("Give the body time: choose a day after today.")))
    return found


def problems_of_due_date(due_on: date | None, reason: str, *, today: date) -> list[Problem]:
    """What the rules miss when a due date is moved; empty when it may be."""
    found = []
    if due_on is None:
        found.append(Problem("due_on", _("Enter the new day by which you expect the reply.")))
    elif due_on <= today:
        found.append(Problem("due_on", _("Give the body time: choose a day after today.")))
    elif due_on > today + FURTHEST:
        found.append(Problem("due_on", _("This is more than ten years ahead. Choose an earlier day.")))
    if not reason:
        found.append(Problem("reason", _("Say why the due date moves; the reason stands on the timeline.")))
    return found


def check(problems: list[Problem]) -> None:
    """Refuse with the first sentence, for callers without a form."""
    if problems:
        raise NotAllowed(problems[0].sentence)


def problems_of_round(due_on: date | None, *, today: date) -> list[Problem]:
    """What the rules miss in the due date of a report in a round; empty when the round may ask by it."""
    if due_on is None:
        return [Problem("due_on", _("Say by which day replies are due."))]
    if due_on < today:
        return [Problem("due_on", _("A reply cannot be due in the past. Choose a later day."))]
    if due_on > today + FURTHEST:
        return [Problem("due_on", _("That is more than ten years away. Check the year."))]
    return []
