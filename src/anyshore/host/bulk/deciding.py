"""Deciding the rows of a file, part by part; the batch then stands in the ledger as one entry.

A part and how far the batch is are kept in one transaction. Whoever is stopped and called again goes on with the next
part: everything that is computed depends on the file, the definition and the time of the batch alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from anyshore.base import merkle
from anyshore.base.errors import BpmnError, DataError, Diagnostic, HostError
from anyshore.base.locations import Location
from anyshore.bpmn.model import Process
from anyshore.columnar.files import ELEMENT, PATH
from anyshore.columnar.flowed import Flowed, Outcome, flow_by
from anyshore.columnar.flows import one_plan
from anyshore.columnar.routes import Routes
from anyshore.host.batched import contents, documents
from anyshore.host.batched.classes import CLASS, Sorter
from anyshore.host.batched.contents import Contents, Part
from anyshore.host.batched.rows import instance_of, start_of
from anyshore.host.bulk_ports import DONE, PLACING, READING, BatchRow
from anyshore.host.driver import Host
from anyshore.host.ledgers import LedgerWriter
from anyshore.host.ports import Transaction
from anyshore.kernel.commands import Start
from anyshore.kernel.records import Record
from anyshore.kernel.state import State
from anyshore.runtime.catalogue import Deployment, Linked
from anyshore.terms import bulk

Told = Callable[[int], object]
"""Is told how many rows are done."""

OWN = "@given "
"""How the column begins in which a value stands as it was given, where an element gave another of its name."""


@dataclass(frozen=True, slots=True)
class Handed:
    """A file of work that is handed over.

    Attributes:
        engagement: id of the engagement.
        service: id of the service.
        target: what its rows start: ``process:KEY``, or an exact version.
        name: of the file.
        digest: SHA-256 of the file as it came.
        kind: the pack's kind of intake.
        reference: what people call a row, in FEEL over ``parcel`` and its variables.
        zone: IANA time zone of its work.
        by: who hands it over.
    """

    engagement: str
    service: str
    target: str
    name: str
    digest: str
    kind: str = ""
    reference: str = ""
    zone: str = "UTC"
    by: str | None = None


def digest_of(path: Path) -> str:
    """SHA-256 of a file in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def begin(host: Host, handed: Handed) -> tuple[BatchRow, bool]:
    """The batch of a file; whether it is new.

    Raises:
        CommandRejected: there is no such definition.
        BpmnError: what it starts is no process.
    """
    with host.store.transaction() as tx:
        found = tx.find_batch(handed.engagement, handed.service, handed.digest)
        if found is not None:
            return found, False
        linked = host.catalogue.latest(handed.target)
        if linked.kind != "process":
            hint = "Start its cases one by one."
            raise BpmnError("bulk.case", f"{handed.target} is no process: rules do not decide it.", hint=hint)
        row = BatchRow(
            id=tx.new_instances(1)[0], engagement=handed.engagement, service=handed.service, kind=handed.kind,
            name=handed.name, digest=handed.digest, definition=linked.reference, at=host.clock(), by=handed.by,
            zone=handed.zone, data=contents.written(Contents(reference=handed.reference)),
        )  # fmt: skip
        if not tx.add_batch(row):
            raise HostError("store.busy", f"Somebody else is handing {handed.name} over.", hint="Look in a moment.")
    return row, True


def decide(host: Host, id: int, source: Path, refused: Contents | None = None, told: Told = lambda done: None) -> None:
    """Decides what is left of the rows of a batch, and enters it into the ledger.

    Args:
        host: the host.
        id: of the batch.
        source: its rows as a Parquet file.
        refused: what was not taken in of the file, where it was another before.
        told: is told how many rows are decided.

    Raises:
        DataError: the file cannot be read.
        BpmnError: no row enters the process.
    """
    run = _Run(host, id, source)
    while (row := run.row).status == READING:
        found = contents.read(row)
        if not found.whole:
            run.part(row, found, refused)
        else:
            run.enter(row, found)
        told(run.row.rows)


class _Run:
    def __init__(self, host: Host, id: int, source: Path) -> None:
        self.host, self.id = host, id
        self.given = scanned(source)
        self.schema = dict(self.given.collect_schema())
        self.linked = host.catalogue.get(self.row.definition)
        self.deployment = host.catalogue.deployment(int(self.linked.reference.rpartition("@")[2]))
        self.routes = _routes(self.linked, self.deployment, self.schema)

    @property
    def row(self) -> BatchRow:
        """The batch as it stands."""
        with self.host.store.transaction() as tx:
            found = tx.batch(self.id)
        assert found is not None
        return found

    def part(self, row: BatchRow, found: Contents, refused: Contents | None) -> None:
        """Decides the next rows, and keeps them."""
        if refused is not None and not found.parts:
            found.refused, found.unnamed = refused.refused, refused.unnamed
        frame = self.given.slice(row.rows, documents.PART).collect()
        if not frame.height or (frame.height < documents.PART and not row.rows):
            found.whole = True
        known = len(found.parts)
        if frame.height or not found.parts:
            document, root = documents.written(self._decided(row, found, frame))
            found.parts.append(Part(documents.digest(document), frame.height, root.hex()))
            row.rows += frame.height
            row.through = sum(one.rows for one in found.classes if one.end is not None)
            row.waiting = sum(one.rows for one in found.classes if one.end is None)
            row.alone = sum(found.alone.values())
        else:
            document = b""
        found.whole = found.whole or frame.height < documents.PART
        with self.host.store.transaction() as tx:
            if not _as_it_was(tx, row, known):
                return  # another one decided it meanwhile
            if document:
                name = f"{row.name}.{known + 1}.parquet"
                tx.put_document(row.engagement, found.parts[-1].digest, name, document)
            row.data = contents.written(found)
            tx.save_batch(row)

    def _decided(self, row: BatchRow, found: Contents, frame: pl.DataFrame) -> pl.DataFrame:
        """The rows of a part with what became of them."""
        flowed = self._flowed(frame)
        assert flowed.outcome is not None
        gave = flowed.outcome.variables
        variables = frame.with_columns(gave.get_columns()) if gave.width else frame
        report = self.host.catalogue.report(row.definition)
        with self.host.store.transaction() as tx:
            sorter = Sorter(self._process, report, _Rehearsal(self.host, tx, row, self.linked), found)
            which = sorter.classes(flowed, frame, variables)
        found.given = {(OWN + name if name in gave.columns else name): name for name in frame.columns}
        columns = [frame[name].alias(column) for column, name in found.given.items()]
        rest = pl.DataFrame({
            ELEMENT: _named(flowed, [one.element for one in flowed.ways]),
            PATH: _named(flowed, [" > ".join(one.path) for one in flowed.ways]),
        })  # fmt: skip
        return pl.DataFrame([*columns, *gave.get_columns(), *rest.get_columns(), which.alias(CLASS)])

    @property
    def _process(self) -> Process:
        found: Process = self.linked.definition
        return found

    def _flowed(self, frame: pl.DataFrame) -> Flowed:
        if self.routes is not None:
            return flow_by(self.routes, frame)
        return nowhere(frame.height)

    def enter(self, row: BatchRow, found: Contents) -> None:
        """Enters the batch into the ledger, once all is decided."""
        found.root = merkle.root([bytes.fromhex(one.root) for one in found.parts]).hex()
        with self.host.store.transaction() as tx:
            if not _as_it_was(tx, row, len(found.parts)):
                return
            if row.engagement:
                data = found.ledger(row, deployed(tx, self.deployment))
                chain = LedgerWriter(tx, row.engagement)
                head = chain.add(row.at, bulk.DECIDED, data, service=row.service, reference=row.name)
                chain.write()
                row.sequence = head.sequence
            row.status = PLACING if row.waiting or row.alone else DONE
            row.data = contents.written(found)
            tx.save_batch(row)


def deployed(tx: Transaction, deployment: Deployment) -> str:
    """The digest of the model that decided: SHA-256 over the files of its deployment."""
    return tx.definitions(deployment.number)[0].digest


def _as_it_was(tx: Transaction, row: BatchRow, parts: int) -> bool:
    now = tx.batch(row.id, hold=True)
    return now is not None and now.status == READING and len(contents.read(now).parts) == parts


class _Rehearsal:
    """Asks the engine what it would make of a row."""

    def __init__(self, host: Host, tx: Transaction, row: BatchRow, linked: Linked) -> None:
        self.batch, self.row, self.linked = host.batch(tx, row.at), row, linked

    def __call__(self, variables: Mapping[str, Any]) -> tuple[Start, State, list[Record]]:
        instance = instance_of(self.row, self.linked, 0, "")
        command = start_of(self.row, variables)
        state, records = self.batch.rehearse(instance, command)
        return command, state, records


def _routes(linked: Linked, deployment: Deployment, schema: Mapping[str, pl.DataType]) -> Routes | None:
    """All ways through the process; None where there is no plan for them, and every row goes by itself."""
    try:
        return one_plan(linked.definition, list(deployment.models.values()), schema, rules=True)
    except BpmnError as problem:
        if problem.code == "columnar.start":
            raise
        return None


def nowhere(height: int) -> Flowed:
    """What becomes of rows that no plan moves."""
    outcome = Outcome(pl.Series("way", [None] * height, dtype=pl.UInt8), pl.DataFrame)
    return Flowed((), (), range(height), list, outcome)


def _named(flowed: Flowed, names: list[str]) -> pl.Series:
    """The numbers of ways as names; an Enum, so that the same rows are the same document."""
    assert flowed.outcome is not None
    kind = pl.Enum(list(dict.fromkeys(names)))
    told = flowed.outcome.way.cast(pl.Int32).replace_strict(
        dict(enumerate(names)), default=None, return_dtype=pl.String
    )
    return told.cast(kind)


def scanned(source: Path) -> pl.LazyFrame:
    """The rows of a Parquet or Arrow file.

    Raises:
        DataError: it cannot be read.
    """
    try:
        found = pl.scan_ipc(source) if source.suffix.lower() in (".arrow", ".ipc", ".feather") else (
            pl.scan_parquet(source)
        )  # fmt: skip
        found.collect_schema()
    except (OSError, pl.exceptions.PolarsError) as problem:
        message = f"The rows of {source.name} cannot be read: {problem}"
        raise DataError.of(
            [Diagnostic("bulk.file", message, Location(str(source)), "Give a CSV, Parquet or Arrow file.")]
        ) from None
    return found
