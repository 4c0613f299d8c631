"""Putting the exceptions of a batch into their queues: rows that wait as open work, rows that go alone as instances.

A row that waits is no instance yet: what it waits for stands in its queue under the number it will have. It becomes one
when somebody pulls it or its time comes (``living``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import polars as pl

from anyshore.host.batched import contents, documents
from anyshore.host.batched.classes import CLASS, values
from anyshore.host.batched.contents import Contents, Opened
from anyshore.host.batched.living import Lives, called
from anyshore.host.batched.rows import instance_of, start_of
from anyshore.host.bulk_ports import DONE, PLACING, BatchRow
from anyshore.host.messages import inbox
from anyshore.host.names import shown
from anyshore.host.ports import Transaction, WaitRow
from anyshore.runtime.catalogue import Linked
from anyshore.terms import bulk

MANY = 10_000
"""Rows that wait from which on the store is told that there are many more."""


def place(host: Lives, id: int, told: Callable[[int], object] = lambda done: None) -> None:
    """Puts what is left of the exceptions of a batch into their queues, a group of rows in one transaction.

    Args:
        host: the host.
        id: of the batch.
        told: is told up to which row it has come.
    """
    while True:
        with host.store.transaction() as tx:
            row = tx.batch(id)
        if row is None or row.status != PLACING:
            return
        group = _Group.of(host, row)
        with host.store.transaction() as tx:
            now = tx.batch(id, hold=True)
            if now is None or (now.status, now.placed) != (PLACING, row.placed):
                continue  # another one did it meanwhile
            group.put(tx)
            row.placed += group.frame.height
            row.status = DONE if row.placed >= row.rows else PLACING
            tx.save_batch(row)
            if row.status == DONE and row.waiting >= MANY:
                tx.counted_anew()
            tx.wake()
        told(row.placed)


@dataclass(slots=True)
class _Group:
    """The rows of one group of a document."""

    row: BatchRow
    found: Contents
    linked: Linked
    frame: pl.DataFrame

    @classmethod
    def of(cls, host: Lives, row: BatchRow) -> _Group:
        found = contents.read(row)
        part, at = divmod(row.placed, documents.PART)
        document = documents.opened(host.store, row.engagement, found.parts[part].digest)
        frame = document.group(at // documents.GROUP)
        return cls(row, found, host.catalogue.get(row.definition), frame)

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
        column = next((one for one, name in self.found.given.items() if name == self.found.reference), None)
        if not self.found.reference or (column is not None and self.frame[column].dtype == pl.String):
            names = [""] * len(rows) if column is None else self.frame[column].gather(rows).to_list()
            for at, told in zip(rows, names, strict=True):
                yield first + at, shown(told or f"{self.row.name}:{self.row.placed + 1 + at}")
            return
        given = self._given(self.frame[rows])
        for at, row in zip(rows, given.iter_rows(named=True), strict=True):
            yield first + at, called(self.row, self.found, first + at, values(row))

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


def template(row: BatchRow, opened: Opened) -> WaitRow:
    """What a row of a class waits for."""
    return WaitRow(
        instance=0, wait=opened.wait, kind=opened.kind, element=opened.element, name=opened.name, key=opened.key,
        due=opened.due, data=opened.data, engagement=row.engagement, service=row.service, opened=row.at,
    )  # fmt: skip
