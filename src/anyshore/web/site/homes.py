"""The home folder of an installation: nobody else on the machine reads it."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from django.db.backends.base.base import BaseDatabaseWrapper

OURS = ("secret-key", "anyshore.sqlite3")
"""What is only in a home: a folder that holds one of these is one, and is closed."""


def ready(home: Path) -> None:
    """Makes the folder, or closes one that is ours and open to others (0700); what is in it is closed with it.

    A folder that is there and holds nothing of ours is somebody's own: it is closed once it does.

    Raises:
        OSError: it cannot be made.
    """
    if not home.exists():
        home.mkdir(parents=True, mode=0o700)
        home.chmod(0o700)
        return
    home.mkdir(parents=True, exist_ok=True)  # tells where a file has its name
    if any((home / name).exists() for name in OURS) or not any(home.iterdir()):
        _close(home, 0o700)
    for name in OURS:
        for path in home.glob(f"{name}*"):
            _close(path, 0o600)


def close_database(connection: BaseDatabaseWrapper) -> None:
    """Makes the file of a SQLite database so that only its owner reads it, before SQLite would make it for all."""
    path = Path(str(connection.settings_dict["NAME"]))
    if connection.vendor == "sqlite" and path.parent.is_dir() and not str(path).startswith((":", "file:")):
        path.touch(mode=0o600)


def _close(path: Path, mode: int) -> None:
    """Takes from others what they may; a link, or what belongs to somebody else, is left as it is."""
    found = path.lstat()
    if not stat.S_ISLNK(found.st_mode) and found.st_uid == os.geteuid() and found.st_mode & 0o077:
        path.chmod(mode)
