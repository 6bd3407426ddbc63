"""`tracker user`: accounts, and a way in when mail is dead."""

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


@user.command()
@click.argument("email")
def code(email: str) -> None:
    """Print a sign-in code for EMAIL."""
    from tracker import clock
    from tracker.services import sign_in

    with installation() as settings:
        digits = sign_in.code_for(email, settings, at=clock.wall())
        click.echo(f"{digits} opens {settings.base_url}/sign-in/code for {email} during ten minutes.")


@user.command("list")
def list_() -> None:
    """Show everyone who may enter, and as what."""
    from tracker import clock
    from tracker.queries import people

    with installation():
        for one in people.parts(clock.today()):
            click.echo(f"{one.email}  {one.name}  {', '.join(one.parts) or 'nothing yet'}")
