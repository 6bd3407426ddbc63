"""Puts a backup into an empty installation of either engine, or in place of what is there, in one transaction.

Whoever reads meanwhile sees what was there before. Mail that had not left is held: some of it may have left since.
"""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, Engine, func, inspect, select, text, update
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DatabaseError, IntegrityError

from tracker import database, protection
from tracker.errors import NotAllowed, NotFound, Refusal
from tracker.models import ChainHead, Installation, Issuer, OutgoingMail, Person
from tracker.services import anchors, copying, schema
from tracker.services.copying import Progress
from tracker.settings import Settings


@dataclass(frozen=True)
class Restored:
    """What came in."""

    seq: int
    hash: str
    held: int
    """Mails that had not left, and wait."""


def restore(settings: Settings, file: Path, *, replace: bool, told: Progress) -> Restored:
    """Put a backup in; refused where something is there already, unless it is to be replaced."""
    _refuse_itself(settings, file)
    with _at_this_revision(file) as source:
        database.connect(settings.migration_url or settings.database)
        if schema.current() is None:
            schema.bring_up_to_date(settings)
        schema.require()
        try:
            restored = _put_in(source, make_url(settings.database).username, replace, told)
        except (IntegrityError, RuntimeError) as wrong:
            why = " ".join(str(getattr(wrong, "orig", wrong)).split())[:200]
            raise Refusal(f"What {file} holds does not fit together ({why}). Nothing was changed.") from wrong
    database.connect(settings.database)
    anchors.write_restored(settings, restored.seq, restored.hash)
    return restored


def _put_in(source: Engine, application: str | None, replace: bool, told: Progress) -> Restored:
    engine = database.engine().execution_options(writes=True)
    with engine.connect() as target, schema.rebuilding(target), target.begin():
        if not replace and _is_anything_in(target):
            raise NotAllowed("This installation is not empty. Add --replace to throw away what it holds.")
        protection.lift(target)
        copying.empty(target)
        with copying.in_any_order(target), source.connect() as backup:
            copying.copy(backup, target, told)
        copying.count_on(target)
        held = _hold_mail(target)
        schema.check_references(target)
        protection.restore(target, application)
        seq, hash_ = target.execute(select(ChainHead.seq, ChainHead.hash)).one()
    return Restored(seq, hash_, held)


def _refuse_itself(settings: Settings, file: Path) -> None:
    url = make_url(settings.database)
    own = Path(url.database or "") if url.get_backend_name() == "sqlite" else None
    if own is not None and own.exists() and file.exists() and file.samefile(own):
        raise Refusal(f"{file} is the database of this installation, not a backup of it.")


def _is_anything_in(target: Connection) -> bool:
    return any(target.scalar(select(func.count()).select_from(one)) for one in (Issuer, Person))


def _hold_mail(target: Connection) -> int:
    """Keep back whatever had not found its end; how many mails. Codes are asked for anew."""
    waits = OutgoingMail.state.in_(("queued", "leased", "held"))
    target.execute(update(OutgoingMail).where(waits, OutgoingMail.kind == "code").values(state="expired"))
    free = {"lease_owner": None, "lease_until": None}
    # A mail that somebody held, or of which nobody knows whether it arrived, is for a person to decide.
    is_undecided = waits & (OutgoingMail.state != "held")
    target.execute(update(OutgoingMail).where(is_undecided).values(state="held", why="restored", **free))
    target.execute(update(Installation).values(is_held=True, paused_until=None, paused_why=None))
    return target.scalar(select(func.count(OutgoingMail.id)).where(OutgoingMail.state == "held")) or 0


@contextmanager
def _at_this_revision(file: Path) -> Iterator[Engine]:
    """A backup as this version reads it: an older one is brought up to date in a copy."""
    with tempfile.TemporaryDirectory(prefix="repons-") as folder:
        engine = _opened(file)
        found = schema.current(engine)
        if found not in schema.revisions():
            raise Refusal(f"{file} was made by a newer version ({found}). Install that version, then restore again.")
        if found != schema.head():
            engine.dispose()
            engine = database.sqlite_file(Path(shutil.copy(file, folder)))
            schema.migrate(engine=engine)
        yield engine
        engine.dispose()


def _opened(file: Path) -> Engine:
    """A file that is a backup, and whole."""
    if not file.is_file():
        raise NotFound(f"There is no file {file}.")
    engine = database.sqlite_file(file)
    try:
        with engine.connect() as connection:
            wrong = connection.scalar(text("PRAGMA integrity_check(1)"))
            is_ours = {"alembic_version", "chain_head", "installation"} <= set(inspect(connection).get_table_names())
    except DatabaseError as error:
        wrong, is_ours = str(error.orig), False
    if not is_ours or wrong != "ok":
        why = "" if wrong == "ok" else f" ({wrong})"
        raise Refusal(f"{file} is not a backup of an installation, or it is damaged{why}. Nothing was changed.")
    return engine
