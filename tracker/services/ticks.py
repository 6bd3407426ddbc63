"""What the worker leaves behind after each good round, so that pages and probes see that it lives."""

from datetime import datetime

from tracker.database import transaction
from tracker.models import Tick


def went_well(name: str, owner: str, *, at: datetime) -> None:
    """Note that a recurring duty, such as `planner` or `sender`, went well at `at` by the system's clock."""
    with transaction(is_told=False) as session:
        session.merge(Tick(name=name, last_ok_at=at, owner=owner))
