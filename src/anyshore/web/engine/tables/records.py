"""What is kept for good: the ledger, documents, reference data, deployed definitions."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from anyshore.host.intake_ports import ReferenceRow
from anyshore.host.ports import SIGNED, DefinitionRow, LedgerRow
from anyshore.host.pseudonyms import pseudonym
from anyshore.web.engine.tables.base import Tables, columns, read

PAGE = 1_000
"""Entries of a ledger that are read at a time."""


class Records(Tables):
    """See ``host.ports.Transaction``."""

    if TYPE_CHECKING:

        def allocate(self, counter: str, count: int) -> int: ...

    def ledger_head(self, engagement: str) -> tuple[int, str]:
        """See the port."""
        self._run(
            "INSERT INTO engine_ledgerhead (engagement, sequence, hash) VALUES (%s, 0, '') "
            "ON CONFLICT (engagement) DO NOTHING",
            engagement,
        )
        lock = " FOR UPDATE" if self._postgresql else ""
        row = self._row(f"SELECT sequence, hash FROM engine_ledgerhead WHERE engagement = %s{lock}", engagement)
        assert row is not None
        return int(row[0]), row[1]

    def pseudonyms(self, addresses: Iterable[str]) -> dict[str, str]:
        """See the port."""
        found: dict[str, str] = {}
        for address in sorted(set(addresses)):
            salt = secrets.token_bytes(16)
            self._run(
                "INSERT INTO engine_pseudonym (address, salt, word) VALUES (%s, %s, %s) "
                "ON CONFLICT (address) DO NOTHING",
                address, salt, pseudonym(address, salt),
            )  # fmt: skip
            row = self._row("SELECT word FROM engine_pseudonym WHERE address = %s", address)
            assert row is not None
            found[address] = row[0]
        return found

    def ledger_time(self, engagement: str, sequence: int) -> int:
        """See the port."""
        row = self._row(
            "SELECT at FROM engine_ledgerentry WHERE engagement = %s AND sequence = %s", engagement, sequence
        )
        return 0 if row is None else int(row[0])

    def add_ledger(self, rows: Sequence[LedgerRow], heads: Mapping[str, tuple[int, str]]) -> None:
        """See the port."""
        self._insert("engine_ledgerentry", LedgerRow, rows)
        self._run_many(
            "INSERT INTO engine_ledgerhead (engagement, sequence, hash) VALUES (%s, %s, %s) "
            "ON CONFLICT (engagement) DO UPDATE SET sequence = excluded.sequence, hash = excluded.hash",
            [(engagement, *head) for engagement, head in heads.items()],
        )

    def ledger(self, engagement: str) -> Iterable[LedgerRow]:
        """See the port."""
        sql = (
            f"SELECT {columns(LedgerRow)} FROM engine_ledgerentry WHERE engagement = %s AND sequence > %s "
            f"ORDER BY sequence LIMIT {PAGE}"
        )
        after = 0
        while rows := [read(LedgerRow, row) for row in self._rows(sql, engagement, after)]:
            yield from rows
            after = rows[-1].sequence

    def signed(self, engagement: str) -> list[LedgerRow]:
        """See the port."""
        # The type stands there as text, so that the index of such entries is found.
        sql = f"SELECT {columns(LedgerRow)} FROM engine_ledgerentry WHERE engagement = %s AND type = '{SIGNED}'"
        return [read(LedgerRow, row) for row in self._rows(sql + " ORDER BY sequence", engagement)]

    def put_document(self, engagement: str, digest: str, name: str, content: bytes) -> None:
        """See the port."""
        sql = "INSERT INTO engine_document (engagement, digest, name, content) VALUES (%s, %s, %s, %s)"
        self._run(f"{sql} ON CONFLICT (engagement, digest) DO NOTHING", engagement, digest, name, content)

    def document(self, engagement: str, digest: str) -> tuple[str, bytes] | None:
        """See the port."""
        sql = "SELECT name, content FROM engine_document WHERE engagement = %s AND digest = %s"
        row = self._row(sql, engagement, digest)
        return None if row is None else (row[0], row[1])

    def put_reference(
        self, engagement: str, kind: str, key: str, data: bytes, *, indexes: Sequence[str] = (), replace: bool = False
    ) -> ReferenceRow:
        """See the port."""
        place = (engagement, kind, key)
        # One writer per kind at a time: the sequence tells who came first, also to those who look before they commit.
        self._serialise("reference data", engagement, kind)
        old = self.reference(engagement, kind, key)
        if old is not None and not replace:
            return old
        if old is None:
            row = ReferenceRow(key, self.allocate(f"reference:{engagement}:{kind}", 1), data)
            sql = 'INSERT INTO engine_reference (engagement, kind, "key", sequence, data) VALUES (%s, %s, %s, %s, %s)'
            self._run(sql, *place, row.sequence, data)
        else:
            row = ReferenceRow(key, old.sequence, data)
            where = 'WHERE engagement = %s AND kind = %s AND "key" = %s'
            self._run(f"UPDATE engine_reference SET data = %s {where}", data, *place)
            self._run(f"DELETE FROM engine_referenceindex {where}", *place)
        self._run_many(
            'INSERT INTO engine_referenceindex (engagement, kind, value, "key") VALUES (%s, %s, %s, %s)',
            [(engagement, kind, value, key) for value in dict.fromkeys(indexes)],
        )
        return row

    def reference(self, engagement: str, kind: str, key: str) -> ReferenceRow | None:
        """See the port."""
        sql = 'SELECT "key", sequence, data FROM engine_reference WHERE engagement = %s AND kind = %s AND "key" = %s'
        row = self._row(sql, engagement, kind, key)
        return None if row is None else ReferenceRow(*row)

    def find_references(self, engagement: str, kind: str, indexes: Sequence[str] = ()) -> list[ReferenceRow]:
        """See the port."""
        sql = 'SELECT r."key", r.sequence, r.data FROM engine_reference r WHERE r.engagement = %s AND r.kind = %s'
        values = [engagement, kind]
        for index in dict.fromkeys(indexes):
            sql += ' AND r."key" IN (SELECT "key" FROM engine_referenceindex'
            sql += " WHERE engagement = %s AND kind = %s AND value = %s)"
            values += [engagement, kind, index]
        return [ReferenceRow(*row) for row in self._rows(sql + " ORDER BY r.sequence", *values)]

    def reference_keys(self, engagement: str, kind: str) -> list[str]:
        """See the port."""
        sql = 'SELECT "key" FROM engine_reference WHERE engagement = %s AND kind = %s ORDER BY sequence'
        return [key for (key,) in self._rows(sql, engagement, kind)]

    def add_definitions(self, rows: Sequence[DefinitionRow]) -> None:
        """See the port."""
        self._insert("engine_definition", DefinitionRow, rows)

    def definitions(self, deployment: int) -> list[DefinitionRow]:
        """See the port."""
        sql = f"SELECT {columns(DefinitionRow)} FROM engine_definition WHERE deployment = %s"
        return sorted((read(DefinitionRow, row) for row in self._rows(sql, deployment)), key=lambda row: row.name)

    def deployments(self, after: int) -> list[int]:
        """See the port."""
        sql = "SELECT DISTINCT deployment FROM engine_definition WHERE deployment > %s ORDER BY deployment"
        return [int(row[0]) for row in self._rows(sql, after)]

    def latest_deployment(self, pack: str) -> tuple[int, str] | None:
        """See the port."""
        sql = "SELECT deployment, digest FROM engine_definition WHERE pack = %s ORDER BY deployment DESC LIMIT 1"
        row = self._row(sql, pack)
        return None if row is None else (int(row[0]), row[1])
