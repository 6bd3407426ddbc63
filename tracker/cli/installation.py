"""Commands about the installation as a whole."""

import json
import sys

import click

from tracker.cli.wiring import installation


@click.command()
def migrate() -> None:
    """Bring the database to the form that this version needs.

    All of it or nothing, and again does no harm. On PostgreSQL the owner of the tables does it, TRACKER_MIGRATION_URL,
    and the role of TRACKER_DATABASE_URL gets its rights. Make a backup first: there is no way back but that.
    """
    from tracker.services import schema

    with installation(is_migrated=False) as settings:
        before, now = schema.bring_up_to_date(settings), schema.head()
        was = f"was at {before or 'nothing'} and is at {now}" if before != now else f"is at {now} already"
        click.echo(f"The database {was}.")


@click.command()
def release() -> None:
    """Let reminders and digests leave; a new or restored installation holds them.

    What waits is on the page Reminders. Sign-in codes never wait.
    """
    from tracker import clock
    from tracker.services import installation as services

    with installation():
        services.release(at=clock.now())
        click.echo("Reminders and digests leave from now on.")


@click.command()
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def doctor(as_json: bool) -> None:
    """Check this installation and say what to do; exit code 1 where something is wrong.

    It changes nothing and sends nothing. A warning leaves the exit code at 0.
    """
    from tracker import settings as of_settings
    from tracker.errors import Misconfigured
    from tracker.services import checkup
    from tracker.services.checkup.findings import wrong

    try:
        found = list(checkup.check_up(of_settings.from_environment()))
    except Misconfigured as refusal:
        found = [wrong(str(refusal), "Correct the environment or the file .env, then run `tracker doctor` again.")]
    if as_json:
        click.echo(json.dumps({"findings": [one.as_json() for one in found]}, ensure_ascii=False))
    else:
        for one in found:
            click.echo(f"{one.state.upper() if one.remedy else one.state:8} {one.sentence}")
            if one.remedy:
                click.echo(f"{'':8} → {one.remedy}")
    sys.exit(1 if any(one.state is checkup.State.WRONG for one in found) else 0)
