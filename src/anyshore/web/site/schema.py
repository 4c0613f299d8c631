"""The tables of the database: whether they are those this version knows, and bringing them there, one at a time."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.core.management import call_command
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.utils import CursorWrapper
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

from anyshore.base.errors import HostError
from anyshore.host import locks
from anyshore.web.site import homes, ready_made

PATIENCE = 300.0
"""Seconds for which another process is waited for that is changing the tables."""

ELSEWHERE = frozenset({"django_tasks_database", "django_tasks_db", "procrastinate"})
"""Apps that are there with ``ANYSHORE_QUEUE=1`` alone: their tables may stay behind."""

_LOCK = 0x616E7973686F7265  # "anyshore": the number of the advisory lock on PostgreSQL
_PAUSE = 0.05

Name = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Standing:
    """How the tables of a database stand against what this version knows.

    Attributes:
        applied: changes that were made, by app and name.
        pending: changes this version knows and the database does not have, in the order in which they are made.
        unknown: changes the database has and this version does not know: a newer version made them.
    """

    applied: tuple[Name, ...]
    pending: tuple[Name, ...]
    unknown: tuple[Name, ...]

    @property
    def is_empty(self) -> bool:
        """Whether there are no tables yet."""
        return not self.applied


def standing(using: str = DEFAULT_DB_ALIAS) -> Standing:
    """How the tables of a database stand; changes nothing, and makes no file.

    Raises:
        django.db.Error: the database cannot be read.
    """
    connection = connections[using]
    made = is_made(using)
    applied = tuple(sorted(MigrationRecorder(connection).applied_migrations())) if made else ()
    executor = MigrationExecutor(connection if made else None)
    loader = executor.loader
    plan = executor.migration_plan(loader.graph.leaf_nodes())
    known = {*loader.disk_migrations, *(name for one in loader.disk_migrations.values() for name in one.replaces)}
    unknown = tuple(name for name in applied if name not in known and name[0] not in ELSEWHERE)
    return Standing(applied, tuple((one.app_label, one.name) for one, _ in plan), unknown)


def is_made(using: str = DEFAULT_DB_ALIAS) -> bool:
    """Whether the file of a SQLite database is there; PostgreSQL's is made by who runs it."""
    connection = connections[using]
    path = str(connection.settings_dict["NAME"])
    return connection.vendor != "sqlite" or path.startswith((":memory:", "file:")) or Path(path).is_file()


def check(using: str = DEFAULT_DB_ALIAS) -> None:
    """Refuses a database whose tables are not those this version knows.

    Raises:
        HostError: a newer version made them (``store.newer-schema``), or they are not up to date
            (``store.older-schema``).
    """
    found = standing(using)
    refuse_newer(found)
    if found.pending:
        missing = "There are no tables yet" if found.is_empty else f"The database lacks {_told(found.pending)}"
        raise HostError("store.older-schema", f"{missing}.", hint="Make a backup, then: anyshore migrate")


def migrate(
    using: str = DEFAULT_DB_ALIAS, *, patience: float = PATIENCE, told: Callable[[str], object] = lambda _: None
) -> tuple[Name, ...]:
    """Brings the tables up to date; several processes may ask for it at once, and one does it.

    Args:
        using: Django's name of the connection.
        patience: seconds for which another process is waited for.
        told: called with the name of each change before it is made.

    Returns:
        The changes that were made.

    Raises:
        HostError: a newer version made the tables, or another process was at it for longer (``store.busy``).
    """
    with alone(using, patience):
        before = standing(using)
        refuse_newer(before)
        if before.is_empty and before.pending and _laid(using):
            pending = standing(using).pending
        else:
            pending = before.pending
        for app, name in before.pending:
            told(f"{app}.{name}")
        if pending:
            homes.close_database(connections[using])
            call_command("migrate", database=using, verbosity=0, interactive=False)
    return before.pending


def _laid(using: str) -> bool:
    """Whether the ready-made tables could be laid in place of most changes."""
    homes.close_database(connections[using])
    return ready_made.lay(connections[using])


def refuse_newer(found: Standing) -> None:
    """Refuses tables that a newer version has changed.

    Raises:
        HostError: ``store.newer-schema``, with the names of the changes.
    """
    if found.unknown:
        message = (
            f"A newer version of Anyshore has changed the database: this one does not know {_told(found.unknown)}."
        )
        hint = "Use that version, or restore a backup made before (anyshore restore)."
        raise HostError("store.newer-schema", message, hint=hint)


def _told(names: tuple[Name, ...], most: int = 5) -> str:
    shown = ", ".join(f"{app}.{name}" for app, name in names[:most])
    return shown if len(names) <= most else f"{shown} and {len(names) - most} more"


@contextmanager
def alone(using: str, patience: float = PATIENCE) -> Iterator[None]:
    """Keeps other processes from changing the tables meanwhile; the lock ends with its process or connection."""
    connection = connections[using]
    if connection.vendor == "sqlite":
        path = Path(str(connection.settings_dict["NAME"]))
        if not path.parent.is_dir() or str(path).startswith("file:"):
            yield
            return
        with locks.held(path.with_name(f"{path.name}-migrate"), patience):
            yield
        return
    until = time.monotonic() + patience
    with connection.cursor() as cursor:
        while not _taken(cursor):
            if time.monotonic() >= until:
                raise HostError("store.busy", "Another process is changing the tables.", hint="Try again.")
            time.sleep(_PAUSE)
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])


def _taken(cursor: CursorWrapper) -> bool:
    cursor.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK])
    return bool(cursor.fetchone()[0])
