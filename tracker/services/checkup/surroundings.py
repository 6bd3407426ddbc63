"""What can be told from the settings and from what was installed."""

from datetime import datetime
from email.utils import parseaddr
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from tracker import clock, language
from tracker.domain.addresses import is_mail_address
from tracker.errors import Misconfigured
from tracker.intake import Register
from tracker.resources import resource
from tracker.services.checkup.findings import Finding, fine, warning, wrong
from tracker.settings import Settings

_LOOPBACK = ("localhost", "127.0.0.1", "::1")


def base_url(settings: Settings) -> Finding:
    """The address in every link."""
    parts = urlsplit(settings.base_url)
    if not parts.hostname or parts.path or parts.query or parts.fragment:
        return wrong(
            f"TRACKER_BASE_URL ({settings.base_url}) is not the address of a host alone: links would lead nowhere.",
            "Give it a host of its own, such as https://suivi.example.org, without a path.",
        )
    if parts.scheme == "http" and parts.hostname not in _LOOPBACK:
        return wrong(
            f"TRACKER_BASE_URL ({settings.base_url}) is not encrypted: codes and answers can be read on the way.",
            "Put a server with TLS in front and begin the address with https://.",
        )
    if parts.hostname in _LOOPBACK:
        return warning(
            f"TRACKER_BASE_URL ({settings.base_url}) reaches this machine alone: nobody else can follow a link.",
            "Set it to the address at which people reach you.",
        )
    return fine(f"Links begin with {settings.base_url}.")


def sender(settings: Settings) -> Finding:
    """The address that mail comes from."""
    address = parseaddr(settings.mail_from)[1]
    if not is_mail_address(address):
        return wrong(
            f"TRACKER_MAIL_FROM (“{settings.mail_from}”) is not a mail address: no mail server takes mail from it.",
            "Write it as suivi@example.org, or as Suivi <suivi@example.org>.",
        )
    if address.rpartition("@")[2] in ("localhost", "localhost.localdomain"):
        return warning(
            f"Mail comes from {address}, which nobody can answer and most servers refuse.",
            "Set TRACKER_MAIL_FROM to an address of your organisation that somebody reads.",
        )
    return fine(f"Mail comes from {address}.")


def time_zone(settings: Settings) -> Finding:
    """What day it is here."""
    here = clock.wall().astimezone(ZoneInfo(settings.timezone))
    machine = datetime.now().astimezone().utcoffset()
    told = f"Days are those of {settings.timezone}, where it is {here:%Y-%m-%d %H:%M}."
    if settings.timezone in ("UTC", "Etc/UTC") and machine:
        return warning(told, "Set TRACKER_TIMEZONE to where your office is: it decides on which day a reply is late.")
    return fine(told)


def register(settings: Settings) -> Finding:
    """The bodies that a new installation takes in."""
    if settings.register_file is None:
        return fine("The register of bodies is the one that is included.")
    try:
        found = Register.load(settings.register_file)
    except Misconfigured as unreadable:
        return wrong(
            str(unreadable), "Mend the file, or remove TRACKER_REGISTER_FILE to use the register that is included."
        )
    return fine(f"The register in {settings.register_file} names {len(found.bodies)} bodies.")


def package(_settings: Settings) -> Finding:
    """What was installed beside the code."""
    files = [
        *(language.catalogue_file(one) for one in language.LANGUAGES if one != "en"),
        resource("templates") / "layouts" / "base.html",
        resource("migrations") / "HEAD",
    ]
    missing = [str(file) for file in files if not file.is_file()]
    if missing:
        return wrong(
            f"Of the installed package these are missing: {', '.join(missing)}.",
            "Install it again: pip install --force-reinstall --no-deps repons-….whl.",
        )
    return fine("Pages, translations and migrations are installed.")
