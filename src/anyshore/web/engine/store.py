"""The store port over a Django connection: SQLite (WAL, immediate transactions) or PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DEFAULT_DB_ALIAS, DatabaseError, InterfaceError, connections, transaction

from anyshore.web.engine.faults import host_error
from anyshore.web.engine.tables.arrivals import Arrivals
from anyshore.web.engine.tables.due import Due
from anyshore.web.engine.tables.instances import Instances
from anyshore.web.engine.tables.records import Records
from anyshore.web.engine.tables.waits import Waits


class DatabaseTransaction(Instances, Due, Waits, Records, Arrivals):
    """See ``host.ports.Transaction``."""


class DatabaseStore:
    """Keeps the host's rows in the database. Connections are per thread, so one store serves all threads.

    Args:
        using: Django's name of the connection.
    """

    shared = True

    def __init__(self, using: str = DEFAULT_DB_ALIAS) -> None:
        self.using = using

    @contextmanager
    def transaction(self) -> Iterator[DatabaseTransaction]:
        """Begins a transaction (or a savepoint within the caller's).

        Raises:
            HostError: the database is busy beyond its time limit, full, damaged or gone, or chose this transaction to
                end a deadlock (``faults``); nothing was kept and the caller may try again.
        """
        try:
            with transaction.atomic(using=self.using), connections[self.using].wrap_database_errors:
                yield DatabaseTransaction(connections[self.using])
        except (DatabaseError, InterfaceError) as problem:
            error = host_error(problem)
            if error is None:
                raise
            raise error from problem

    def release(self) -> None:
        """Closes this thread's connection."""
        connections[self.using].close()
