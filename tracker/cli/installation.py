"""Commands about the installation as a whole."""

import click

from tracker.cli.wiring import installation


@click.command()
def migrate() -> None:
    """Bring the database to the form that this version needs."""
    from tracker.services import schema

    with installation(is_migrated=False) as settings:
        before = schema.bring_up_to_date(settings)
        click.echo(f"The database was at {before or 'nothing'} and is at {schema.head()}.")


@click.command()
def release() -> None:
    """Let reminders and digests leave; a new or restored installation holds them."""
    from tracker import clock
    from tracker.services import installation as services

    with installation():
        services.release(at=clock.now())
        click.echo("Reminders and digests leave from now on.")
