"""The store port over a Django connection: SQLite (WAL, immediate transactions) or PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import DEFAULT_DB_ALIAS, DatabaseError, InterfaceError, connections, transaction

from anyshore.host import locks
from anyshore.host.ports import OneTransaction
from anyshore.web.engine.faults import host_error
from anyshore.web.engine.tables.arrivals import Arrivals
from anyshore.web.engine.tables.due import Due
from anyshore.web.engine.tables.instances import Instances
from anyshore.web.engine.tables.records import Records
from anyshore.web.engine.tables.waits import Waits

PATIENCE = 1.0
"""Seconds a worker waits for another one that is advancing instances of the same SQLite database."""


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
        with self._told(), self._atomic(), connections[self.using].wrap_database_errors:
            yield DatabaseTransaction(connections[self.using])

    @contextmanager
    def looking(self) -> Iterator[DatabaseTransaction]:
        """See the port; within a transaction of this thread it is a part of that.

        Raises:
            HostError: as ``transaction``.
        """
        with self._told(), connections[self.using].wrap_database_errors:
            yield DatabaseTransaction(connections[self.using])

    @contextmanager
    def _told(self) -> Iterator[None]:
        """What the database says in the words of the host."""
        try:
            yield
        except (DatabaseError, InterfaceError) as problem:
            error = host_error(problem)
            if error is None:
                raise
            raise error from problem

    @contextmanager
    def _atomic(self) -> Iterator[None]:
        """A transaction. On a SQLite database that may only be read it takes no write lock: looking goes on."""
        with ExitStack() as held:
            try:
                held.enter_context(transaction.atomic(using=self.using))
            except DatabaseError as problem:
                error = host_error(problem)
                if error is None or error.code != "store.read-only":
                    raise
                with self._deferred():
                    held.enter_context(transaction.atomic(using=self.using))
            yield

    @contextmanager
    def _deferred(self) -> Iterator[None]:
        """Transactions that are begun meanwhile on SQLite take the write lock only when they write."""
        connection: Any = connections[self.using]  # what only SQLite's has
        mode, connection.transaction_mode = connection.transaction_mode, "DEFERRED"
        try:
            yield
        finally:
            connection.transaction_mode = mode

    @contextmanager
    def advancing(self) -> Iterator[OneTransaction[DatabaseTransaction] | OneWriter]:
        """See the port. On PostgreSQL instances are locked one by one, and all of it is one transaction.

        SQLite has one writer at a time, so nothing is written until all is computed, and what is taken meanwhile is
        held by a lock on a file beside the database, which ends with its process.
        """
        connection = connections[self.using]
        path = Path(str(connection.settings_dict["NAME"]))
        if connection.vendor != "sqlite" or connection.in_atomic_block or not path.is_file():
            with self.transaction() as tx:
                yield OneTransaction(tx)
        else:
            with locks.held(path.with_name(f"{path.name}-advance"), PATIENCE):
                yield OneWriter(self)

    @contextmanager
    def reading(self) -> Iterator[DatabaseTransaction]:
        """A transaction that sees one state of the database and keeps nobody from writing; of SQLite."""
        with ExitStack() as held:
            with self._deferred():
                tx = held.enter_context(self.transaction())
            yield tx

    def release(self) -> None:
        """Closes this thread's connection."""
        connections[self.using].close()


@dataclass(frozen=True, slots=True)
class OneWriter:
    """An ``Advance`` of a database that has one writer at a time: what is computed meanwhile is written afterwards."""

    store: DatabaseStore

    def reading(self) -> AbstractContextManager[DatabaseTransaction]:
        """See the port."""
        return self.store.reading()

    def writing(self) -> AbstractContextManager[DatabaseTransaction]:
        """See the port."""
        return self.store.transaction()
