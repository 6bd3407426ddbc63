"""From a document to a reading: text, rows, drafts, findings."""

from collections.abc import Sequence

from tracker.errors import NotReadable
from tracker.intake import lines as looks
from tracker.intake import readers
from tracker.intake.check import check
from tracker.intake.drafts import AddresseeDraft, Finding, Leftover, Reading, RecommendationDraft
from tracker.intake.grammar import Layout, Row
from tracker.intake.register import Register
from tracker.intake.splitting import at_the_end, divide
from tracker.language import LANGUAGES, _, ngettext

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
        sentence = _("The columns of this row were lost. Its addressees were found at the end of the text: check both.")
        findings.append(Finding(line, sentence, stops=False, code="no_columns"))
    for one in () if unfolded else addressees:
        if one.qualifier:
            sentence = _(
                "“%(qualifier)s” is kept as a qualifier of “%(name)s”, not as another body.",
                qualifier=one.qualifier,
                name=one.as_written,
            )
            findings.append(Finding(line, sentence, stops=False, code="qualifier"))
    return findings


def _of_document(
    encoding: str, text: str, had_controls: bool, drafts: Sequence[RecommendationDraft], leftover: Sequence[Leftover]
) -> list[Finding]:
    findings = []
    if not drafts:
        sentence = _(
            "No recommendation was found. A readable annex has one row for each: its code, such as 2023/11, a tab,"
            " its text, a tab, and its addressees."
        )
        findings.append(Finding(None, sentence, stops=True, code="no_recommendations"))
    if not encoding.startswith("utf"):
        sentence = _("The text was read as %(encoding)s. Check the letters with accents.", encoding=encoding)
        findings.append(Finding(None, sentence, stops=False, code="encoding"))
    if "\ufffd" in text:
        line = text[: text.index("\ufffd")].count("\n") + 1
        sentence = _("Letters were lost before the file came here: they show as \ufffd. Save it again as UTF-8.")
        findings.append(Finding(line, sentence, stops=False, code="lost_letters"))
    if had_controls:
        sentence = _("Characters that cannot be seen were removed from the text.")
        findings.append(Finding(None, sentence, stops=False, code="control_characters"))
    other = [one.line for one in leftover if one.why == "other"]
    if drafts and other:
        sentence = ngettext(
            "%(n)s line belongs to no recommendation. Look at it.",
            "%(n)s lines belong to no recommendation. Look at them.",
            len(other),
        )
        findings.append(Finding(other[0], sentence, stops=False, code="left_over"))
    return findings
