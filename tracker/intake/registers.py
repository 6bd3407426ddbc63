"""The open file of a whole register: JSON Lines, a line for each report and, below it, one for each recommendation.

    {"report": "myria-2023", "title": "Rapport annuel 2023", "issued_on": "2023-10-18", "language": "fr"}
    {"code": "2023/1", "section": "Police", "texts": {"fr": "…", "nl": "…"}, "addressees": [{"as_written": "Police"}]}

An addressee may have a `qualifier`, a `role` and the `body` by its slug; without one it is looked up by its name.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from tracker.domain import references
from tracker.intake.check import check
from tracker.intake.drafts import AddresseeDraft, RecommendationDraft
from tracker.intake.findings import Finding
from tracker.intake.matching import rematch
from tracker.intake.register import Register
from tracker.language import LANGUAGES, _

AT_ONCE = 1_000
"""Recommendations that are held in memory."""


@dataclass(frozen=True)
class ReportLine:
    """A report, as its line says."""

    line: int
    slug: str
    title: str
    language: str
    issued_on: date


@dataclass
class Part:
    """Some recommendations of one report."""

    report: ReportLine
    drafts: list[RecommendationDraft] = field(default_factory=list)


@dataclass(frozen=True)
class Problem:
    """What is wrong with one line, as a sentence."""

    line: int
    sentence: str


class _Wrong(Exception):
    """A line that is not what it should be."""


def parts(lines: Iterable[bytes], register: Register) -> Iterator[Part | Problem]:
    """A file, some recommendations at a time, and everything that is wrong with it, in the order of its lines."""
    part: Part | None = None
    codes: dict[str, int] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            read = _line(number, line, part.report if part else None, register)
        except _Wrong as wrong:
            yield Problem(number, str(wrong))
            continue
        if isinstance(read, ReportLine):
            if part:
                yield from _checked(part)
            part, codes = Part(read), {}
        elif part:
            yield from _doubled(read, codes)
            part.drafts.append(read)
            if len(part.drafts) == AT_ONCE:
                yield from _checked(part)
                part = Part(part.report)
    if part:
        yield from _checked(part)


def _doubled(draft: RecommendationDraft, codes: dict[str, int]) -> Iterator[Problem]:
    """Codes are unique in a report, however long it is."""
    if draft.code:
        first = codes.setdefault(references.address(draft.code).lower(), draft.lines[0])
        if first != draft.lines[0]:
            finding = Finding(draft.lines[0], "doubled_code", {"code": draft.code, "line": first})
            yield Problem(draft.lines[0], finding.sentence)


def _checked(part: Part) -> Iterator[Part | Problem]:
    """The same findings that stop an import stop a load."""
    told = {"doubled_code", "address_clash"}  # these are looked for over the whole report
    for draft in check(part.drafts):
        yield from (
            Problem(draft.lines[0], one.sentence) for one in draft.findings if one.stops and one.code not in told
        )
    yield part


def _line(number: int, line: bytes, report: ReportLine | None, register: Register) -> ReportLine | RecommendationDraft:
    try:
        said = json.loads(line)
    except ValueError:
        raise _Wrong(_("This line is not JSON. Each line is one object in braces.")) from None
    if not isinstance(said, dict):
        raise _Wrong(_("This line is not JSON. Each line is one object in braces."))
    if "report" in said:
        return _report(number, said)
    if report is None:
        raise _Wrong(_("No report stands above this line. Begin with one: report, title, issued_on, language."))
    return _recommendation(number, said, report.language, register)


def _report(number: int, said: dict[str, Any]) -> ReportLine:
    slug, title, language = _text(said, "report"), _text(said, "title"), _text(said, "language")
    if not slug or slug != references.slug(slug, limit=80):
        raise _Wrong(Finding(None, "report_slug").sentence)
    if not title or len(title) > 300:
        raise _Wrong(_("“%(name)s” is missing or too long.", name="title"))
    if language not in LANGUAGES:
        raise _Wrong(_("“%(name)s” is one of %(known)s.", name="language", known=", ".join(LANGUAGES)))
    try:
        day = date.fromisoformat(_text(said, "issued_on"))
    except ValueError:
        raise _Wrong(_("“%(name)s” is a day such as 2023-10-18.", name="issued_on")) from None
    return ReportLine(number, slug, title, language, day)


def _text(said: dict[str, Any], name: str) -> str:
    value = said.get(name) or ""
    if not isinstance(value, str):
        raise _Wrong(_("“%(name)s” is a text in quotation marks.", name=name))
    return value.strip()


def _recommendation(number: int, said: dict[str, Any], language: str, register: Register) -> RecommendationDraft:
    texts, addressees = said.get("texts"), said.get("addressees")
    if not isinstance(texts, dict) or not all(isinstance(one, str) and one.strip() for one in texts.values()):
        raise _Wrong(_("“texts” has the wording by language: fr, nl or en."))
    if not set(texts) <= set(LANGUAGES) or not texts:
        raise _Wrong(_("“%(name)s” is one of %(known)s.", name="texts", known=", ".join(LANGUAGES)))
    if not isinstance(addressees, list) or not all(isinstance(one, dict) for one in addressees):
        raise _Wrong(_("“addressees” is a list, each with “as_written”."))
    if language not in texts:
        raise _Wrong(_("There is no text in the language of the report, “%(language)s”.", language=language))
    return RecommendationDraft(
        code=_text(said, "code") or None,
        section=_text(said, "section") or None,
        text=texts[language].strip(),
        addressees=tuple(_addressee(one, register) for one in addressees),
        lines=(number, number),
        findings=(),
        other_texts=tuple((code, other.strip()) for code, other in texts.items() if code != language),
    )


def _addressee(said: dict[str, Any], register: Register) -> AddresseeDraft:
    name, slug, role = _text(said, "as_written"), _text(said, "body"), _text(said, "role")
    if role not in ("", "implementer", "relay"):
        raise _Wrong(_("“%(name)s” is one of %(known)s.", name="role", known="implementer, relay"))
    if not slug:
        found = rematch(name, register)
    elif slug in register.by_slug:
        body = register.by_slug[slug]
        found = AddresseeDraft(name or slug, None, slug, "exact", "relay" if body.role == "relay" else "implementer")
    else:
        raise _Wrong(Finding(None, "unknown_body", {"name": slug}).sentence)
    found = replace(found, qualifier=_text(said, "qualifier") or found.qualifier)
    return replace(found, role=role) if role else found  # type: ignore[arg-type]  # one of the two
