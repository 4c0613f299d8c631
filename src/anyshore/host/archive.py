"""Finished instances leave the database for Parquet files, and the ledger keeps proving them.

A file is written aside and synced to the disk before the rows go, in one transaction; then it gets its name. After a
crash between the two the next run finds the file still aside: it names it where the rows are gone, and throws it away
where they are not. So every instance stands in the database or in one file, never in neither, never in two. Whoever
writes a file holds a lock on it until it has its name, so that a run beside it leaves it alone.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from anyshore.base.errors import Diagnostic, HostError
from anyshore.base.locations import Location
from anyshore.host.driver import Host
from anyshore.host.operations import Progress
from anyshore.host.ports import ArchivedRow, InstanceRow, Transaction, TurnRow
from anyshore.host.states import digest
from anyshore.terms.ledger import Entry

CHUNK = 5_000
"""Instances per file and transaction."""

ASIDE = ".aside"
COLUMNS = tuple(InstanceRow.__struct_fields__)


@dataclass(slots=True)
class Archived:
    """What a run moved.

    Attributes:
        instances: how many.
        files: where they went.
        bytes: size of the files.
    """

    instances: int = 0
    files: list[Path] = field(default_factory=list)
    bytes: int = 0

    def as_dict(self) -> dict[str, Any]:
        """As plain data."""
        return {"instances": self.instances, "files": [str(path) for path in self.files], "bytes": self.bytes}

    def __str__(self) -> str:
        return f"{self.instances:,} instances moved into {len(self.files)} files ({self.bytes:,} bytes)."


def run(
    host: Host, folder: Path, *, before: int, limit: int | None = None, chunk: int = CHUNK,
    progress: Progress | None = None,
) -> Archived:  # fmt: skip
    """Moves instances that ended before a time into files, those that ended longest ago first.

    Args:
        host: the host.
        folder: where the files go; it is made.
        before: microseconds since 1970 UTC.
        limit: at most so many instances.
        chunk: instances per file.
        progress: called with the number moved so far.

    Raises:
        HostError: a file cannot be written, or the store refuses; the instances of that file stay.
    """
    folder.mkdir(parents=True, exist_ok=True)
    tidy(host, folder)
    done = Archived()
    while limit is None or done.instances < limit:
        size = chunk if limit is None else min(chunk, limit - done.instances)
        with ExitStack() as held:
            with host.store.transaction() as tx:
                rows = tx.ended(before, size)
                if not rows:
                    break
                aside = held.enter_context(_written(folder, rows, tx.logs([row.id for row in rows])))
                _remove(tx, rows, aside.name.removesuffix(ASIDE))
            target = _name(aside)
        done.instances += len(rows)
        done.files.append(target)
        done.bytes += target.stat().st_size
        if progress is not None:
            progress(done.instances)
    return done


def tidy(host: Host, folder: Path) -> None:
    """Finishes what an interrupted run left: names the files whose rows are gone, drops those whose rows are there.

    Raises:
        HostError: a file cannot be read; it is left as it is.
    """
    for aside in sorted(folder.glob(f"*{ASIDE}")):
        with suppress(FileNotFoundError), aside.open("rb") as stream:
            if not _lock(stream):
                continue
            ids = _ids(aside)
            with host.store.transaction() as tx:
                kept = not ids or any(tx.look(ids))
            if kept:
                aside.unlink()
            else:
                _name(aside)


def _lock(stream: IO[bytes]) -> bool:
    """Locks a file until it is closed or its process dies; False where another run has it."""
    try:
        fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _remove(tx: Transaction, rows: list[InstanceRow], file: str) -> None:
    stays = [
        ArchivedRow(
            id=row.id,
            engagement=row.engagement,
            service=row.service,
            reference=row.reference,
            file=file,
            identity=row.identity,
        )
        for row in rows
        if row.reference and row.parent is None
    ]
    tx.archive(stays, [row.id for row in rows])


def _parquet() -> Any:
    try:
        import pyarrow.parquet
    except ImportError as problem:
        raise HostError(
            "archive.no-parquet", "Archiving needs pyarrow.", hint="pip install 'anyshore[columns]'"
        ) from problem
    return pyarrow.parquet


def _schema() -> Any:
    import pyarrow as pa

    kinds = {"int": pa.int64(), "str": pa.string(), "bytes": pa.binary()}
    fields = [pa.field(name, kinds[str(InstanceRow.__annotations__[name]).split(" ")[0]]) for name in COLUMNS]
    turn = pa.struct(
        [("number", pa.int64()), ("at", pa.int64()), ("by", pa.string()), ("command", pa.binary()),
         ("records", pa.binary())]
    )  # fmt: skip
    return pa.schema([*fields, pa.field("log", pa.list_(turn))])


@contextmanager
def _written(folder: Path, rows: list[InstanceRow], log: list[TurnRow]) -> Iterator[Path]:
    """A file that is written and synced under its name for the time being, and locked within the block."""
    parquet = _parquet()
    import pyarrow as pa

    turns: dict[int, list[dict[str, Any]]] = {}
    for turn in log:
        turns.setdefault(turn.instance, []).append(
            {"number": turn.number, "at": turn.at, "by": turn.by, "command": turn.command, "records": turn.records}
        )
    table = pa.Table.from_pylist(
        [{**{name: getattr(row, name) for name in COLUMNS}, "log": turns.get(row.id, [])} for row in rows],
        schema=_schema(),
    )
    path = folder / f"instances-{min(row.id for row in rows)}-{rows[-1].ended}-{len(rows)}.parquet{ASIDE}"
    with ExitStack() as held:
        try:
            stream = held.enter_context(path.open("wb"))
            _lock(stream)
            parquet.write_table(table, stream, compression="zstd")
            stream.flush()
            os.fsync(stream.fileno())
            _sync(folder)
        except OSError as problem:
            raise HostError("archive.not-written", f"{path} cannot be written: {problem}") from problem
        yield path


def _name(aside: Path) -> Path:
    target = aside.with_name(aside.name.removesuffix(ASIDE))
    if target.exists():
        raise HostError("archive.exists", f"{target} exists already.", hint="Move it elsewhere and archive again.")
    aside.rename(target)
    _sync(target.parent)
    return target


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _ids(path: Path) -> list[int]:
    """The instances of a file; none where it was not written to its end."""
    try:
        found: list[int] = _parquet().read_table(path, columns=["id"]).column("id").to_pylist()
    except ValueError:
        return []
    except OSError as problem:
        raise HostError(
            "archive.unreadable", f"{path} cannot be read: {problem}", hint="It is left as it is."
        ) from problem
    return found


def read(path: Path) -> Iterator[tuple[InstanceRow, list[TurnRow]]]:
    """The instances of a file with their logs.

    Raises:
        HostError: it is no archive file.
    """
    parquet = _parquet()
    try:
        with parquet.ParquetFile(path) as file:
            for part in file.iter_batches(batch_size=500):
                for row in part.to_pylist():
                    log = [TurnRow(row["id"], **turn) for turn in row.pop("log")]
                    yield InstanceRow(**row), log
    except (OSError, ValueError, KeyError, TypeError) as problem:
        raise HostError("archive.unreadable", f"{path} is no archive file: {problem}") from problem


@dataclass(slots=True)
class Verified:
    """What checking archive files against a ledger found.

    Attributes:
        instances: how many were recomputed.
        proven: how many of them the ledger speaks of, with every digest as recomputed.
        findings: what does not fit.
    """

    instances: int = 0
    proven: int = 0
    findings: list[Diagnostic] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """As plain data."""
        findings = [
            {"code": one.code, "where": str(one.location), "message": one.message} for one in self.findings
        ]  # fmt: skip
        return {"instances": self.instances, "proven": self.proven, "findings": findings}

    def __str__(self) -> str:
        return f"{self.instances:,} instances recomputed, {self.proven:,} proven by the ledger."


def verify(files: Iterable[Path], entries: Iterable[Entry]) -> Verified:
    """Recomputes the running digest of every archived instance from its records, and compares the ledger's.

    Args:
        files: archive files.
        entries: ledger entries, of any number of engagements (an export, or the store's).
    """
    proofs: dict[str, dict[int, str]] = {}
    for entry in entries:
        if entry.instance and "digest" in entry.data and "turn" in entry.data:
            proofs.setdefault(entry.instance, {})[entry.data["turn"]] = entry.data["digest"]
    result = Verified()
    for path in files:
        for row, log in read(path):
            result.instances += 1
            wrong = list(_faults(row, log, proofs.get(str(row.id), {}), Location(str(path), f"instance {row.id}")))
            result.findings += wrong
            result.proven += not wrong and str(row.id) in proofs
    return result


def _faults(row: InstanceRow, log: list[TurnRow], proofs: dict[int, str], place: Location) -> Iterator[Diagnostic]:
    running, reached = "", {0: ""}
    for number, turn in enumerate(log, 1):
        if turn.number != number:
            yield Diagnostic("archive.missing-turn", f"turn {number} is missing", place)
            return
        running = digest(running, turn.records)
        reached[number] = running
    if row.digest != running:
        yield Diagnostic("archive.changed", "the records are not those the instance ended with", place)
    for number, proof in sorted(proofs.items()):
        if reached.get(number) != proof:
            message = f"the ledger proves other records up to turn {number}: they were changed or are incomplete"
            yield Diagnostic("archive.not-proven", message, place, "compare with the other side's archive")
            return
