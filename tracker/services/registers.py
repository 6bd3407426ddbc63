"""Loading a whole register from an open file: everything is checked first, then put on record in one transaction."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker import clock, intake
from tracker.database import reading, transaction
from tracker.domain.acts import Act
from tracker.errors import NotAccepted
from tracker.intake import registers
from tracker.intake.registers import Part, Problem, ReportLine
from tracker.language import _, ngettext
from tracker.models import Report
from tracker.queries import import_findings, import_record, imports
from tracker.services import audit, on_record

_TOLD = 20
"""Problems that are told; a file that has more is wrong throughout."""
Progress = Callable[[int], None]


@dataclass
class Loaded:
    """What a load did."""

    reports: int = 0
    added: int = 0
    known: int = 0
    """Recommendations that were there already."""
    links: int = 0


def load(issuer_id: int, file: Path, *, at: datetime, progress: Progress = lambda _bytes: None) -> Loaded:
    """Put everything of a file on record that is not there yet, or nothing. Sends nothing.

    The file is walked twice, and `progress` hears each of its bytes twice: whoever else writes waits for the second.
    """
    with reading() as session:
        problems = [one for one in _Walk(session, issuer_id).of(file, progress) if isinstance(one, Problem)]
    _refuse(problems)
    with transaction() as session:
        walk, done = _Walk(session, issuer_id), Loaded()
        for part in walk.of(file, progress):
            if isinstance(part, Problem):
                _refuse([part])  # somebody wrote meanwhile
            else:
                _put(session, walk, part, done, at)
        return done


def _refuse(problems: Sequence[Problem]) -> None:
    if not problems:
        return
    problems = sorted(problems, key=lambda one: one.line)
    told = [_("Line %(line)s: %(sentence)s", line=one.line, sentence=one.sentence) for one in problems[:_TOLD]]
    more = len(problems) - len(told)
    if more:
        told.append(ngettext("One more line is wrong.", "%(n)s more lines are wrong.", more))
    raise NotAccepted("\n".join([*told, _("Nothing was loaded.")]))


@dataclass
class _Walk:
    """One walk over a file: its parts, each beside what the report has already, and everything that is wrong."""

    session: Session
    issuer_id: int
    report: Report | None = None
    there: list[import_record.Recorded] = field(default_factory=list)
    """What the report had before the walk came to it."""
    _at: int = 0

    def of(self, file: Path, progress: Progress) -> Iterator[Part | Problem]:
        """The parts in their order; a part of which something is wrong comes after what is wrong with it."""
        register = imports.register(self.session)
        with file.open("rb") as lines:
            for one in registers.parts(_heard(lines, progress), register):
                if isinstance(one, Part):
                    yield from self._of_report(one.report)
                    yield from self._of_record(one)
                yield one

    def _of_report(self, told: ReportLine) -> Iterator[Problem]:
        if told.line == self._at:
            return
        self._at = told.line
        self.report = self.session.scalar(select(Report).where(Report.slug == told.slug))
        self.there = import_record.recorded(self.report)
        as_said = (told.title, told.language, told.issued_on)
        if not import_findings.FIRST_DAY <= told.issued_on <= clock.today():
            yield _problem(told.line, "report_day")
        elif self.report is not None and self.report.issuer_id != self.issuer_id:
            yield _problem(told.line, "report_of_another", slug=told.slug)
        elif self.report and (self.report.title, self.report.language, self.report.issued_on) != as_said:
            yield _problem(told.line, "report_differs", slug=told.slug, title=self.report.title)

    def _of_record(self, part: Part) -> Iterator[Problem]:
        met = import_record.meet(part.drafts, self.there, part.report.language)
        for finding in import_findings.of_drafts(met, self.there):
            if finding.stops:
                yield Problem(finding.line or part.report.line, finding.sentence)


def _problem(line: int, code: str, **values: str) -> Problem:
    return Problem(line, intake.Finding(line, code, values).sentence)


def _heard(lines: Iterable[bytes], progress: Progress) -> Iterator[bytes]:
    for line in lines:
        progress(len(line))
        yield line


def _put(session: Session, walk: _Walk, part: Part, done: Loaded, at: datetime) -> None:
    """What is new of a part, in its report."""
    told = part.report
    if walk.report is None:
        walk.report = Report(
            issuer_id=walk.issuer_id, slug=told.slug, title=told.title, language=told.language, issued_on=told.issued_on
        )
        session.add(walk.report)
        session.flush()
        done.reports += 1
    met = import_record.meet(part.drafts, walk.there, told.language)
    fresh = [one.draft for one in met if one.there is None]
    done.links += on_record.put(session, on_record.Source(None, told.language), walk.report, fresh, None, at)
    done.added += len(fresh)
    done.known += len(met) - len(fresh)
    if fresh:
        about = ("report", walk.report.slug)
        audit.note(session, Act.IMPORT_ACCEPTED, about, issuer_id=walk.issuer_id, at=at, n=len(fresh))
