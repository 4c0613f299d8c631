"""Putting the exceptions of a batch into their queues: rows that wait as open work, rows that go alone as instances.

A row that waits is no instance yet: what it waits for stands in its queue under the number it will have. It becomes one
when somebody pulls it or its time comes (``living``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import polars as pl

from anyshore.base.errors import AnyshoreError
from anyshore.feel import Expression
from anyshore.host.bulk import contents, documents
from anyshore.host.bulk.classes import CLASS, values
from anyshore.host.bulk.contents import Contents, Opened
from anyshore.host.bulk.rows import instance_of, start_of
from anyshore.host.bulk_ports import DONE, PLACING, BatchRow
from anyshore.host.driver import Host
from anyshore.host.intake.parcels import shown
from anyshore.host.messages import inbox
from anyshore.host.ports import Transaction, WaitRow
from anyshore.runtime.catalogue import Linked
from anyshore.terms import bulk


def place(
    host: Host, id: int, reference: Expression | None = None, told: Callable[[int], object] = lambda done: None
) -> None:
    """Puts what is left of the exceptions of a batch into their queues, a group of rows in one transaction.

    Args:
        host: the host.
        id: of the batch.
        reference: what people call a row, over ``parcel`` and its variables; the file and its number where left out.
        told: is told up to which row it has come.
    """
    while True:
        with host.store.transaction() as tx:
            row = tx.batch(id)
        if row is None or row.status != PLACING:
            return
        group = _Group.of(host, row, reference)
        with host.store.transaction() as tx:
            now = tx.batch(id, hold=True)
            if now is None or (now.status, now.placed) != (PLACING, row.placed):
                continue  # another one did it meanwhile
            group.put(tx)
            row.placed += group.frame.height
            row.status = DONE if row.placed >= row.rows else PLACING
            tx.save_batch(row)
            tx.wake()
        told(row.placed)


@dataclass(slots=True)
class _Group:
    """The rows of one group of a document."""

    row: BatchRow
    found: Contents
    linked: Linked
    frame: pl.DataFrame
    references: Callable[[int, dict[str, Any]], str]

    @classmethod
    def of(cls, host: Host, row: BatchRow, reference: Expression | None) -> _Group:
        found = contents.read(row)
        part, at = divmod(row.placed, documents.PART)
        document = documents.opened(host.store, row.engagement, found.parts[part].digest)
        frame = document.group(at // documents.GROUP)
        return cls(row, found, host.catalogue.get(row.definition), frame, References(row, reference))

    def put(self, tx: Transaction) -> None:
        """Writes them."""
        which = self.frame[CLASS]
        for number, one in enumerate(self.found.classes):
            if one.waits and (which == number).any():
                places = list(self._places(which == number))
                for opened in one.waits:
                    tx.add_waiting(template(self.row, opened), places)
        alone = which.is_null()
        if alone.any():
            self._begin(tx, alone)

    def _places(self, chosen: pl.Series) -> Iterator[tuple[int, str]]:
        """Number and reference of rows."""
        first = bulk.number_of(self.row.id, self.row.placed + 1)
        rows = chosen.arg_true()
        if isinstance(self.references, References) and self.references.plain:
            for at in rows:
                yield first + at, self.references.usual(self.row.placed + 1 + at)
            return
        given = self._given(self.frame[rows])
        for at, values_ in zip(rows, given.iter_rows(named=True), strict=True):
            yield first + at, self.references(self.row.placed + 1 + at, values_)

    def _given(self, frame: pl.DataFrame) -> pl.DataFrame:
        return frame.select(list(self.found.given)).rename(self.found.given)

    def _begin(self, tx: Transaction, alone: pl.Series) -> None:
        """Starts rows that go by themselves."""
        rows, commands = [], []
        places = list(self._places(alone))
        given = self._given(self.frame.filter(alone)).iter_rows(named=True)
        for (number, reference), row in zip(places, given, strict=True):
            rows.append(instance_of(self.row, self.linked, number, reference))
            commands.append(inbox(number, self.row.at, start_of(self.row, values(row))))
        tx.add_instances(rows)
        tx.put_inbox(commands)


@dataclass(slots=True)
class References:
    """What people call the rows of a batch."""

    row: BatchRow
    expression: Expression | None

    @property
    def plain(self) -> bool:
        """Whether they are called by their file and number alone."""
        return self.expression is None

    def usual(self, number: int) -> str:
        """The file and the number."""
        return shown(f"{self.row.name}:{number}")

    def __call__(self, number: int, row: dict[str, Any]) -> str:
        """What a row is called: as the pack says it."""
        assert self.expression is not None
        said = values(row)
        parcel = {"name": self.usual(number), "row": said, "received": None, "channel": "bulk"}
        try:
            found = self.expression.evaluate({**said, "parcel": parcel}, now=self.row.at, zone=self.row.zone)
        except AnyshoreError:
            found = None
        return shown(found) if isinstance(found, str) and found.strip() else self.usual(number)


def template(row: BatchRow, opened: Opened) -> WaitRow:
    """What a row of a class waits for."""
    return WaitRow(
        instance=0, wait=opened.wait, kind=opened.kind, element=opened.element, name=opened.name, key=opened.key,
        due=opened.due, data=opened.data, engagement=row.engagement, service=row.service, opened=row.at,
    )  # fmt: skip
