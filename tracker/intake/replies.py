"""Answers that stand beside recommendations in a table: who answers, what, where it stands and since when."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from tracker.domain.vocabulary import Implementation, Response
from tracker.intake.names import key, word_set

_ANSWER = word_set(
    "response responses reponse reponses antwoord antwoorden antwort antworten reply replies answer answers reactie"
    " reacties suite suites stellungnahme"
)
_STATUS = word_set("status statut etat stand avancement state uitvoering umsetzung")
_DATE = word_set("date datum")
_DEADLINE = word_set("deadline echeance termijn frist limite uiterste publication publicatie")


@dataclass(frozen=True)
class AnswerColumns:
    """Where a table has the answers."""

    text: int
    status: int | None = None
    date: int | None = None


def columns_of(heads: Sequence[str], taken: Iterable[int]) -> AnswerColumns | None:
    """By the heads of the columns that hold nothing else; None where no column has answers."""
    words = {at: set(re.findall(r"[^\W\d_]+", key(head))) for at, head in enumerate(heads) if at not in set(taken)}
    dates = [at for at, told in words.items() if told & _DATE and not told & _DEADLINE]
    statuses = [at for at, told in words.items() if told & _STATUS and at not in dates]
    texts = [at for at, told in words.items() if told & _ANSWER and at not in (*dates, *statuses)]
    if not texts:
        return None
    return AnswerColumns(texts[0], next(iter(statuses), None), next(iter(dates), None))


@dataclass(frozen=True)
class AnswerCells:
    """One answer as it stands in a row."""

    line: int
    addressees: tuple[str, ...]
    text: str
    status: str
    day: str


def cells_of(row: Sequence[str], columns: AnswerColumns, addressees: Sequence[int], line: int) -> AnswerCells | None:
    """The answer in a row; None where nobody answered."""

    def cell(at: int | None) -> str:
        return row[at].strip() if at is not None and at < len(row) else ""

    text, status = cell(columns.text), cell(columns.status)
    if not text and not status:
        return None
    named = tuple(name for at in addressees if (name := cell(at)))
    return AnswerCells(line, named, text, status, cell(columns.date))


_MONTHS = (
    "jan", "fev|feb", "maa|mar|mrt", "apr|avr", "mei|mai|may", "jun|juin", "jul|juil", "aug|aou", "sep", "okt|oct",
    "nov", "dec|dez",
)  # fmt: skip


def day_of(cell: str) -> date | None:
    """The day in a cell: 2024-03-12, 12/03/2024, 12.3.2024 or 12 mars 2024; None where there is none."""
    told = key(cell)
    if found := re.search(r"\b(\d{4})-(\d{1,2})-(\d{1,2})\b", told):
        year, month, day = map(int, found.groups())
    elif found := re.search(r"\b(\d{1,2})[./-](\d{1,2})[./-](\d{4})\b", told):
        day, month, year = map(int, found.groups())
    elif found := re.search(r"\b(\d{1,2})(?:er|e|\.)? ([^\W\d_]{3,})\.? (\d{4})\b", told):
        month = next((n for n, one in enumerate(_MONTHS, 1) if re.match(one, found[2])), 0)
        day, year = int(found[1]), int(found[3])
    else:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


_RESPONSES = (
    (Response.NOT_ACCEPTED, r"not accept|non accept|niet aanvaard|reject|refus|rejet|verworpen|afgewezen|geweigerd|"
                            r"abgelehnt|nicht angenommen"),
    (Response.ACCEPTED_IN_PART, r"accept\w* (?:in part|partly|partially|en partie|partiellement)|part\w+ accept|"
                                r"gedeeltelijk aanvaard|teilweise angenommen"),
    (Response.NOT_COMPETENT, r"not competent|not within|hors competence|pas competent|niet bevoegd|nicht zustandig"),
    (Response.UNDER_CONSIDERATION, r"consider|examen|etude|overweging|beraad|gepruft|prufung|\bnoted\b|pris\w* note"),
    (Response.ACCEPTED, r"accept|aanvaard|angenommen|agreed|akkoord|d.accord|supported|soutenu"),
)  # fmt: skip
_REPORTED = (
    (Implementation.NOT_STARTED, r"not (?:yet )?started|non entame|pas (?:encore )?(?:entame|commence)|niet gestart|"
                                 r"nog niet|noch nicht"),
    (Implementation.NOT_IMPLEMENTED, r"not implemented|(?:non|pas) mise? en|niet uitgevoerd|nicht umgesetzt"),
    (Implementation.PARTIALLY, r"part\w+ (?:implemented|mis|realis)|(?:mise?|realise\w*) .*(?:partiel|en partie)|"
                               r"gedeeltelijk uitgevoerd|teilweise umgesetzt"),
    (Implementation.IN_PROGRESS, r"progress|ongoing|under ?way|en cours|in uitvoering|lopend|in umsetzung|\blauf"),
    (Implementation.CONTINUING, r"continu|blijvend|permanent|fortlaufend"),
    (Implementation.OVERTAKEN, r"no longer|sans objet|zonder voorwerp|obsolete|caduc|achterhaald|gegenstandslos"),
    (Implementation.FULLY, r"implemented|mise? en (?:oe|œ)uvre|uitgevoerd|umgesetzt|realise|"
                           r"complete|afgerond"),
)  # fmt: skip
_IMPLY_ACCEPTED = (
    Implementation.FULLY, Implementation.PARTIALLY, Implementation.IN_PROGRESS, Implementation.CONTINUING,
)  # fmt: skip


def meaning(status: str) -> tuple[Response | None, Implementation | None]:
    """What the words of a status propose; None where they say nothing. Who acts is taken to accept."""
    told = key(status)
    response = next((code for code, words in _RESPONSES if re.search(words, told)), None)
    reported = next((code for code, words in _REPORTED if re.search(words, told)), None)
    if response is None and reported in _IMPLY_ACCEPTED:
        response = Response.ACCEPTED
    return response, reported
