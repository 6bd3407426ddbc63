"""The installation as a whole: its issuer, the register of bodies, and whether mail may leave."""

import os
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tracker import clock, database
from tracker.database import transaction
from tracker.domain import references
from tracker.domain.acts import Act
from tracker.errors import Misconfigured, Refusal
from tracker.intake import Register
from tracker.language import _
from tracker.mail import smtp
from tracker.models import Body, BodyName, Installation, Issuer, OutgoingMail
from tracker.queries import installation
from tracker.services import audit
from tracker.settings import Settings


def set_up(issuer_name: str, register: Register) -> Issuer:
    """Name the issuer of an empty installation and take in the register of bodies."""
    with transaction() as session:
        if session.scalar(select(Issuer.id).limit(1)):
            raise Refusal(_("This installation already has an issuer."))
        issuer = Issuer(slug=references.slug(issuer_name), name=issuer_name)
        session.add(issuer)
        _take_in(session, register)
        return issuer


def _take_in(session: Session, register: Register) -> None:
    by_slug: dict[str, Body] = {}
    for one in register.bodies:
        body = by_slug[one.slug] = Body(slug=one.slug, type=one.type, role=one.role)
        body.names = [
            BodyName(language=language, name=name, status=status, source=source)
            for language, (name, status, source) in one.names.items()
        ] + [
            BodyName(language=language, name=alias, is_alias=True)
            for language, aliases in one.aliases.items()
            for alias in aliases
        ]
        session.add(body)
    session.flush()
    for one in register.bodies:
        if one.parent:
            by_slug[one.slug].parent_id = by_slug[one.parent].id


def release(*, at: datetime) -> None:
    """Let reminders and digests leave from now on, with what a restore kept back."""
    with transaction() as session:
        row = session.get_one(Installation, 1)
        row.is_held, row.released_at = False, at
        row.paused_until = row.paused_why = None
        waited = (OutgoingMail.state == "held") & (OutgoingMail.why == "restored")
        session.execute(update(OutgoingMail).where(waited).values(state="queued", next_at=clock.wall(), why=None))
        audit.note(session, Act.ALL_MAIL_RELEASED, at=at)


def hold() -> None:
    """Keep reminders and digests back; sign-in codes still leave."""
    with transaction() as session:
        session.get_one(Installation, 1).is_held = True
        audit.note(session, Act.ALL_MAIL_HELD)


def require(settings: Settings) -> None:
    """Refuse, and make nothing, where there is no database yet: the folder is likely another than was meant."""
    file = database.sqlite_path(settings.database)
    if file is not None and not file.exists():
        raise Misconfigured(
            f"There is no installation: {file} does not exist. Run `tracker` in the folder of the installation's .env, "
            "or change TRACKER_DATA_DIR; a new installation begins with `tracker migrate`."
        )


def connect(settings: Settings) -> None:
    """Wire this process to an installation: its folder, its database, its time zone."""
    folder = settings.data_dir
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as wrong:
        raise Misconfigured(
            f"The folder {folder} cannot be made ({wrong.strerror}). Change TRACKER_DATA_DIR or its rights."
        ) from None
    if not os.access(folder, os.W_OK | os.X_OK):
        raise Misconfigured(f"The folder {folder} cannot be written to. Change TRACKER_DATA_DIR or its rights.")
    smtp.server(settings.smtp_url)  # a wrong address stops the start, not the first mail
    database.connect(settings.database)
    clock.live_in(settings.timezone)
    if settings.demo or settings.beside_demo:
        clock.follow(settings.moved_day)


def disconnect() -> None:
    """Let go of the database, as before a fork."""
    database.close()


def issuer_for_import(name: str, settings: Settings) -> Issuer:
    """The issuer of this name; an empty installation takes the name, and the register."""
    with database.reading():
        if installation.issuers():
            return installation.issuer(name)
    return set_up(name, Register.load(settings.register_file) if settings.register_file else Register.shipped())
