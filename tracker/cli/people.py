"""`tracker user`: accounts, and a way in when mail is dead."""

import sys
from pathlib import Path

import click

from tracker.cli.wiring import installation


@click.group()
def user() -> None:
    """Give people an account, or a way in."""


@user.command()
@click.argument("email")
@click.option("--name", required=True, help="How others see them, such as “Coordination”.")
@click.option("--lang", "language", default="fr", show_default=True, help="fr, nl or en.")
@click.option("--admin", "is_admin", is_flag=True, help="May administer the installation.")
@click.option("--coordinates", default="", help="Short name of the issuer they coordinate.")
@click.option("--reads", default="", help="Short name of the issuer whose figures they read.")
@click.option("--answers-for", default="", help="Short name of the body they answer for.")
def add(email: str, name: str, language: str, is_admin: bool, coordinates: str, reads: str, answers_for: str) -> None:
    """Give EMAIL an account, or another part to play."""
    from tracker import clock
    from tracker.services import people

    with installation():
        people.add(
            email,
            name,
            language,
            is_admin=is_admin,
            coordinates=coordinates,
            reads=reads,
            answers_for=answers_for,
            from_on=clock.today(),
        )
        click.echo(f"{email} may enter.")


@user.command("import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--dry-run", is_flag=True, help="Read and report; write nothing.")
def import_(file: Path, dry_run: bool) -> None:
    """Take over the focal points of a CSV FILE: body, mail address, name or role, language, from."""
    from tracker import clock
    from tracker.queries import contacts as of_contacts
    from tracker.services import contacts

    content = file.read_bytes()
    with installation():
        checked = of_contacts.check(content, clock.today())
        for problem in checked.problems:
            click.echo(f"{file.name}, row {problem.row}, {problem.column}: {problem.sentence}", err=True)
        if checked.problems:
            sys.exit(2)
        if not dry_run:
            contacts.accept(content, by=None, at=clock.now())
        known = len(checked.contacts) - len(checked.fresh)
        would = "would be added" if dry_run else "added"
        click.echo(f"{file.name}: {len(checked.fresh)} {would}, {known} there already.")


@user.command()
@click.argument("email")
def code(email: str) -> None:
    """Print a sign-in code for EMAIL."""
    from tracker import clock
    from tracker.services import sign_in

    with installation() as settings:
        digits = sign_in.code_for(email, settings, at=clock.wall())
        click.echo(f"{digits} opens {settings.base_url}/sign-in/code for {email} during ten minutes.")


@user.command()
@click.argument("email")
def disable(email: str) -> None:
    """Close the account of EMAIL: its sessions end at once, and what they wrote stays."""
    from tracker import clock
    from tracker.errors import NotFound
    from tracker.queries import people as of_people
    from tracker.services import people

    with installation():
        person = of_people.by_email(email)
        if person is None:
            raise NotFound(f"Nobody who may enter has the address {email}: `tracker user list` shows everyone.")
        people.disable(person.id, by=None, at=clock.now())
    click.echo(f"{email} may no longer enter, and is not written to.")


@user.command("list")
def list_() -> None:
    """Show everyone who may enter, and as what."""
    from tracker import clock
    from tracker.queries import people

    with installation():
        for one in people.parts(clock.today()):
            click.echo(f"{one.email}  {one.name}  {', '.join(one.parts) or 'nothing yet'}")
