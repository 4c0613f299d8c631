"""Passwords of channels: in a file beside the database that only its owner can read, never in the database."""

from __future__ import annotations

import fcntl
import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from anyshore.base.errors import HostError

NAME = "channel-secrets.json"


def read(channel: int) -> str | None:
    """The password of a channel; None where there is none on this machine."""
    return _all(_path()).get(str(channel))


def write(channel: int, password: str) -> None:
    """Keeps the password of a channel."""
    with _locked() as path:
        _replace(path, _all(path) | {str(channel): password})


def drop(channel: int) -> None:
    """Forgets the password of a channel; an absent one is no error."""
    with _locked() as path:
        _replace(path, {key: value for key, value in _all(path).items() if key != str(channel)})


def _path() -> Path:
    return Path(settings.HOME) / NAME


def _all(path: Path) -> dict[str, str]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as problem:
        hint = "Mend or remove it, and add the channels again."
        raise HostError("channel.secrets", f"The file of passwords {path} cannot be read: {problem}.", hint=hint) from (
            problem
        )
    return {str(key): str(value) for key, value in found.items()}


def _replace(path: Path, found: dict[str, str]) -> None:
    """Puts the new file in the place of the old one, whole: ``mkstemp`` makes it readable for its owner alone."""
    handle, draft = tempfile.mkstemp(prefix=f".{NAME}-", dir=path.parent)
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        json.dump(found, out)
        out.flush()
        os.fsync(out.fileno())
    os.replace(draft, path)


@contextmanager
def _locked() -> Iterator[Path]:
    """One process at a time changes the file."""

    path = _path()
    handle = os.open(path.with_name(f".{NAME}.lock"), os.O_WRONLY | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield path
    finally:
        os.close(handle)
