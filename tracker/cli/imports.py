"""`tracker import`: annexes from files."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tracker import errors

if TYPE_CHECKING:
    from tracker.intake import Progress, Reading


@click.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Read and report; needs no database and writes nothing.")
@click.option("--json", "as_json", is_flag=True, help="One line of JSON a file.")
@click.option("--lang", "language", help="The language of the documents, such as fr.")
@click.option("--issuer", help="The oversight body; an empty installation takes this name.")
@click.option("--report", default="", help="The short name of the report, such as myria-2023.")
@click.option("--title", default="", help="The title of the report.")
@click.option("--issued", type=click.DateTime(["%Y-%m-%d"]), help="The day the report was published.")
@click.option("--accept", is_flag=True, help="Accept what has no finding that stops.")
def import_(
    files: tuple[Path, ...],
    dry_run: bool,
    as_json: bool,
    language: str | None,
    issuer: str | None,
    report: str,
    title: str,
    issued: datetime | None,
    accept: bool,
) -> None:
    """Read the recommendations of each of FILES.

    Leaves drafts to review on the Imports page, or accepts them with --accept.
    """
    if dry_run:
        for file in files:
            _tell(_read_alone(file, language), as_json)
        return
    if not issuer:
        raise errors.Refusal("Say whose annex it is with --issuer, or try it with --dry-run.")
    _into_the_installation(files, language, issuer, report, title, issued.date() if issued else None, accept, as_json)


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as wrong:
        raise errors.NotReadable(f"{file}: {wrong.strerror}. Check the name and the rights of the file.") from None


def _read_alone(file: Path, language: str | None) -> "Reading":
    from tracker import intake

    with _progress(file.name) as told:
        return intake.read(_content(file), file.name, intake.Register.shipped(), language, progress=told)


@contextmanager
def _progress(name: str) -> Iterator["Progress"]:
    """A bar on a terminal; nothing elsewhere."""
    with click.progressbar(length=1, label=name, file=sys.stderr, hidden=not sys.stderr.isatty()) as bar:

        def told(done: int, of: int, _unit: str) -> None:
            bar.length = max(of, 1)
            bar.update(done - bar.pos)

        yield told


def _tell(reading: "Reading", as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(reading.as_printed(), ensure_ascii=False))
        return
    links = sum(len(draft.addressees) for draft in reading.drafts)
    click.echo(f"{reading.name}: {len(reading.drafts)} recommendations, {links} addressees.")
    for finding in (*reading.findings, *(finding for draft in reading.drafts for finding in draft.findings)):
        where = f", line {finding.line}" if finding.line else ""
        click.echo(f"{reading.name}{where}: {finding.sentence}", err=True)


def _into_the_installation(
    files: tuple[Path, ...],
    language: str | None,
    issuer: str,
    report: str,
    title: str,
    issued_on: date | None,
    accept: bool,
    as_json: bool,
) -> None:
    from tracker import clock
    from tracker.cli.wiring import installation
    from tracker.queries import imports as of_imports
    from tracker.services import imports
    from tracker.services import installation as services

    with installation() as settings:
        of_issuer = services.issuer_for_import(issuer, settings)
        for file in files:
            with _progress(file.name) as told:
                import_ = imports.read(
                    of_issuer.id,
                    _content(file),
                    file.name,
                    language=language,
                    report=report,
                    title=title,
                    issued_on=issued_on,
                    by=None,
                    at=clock.now(),
                    progress=told,
                )
            _tell(of_imports.review(import_.id).reading, as_json)
            if accept:
                done = imports.accept(import_.id, version=import_.version, by=None, at=clock.now())
                click.echo(
                    f"{file.name}: {done.added} added to {done.report} with {done.links} addressees, "
                    f"{done.known} there already, {done.paired} with a text in another language now.",
                    err=as_json,
                )
            else:
                click.echo(f"{file.name}: left to review at {settings.base_url}/imports/{import_.id}.", err=as_json)
