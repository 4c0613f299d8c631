"""The part of the store in memory that is about what arrives."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from anyshore.host.intake_ports import (
    ChannelRow,
    ReceiptPage,
    ReceiptRow,
    ReferenceChange,
    ReferenceRow,
    SeenRow,
    VersionRow,
)

TABLES = ("receipts", "versions", "channels", "seen")


class MemoryIntake:
    """See ``host.intake_ports.IntakeTransaction``."""

    _t: dict[str, Any]

    def allocate(self, counter: str, count: int) -> int:
        """See the port."""
        first: int = self._t["counters"].get(counter, 0) + 1
        self._t["counters"][counter] = first + count - 1
        return first

    def add_receipts(self, rows: Sequence[ReceiptRow]) -> None:
        """See the port."""
        for row in rows:
            number = self.allocate("receipt", 1)
            self._t["receipts"][number] = msgspec.structs.replace(row, id=number)

    def receipts(self, page: ReceiptPage) -> list[ReceiptRow]:
        """See the port."""
        wanted = {name: value for name in ("engagement", "service", "status") if (value := getattr(page, name))}
        found = [
            copy.copy(row)
            for number, row in sorted(self._t["receipts"].items(), reverse=True)
            if (page.after is None or number < page.after)
            and all(getattr(row, name) == value for name, value in wanted.items())
        ]
        return found[: page.limit]

    def replace_references(
        self, engagement: str, kind: str, put: Sequence[ReferenceChange], drop: Sequence[str]
    ) -> None:
        """See the port."""
        gone = {(engagement, kind, key) for key in (*drop, *(one.key for one in put))}
        known = {place: self._t["rows"].pop(place) for place in gone if place in self._t["rows"]}
        for keys in self._t["indexes"].values():
            keys -= gone
        for one in put:
            place = (engagement, kind, one.key)
            old = known.get(place)
            sequence = old.sequence if old is not None else self.allocate(f"reference:{engagement}:{kind}", 1)
            self._t["rows"][place] = ReferenceRow(one.key, sequence, one.data)
            for index in one.indexes:
                self._t["indexes"].setdefault((engagement, kind, index), set()).add(place)

    def add_references(self, engagement: str, kind: str, rows: Sequence[ReferenceChange]) -> list[str]:
        """See the port."""
        fresh = {one.key: one for one in rows if (engagement, kind, one.key) not in self._t["rows"]}
        self.replace_references(engagement, kind, list(fresh.values()), [])
        return list(fresh)

    def references_of(self, engagement: str, kind: str, keys: Sequence[str]) -> list[ReferenceRow]:
        """See the port."""
        places = [(engagement, kind, key) for key in dict.fromkeys(keys)]
        found = [self._t["rows"][place] for place in places if place in self._t["rows"]]
        return sorted(found, key=lambda row: row.sequence)

    def references_among(self, engagement: str, kind: str, indexes: Sequence[str]) -> list[ReferenceRow]:
        """See the port."""
        places = {place for index in indexes for place in self._t["indexes"].get((engagement, kind, index), ())}
        return sorted((self._t["rows"][place] for place in places), key=lambda row: row.sequence)

    def lock_references(self, engagement: str, kind: str) -> None:
        """See the port. There is one transaction at a time."""

    def add_version(self, row: VersionRow) -> None:
        """See the port."""
        self._t["versions"][row.engagement, row.kind, row.number] = copy.copy(row)

    def versions(self, engagement: str, kind: str | None = None) -> list[VersionRow]:
        """See the port."""
        found = [
            msgspec.structs.replace(row, content=b"")
            for row in self._t["versions"].values()
            if row.engagement == engagement and kind in (None, row.kind)
        ]
        return sorted(found, key=lambda row: (row.kind, -row.number))

    def version(self, engagement: str, kind: str, number: int) -> VersionRow | None:
        """See the port."""
        found: VersionRow | None = self._t["versions"].get((engagement, kind, number))
        return copy.copy(found)

    def add_channel(self, row: ChannelRow) -> int:
        """See the port."""
        number = self.allocate("channel", 1)
        self._t["channels"][number] = msgspec.structs.replace(row, id=number)
        return number

    def channels(self, engagement: str | None = None) -> list[ChannelRow]:
        """See the port."""
        rows = (row for _, row in sorted(self._t["channels"].items()))
        return [copy.copy(row) for row in rows if engagement in (None, row.engagement)]

    def take_channels(self, worker: str, now: int, until: int, limit: int) -> list[ChannelRow]:
        """See the port."""
        due = [
            row
            for row in self._t["channels"].values()
            if row.due is not None and row.due <= now and (row.claimed_until is None or row.claimed_until <= now)
        ]
        taken = sorted(due, key=lambda row: (row.due, row.id))[:limit]
        for row in taken:
            row.claimed_by, row.claimed_until = worker, until
        return [copy.copy(row) for row in taken]

    def next_look(self) -> int | None:
        """See the port."""
        rows = self._t["channels"].values()
        return min((max(row.due, row.claimed_until or 0) for row in rows if row.due is not None), default=None)

    def save_channel(self, row: ChannelRow) -> None:
        """See the port."""
        kept = self._t["channels"].get(row.id)
        if kept is not None:
            self._t["channels"][row.id] = msgspec.structs.replace(row, due=row.due if kept.due is not None else None)

    def schedule_channel(self, id: int, due: int | None) -> None:
        """See the port."""
        if id in self._t["channels"]:
            self._t["channels"][id] = msgspec.structs.replace(self._t["channels"][id], due=due)

    def drop_channel(self, id: int) -> None:
        """See the port."""
        self._t["channels"].pop(id, None)
        self._t["seen"] = {place: row for place, row in self._t["seen"].items() if place[0] != id}

    def seen(self, channel: int, keys: Iterable[str]) -> dict[str, SeenRow]:
        """See the port."""
        found = self._t["seen"]
        return {key: found[channel, key] for key in keys if (channel, key) in found}

    def add_seen(self, rows: Sequence[SeenRow]) -> None:
        """See the port."""
        for row in rows:
            self._t["seen"].setdefault((row.channel, row.key), row)
