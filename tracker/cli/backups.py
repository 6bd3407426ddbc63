"""`tracker backup` and `tracker restore`."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from tracker.cli.wiring import installation


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help="Overwrite FILE.")
def backup(file: Path, force: bool) -> None:
    """Write all of the installation into FILE, while it runs.

    FILE is the same on both engines, and `tracker restore` puts it into either: so an installation moves from SQLite
    to PostgreSQL, or back. It holds what people wrote and their addresses: keep it where nobody else reads.
    """
    from tracker.domain.acts import Act
    from tracker.services import audit
    from tracker.services import backup as services

    with installation() as settings, _progress("Writing") as told:
        made = services.backup(settings, file, replace=force, owner="command", told=told)
        audit.record(Act.BACKED_UP)
    click.echo(f"{made.file}: {made.seq} entries, {made.size / 1e6:.1f} MB. The chain ends with {made.hash}.")


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="Throw away what the installation holds.")
@click.option("--yes", is_flag=True, help="Do not ask whether to throw it away.")
def restore(file: Path, replace: bool, yes: bool) -> None:
    """Put the backup FILE into this installation, all of it or nothing.

    Nobody stays signed in, and mail is held until `tracker release`: what had not left when the backup was made may
    have left since. Exit code 1 where the timeline does not verify afterwards.
    """
    from tracker.queries import verify
    from tracker.services import restore as services

    if replace and not yes:
        click.confirm("Everything that this installation holds now will be gone. Go on?", abort=True)
    with installation(is_migrated=False) as settings, _progress("Restoring") as told:
        restored = services.restore(settings, file, replace=replace, told=told)
    with installation():
        verdict = verify.verify()
    click.echo(f"{restored.seq} entries came in. The chain ends with {restored.hash}.")
    click.echo(verdict.sentence)
    click.echo(f"Mail is held, {restored.held} written before the restore: see them on the page Reminders, "
               "then `tracker release`.")  # fmt: skip
    sys.exit(0 if verdict.ok else 1)


@contextmanager
def _progress(label: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on a terminal; nothing elsewhere."""
    with click.progressbar(length=1, label=label, file=sys.stderr, hidden=not sys.stderr.isatty()) as bar:

        def told(done: int, total: int) -> None:
            bar.length = max(total, 1)
            bar.update(done - bar.pos)

        yield told
