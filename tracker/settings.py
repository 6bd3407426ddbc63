"""The settings of one installation, read from the environment and from `.env` in the working folder."""

from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo, available_timezones

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from tracker.errors import Misconfigured


class Settings(BaseSettings):
    """What an administrator decides. Names in the environment carry the prefix `TRACKER_`."""

    model_config = SettingsConfigDict(env_prefix="TRACKER_", env_file=".env", extra="ignore")

    secret_key: Annotated[SecretStr, Field(min_length=32)]
    base_url: str = "http://127.0.0.1:8000"
    data_dir: Path = Path("data")
    database_url: str = ""
    migration_url: str = ""
    smtp_url: str = "smtp://127.0.0.1:25"
    mail_from: str = "repons@localhost"
    timezone: str = "Europe/Brussels"
    register_file: Path | None = None
    """A JSON file of bodies in place of the register that is shipped."""
    demo: bool = False
    """Opens the demo doors: enter without a code, read every mail, move today. Never in the environment."""

    @field_validator("base_url")
    @classmethod
    def _without_slash(cls, value: str) -> str:
        if not value.startswith(("http://", "https://")):
            raise ValueError("must begin with https:// (or http:// on one machine)")
        return value.rstrip("/")

    @field_validator("timezone")
    @classmethod
    def _known_timezone(cls, value: str) -> str:
        if value not in available_timezones():
            raise ValueError("is not a known time zone, such as Europe/Brussels")
        return ZoneInfo(value).key

    @property
    def database(self) -> str:
        """The address of the database; without a setting an SQLite file in the data folder."""
        return self.database_url or f"sqlite:///{(self.data_dir / 'repons.sqlite').absolute()}"

    @property
    def is_https(self) -> bool:
        """Whether browsers reach us over TLS, so that cookies may be bound to it."""
        return self.base_url.startswith("https://")


def from_environment() -> Settings:
    """The settings of this process; `Misconfigured` names every wrong one and what to do."""
    try:
        return Settings(demo=False)  # type: ignore[call-arg]  # the other values come from the environment
    except ValidationError as wrong:
        sentences = " ".join(_sentence(error["loc"], error["msg"]) for error in wrong.errors())
        raise Misconfigured(sentences) from None


def _sentence(where: tuple[int | str, ...], message: str) -> str:
    name = f"TRACKER_{'_'.join(str(part) for part in where).upper()}"
    if name == "TRACKER_SECRET_KEY":
        return (
            f"{name} is missing or shorter than 32 characters. Make one with "
            "`python3 -c 'import secrets; print(secrets.token_urlsafe(48))'` and put it in the environment or in .env."
        )
    return f"{name} is wrong: {message.removeprefix('Value error, ')}."
