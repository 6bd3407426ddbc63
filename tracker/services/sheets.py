"""Pictures of the pages of documents: drawn when somebody looks, kept beside the database by content."""

import os
import threading
from hashlib import sha256
from pathlib import Path

from tracker.errors import NotFound
from tracker.intake import sheets
from tracker.intake.refusals import Unreadable
from tracker.language import _
from tracker.settings import Settings

KEPT = 1_000
"""Pictures; those not drawn lately make room. They can be drawn again at any time."""
_AT_ONCE = threading.BoundedSemaphore(2)


def picture(settings: Settings, content: bytes, number: int) -> bytes:
    """Page `number` of a PDF as WebP; NotFound where there is none."""
    folder = settings.data_dir / "pages"
    file = folder / f"{sha256(content).hexdigest()}-{number}.webp"
    try:
        return file.read_bytes()
    except OSError:
        pass  # not drawn yet
    try:
        with _AT_ONCE:
            drawn = sheets.draw(content, number)
    except Unreadable:
        raise NotFound(_("There is no picture of this page. Its text stands beside the drafts.")) from None
    _keep(folder, file, drawn)
    return drawn


def _keep(folder: Path, file: Path, drawn: bytes) -> None:
    """Write it whole or not at all; a folder that cannot be written only makes the next look slower."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        part = file.with_suffix(f".{os.getpid()}-{threading.get_ident()}")
        part.write_bytes(drawn)
        part.replace(file)
        for old in sorted(folder.iterdir(), key=lambda one: one.stat().st_mtime)[:-KEPT]:
            old.unlink(missing_ok=True)
    except OSError:
        return
