"""What commands that need an installation share."""

from collections.abc import Iterator
from contextlib import contextmanager

from tracker import settings as of_settings
from tracker.settings import Settings


@contextmanager
def installation(*, is_migrated: bool = True) -> Iterator[Settings]:
    """The settings of this installation, with its database connected for reading and its clock set."""
    from tracker import database
    from tracker.services import audit, schema
    from tracker.services import installation as services

    settings = of_settings.from_environment()
    if is_migrated:
        services.require(settings)
    services.connect(settings)
    audit.come_in("terminal")
    if is_migrated:
        schema.require()
    with database.reading():
        yield settings
