"""Commands that only read: planned reminders, figures, proof of the timeline."""

import json
import sys
from datetime import datetime
from pathlib import Path

import click

from tracker.cli.wiring import installation


@click.command()
@click.option("--dry-run", is_flag=True, help="Always: the worker alone sends.")
@click.option("--now", "moment", help="A moment such as 2026-11-23T09:00:00+01:00; without one, now.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def remind(dry_run: bool, moment: str | None, as_json: bool) -> None:
    """Say which reminders would leave, which not, and why."""
    from tracker import clock
    from tracker.errors import Refusal
    from tracker.services import reminders

    if not dry_run:
        raise Refusal("Reminders are sent by `tracker work`. Add --dry-run to see what would leave.")
    with installation() as settings:
        plan = reminders.preview(_moment(moment) if moment else clock.now(), settings)
    if as_json:
        click.echo(json.dumps(plan, ensure_ascii=False))
        return
    for one in plan["planned"]:
        click.echo(f"{one['person']} ({one['body']}): {one['kind']}, due {one['due_on']}: {_listed(one['items'])}")
    for one in plan["skipped"]:
        click.echo(f"not sent, {one['why']}: {one['body']}, {one['kind']}: {_listed(one['items'])}")
    if not plan["planned"] and not plan["skipped"]:
        click.echo("Nothing to remind anyone of.")


def _listed(items: object) -> str:
    return ", ".join(items) if isinstance(items, list) else ""


def _moment(text: str) -> datetime:
    from tracker.errors import Refusal

    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise Refusal(f"“{text}” is not a moment. Write it as 2026-11-23T09:00:00+01:00.") from None
    if moment.tzinfo is None:
        raise Refusal(f"“{text}” has no time zone. Write it as 2026-11-23T09:00:00+01:00, or with Z for UTC.")
    return moment


@click.command()
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="Count what was true on this day.")
@click.option("--by", type=click.Choice(["body", "report", "section"]), default="body", show_default=True)
@click.option("--public", is_flag=True, help="Only what was published.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def figures(as_of: datetime | None, by: str, public: bool, as_json: bool) -> None:
    """Count addressees by what they reported and what was assessed."""
    from tracker import clock
    from tracker.domain.acts import Act
    from tracker.errors import Refusal
    from tracker.queries import figures as of_figures
    from tracker.queries import installation as of_installation
    from tracker.queries.addressees import Filters
    from tracker.services import audit

    with installation():
        day = as_of.date() if as_of else clock.today()
        if day > clock.today():
            raise Refusal(f"{day} is still to come: nothing is known yet of that day.")
        issuers = frozenset(issuer.id for issuer in of_installation.issuers())
        rows, whole = of_figures.figures(of_figures.By(by), Filters(day, issuer_ids=issuers), public=public)
        audit.record(Act.FIGURES_COUNTED, as_of_on=day, what=by)
    if as_json:
        click.echo(json.dumps(of_figures.as_json(day, rows, whole), ensure_ascii=False))
        return
    for row in [*rows, whole]:
        addressees = "one addressee" if row.addressees == 1 else f"{row.addressees} addressees"
        click.echo(
            f"{row.name or 'total'}: {addressees}, {row.closed} closed, {row.disputed} disputed, "
            f"{row.overdue} overdue, {row.no_reply} without reply, {row.no_focal_point} without focal point"
        )


@click.command()
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@click.option(
    "--anchors",
    "against",
    type=click.Path(dir_okay=False, path_type=Path),
    is_flag=False,
    flag_value="",
    help="Also against the anchors in a file; without a name the installation's own.",
)
def verify(as_json: bool, against: Path | None) -> None:
    """Replay the timeline and compare; exit code 1 where something is wrong.

    Anchors tell where the chain ended on earlier days: they notice when the last entries were removed, or another
    database was put in place.
    """
    from tracker.queries import anchors
    from tracker.queries import verify as of_verify

    with installation() as settings:
        own = against is not None and against == Path()
        verdict = of_verify.verify(anchors.file_of(settings) if own else against)
    click.echo(json.dumps(verdict.as_json()) if as_json else verdict.sentence)
    sys.exit(0 if verdict.ok else 1)
