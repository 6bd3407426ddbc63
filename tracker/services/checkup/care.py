"""Whether somebody looks after it: people, the worker, backups, anchors."""

from sqlalchemy import func, select

from tracker import clock, database
from tracker.models import Entry, Membership, Person
from tracker.queries import anchors, backups, installation, mailing
from tracker.services.checkup.findings import Finding, fine, warning, wrong
from tracker.settings import Settings


def issuer(_settings: Settings) -> Finding:
    """Whether the installation belongs to an oversight body."""
    found = installation.issuers()
    if not found:
        return wrong(
            "There is no issuer yet: nothing can be imported on a page.",
            "Accept a first annex: `tracker import --help` says how.",
        )
    return fine(f"The recommendations are those of {', '.join(one.name for one in found)}.")


def coordinator(_settings: Settings) -> Finding:
    """Whether somebody may import, ask and assess."""
    may = (
        select(func.count(Person.id.distinct()))
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.role == "coordinator", Person.disabled_at.is_(None))
    )
    found = database.session().scalar(may) or 0
    if not found:
        return wrong(
            "No coordinator can enter: nobody reads what is answered.",
            "Run `tracker user add ADDRESS --name NAME --coordinates ISSUER`.",
        )
    return fine(f"{found} coordinators may enter." if found > 1 else "One coordinator may enter.")


def worker(_settings: Settings) -> Finding:
    """Whether the planner and the sender ticked lately."""
    health, now = mailing.health(), clock.wall()
    dead = [name for name in ("planner", "sender") if not health.is_alive(name, now)]
    if dead:
        since = min((health.ticks[name] for name in dead if name in health.ticks), default=None)
        told = f"since {since:%Y-%m-%d %H:%M} UTC" if since else "yet"
        return wrong(
            f"The worker has not run {told} ({', '.join(dead)}): nothing is planned or sent.",
            "Start `tracker serve --all`, or `tracker work` beside `tracker serve`; its log says why it stopped.",
        )
    return fine("The worker plans and sends.")


def backup(settings: Settings) -> Finding:
    """How old the last backup is, and whether the last attempt failed."""
    last, now = backups.last(), clock.wall()
    if last.failed_at:
        return wrong(
            f"The backup of {last.failed_at:%Y-%m-%d %H:%M} UTC failed: {last.why}",
            "Mend what the sentence says. The worker tries again every hour; `tracker backup FILE` makes one now.",
        )
    if last.is_old(now):
        remedy = "Run `tracker backup FILE` now, and see that the worker runs at night."
        if last.made_at:
            return wrong(f"The last backup is of {last.made_at:%Y-%m-%d}.", remedy)
        has_entries = database.session().scalar(select(Entry.seq).limit(1)) is not None
        return (wrong if has_entries and not settings.nightly_backup else warning)("There is no backup yet.", remedy)
    return fine(f"The last backup is of {last.made_at:%Y-%m-%d %H:%M} UTC, in {last.file}.")


def anchor(settings: Settings) -> Finding:
    """Whether the chain agrees with what was kept of it outside the database."""
    file = anchors.file_of(settings)
    found = anchors.anchors(file)
    if not found:
        return warning(
            f"The chain is not anchored yet in {file}: entries taken from its end would not be missed.",
            "The worker does it once a day. Copy the file to another machine from time to time.",
        )
    compared = anchors.disagreement(found)
    if compared.why:
        return wrong(
            f"The database does not agree with its anchors: {compared.why}.",
            "Somebody removed entries or put another database in place. Keep both, and restore the right backup.",
        )
    return fine(f"The chain agrees with its {compared.anchors} anchors in {file}.")
