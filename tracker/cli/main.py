"""`tracker`: the commands, each loaded only when it is called."""

import importlib
import sys

import click

from tracker import errors

_COMMANDS = {
    "import": ("imports:import_", "Read the recommendations of annexes."),
    "load": ("registers:load", "Put a whole register on record from an open file."),
    "migrate": ("installation:migrate", "Bring the database to this version."),
    "release": ("installation:release", "Let reminders and digests leave."),
    "serve": ("serving:serve", "Serve the pages."),
    "work": ("serving:work", "Run the clock and the sender."),
    "remind": ("reports:remind", "Say which reminders would leave."),
    "figures": ("reports:figures", "Count, today or as of any day."),
    "verify": ("reports:verify", "Prove that the timeline is whole."),
    "backup": ("backups:backup", "Write all of the installation into a file."),
    "restore": ("backups:restore", "Put a backup into the installation."),
    "doctor": ("installation:doctor", "Say what is wrong with this installation, and the remedy."),
    "user": ("people:user", "Give people an account or a way in."),
}


class Commands(click.Group):
    """A group that imports a command when it is called, so that `--help` answers at once."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module, name = _COMMANDS[cmd_name][0].split(":")
        command: click.Command = getattr(importlib.import_module(f"tracker.cli.{module}"), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, summary) for name, (_, summary) in _COMMANDS.items()])


@click.group(cls=Commands)
@click.version_option(package_name="repons", prog_name="tracker")
def tracker() -> None:
    """Répons follows up the recommendations of oversight bodies."""


def main() -> None:
    """Run a command; what the product refuses becomes one sentence and exit code 2, an unreadable document 3."""
    try:
        tracker(prog_name="tracker")
    except errors.NotReadable as refusal:
        click.echo(refusal, err=True)
        sys.exit(3)
    except errors.Refusal as refusal:
        click.echo(refusal, err=True)
        sys.exit(2)
