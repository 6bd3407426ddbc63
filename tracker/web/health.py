"""Whether the process lives, whether it can work, and how the installation does: for probes, not for people."""

from collections.abc import Iterator
from datetime import datetime

from flask import Blueprint
from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.errors import Unavailable
from tracker.queries import backups, mailing
from tracker.queries import metrics as of_metrics
from tracker.web.access import Access, only

bp = Blueprint("health", __name__)
_TEXT = {"Content-Type": "text/plain; charset=utf-8"}


@bp.get("/healthz")
@only(Access.EVERYONE)
def alive() -> ResponseReturnValue:
    """The process answers."""
    return "alive\n", _TEXT


@bp.get("/readyz")
@only(Access.EVERYONE)
def ready() -> ResponseReturnValue:
    """The database answers. What follows is to be looked at and takes nothing out of service."""
    try:
        lines = [f"{name}: {value}" for name, value in _state(clock.wall())]
    except Unavailable:
        return "not ready: the database does not answer\n", 503, {**_TEXT, "Retry-After": "5"}
    return "\n".join(["ready", *lines, ""]), _TEXT


def _state(now: datetime) -> Iterator[tuple[str, str]]:
    last = backups.last()
    yield "last backup", _ago(last.made_at, now)
    if last.failed_at:
        yield "backup failed", _ago(last.failed_at, now)
    health = mailing.health(now)
    for name in ("planner", "sender"):
        yield name, _ago(health.ticks.get(name), now)
    yield "mail", "paused" if health.pause else "held" if health.is_held else "leaves"


def _ago(moment: datetime | None, now: datetime) -> str:
    if moment is None:
        return "never"
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}, {(now - moment).total_seconds():.0f} s ago"


@bp.get("/metrics")
@only(Access.EVERYONE)
def metrics() -> ResponseReturnValue:
    """The figures for Prometheus, counted when they are asked for: they cost the pages nothing."""
    from prometheus_client import CollectorRegistry, Gauge, generate_latest
    from prometheus_client.exposition import CONTENT_TYPE_LATEST

    found = of_metrics.metrics(clock.wall())
    registry = CollectorRegistry()

    def gauge(name: str, what: str, value: float) -> None:
        Gauge(f"repons_{name}", what, registry=registry).set(value)

    mails = Gauge("repons_mails", "Mails by state.", ["state"], registry=registry)
    for state, n in found.mails.items():
        mails.labels(state).set(n)
    ticks = Gauge("repons_tick_age_seconds", "Since a duty of the worker went well.", ["duty"], registry=registry)
    for duty, seconds in found.tick_age_seconds.items():
        ticks.labels(duty).set(seconds)
    gauge(
        "mail_oldest_waiting_seconds", "Since the oldest waiting mail should have left.", found.oldest_waiting_seconds
    )
    gauge("mail_held", "1 while mail waits for a release.", found.is_held)
    gauge("mail_paused", "1 while the mail server refuses us.", found.is_paused)
    gauge("backup_failed", "1 where the last attempt at a backup failed.", found.is_backup_failed)
    gauge("entries", "Entries of the timeline.", found.entries)
    if found.backup_age_seconds is not None:
        gauge("backup_age_seconds", "Since the last whole backup.", found.backup_age_seconds)
    return generate_latest(registry), {"Content-Type": CONTENT_TYPE_LATEST}
