"""What wakes a sleeping worker: on PostgreSQL a notification, on SQLite the version of the file."""

from __future__ import annotations

import time
from typing import Any

from django.db import DEFAULT_DB_ALIAS, Error, InterfaceError, OperationalError, connections

from anyshore.base.errors import HostError
from anyshore.host.worker import Bell
from anyshore.web.engine.tables.due import CHANNEL

LOOK = 0.02
"""Seconds between two looks at the file; a look costs some microseconds."""


def bell(using: str = DEFAULT_DB_ALIAS) -> Bell:
    """The bell of a database."""
    return Notifications(using) if connections[using].vendor == "postgresql" else FileVersion(using)


class FileVersion:
    """SQLite: another connection has committed something when the file's data version changes."""

    def __init__(self, using: str) -> None:
        self._using = using
        self._seen: int | None = None

    def wait(self, seconds: float) -> None:
        """See ``host.worker.Bell``."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            version = self._version()
            if self._seen is not None and version != self._seen:
                self._seen = version
                return
            self._seen = version
            time.sleep(min(LOOK, left))

    def _version(self) -> int:
        try:
            with connections[self._using].cursor() as cursor:
                cursor.execute("PRAGMA data_version")
                return int(cursor.fetchone()[0])
        except (OperationalError, InterfaceError) as problem:
            raise HostError("store.unavailable", f"The database is away: {problem}") from problem

    def close(self) -> None:
        """See ``host.worker.Bell``."""
        self._seen = None


class Notifications:
    """PostgreSQL: LISTEN on a connection of its own."""

    def __init__(self, using: str) -> None:
        self._using = using
        self._connection: Any = None

    def wait(self, seconds: float) -> None:
        """See ``host.worker.Bell``."""
        from psycopg import Error as DriverError

        try:
            if self._connection is None:
                self._open()
            for _ in self._connection.notifies(timeout=seconds, stop_after=1):
                return
        except (Error, DriverError) as problem:
            self.close()
            raise HostError("store.unavailable", f"The database is away: {problem}") from problem

    def _open(self) -> None:
        own = connections[self._using].copy()
        own.connect()
        self._connection = own.connection
        self._connection.autocommit = True
        self._connection.execute(f"LISTEN {CHANNEL}")

    def close(self) -> None:
        """See ``host.worker.Bell``."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
