"""What went wrong in the database, in words that say what to do."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import DatabaseError, InterfaceError, OperationalError

from anyshore.base.errors import HostError

BUSY, FULL, CORRUPT, AWAY = "store.busy", "store.full", "store.corrupt", "store.unavailable"

_HINTS = {
    BUSY: "Try again: another process holds what this one needs.",
    FULL: "Make room on the disk of the database; workers go on by themselves.",
    CORRUPT: "Stop everything that uses the database, and restore it from a backup (docs/how-to/operate.md).",
    AWAY: "Try again; if it stays away, look whether the database runs and its address is right.",
}
_POSTGRESQL = {
    "40001": BUSY, "40P01": BUSY, "55P03": BUSY, "57014": BUSY, "53100": FULL, "53200": FULL, "XX001": CORRUPT,
    "XX002": CORRUPT,
}  # fmt: skip
"""By SQLSTATE (PostgreSQL, appendix A)."""

_SQLITE: Mapping[str, str] = {
    "SQLITE_BUSY": BUSY, "SQLITE_LOCKED": BUSY, "SQLITE_FULL": FULL, "SQLITE_CORRUPT": CORRUPT,
    "SQLITE_NOTADB": CORRUPT,
}  # fmt: skip
"""By the name of the result code; an extended one begins with it."""


def host_error(problem: Exception) -> HostError | None:
    """The error of a host for an error of the database; None where the fault is in what was asked of it."""
    code = _code(problem)
    if code is None:
        return None
    return HostError(code, f"The database did not take the change: {problem}", hint=_HINTS[code])


def _code(problem: Exception) -> str | None:
    if not isinstance(problem, (DatabaseError, InterfaceError)):
        return None
    cause = problem.__cause__
    state, name = getattr(cause, "sqlstate", None), getattr(cause, "sqlite_errorname", "") or ""
    if state in _POSTGRESQL:
        return _POSTGRESQL[state]
    for known, code in _SQLITE.items():
        if name.startswith(known):
            return code
    return AWAY if isinstance(problem, (OperationalError, InterfaceError)) else None
