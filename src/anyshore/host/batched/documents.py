"""The documents of decided rows: Parquet, with the Merkle tree over the rows of each row group.

The leaf of a row is its columns as a JSON object of texts, in the order of the columns. A row group has a power of two
of rows and a part a power of two of row groups, so their trees are parts of the tree over all rows of the batch.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from anyshore.base import merkle
from anyshore.base.errors import DataError, HostError
from anyshore.host.ports import Store

GROUP = 1 << 14
PART = 1 << 18
_GROUPS = b"anyshore.groups"
_KEPT = 4


def written(frame: pl.DataFrame) -> tuple[bytes, bytes]:
    """Rows as a document, and the root over them."""
    roots = [merkle.root(leaves_of(one)) for one in _groups(frame)]
    table = frame.to_arrow()
    told = msgspec.json.encode([one.hex() for one in roots])
    table = table.replace_schema_metadata({**(table.schema.metadata or {}), _GROUPS: told})
    target = io.BytesIO()
    words = [one.name for one in table.schema if not (pa.types.is_decimal(one.type) or pa.types.is_integer(one.type))]
    pq.write_table(
        table, target, row_group_size=GROUP, use_dictionary=words, store_decimal_as_integer=True, compression="zstd"
    )
    return target.getvalue(), merkle.root(roots)


def leaves_of(frame: pl.DataFrame) -> list[bytes]:
    """The hashes of rows."""
    return merkle.leaves(texts_of(frame))


def texts_of(frame: pl.DataFrame) -> Iterator[bytes]:
    """Rows as the texts of their leaves."""
    texts = frame.with_columns(pl.all().cast(pl.String)).select(pl.struct(pl.all()).struct.json_encode()).to_series()
    return (text.encode() for text in texts.to_list())


def digest(content: bytes) -> str:
    """SHA-256 of a document in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def _groups(frame: pl.DataFrame) -> Iterator[pl.DataFrame]:
    for first in range(0, frame.height, GROUP):
        yield frame.slice(first, GROUP)


class Document:
    """A document of decided rows, opened.

    Raises:
        DataError: it is none.
    """

    def __init__(self, content: bytes, name: str = "") -> None:
        self.content = content
        try:
            self.file = pq.ParquetFile(io.BytesIO(content))
            self.roots = [bytes.fromhex(one) for one in msgspec.json.decode(self.file.schema_arrow.metadata[_GROUPS])]
        except (pa.ArrowException, KeyError, TypeError, ValueError, OSError) as problem:
            raise DataError("bulk.document", f"{name or 'This'} holds no decided rows: {problem}") from None

    @property
    def rows(self) -> int:
        """How many rows it has."""
        return int(self.file.metadata.num_rows)

    def group(self, number: int, columns: Sequence[str] | None = None) -> pl.DataFrame:
        """The rows of one group."""
        found = pl.from_arrow(self.file.read_row_group(number, None if columns is None else list(columns)))
        assert isinstance(found, pl.DataFrame)
        return found

    def row(self, at: int, columns: Sequence[str] | None = None) -> dict[str, Any]:
        """One row, counted from 0."""
        return self.group(at // GROUP, columns).row(at % GROUP, named=True)

    @property
    def groups(self) -> int:
        """How many groups of rows it has."""
        return int(self.file.num_row_groups)


def opened(store: Store, engagement: str, digest: str) -> Document:
    """A document of a batch; those opened last are kept, for what has a digest never changes.

    Raises:
        HostError: it is not in the store.
    """
    found = _found.get((engagement, digest))
    if found is None:
        with store.transaction() as tx:
            kept = tx.document(engagement, digest)
        if kept is None:
            raise HostError("bulk.absent", f"The document {digest} of decided rows is not in the store.")
        found = Document(bytes(kept[1]), kept[0])
        while len(_found) >= _KEPT:
            _found.pop(next(iter(_found)), None)
        _found[engagement, digest] = found
    return found


_found: dict[tuple[str, str], Document] = {}
