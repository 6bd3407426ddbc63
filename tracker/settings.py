"""The settings of one installation, read from the environment and from `.env` in the working folder."""

from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from tracker.errors import Misconfigured

SHORTEST_KEY = 32
_MAKE_ONE = (
    "Make one with `python3 -c 'import secrets; print(secrets.token_urlsafe(48))'` "
    "and put it in the environment or in .env."
)
_FEWEST_CHARACTERS = 8
"""Different ones in a key: a random one of 32 has more, a row of x has not."""
_PLACEHOLDERS = ("change", "secret", "example", "default", "password", "1234567", "abcdefg")
"""What stands in keys that were copied from a page."""


class Settings(BaseSettings):
    """What an administrator decides. Names in the environment carry the prefix `TRACKER_`."""

    model_config = SettingsConfigDict(env_prefix="TRACKER_", env_file=".env", extra="ignore")

    secret_key: Annotated[SecretStr, Field(min_length=SHORTEST_KEY)]
    secret_key_fallbacks: SecretStr = SecretStr("")
    """Earlier keys, separated by commas: what they signed still holds, nothing new is signed with them."""
    trusted_proxies: Annotated[int, Field(ge=0)] = 0
    """How many proxies of ours stand in front, whose X-Forwarded-For and -Proto are believed."""
    base_url: str = "http://127.0.0.1:8000"
    data_dir: Path = Path("data")
    database_url: Annotated[str, Field(repr=False)] = ""
    migration_url: Annotated[str, Field(repr=False)] = ""
    smtp_url: Annotated[str, Field(repr=False)] = "smtp://127.0.0.1:25"
    mail_from: str = "repons@localhost"
    bounce_address: str = ""
    """The address to which mail servers tell what did not arrive; without a setting, that of `mail_from`."""
    bounces_url: SecretStr = SecretStr("")
    """Where such notices are read: imaps://user:password@host/INBOX, or file:///a/folder of messages."""
    contact_email: str = ""
    """Whom visitors of the public pages may write to, about accessibility and personal data."""
    timezone: str = "Europe/Brussels"
    register_file: Path | None = None
    """A JSON file of bodies in place of the register that is shipped."""
    nightly_backup: bool = True
    backup_dir: Path | None = None
    """Where the nightly backups lie; without a setting `backups` in the data folder."""
    beside_demo: bool = False
    """Count from the demonstration's moved day: in its own `.env`, for commands typed beside it."""
    demo: bool = False
    """Opens the demo doors: enter without a code, read every mail, move today. Never in the environment."""

    @field_validator("secret_key_fallbacks")
    @classmethod
    def _long_enough(cls, value: SecretStr) -> SecretStr:
        if any(len(key) < SHORTEST_KEY for key in _keys(value)):
            raise ValueError("holds a key shorter than 32 characters; write earlier keys whole, separated by commas")
        return value

    @field_validator("base_url")
    @classmethod
    def _without_slash(cls, value: str) -> str:
        if not value.startswith(("http://", "https://")):
            raise ValueError("must begin with https:// (or http:// on one machine)")
        return value.rstrip("/")

    @field_validator("timezone")
    @classmethod
    def _known_timezone(cls, value: str) -> str:
        try:
            return ZoneInfo(value).key
        except (LookupError, ValueError, OSError):  # no such name, no name at all, a folder of names
            raise ValueError("is not a known time zone, such as Europe/Brussels") from None

    @property
    def secret_keys(self) -> tuple[str, ...]:
        """The key in use and the earlier ones that still hold."""
        return (self.secret_key.get_secret_value(), *_keys(self.secret_key_fallbacks))

    @property
    def database(self) -> str:
        """The address of the database; without a setting an SQLite file in the data folder."""
        return self.database_url or f"sqlite:///{(self.data_dir / 'repons.sqlite').absolute()}"

    @property
    def backups(self) -> Path:
        """The folder of the nightly backups."""
        return self.backup_dir or self.data_dir / "backups"

    @property
    def moved_day(self) -> Path:
        """Where the demonstration keeps how far its day was moved."""
        return self.data_dir / "today"

    @property
    def is_https(self) -> bool:
        """Whether browsers reach us over TLS, so that cookies may be bound to it."""
        return self.base_url.startswith("https://")


def from_environment() -> Settings:
    """The settings of this process; `Misconfigured` names every wrong one and what to do."""
    try:
        found = Settings(demo=False)  # type: ignore[call-arg]  # the other values come from the environment
    except ValidationError as wrong:
        sentences = " ".join(_sentence(error["loc"], error["msg"]) for error in wrong.errors())
        raise Misconfigured(sentences) from None
    if any(_is_guessable(key) for key in found.secret_keys):
        raise Misconfigured(f"TRACKER_SECRET_KEY can be guessed. {_MAKE_ONE}")
    return found


def _keys(written: SecretStr) -> tuple[str, ...]:
    return tuple(key.strip() for key in written.get_secret_value().split(",") if key.strip())


def _is_guessable(key: str) -> bool:
    return len(set(key)) < _FEWEST_CHARACTERS or any(word in key.lower() for word in _PLACEHOLDERS)


def _sentence(where: tuple[int | str, ...], message: str) -> str:
    name = f"TRACKER_{'_'.join(str(part) for part in where).upper()}"
    if name == "TRACKER_SECRET_KEY":
        away = "" if Path(".env").exists() else f" There is no .env in {Path.cwd()}: is this the installation's folder?"
        return f"{name} is missing or shorter than 32 characters.{away} {_MAKE_ONE}"
    return f"{name} is wrong: {message.removeprefix('Value error, ')}."
