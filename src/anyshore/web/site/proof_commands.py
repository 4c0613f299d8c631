"""``anyshore ledger prove``, ``check-proof`` and ``rows``: one row of a batch proved, and all rows written out."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import msgspec

from anyshore.base import canonical, files
from anyshore.base.commands import NOTHING, Answer
from anyshore.base.errors import DataError, Diagnostic
from anyshore.base.telling import Sheet
from anyshore.terms import ledger
from anyshore.terms.bulk import DECIDED
from anyshore.terms.exports import ExportReader, open_export
from anyshore.web.site import system


def prove(
    engagement: Annotated[str, "Id of the engagement, as in its terms."],
    instance: Annotated[int, "Number of the row as a case: 57000000017 is row 17 of batch 57."],
    *,
    file: Annotated[Path, "--out", "Where to write it; NUMBER.proof.json if left out."] = Path(),
) -> Answer:
    """Write what proves one row of a batch: the row, the ledger's entry, and the hashes between them."""
    system.start(read_only=True)
    from anyshore.host.bulk import proving  # Polars comes with the extra “columns”
    from anyshore.web.engine.running import host

    found = proving.prove(host(), instance)
    if found.entry.engagement != engagement:
        raise DataError("bulk.unknown", f"{instance} is no row of a batch of {engagement}.")
    target = file if file != Path() else Path(f"{instance}.proof.json")
    files.write(target, canonical.encode(msgspec.to_builtins(found)))
    text = f"Row {found.row} of batch {found.entry.data['batch']} is proved by {target}."
    return Answer({"file": str(target), "row": found.row, "entry": found.entry.sequence}, text)


def check_proof(
    proof: Annotated[Path, "A proof of a row."],
    *,
    anchor: Annotated[
        Mapping[int, str],
        ledger.anchor,
        "--anchor",
        "A known entry as SEQUENCE:HASH. Repeatable.",
    ] = NOTHING,
) -> Answer:
    """Check the proof of a row without the database: the row was decided as it says, if the entry is the ledger's."""
    from anyshore.host.bulk import proving  # Polars comes with the extra “columns”

    found = proving.read(proof)
    wrong = proving.check(found, dict(anchor))
    data = {"sound": not wrong, "entry": found.entry.sequence, "hash": found.entry.hash, "row": found.values}
    told = Sheet(
        f"Row {found.row} of batch {found.entry.data['batch']}", ("Column", "Value"), list(found.values.items())
    )
    sentence = f"It was decided so, if entry {found.entry.sequence} of the ledger has the hash {found.entry.hash}."
    return Answer(data, wrong, () if wrong else (told, sentence), bad=wrong)


def rows(
    engagement: Annotated[str, "Id of the engagement, as in its terms."],
    batch: Annotated[int, "Number of the batch."],
    *,
    folder: Annotated[Path, "--out", "The folder; the current one if left out."] = Path(),
) -> Answer:
    """Write the documents of a batch, Parquet with every row and what became of it, into a folder."""
    system.start(read_only=True)
    from anyshore.host.bulk import downloads  # see above
    from anyshore.web.engine.running import host

    found = downloads.written(host(), engagement, batch, folder)
    return Answer({"files": [str(one) for one in found]}, f"{len(found)} files in {folder}.")


def decided(export: Path, rows: list[Path]) -> list[Diagnostic]:
    """What is wrong with the batches of an export, computed anew from their rows."""
    from anyshore.host.bulk import proving  # Polars comes with the extra “columns”

    with open_export(export) as stream:
        entries = [entry for _line, entry in ExportReader(stream, str(export)) if entry.type == DECIDED]
    paths = [path for one in rows for path in (sorted(one.glob("*.parquet")) if one.is_dir() else [one])]
    return proving.recomputed(entries, paths)
