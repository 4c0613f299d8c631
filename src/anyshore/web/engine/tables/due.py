"""What is due: commands in the inbox, timers, jobs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from anyshore.host.ports import ACTIVE, ENDED, InboxRow, InstanceRow, WaitRow
from anyshore.web.engine.tables.base import Tables, columns, read

CHANNEL = "anyshore_due"
"""Where sleeping workers listen on PostgreSQL."""

RINGS: list[Callable[[], None]] = []
"""What else is told within the transaction: an existing task queue (see ``apps``)."""

_ID = ("id",)
_INBOX = columns(InboxRow)
_WAIT = columns(WaitRow)
_INSTANCE = columns(InstanceRow)
_CANDIDATES = """
    SELECT instance, due, 0 AS source FROM (
        SELECT instance, due FROM engine_inbox WHERE due <= %s ORDER BY due, id LIMIT %s) AS commands
    UNION ALL
    SELECT instance, due, 1 FROM (
        SELECT instance, due FROM engine_wait{timers} WHERE kind = 'timer' AND due <= %s
        ORDER BY due LIMIT %s) AS timers
"""
_ANSWERING = f"('{ACTIVE}', '{ENDED}')"
"""Instances that answer what is due; an ended one refuses."""

_BY_DUE = " INDEXED BY engine_wait_timer"
"""SQLite has no statistics and would look at every waiting timer. PostgreSQL gathers them by itself."""


class Due(Tables):
    """See ``host.ports.Transaction``."""

    @property
    def _by_due(self) -> str:
        return "" if self._postgresql else _BY_DUE

    def put_inbox(self, rows: Sequence[InboxRow]) -> None:
        """See the port."""
        self._insert("engine_inbox", InboxRow, rows, _ID)

    def take_due(self, now: int, limit: int) -> tuple[list[InboxRow], list[WaitRow]]:
        """See the port."""
        chosen: list[int] = []
        for some in self._candidates(now, limit):
            for start in range(0, len(some), limit):
                chosen += self._lock_answering(some[start : start + limit - len(chosen)])
                if len(chosen) == limit:
                    break
            if len(chosen) == limit:
                break
        return self._due_of(chosen, now)

    def take_due_of(self, now: int, instance: int) -> tuple[list[InboxRow], list[WaitRow]]:
        """See the port."""
        return self._due_of(self._lock_answering([instance]), now)

    def _due_of(self, chosen: Sequence[int], now: int) -> tuple[list[InboxRow], list[WaitRow]]:
        # Read only now: what another worker answered before we held the lock is gone from here.
        inbox = f"SELECT {_INBOX} FROM engine_inbox WHERE instance IN ({{ids}}) AND due + 0 <= %s"
        timers = (
            f"SELECT {_WAIT} FROM engine_wait WHERE instance IN ({{ids}}) AND kind || '' = 'timer' AND due + 0 <= %s"
        )
        commands = [read(InboxRow, row) for row in self._among(inbox, chosen, now)]
        fired = [read(WaitRow, row) for row in self._among(timers, chosen, now)]
        commands.sort(key=lambda row: (row.due, row.id))
        fired.sort(key=lambda row: (row.due or 0, row.instance, row.wait))
        return commands, fired

    def _candidates(self, now: int, limit: int) -> Iterator[list[int]]:
        """Instances with something due, oldest first, in growing helpings until there are no more."""
        size, seen = limit * 4, set[int]()
        while True:
            rows = self._rows(_CANDIDATES.format(timers=self._by_due), now, size, now, size)
            ordered = dict.fromkeys(instance for _, instance in sorted((due, instance) for instance, due, _ in rows))
            fresh = [instance for instance in ordered if instance not in seen]
            seen.update(fresh)
            yield fresh
            if all(sum(1 for row in rows if row[2] == source) < size for source in (0, 1)):
                return
            size *= 8

    def _lock_answering(self, ids: Sequence[int]) -> list[int]:
        """Those of the instances that answer what is due and are free, now locked, in the order given."""
        # An expression, so that no index on the status is taken: by id it is always a few hundred rows.
        sql = f"SELECT {_INSTANCE} FROM engine_instance WHERE id IN ({{ids}}) AND status || '' IN {_ANSWERING}"
        locked = {row[0]: read(InstanceRow, row) for row in self._among(sql + self._skip_locked, ids)}
        self._held |= locked
        return [number for number in ids if number in locked]

    def queued(self, instance: int) -> list[InboxRow]:
        """See the port."""
        sql = f"SELECT {_INBOX} FROM engine_inbox WHERE instance = %s ORDER BY due, id"
        return [read(InboxRow, row) for row in self._rows(sql, instance)]

    def drop_inbox(self, ids: Sequence[int]) -> None:
        """See the port."""
        self._delete("engine_inbox", "id", ids)

    def take_jobs(self, worker: str, now: int, until: int, limit: int) -> list[WaitRow]:
        """See the port."""
        lock = " FOR UPDATE OF w SKIP LOCKED" if self._postgresql else ""
        sql = f"""
            WITH chosen AS MATERIALIZED (
                SELECT w.instance, w.wait FROM engine_wait w JOIN engine_instance i ON i.id = w.instance
                WHERE w.kind = 'job' AND i.status IN {_ANSWERING} AND (w.due IS NULL OR w.due <= %s)
                    AND (w.claimed_until IS NULL OR w.claimed_until <= %s)
                ORDER BY w.opened, w.instance, w.wait LIMIT %s{lock})
            UPDATE engine_wait SET claimed_by = %s, claimed_until = %s, attempts = attempts + 1 FROM chosen
            WHERE engine_wait.instance = chosen.instance AND engine_wait.wait = chosen.wait
            RETURNING {columns(WaitRow, table="engine_wait")}"""
        rows = [read(WaitRow, row) for row in self._rows(sql, now, now, limit, worker, until)]
        return sorted(rows, key=lambda row: (row.opened, row.instance, row.wait))

    def job_holders(self) -> list[str]:
        """See the port."""
        sql = "SELECT DISTINCT claimed_by FROM engine_wait WHERE kind = 'job' AND claimed_by IS NOT NULL"
        return sorted(row[0] for row in self._rows(sql))

    def renew_jobs(self, worker: str, until: int) -> None:
        """See the port."""
        sql = "UPDATE engine_wait SET claimed_until = %s WHERE kind = 'job' AND claimed_by = %s"
        self._run(f"{sql} AND claimed_until IS NOT NULL", until, worker)

    def wake(self) -> None:
        """See the port. On SQLite workers look at the file's version."""
        if self._postgresql:
            self._run(f"NOTIFY {CHANNEL}")
        for ring in RINGS:
            ring()

    def release_jobs(self, worker: str, *, forgiven: bool = False) -> int:
        """See the port."""
        sql = "UPDATE engine_wait SET claimed_by = NULL, claimed_until = NULL, attempts = attempts - %s"
        return self._run(f"{sql} WHERE kind = 'job' AND claimed_by = %s", int(forgiven), worker)

    def release_job(self, instance: int, wait: int, due: int, *, forgiven: bool = False) -> None:
        """See the port."""
        sql = "UPDATE engine_wait SET claimed_by = NULL, claimed_until = NULL, due = %s, attempts = attempts - %s"
        self._run(f"{sql} WHERE instance = %s AND wait = %s", due, int(forgiven), instance, wait)

    def next_due(self) -> int | None:
        """See the port."""
        greatest = "GREATEST" if self._postgresql else "MAX"
        active = f"JOIN engine_instance i ON i.id = w.instance AND i.status IN {_ANSWERING}"
        found = self._rows(
            f"""SELECT * FROM (SELECT w.due AS due FROM engine_inbox w {active} ORDER BY w.due LIMIT 1) AS a
            UNION ALL SELECT * FROM (
                SELECT w.due FROM engine_wait w{self._by_due} {active} WHERE w.kind = 'timer' AND w.due IS NOT NULL
                ORDER BY w.due LIMIT 1) AS b
            UNION ALL SELECT * FROM (
                SELECT {greatest}(COALESCE(w.due, 0), COALESCE(w.claimed_until, 0)) AS due
                FROM engine_wait w {active} WHERE w.kind = 'job' ORDER BY 1 LIMIT 1) AS c
            UNION ALL SELECT * FROM (
                SELECT {greatest}(due, COALESCE(claimed_until, 0)) AS due
                FROM engine_channel WHERE due IS NOT NULL ORDER BY 1 LIMIT 1) AS d"""
        )
        return min((int(row[0]) for row in found), default=None)
