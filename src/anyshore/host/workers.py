"""Names of worker processes, and whether the one behind a name still lives."""

from __future__ import annotations

import os
from pathlib import Path


def name() -> str:
    """The name of this process: machine, process id and when it began, so that a reused id is another worker."""
    return f"{_machine()}:{os.getpid()}:{_began(os.getpid())}"


def is_gone(worker: str) -> bool:
    """Whether the process behind a name is surely dead. On another machine nobody can tell: its claims run out."""
    node, _, rest = worker.rpartition(":")[0].rpartition(":")
    began = worker.rpartition(":")[2]
    if node != _machine() or not rest.isdigit():
        return False
    try:
        os.kill(int(rest), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return _began(int(rest)) != began


def _machine() -> str:
    """Where process ids mean the same: the machine and, in containers, the namespace of process ids."""
    try:
        return f"{os.uname().nodename}/{os.stat('/proc/self/ns/pid').st_ino}"
    except OSError:
        return os.uname().nodename


def _began(process: int) -> str:
    """When a process began, in clock ticks since the machine did; empty where the system does not tell."""
    try:
        # The name of the program stands in parentheses and may hold spaces; the 22nd field is the start time (proc(5)).
        return Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[19]
    except (OSError, IndexError):
        return ""
