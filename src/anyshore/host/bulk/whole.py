"""A file from its arrival to its exceptions in their queues, wherever it was left."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from tempfile import TemporaryDirectory

from anyshore.base.errors import DataError, Diagnostic
from anyshore.base.locations import Location
from anyshore.host.batched import placing
from anyshore.host.bulk import deciding, opening
from anyshore.host.bulk.deciding import Handed
from anyshore.host.bulk_ports import READING, BatchRow
from anyshore.host.driver import Host
from anyshore.host.intake.parcels import Kind, Place, Service
from anyshore.host.names import shown

Progress = Callable[[str], AbstractContextManager[Callable[[int], object]]]
"""Shows how far a step has come: given its title, something to tell the number done."""


def kind_of(service: Service, name: str | None = None) -> Kind:
    """The kind of intake that takes files of rows as batches.

    Args:
        service: the service.
        name: of the kind, where it has several.

    Raises:
        DataError: it has none.
    """
    found = [one for one in service.intake.values() if one.bulk and name in (None, one.name)]
    if not found:
        hint = "Say bulk: true in its pack, under an intake with rows and identity: each."
        message = f"The service {service.id} takes in no file of rows as a batch."
        raise DataError.of([Diagnostic("bulk.none", message, Location(service.id), hint)])
    return found[0]


def run(
    host: Host, service: Service, place: Place, source: Path, *, kind: Kind | None = None, name: str = "",
    progress: Progress | None = None,
) -> tuple[BatchRow, bool]:  # fmt: skip
    """Takes a file in as one batch and decides it; the same file again goes on where it was left.

    Args:
        host: the host.
        service: the service, its definitions deployed.
        place: where it is delivered.
        source: the file.
        kind: the kind of intake; the first that takes batches where left out.
        name: what it is called; the name of the file where left out.
        progress: shows how far it has come.

    Returns:
        The batch as it stands then, and whether it is new.

    Raises:
        DataError: the file cannot be read, or the service takes in none.
        BpmnError: no row enters the process.
    """
    kind, show = kind or kind_of(service), progress or (lambda title: nullcontext(lambda done: None))
    handed = Handed(
        place.engagement, place.service, place.starts or service.starts, shown(name or source.name),
        deciding.digest_of(source), kind.name, kind.reference.source if kind.reference is not None else "",
        place.zone, place.by,
    )  # fmt: skip
    with TemporaryDirectory() as folder:
        with host.store.transaction() as tx:
            known = tx.find_batch(handed.engagement, handed.service, handed.digest)
        if known is None or known.status == READING:
            # The file is looked at before it is a batch: what cannot be read is none.
            rows, refused = opening.opened(source, kind.table, Path(folder) / "rows.parquet")
            row, fresh = deciding.begin(host, handed)
            with show("Rows decided") as told:
                deciding.decide(host, row.id, rows, refused, told)
        else:
            row, fresh = known, False
    with show("Rows placed") as told:
        placing.place(host, row.id, told)
    with host.store.transaction() as tx:
        found = tx.batch(row.id)
    assert found is not None
    return found, fresh
