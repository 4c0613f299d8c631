"""Reference data by version: replaced whole or not at all, so that work sees either the old file or the new one.

The rows in force stand where activities look them up; what an activity writes itself is of other kinds and only grows.
Loading the same rows again changes nothing.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from anyshore.activities.activity import Values
from anyshore.base.errors import DataError
from anyshore.base.locations import Location
from anyshore.host.driver import Host
from anyshore.host.intake_ports import ReferenceChange, VersionRow
from anyshore.host.jobs import indexes
from anyshore.host.ledgers import LedgerWriter
from anyshore.host.names import shown
from anyshore.host.ports import Transaction
from anyshore.kernel import codec

LOADED = "references.loaded"
"""Type of the ledger entry that says which version came into force."""


@dataclass(frozen=True, slots=True)
class Change:
    """What differs between two versions: keys, in order.

    Attributes:
        added: rows that were not there.
        removed: rows that are not there any more.
        changed: rows whose data is another: key, before, after.
    """

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    changed: tuple[tuple[str, Values, Values], ...] = ()

    @property
    def keys(self) -> dict[str, list[str]]:
        """The keys by what became of them."""
        changed = [key for key, _before, _after in self.changed]
        return {"added": [*self.added], "removed": [*self.removed], "changed": changed}

    @property
    def counts(self) -> dict[str, int]:
        """How many there are of each."""
        return {word: len(keys) for word, keys in self.keys.items()}


@dataclass(frozen=True, slots=True)
class Loaded:
    """What came of loading a file.

    Attributes:
        version: the one in force now.
        fresh: whether it came into force by this.
        change: what differs from the version before.
    """

    version: VersionRow
    fresh: bool
    change: Change = field(default_factory=Change)


def load(
    host: Host, engagement: str, kind: str, rows: Iterable[tuple[str, Values]], name: str, *, by: str | None = None
) -> Loaded:
    """Puts the rows of a file in force, in one transaction, in place of all rows of the kind.

    Args:
        host: the host.
        engagement: id of the engagement.
        kind: of the records.
        rows: key and data of each.
        name: of the file.
        by: who loads it.

    Raises:
        DataError: a key stands there twice.
    """
    new: dict[str, bytes] = {}
    fields: dict[str, Sequence[str]] = {}
    for key, data in rows:
        if key in new:
            message = f"The key {key!r} stands there twice."
            raise DataError("references.twice", message, Location(name), "Keep one of the two.")
        new[key], fields[key] = codec.encode_value(dict(data)), indexes(data)
    now, digest = host.clock(), _digest(new)
    with host.store.transaction() as tx:
        tx.lock_references(engagement, kind)
        before = next(iter(tx.versions(engagement, kind)), None)
        old = {row.key: row.data for row in tx.find_references(engagement, kind)}
        if before is not None and before.digest == digest and old == new:
            return Loaded(before, fresh=False)
        put = [ReferenceChange(key, data, fields[key]) for key, data in new.items() if old.get(key) != data]
        tx.replace_references(engagement, kind, put, [key for key in old if key not in new])
        row = VersionRow(
            engagement=engagement, kind=kind, number=before.number + 1 if before is not None else 1, digest=digest,
            rows=len(new), name=shown(name), at=now, by=by, content=_packed(new),
        )  # fmt: skip
        tx.add_version(row)
        _note(tx, row)
    return Loaded(row, True, _change(old, new))


def versions(host: Host, engagement: str, kind: str | None = None) -> list[VersionRow]:
    """The versions of a kind, or of all kinds, newest first, without their rows."""
    with host.store.transaction() as tx:
        return tx.versions(engagement, kind)


def in_force(host: Host, engagement: str, kind: str) -> list[tuple[str, Values]]:
    """The rows activities see now, in order of sequence."""
    with host.store.transaction() as tx:
        return [(row.key, codec.decode_value(bytes(row.data))) for row in tx.find_references(engagement, kind)]


def compare(host: Host, engagement: str, kind: str, earlier: int, later: int) -> Change:
    """What differs between two versions; 0 is the empty one before the first.

    Raises:
        DataError: there is no such version.
    """
    with host.store.transaction() as tx:
        return _change(_content(tx, engagement, kind, earlier), _content(tx, engagement, kind, later))


def _content(tx: Transaction, engagement: str, kind: str, number: int) -> dict[str, bytes]:
    if number == 0:
        return {}
    row = tx.version(engagement, kind, number)
    if row is None:
        raise DataError("references.no-version", f"There is no version {number} of {kind!r}.")
    stored: Any = codec.decode_value(zlib.decompress(bytes(row.content)))
    return {key: codec.encode_value(data) for key, data in stored}


def _packed(rows: dict[str, bytes]) -> bytes:
    return zlib.compress(codec.encode_value([[key, codec.decode_value(data)] for key, data in rows.items()]))


def _digest(rows: dict[str, bytes]) -> str:
    """Of the rows, whatever file they came in and in whatever order."""
    found = hashlib.sha256()
    for key, data in sorted(rows.items()):
        encoded = key.encode("utf-8", "surrogatepass")
        found.update(b"%d:%s%d:%s" % (len(encoded), encoded, len(data), data))
    return found.hexdigest()


def _change(old: dict[str, bytes], new: dict[str, bytes]) -> Change:
    changed = [key for key in new if key in old and bytes(old[key]) != new[key]]
    return Change(
        tuple(key for key in new if key not in old),
        tuple(key for key in old if key not in new),
        tuple((key, codec.decode_value(bytes(old[key])), codec.decode_value(new[key])) for key in changed),
    )


def _note(tx: Transaction, row: VersionRow) -> None:
    if not row.engagement:
        return
    writer = LedgerWriter(tx, row.engagement)
    said = {
        "kind": row.kind, "version": row.number, "digest": row.digest, "rows": row.rows, "name": row.name, "by": row.by
    }  # fmt: skip
    writer.add(row.at, LOADED, said)
    writer.write()
