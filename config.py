"""Settings for running from a checkout; the installed `tracker` reads the environment and never imports this."""

import secrets
from pathlib import Path

from pydantic import SecretStr

from tracker.settings import Settings

HERE = Path(__file__).parent


def demo(port: int, folder: str | Path = HERE / ".demo") -> Settings:
    """What `make demo` runs with: a throw-away installation in a folder, its mail caught on this machine."""
    return Settings(
        secret_key=SecretStr(secrets.token_urlsafe(48)),
        base_url=f"http://127.0.0.1:{port}",
        data_dir=Path(folder),
        database_url="",
        demo=True,
        nightly_backup=False,
        _env_file=None,  # type: ignore[call-arg]  # pydantic's own argument
    )
