"""What is kept of a batch beside its columns in the store, as plain data."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import msgspec
from msgspec import Struct

from anyshore.host.bulk_ports import BatchRow
from anyshore.terms.bulk import Told

NAMED = 1_000
"""Rows that were not taken in which are named; the rest is counted."""


class Part(Struct):
    """A document of decided rows.

    Attributes:
        digest: SHA-256, under which it is kept.
        rows: how many it holds.
        root: of the Merkle tree over them, in hexadecimal.
    """

    digest: str
    rows: int
    root: str


class Opened(Struct):
    """A wait that every row of a class has open; see ``ports.WaitRow``."""

    wait: int
    kind: str
    element: str
    name: str | None
    key: str | None
    due: int | None
    data: bytes


class Class(Struct):
    """Rows to which the same happened.

    Attributes:
        element: where they rest.
        end: how they ended; None where they wait.
        events: what the ledger says of each.
        waits: what each waits for.
        rows: how many there are.
    """

    element: str
    end: str | None
    events: list[Told]
    waits: list[Opened]
    rows: int = 0


class Went(Struct):
    """A way that rows went: the elements on it, why they stopped where they did, and how many they are."""

    path: list[str]
    why: str
    rows: int


class Measured(Struct):
    """A measure over the rows that are through: how often each value came, or their sum where these are too many."""

    kind: str
    cases: int = 0
    values: dict[str, int] = {}
    sum: Decimal = Decimal(0)


class Refused(Struct):
    """A row of the file that was not taken in, and why."""

    line: int
    code: str
    message: str


class Contents(Struct):
    """See the module.

    Attributes:
        reference: what people call a row, in FEEL over ``parcel`` and its variables; empty: the file and its number.
        given: the columns of the file, by the names their values have in the parts, and as variables.
        parts: the documents so far.
        classes: of the rows, by their numbers.
        ways: of the rows.
        alone: how many rows go as instances of their own, by why.
        measures: by name.
        refused: rows that were not taken in.
        unnamed: how many more of them there are.
        whole: whether all rows of the file are decided.
        root: over all parts, in hexadecimal.
    """

    reference: str = ""
    given: dict[str, str] = {}
    parts: list[Part] = []
    classes: list[Class] = []
    ways: list[Went] = []
    alone: dict[str, int] = {}
    measures: dict[str, Measured] = {}
    refused: list[Refused] = []
    unnamed: int = 0
    whole: bool = False
    root: str = ""

    def ledger(self, row: BatchRow, model: str) -> dict[str, Any]:
        """What the ledger says of the batch."""
        # A reference as it stands, with its @, would be taken for the address of a person.
        definition, _, version = row.definition.rpartition("@")
        classes = [
            {
                "class": number, "rows": one.rows, "element": one.element,
                "events": [{"type": told.type, "data": told.data} for told in one.events],
            }
            for number, one in enumerate(self.classes)
        ]  # fmt: skip
        return {
            "batch": row.id, "source": row.digest, "rows": row.rows, "root": self.root,
            # A reference with its @ would be taken for the address of a person.
            "definition": definition, "deployment": int(version), "model": model, "by": row.by,
            "parts": [{"digest": one.digest, "rows": one.rows, "root": one.root} for one in self.parts],
            "classes": classes,
            "alone": row.alone, "refused": len(self.refused) + self.unnamed,
            "measures": {
                name: {"kind": one.kind, "cases": one.cases, "sum": one.sum} for name, one in self.measures.items()
            },
        }  # fmt: skip


def read(row: BatchRow) -> Contents:
    """The contents of a batch."""
    return msgspec.json.decode(row.data, type=Contents) if row.data else Contents()


def written(found: Contents) -> bytes:
    """Contents as they are kept."""
    return msgspec.json.encode(found)
