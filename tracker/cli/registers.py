"""`tracker load`: a whole register from an open file."""

import sys
from pathlib import Path

import click

from tracker import errors


@click.command("load")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--issuer", required=True, help="The oversight body; an empty installation takes this name.")
def load(file: Path, issuer: str) -> None:
    """Put the reports and recommendations of FILE on record: all that are not there yet, or none.

    FILE is JSON Lines: a line for each report, and below it one for each of its recommendations. For what is too
    much for one import; nothing is sent. Run it when few people write: they wait while it does.
    """
    from tracker import clock
    from tracker.cli.wiring import installation
    from tracker.services import installation as services
    from tracker.services import registers

    try:
        size = file.stat().st_size
    except OSError as wrong:
        raise errors.NotReadable(f"{file}: {wrong.strerror}. Check the name and the rights of the file.") from None
    with installation() as settings:
        of_issuer = services.issuer_for_import(issuer, settings)
        is_seen = sys.stderr.isatty()
        with click.progressbar(length=2 * size, label=file.name, file=sys.stderr, hidden=not is_seen) as bar:
            done = registers.load(of_issuer.id, file, at=clock.now(), progress=bar.update)
    click.echo(
        f"{file.name}: {done.added} added in {done.reports} new reports with {done.links} addressees, "
        f"{done.known} there already."
    )
