"""A lock that all processes of a machine see, on a file, and that ends with the process that has it."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from anyshore.base.errors import HostError

_PAUSE = 0.005


@contextmanager
def held(path: Path, patience: float) -> Iterator[None]:
    """Has the lock for as long as the block takes.

    Args:
        path: the file; made where it is absent, and left there.
        patience: seconds for which it is waited for.

    Raises:
        HostError: others had it for longer (``store.busy``).
        OSError: the file cannot be made.
    """
    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        until = time.monotonic() + patience
        while not _taken(file):
            if time.monotonic() >= until:
                raise HostError("store.busy", "Another process of this machine is at it.", hint="Try again.")
            time.sleep(_PAUSE)
        yield
    finally:
        os.close(file)


def _taken(file: int) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
