"""The documents of a batch, for those who want to look at its rows."""

from __future__ import annotations

from pathlib import Path

from anyshore.base import files
from anyshore.base.errors import HostError
from anyshore.host.batched import contents
from anyshore.host.driver import Host
from anyshore.host.ports import Transaction


def content(tx: Transaction, engagement: str, batch: int, part: int) -> tuple[str, bytes]:
    """Name and content of a part, counted from 1.

    Raises:
        HostError: there is none.
    """
    row = tx.batch(batch)
    parts = contents.read(row).parts if row is not None and row.engagement == engagement else []
    found = tx.document(engagement, parts[part - 1].digest) if 1 <= part <= len(parts) else None
    if row is None or found is None:
        raise HostError("bulk.unknown", f"There is no part {part} of a batch {batch} of {engagement}.")
    return found[0], bytes(found[1])


def written(host: Host, engagement: str, batch: int, folder: Path) -> list[Path]:
    """Writes the documents of a batch into a folder; the files.

    Raises:
        HostError: there is no such batch, or a file cannot be written.
    """
    with host.store.transaction() as tx:
        row = tx.batch(batch)
    if row is None or row.engagement != engagement:
        raise HostError("bulk.unknown", f"There is no batch {batch} of {engagement}.")
    folder.mkdir(parents=True, exist_ok=True)
    found = []
    for part in range(1, len(contents.read(row).parts) + 1):
        with host.store.transaction() as tx:
            name, held = content(tx, engagement, batch, part)
        target = folder / f"{batch}-{part:04}.{Path(name).name}"
        files.write(target, held)
        found.append(target)
    return found
