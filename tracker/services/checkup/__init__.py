"""`tracker doctor`: one small check after another, each a sentence and what to do."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from sqlalchemy.exc import SQLAlchemyError

from tracker import clock, database
from tracker.errors import Refusal
from tracker.services.checkup import care, databases, mail, storage, surroundings
from tracker.services.checkup.findings import Finding, State, wrong
from tracker.settings import Settings

__all__ = ["Finding", "State", "check_up"]

Check = Callable[[Settings], Finding]
_AROUND: tuple[Check, ...] = (
    surroundings.package,
    surroundings.base_url,
    surroundings.time_zone,
    surroundings.register,
    surroundings.sender,
    mail.mail_server,
    mail.mail_encryption,
    mail.returned_mail,
    storage.data_folder,
    storage.file_system,
    storage.disk_space,
    storage.backup_folder,
    databases.library,
)
_WITHIN: tuple[Check, ...] = (
    databases.triggers,
    databases.roles,
    databases.clocks,
    databases.chain,
    care.anchor,
    care.issuer,
    care.coordinator,
    care.worker,
    mail.mail_flow,
    mail.undelivered,
    care.backup,
)


def check_up(settings: Settings) -> Iterator[Finding]:
    """Everything that can be checked, as it is found; what needs a database only where there is one of this version."""
    clock.live_in(settings.timezone)
    for check in _AROUND:
        yield _done(check, settings)
    for check in (databases.connection, databases.revision):
        found = _done(check, settings)
        yield found
        if found.state is State.WRONG:
            return
    for check in _WITHIN:
        with database.reading():
            yield _done(check, settings)


def _done(check: Check, settings: Settings) -> Finding:
    """Do one check; one that breaks is a finding too."""
    try:
        found = check(settings)
    except (Refusal, SQLAlchemyError, OSError) as broken:
        why = " ".join(str(broken).split())[:300]
        found = wrong(f"This could not be checked: {why}", "Mend what stands above, then run `tracker doctor` again.")
    return replace(found, check=check.__name__)
