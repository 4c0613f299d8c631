"""What went wrong in the database, in words that say what to do."""

from __future__ import annotations

import errno
from collections.abc import Mapping

from django.db import DatabaseError, InterfaceError, OperationalError

from anyshore.base.errors import HostError

BUSY, FULL, CORRUPT, AWAY, READ_ONLY = "busy", "full", "corrupt", "away", "read-only"

_POSTGRESQL = {
    "40001": BUSY, "40P01": BUSY, "55P03": BUSY, "57014": BUSY, "53100": FULL, "25006": READ_ONLY, "XX001": CORRUPT,
    "XX002": CORRUPT,
}  # fmt: skip
"""By SQLSTATE (PostgreSQL, appendix A)."""

_SQLITE: Mapping[str, str] = {
    "SQLITE_BUSY": BUSY, "SQLITE_LOCKED": BUSY, "SQLITE_FULL": FULL, "SQLITE_CORRUPT": CORRUPT,
    "SQLITE_NOTADB": CORRUPT, "SQLITE_READONLY": READ_ONLY, "SQLITE_IOERR_WRITE": FULL,
}  # fmt: skip
"""By the name of the result code; an extended one begins with it."""


def host_error(problem: Exception) -> HostError | None:
    """The error of a host for an error of the database; None where the fault is in what was asked of it."""
    match _kind(problem):
        case "busy":
            return HostError("store.busy", f"Another process holds what this one needs: {problem}", hint="Try again.")
        case "full":
            hint = "Make room on the disk of the database; workers go on by themselves."
            return HostError("store.full", f"The database is full: {problem}", hint=hint)
        case "read-only":
            hint = "Look at the rights of its file, or whether its server stands by for another one."
            return HostError("store.read-only", f"The database may only be read: {problem}", hint=hint)
        case "corrupt":
            hint = "Stop everything that uses it, and restore it from a backup (docs/how-to/operate.md)."
            return HostError("store.corrupt", f"The database is damaged: {problem}", hint=hint)
        case "away":
            hint = "Try again; if it stays away, look whether it runs and its address is right."
            return HostError("store.unavailable", f"The database is away: {problem}", hint=hint)
    return None


def file_error(problem: OSError) -> HostError | None:
    """The error of a host for an error of the file system; None where the fault is in what was asked of it."""
    if problem.errno in _FULL_DISK:
        hint = "Make room on the disk; what was asked for can be sent again."
        return HostError("store.full", f"The disk is full: {problem.strerror}", hint=hint)
    if problem.errno == errno.EROFS:
        return HostError("store.read-only", f"The disk may only be read: {problem.strerror}", hint="Mount it writable.")
    return None


_FULL_DISK = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def _kind(problem: Exception) -> str | None:
    if not isinstance(problem, (DatabaseError, InterfaceError)):
        return None
    cause = problem.__cause__
    state, name = getattr(cause, "sqlstate", None), getattr(cause, "sqlite_errorname", "") or ""
    if state in _POSTGRESQL:
        return _POSTGRESQL[state]
    for known, kind in _SQLITE.items():
        if name.startswith(known):
            return kind
    return AWAY if isinstance(problem, (OperationalError, InterfaceError)) else None
