"""Running a service on a file of rows as one batch, and what became of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from anyshore.base.commands import Answer
from anyshore.base.errors import DataError
from anyshore.base.telling import Part, Sheet, counted
from anyshore.host.batched import contents
from anyshore.host.bulk import whole
from anyshore.host.bulk.whole import Progress
from anyshore.host.bulk_ports import BatchRow
from anyshore.host.intake.parcels import Place
from anyshore.web.site.services import Ready


def run(ready: Ready, source: Path, progress: Progress | None = None) -> tuple[BatchRow, bool]:
    """Decides a file of rows as one batch, and works until nothing of what went alone is due.

    Raises:
        DataError: the file cannot be read, or the service takes in none.
        BpmnError: no row enters the process.
    """
    place = Place(ready.engagement.key, ready.pack.id, ready.engagement.zone, ready.by.email, ready.target)
    row, fresh = whole.run(ready.host, ready.pack, place, source, progress=progress)
    if row.alone:
        ready.host.work()
    return row, fresh


def answer(ready: Ready, files: Sequence[Path], progress: Progress | None, title: str) -> Answer:
    """Each file as one batch.

    Raises:
        DataError: no file is named, or see ``run``.
    """
    if not files:
        raise DataError("bulk.file", "No file is named.", hint="Name the files of rows: anyshore run PACK FILE --bulk.")
    found = [run(ready, file, progress) for file in files]
    return Answer([as_dict(*one) for one in found], *(parts(*one, title) for one in found))


def as_dict(row: BatchRow, fresh: bool) -> dict[str, Any]:
    """A batch as plain data."""
    found = contents.read(row)
    return {
        "batch": row.id, "new": fresh, "file": row.name, "rows": row.rows, "through": row.through,
        "waiting": row.waiting, "alone": dict(found.alone), "refused": len(found.refused) + found.unnamed,
        "outcomes": outcomes(row), "entry": row.sequence, "root": found.root,
        "ways": [{"path": one.path, "why": one.why, "rows": one.rows} for one in found.ways],
        "measures": {name: {"cases": one.cases, "sum": str(one.sum)} for name, one in found.measures.items()},
        "documents": [one.digest for one in found.parts],
        "first": row.id * 10**9 + 1,
    }  # fmt: skip


def outcomes(row: BatchRow) -> dict[str, int]:
    """How many rows ended how."""
    found: dict[str, int] = {}
    for one in contents.read(row).classes:
        if one.end is not None:
            word = str(one.events[-1].data.get("outcome") or one.end)
            found[word] = found.get(word, 0) + one.rows
    return found


def parts(row: BatchRow, fresh: bool, title: str) -> Iterator[Part]:
    """The same as tables and sentences."""
    found = contents.read(row)
    rows = [("Rows", f"{row.rows:,}"), ("Through", f"{row.through:,}")]
    rows += [(f"  {word}", f"{number:,}") for word, number in sorted(outcomes(row).items())]
    rows += [("Waiting in queues", f"{row.waiting:,}"), ("Gone as instances of their own", f"{row.alone:,}")]
    rows += [(f"  {why}", f"{number:,}") for why, number in found.alone.items()]
    rows += [("Refused", f"{len(found.refused) + found.unnamed:,}")] if found.refused else []
    yield Sheet(f"{title}: batch {row.id}", ("", "Rows"), rows, right=(1,))
    ways = [(" > ".join(one.path), one.why or "through", f"{one.rows:,}") for one in found.ways]
    yield Sheet("Ways", ("Path", "", "Rows"), ways, right=(2,))
    if found.refused:
        yield Sheet("Refused", ("Line", "Why"), [(one.line, one.message) for one in found.refused], right=(0,))
    if not fresh:
        yield "This file was handed over before: it is the same batch."
    entries = counted(len(found.parts), "document")
    yield f"It is entry {row.sequence} of the ledger, with {entries} of rows; their root is {found.root}."
