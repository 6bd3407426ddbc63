"""What the columns of a table hold: told by their heads in four languages, and by what stands below them."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from statistics import fmean

from tracker.intake import lines as looks
from tracker.intake import replies
from tracker.intake.documents import Row, Table
from tracker.intake.names import key, word_set
from tracker.intake.replies import AnswerColumns


class Column(StrEnum):
    """What a column holds. Status, answer, date and priority are recognised so that they are taken for nothing else."""

    CODE = "code"
    TEXT = "text"
    ADDRESSEE = "addressee"
    SECTION = "section"
    STATUS = "status"
    ANSWER = "answer"
    DATE = "date"
    PRIORITY = "priority"
    OTHER = "other"


_RECOMMENDATION = word_set(
    "recommendation recommendations recommandation recommandations aanbeveling aanbevelingen "
    "empfehlung empfehlungen rec recs reco recos"
)
_NUMBER = word_set(
    "id no n nr nbr num number numero nummer ref reference referentie referenz code cote volgnummer kenmerk # n°"
)
_WORDING = word_set(
    "text texte tekst wortlaut libelle intitule enonce content contenu inhoud inhalt wording "
    "description omschrijving beschreibung extracted extract formulation formulering"
)
_OF_SOMETHING_ELSE = word_set("file fichier bestand datei type nombre count aantal anzahl page pages source bron")
_HEADS: dict[Column, frozenset[str]] = {
    Column.ADDRESSEE: word_set(
        "addressee addressees addressed destinataire destinataires geadresseerde geadresseerden "
        "bestemmeling bestemmelingen adressat adressaten empfanger responsible responsable responsables "
        "verantwoordelijke verantwoordelijken verantwortlich zustandig owner entity entities entite "
        "entites department departments departement ministry ministries ministere ministeres ministerie "
        "instantie instanties organisme organismes institution institutions agency agencies authority "
        "authorities autorite autorites behorde behorden body bodies lead"
    ),
    Column.ANSWER: word_set(
        "response responses reponse reponses antwoord antwoorden antwort antworten res reply replies "
        "answer answers comment comments commentaire commentaires commentaar kommentar assessment "
        "justification explanation toelichting observation observations suite suites"
    ),
    Column.STATUS: word_set(
        "status statut etat position decision avancement stand implementation uitvoering umsetzung state"
    ),
    Column.PRIORITY: word_set("priority priorite prioriteit prioritat"),
    Column.DATE: word_set("date datum deadline echeance termijn frist timeframe year annee jaar jahr"),
    Column.SECTION: word_set(
        "theme themes thema themas thematique section sectie chapter chapitre hoofdstuk kapitel rubrique "
        "rubriek title titre titel topic topics sujet onderwerp domain domaine domein bereich category "
        "categorie area"
    ),
}
_LANGUAGES = {
    "fr": word_set("fr francais french frans franzosisch"),
    "nl": word_set("nl neerlandais nederlands dutch niederlandisch"),
    "en": word_set("en anglais english engels englisch"),
    "de": word_set("de allemand german duits deutsch"),
}
_HEAD_WITHIN = 20
"""Rows from the top in which the heads of a table stand."""
_LONGEST_HEAD = 90
_LOOKED_AT = 300
"""Rows below the heads that tell what a column holds."""


@dataclass(frozen=True)
class Columns:
    """Which column of a table holds what."""

    heads: int | None
    """The row with the heads, from 0; None where there is none."""
    text: int
    code: int | None = None
    addressees: tuple[int, ...] = ()
    section: int | None = None
    other_texts: dict[str, int] = field(default_factory=dict)
    """The same text in another language, by language."""
    language: str | None = None
    """Of the text, where its head says so."""
    answers: AnswerColumns | None = None
    """Where bodies answer, on a response sheet."""
    is_guessed: bool = False
    """Whether the heads did not say it and the cells had to."""

    @classmethod
    def chosen(cls, kinds: Sequence[str], heads: int | None) -> Columns | None:
        """As a person said what each column holds; None where no column has the text."""
        at = [[n for n, kind in enumerate(kinds) if kind == column.value] for column in Column]
        by_kind = dict(zip(Column, at, strict=True))
        if not by_kind[Column.TEXT]:
            return None
        return cls(
            heads=heads,
            text=by_kind[Column.TEXT][0],
            code=next(iter(by_kind[Column.CODE]), None),
            addressees=tuple(by_kind[Column.ADDRESSEE]),
            section=next(iter(by_kind[Column.SECTION]), None),
            other_texts={kind: n for n, kind in enumerate(kinds) if kind in _LANGUAGES},
        )

    def kinds(self, width: int) -> tuple[str, ...]:
        """What each of `width` columns holds: a `Column`, or a language where the text is in another one."""
        held: dict[int, str] = {at: language for language, at in self.other_texts.items()}
        held |= dict.fromkeys(self.addressees, Column.ADDRESSEE.value)
        held |= {
            at: kind.value for at, kind in ((self.section, Column.SECTION), (self.code, Column.CODE)) if at is not None
        }
        held[self.text] = Column.TEXT.value
        return tuple(held.get(at, Column.OTHER.value) for at in range(width))


def _words(head: str) -> set[str]:
    return set(re.findall(r"#|n°|[^\W_]+", key(head).replace("n°", " n° ")))


def head_of(cell: str) -> Column | None:
    """What a column with this head holds; None where the words say nothing."""
    if not cell.strip() or len(cell) > _LONGEST_HEAD:
        return None
    words = _words(cell)
    is_of_recommendation = bool(words & _RECOMMENDATION)
    if words & _OF_SOMETHING_ELSE:
        return Column.OTHER
    answers = words & _HEADS[Column.ANSWER]
    if words & _NUMBER and len(words) <= 5:
        return Column.OTHER if answers else Column.CODE
    if is_of_recommendation and words & _WORDING:
        return Column.TEXT
    for column, known in _HEADS.items():
        if words & known:
            return column
    return Column.TEXT if is_of_recommendation or words & _WORDING else None


def _language_of(head: str) -> str | None:
    words = _words(head)
    # “de” is also a French and Dutch word: only a head that is set apart by it counts.
    found = [
        code
        for code, known in _LANGUAGES.items()
        if words & (known - {"de"}) or re.search(rf"[(/–-]\s*{code}\b", head.lower())
    ]
    return found[0] if len(found) == 1 else None


def columns_of(table: Table, *, about: str = "") -> Columns | None:
    """Where a table has its recommendations; None where it has none. `about` is what stands above or names it."""
    width = width_of(table)
    if width < 2:
        return None
    heads = _row_of_heads(table.rows)
    if heads is None:
        return _by_content(table.rows, width)
    kinds = {at: head_of(cell) for at, cell in enumerate(table.rows[heads].cells)}
    body = _body(table.rows, heads)
    return _by_heads(table.rows[heads], kinds, body, heads, about)


def width_of(table: Table) -> int:
    """How many columns a table has."""
    return max((len(row.cells) for row in table.rows), default=0)


def key_of(table: Table) -> str:
    """The same for tables with the same heads: what a person said of one counts for the next."""
    heads = heads_or_first(table.rows)
    cells = [key(cell) for cell in table.rows[heads].cells] if heads is not None else []
    return hashlib.sha256(json.dumps([width_of(table), *cells]).encode()).hexdigest()[:32]


def has_heads(table: Table) -> bool:
    """Whether a table says what its columns hold."""
    found = columns_of(table)
    return found is not None and found.heads is not None


def heads_or_first(rows: Sequence[Row]) -> int | None:
    """The row with the heads; where their words say nothing, the first one of several short cells without numbers."""
    found = _row_of_heads(rows)
    if found is not None:
        return found
    first = next((at for at, row in enumerate(rows[:_HEAD_WITHIN]) if len(row.filled) > 1), None)
    if first is None:
        return None
    are_words = all(len(cell) <= _LONGEST_HEAD and not re.search(r"\d", cell) for cell in rows[first].filled)
    return first if are_words else None


def _row_of_heads(rows: Sequence[Row]) -> int | None:
    """The row near the top that has the most heads: two, or one that says “recommendation”."""
    best, most = None, 0.0
    for at, row in enumerate(rows[:_HEAD_WITHIN]):
        known = [cell for cell in row.cells if head_of(cell)]
        is_whole = len(known) * 2 >= len(row.filled)
        weight = len(known) + 0.5 * any(_words(cell) & _RECOMMENDATION for cell in known)
        if is_whole and len(row.filled) > 1 and weight > max(most, 1.0):
            best, most = at, weight
    return best


def _body(rows: Sequence[Row], heads: int) -> list[Row]:
    return [row for row in rows[heads + 1 : heads + 1 + _LOOKED_AT] if len(row.filled) > 1]


def _column(rows: Sequence[Row], at: int) -> list[str]:
    return [row.cells[at].strip() for row in rows if at < len(row.cells) and row.cells[at].strip()]


def _length(rows: Sequence[Row], at: int) -> float:
    return fmean(map(len, _column(rows, at))) if _column(rows, at) else 0.0


def _are_codes(cells: Sequence[str]) -> bool:
    return bool(cells) and sum(looks.is_code(cell) for cell in cells) >= 0.7 * len(cells)


def _by_heads(row: Row, kinds: dict[int, Column | None], body: list[Row], heads: int, about: str) -> Columns | None:
    texts = [at for at, kind in kinds.items() if kind is Column.TEXT]
    codes = [at for at, kind in kinds.items() if kind is Column.CODE]
    # “Recommendation” may head the numbers as well as the wordings.
    numbers = [at for at in texts if len(texts) > 1 and _are_codes(_column(body, at))]
    texts = [at for at in texts if at not in numbers]
    addressees = tuple(at for at, kind in kinds.items() if kind is Column.ADDRESSEE)
    says_so = any(_words(cell) & _RECOMMENDATION for cell in row.cells) or looks.speaks_of_recommendations(about)
    if not texts and codes and (says_so or addressees):
        free = [at for at, kind in kinds.items() if kind in (None, Column.OTHER) and _length(body, at) >= 40]
        texts = sorted(free, key=lambda at: -_length(body, at))[:1]
    if not texts or not (says_so or addressees):
        return None
    by_language = {language: at for at in texts if (language := _language_of(row.cells[at]))}
    text = texts[0] if len(by_language) > 1 else max(texts, key=lambda at: (_length(body, at), -at))
    language = next((code for code, at in by_language.items() if at == text), None)
    code = _code_column([*codes, *numbers], kinds, body, text)
    section = next((at for at, kind in kinds.items() if kind is Column.SECTION), None)
    held = {text, code, section, *addressees, *by_language.values()}
    return Columns(
        heads=heads,
        text=text,
        code=code,
        addressees=addressees,
        section=section,
        answers=replies.columns_of(row.cells, [at for at in held if at is not None]),
        other_texts={code: at for code, at in by_language.items() if at != text and len(by_language) > 1},
        language=language,
    )


def _code_column(known: list[int], kinds: dict[int, Column | None], body: list[Row], text: int) -> int | None:
    with_codes = [at for at in known if _are_codes(_column(body, at))]
    if with_codes:
        return with_codes[0]
    for at, kind in kinds.items():
        cells = _column(body, at)
        if kind is None and at != text and _are_codes(cells) and len(set(cells)) > 0.9 * len(cells):
            return at
    return None


def _by_content(rows: Sequence[Row], width: int) -> Columns | None:
    """A table without heads: its first columns are codes and wordings, as annexes are printed."""
    body = [row for row in rows[:_LOOKED_AT] if len(row.filled) > 1]
    for code in range(min(2, width - 1)):
        cells = _column(body, code)
        if (
            len(cells) * 2 < len(body)
            or not _are_codes(cells)
            or not any(looks.is_telling_code(cell) for cell in cells)
        ):
            continue
        text = max(range(code + 1, width), key=lambda at: _length(body, at))
        after = tuple(at for at in range(text + 1, width) if _column(body, at))
        return Columns(None, text, code, after[:1], is_guessed=True) if _length(body, text) >= 20 else None
    return None


def are_heads(row: Row, columns: Columns, table: Table) -> bool:
    """Whether a row says the heads of its table again, as at the top of each page."""
    if columns.heads is None:
        return bool(row.filled) and all(head_of(cell) for cell in row.filled)
    return [key(cell) for cell in row.filled] == [key(cell) for cell in table.rows[columns.heads].filled]


def wordings_of(columns: Columns, row: Row) -> Iterator[tuple[str, str]]:
    """The wordings of a row in other languages, by language."""
    for language, at in columns.other_texts.items():
        if at < len(row.cells) and row.cells[at].strip():
            yield language, row.cells[at]
