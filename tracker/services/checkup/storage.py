"""The folders and the disk that an installation lives on."""

import os
import shlex
import shutil
from pathlib import Path

from sqlalchemy.engine import make_url

from tracker.services.checkup.findings import Finding, fine, warning, wrong
from tracker.settings import Settings

MOUNTS = Path("/proc/mounts")
TOO_LITTLE = 200 * 10**6
LITTLE = 10**9
_SHARED = ("nfs", "cifs", "smb", "9p", "afs", "ceph", "glusterfs", "lustre", "ocfs2", "gfs2", "fuse.sshfs", "beegfs")
"""File systems whose locks SQLite cannot trust."""


def data_folder(settings: Settings) -> Finding:
    """The folder of the database and of the anchors."""
    folder = settings.data_dir.absolute()
    if not folder.is_dir():
        return wrong(f"The data folder {folder} does not exist.", "Make it, or correct TRACKER_DATA_DIR.")
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        return wrong(
            f"The data folder {folder} cannot be written to by this user.",
            "Give it to the user that runs tracker (chown), and run every command as that user.",
        )
    if folder.stat().st_mode & 0o007:
        return warning(
            f"Everyone on this machine may look into the data folder {folder}.",
            f"Run `chmod 700 {shlex.quote(str(folder))}`.",
        )
    return fine(f"The data folder is {folder}.")


def file_system(settings: Settings) -> Finding:
    """Whether SQLite may trust the locks of the disk."""
    if _sqlite_file(settings) is None:
        return fine("The database is not a file of this machine.")
    kind = _kind(settings.data_dir.absolute())
    if kind.startswith(_SHARED):
        return wrong(
            f"The data folder lies on a network file system ({kind}), on which SQLite databases are damaged.",
            "Move it to a local disk, or use PostgreSQL: `tracker backup`, TRACKER_DATABASE_URL, `tracker restore`.",
        )
    return fine(f"The data folder is on a local disk ({kind or 'of unknown kind'}).")


def _kind(folder: Path) -> str:
    """The kind of file system that a folder lies on, where the system tells."""
    try:
        mounts = [line.split()[1:3] for line in MOUNTS.read_text().splitlines()]
    except OSError:
        return ""
    holding = [(place, kind) for place, kind in mounts if folder.is_relative_to(place.replace("\\040", " "))]
    return max(holding, key=lambda one: len(one[0]), default=("", ""))[1]


def disk_space(settings: Settings) -> Finding:
    """Room for the database, its log and the backups."""
    free = shutil.disk_usage(settings.data_dir).free
    told = f"{free / 1e9:.1f} GB are free for the data folder."
    remedy = "Free some space: remove old files, or move the data folder to a larger disk."
    file = _sqlite_file(settings)
    needed = 2 * file.stat().st_size if file is not None and file.is_file() else 0
    if free < TOO_LITTLE:
        return wrong(f"The disk is full but for {free / 1e6:.0f} MB: soon nothing can be saved.", remedy)
    if free < max(LITTLE, needed):
        return warning(f"{told} That is little for a backup of the database.", remedy)
    return fine(told)


def backup_folder(settings: Settings) -> Finding:
    """Whether tonight's backup can be written."""
    if not settings.nightly_backup:
        return warning(
            "Nightly backups are switched off.", "Remove TRACKER_NIGHTLY_BACKUP, or see that another job makes them."
        )
    folder = settings.backups.absolute()
    there = next(one for one in (folder, *folder.parents) if one.exists())
    if not there.is_dir() or not os.access(there, os.W_OK | os.X_OK):
        return wrong(
            f"The nightly backups cannot be written to {folder}.",
            "Make the folder and give it to the user that runs tracker, or change TRACKER_BACKUP_DIR.",
        )
    return fine(f"Nightly backups go to {folder}.")


def _sqlite_file(settings: Settings) -> Path | None:
    url = make_url(settings.database)
    return Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None
