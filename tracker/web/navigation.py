"""The office's navigation: what a coordinator does, and what a reader may look at."""

from flask import request, url_for

from tracker import clock
from tracker.language import N_, _
from tracker.queries import addressees
from tracker.web.access import me

_READERS = (
    ("dashboard.show", N_("Dashboard")),
    ("recommendations.all_", N_("Recommendations")),
)
_COORDINATORS = (
    ("review.queue", N_("To review")),
    ("rounds.all_", N_("Rounds")),
    ("reminders.show", N_("Reminders")),
    ("imports.all_", N_("Imports")),
    ("publication.all_", N_("Publication")),
)
_LAST = (("bodies.all_", N_("Bodies")),)
_KEEPERS = (("bodies.all_", N_("Bodies and people")),)
_KEPT = ("bodies", "body_names", "members", "successions", "focal_points", "people", "contacts", "audit")
"""The pages that stand behind one entry, so that the row stays short."""


def entries() -> list[dict[str, object]]:
    """The pages that this person may enter, with what waits on each."""
    last = _KEEPERS if me().is_keeper else _LAST
    pages = (*_READERS, *(_COORDINATORS if me().is_coordinator else ()), *last)
    here = (request.blueprint or "").split(".")[0]
    here = "bodies" if here in _KEPT else here
    return [
        {
            "label": _(label),
            "url": url_for(endpoint),
            "is_current": endpoint.split(".")[0] == here,
            "count": _waiting() if endpoint == "review.queue" else 0,
        }
        for endpoint, label in pages
    ]


def _waiting() -> int:
    return addressees.count_to_review(me().coordinates, clock.today())
