"""The secret key: made once, kept beside the data, never part of the source."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def secret_key(home: Path) -> str:
    """The key from ``ANYSHORE_SECRET_KEY``, or the one in the home folder, which is made on first use.

    Two processes that start at the same time agree: the file is created exclusively, the loser reads the winner's.
    """
    given = os.environ.get("ANYSHORE_SECRET_KEY")
    if given:
        return given
    home.mkdir(parents=True, exist_ok=True)
    file = home / "secret-key"
    if not file.exists():
        draft = home / f".secret-key-{os.getpid()}"
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as out:
            out.write(secrets.token_urlsafe(64))
        try:
            os.link(draft, file)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return file.read_text(encoding="ascii")
