"""From a document to a reading: text, rows, drafts, findings."""

from collections.abc import Sequence

from tracker.errors import NotReadable
from tracker.intake import lines as looks
from tracker.intake import readers
from tracker.intake.check import check
from tracker.intake.drafts import AddresseeDraft, Leftover, Reading, RecommendationDraft
from tracker.intake.findings import Finding
from tracker.intake.grammar import Layout, Row
from tracker.intake.register import Register
from tracker.intake.splitting import at_the_end, divide
from tracker.language import LANGUAGES, _

MOST_LINES = 100_000
"""Twenty times the longest annex that is expected."""


def read(content: bytes, name: str, register: Register, language: str | None = None) -> Reading:
    """What a document says, as drafts to review; NotReadable, with what to do, where it is no plain text."""
    raw, encoding = readers.text_of(content)
    text, had_controls = readers.cleaned(raw)
    lines = tuple(looks.cut(text))
    if len(lines) > MOST_LINES:
        raise NotReadable(_("The file has more than 100,000 lines. Save the annex alone as text, or paste it."))
    layout = Layout(lines)
    drafts = check(_draft(row, register) for row in layout.rows)
    return Reading(
        name=name,
        language=language if language in LANGUAGES else looks.language_of(text),
        encoding=encoding,
        lines=lines,
        drafts=tuple(drafts),
        leftover=tuple(layout.leftover),
        findings=tuple(_of_document(encoding, text, had_controls, drafts, layout.leftover)),
    )


def _draft(row: Row, register: Register) -> RecommendationDraft:
    text, written, found_at_end = row.text, row.addressed_to, False
    if not written and not row.is_labelled:
        split = looks.at_label(text) or at_the_end(text, register)
        if split is not None:
            (text, written), found_at_end = split, True
    division = divide(written, register)
    return RecommendationDraft(
        code=row.code,
        section=row.section,
        text=text,
        addressees=division.addressees,
        lines=(row.first, row.last),
        findings=tuple(_of_row(row.first, division.addressees, found_at_end, bool(division.alternatives))),
        alternatives=division.alternatives,
    )


def _of_row(line: int, addressees: Sequence[AddresseeDraft], found_at_end: bool, unfolded: bool) -> list[Finding]:
    """Doubts about how a row was read. They stay until a coordinator says that it is right."""
    findings = []
    if found_at_end:
        findings.append(Finding(line, "no_columns"))
    for one in () if unfolded else addressees:
        if one.qualifier:
            findings.append(Finding(line, "qualifier", {"qualifier": one.qualifier, "name": one.as_written}))
    return findings


def _of_document(
    encoding: str, text: str, had_controls: bool, drafts: Sequence[RecommendationDraft], leftover: Sequence[Leftover]
) -> list[Finding]:
    findings = []
    if not drafts:
        findings.append(Finding(None, "no_recommendations"))
    if not encoding.startswith("utf"):
        findings.append(Finding(None, "encoding", {"encoding": encoding}))
    if "\ufffd" in text:
        findings.append(Finding(text[: text.index("\ufffd")].count("\n") + 1, "lost_letters"))
    if had_controls:
        findings.append(Finding(None, "control_characters"))
    other = [one.line for one in leftover if one.why == "other"]
    if drafts and other:
        findings.append(Finding(other[0], "left_over", {"n": len(other)}))
    return findings
