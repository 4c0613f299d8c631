"""What was decided of one row of a batch, shown without the other rows, and the batch computed anew from its documents.

A proof holds the ledger entry of the batch, the row as the text of its leaf, and the hashes beside the way from there
to the root that the entry names. Who knows the entry's hash, from an export or an invoice, needs nothing else.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from anyshore.base import merkle
from anyshore.base.errors import DataError, Diagnostic, HostError
from anyshore.base.locations import Location
from anyshore.base.merkle import Step
from anyshore.host.batched import contents, documents
from anyshore.host.batched.classes import CLASS
from anyshore.host.driver import Host
from anyshore.terms import bulk, ledger
from anyshore.terms.ledger import Entry

FORMAT = "anyshore-row-proof-1"


class Proof(Struct):
    """See the module.

    Attributes:
        format: of the file.
        entry: the ledger entry of the batch.
        row: number of the row, from 1.
        text: its columns as a JSON object of texts.
        beside: the hashes beside the way to the root, from below, in hexadecimal.
    """

    format: str
    entry: Entry
    row: int
    text: str
    beside: list[str]

    @property
    def values(self) -> dict[str, str | None]:
        """The row, by column."""
        found: dict[str, str | None] = json.loads(self.text)
        return found


def prove(host: Host, instance: int) -> Proof:
    """The proof of a row of a batch.

    Args:
        host: the host.
        instance: its number.

    Raises:
        HostError: it is no row of a batch that stands in the ledger.
    """
    place = bulk.place_of(instance)
    with host.store.transaction() as tx:
        row = tx.batch(place[0]) if place is not None else None
        if row is None or place is None or not row.sequence or not 1 <= place[1] <= row.rows:
            raise HostError("bulk.unknown", f"{instance} is no row of a batch that stands in a ledger.")
        line = next(one.line for one in tx.ledger(row.engagement) if one.sequence == row.sequence)
    found, number = contents.read(row), place[1] - 1
    part, at = divmod(number, documents.PART)
    group, inside = divmod(at, documents.GROUP)
    document = documents.opened(host.store, row.engagement, found.parts[part].digest)
    frame = document.group(group)
    steps = [
        *merkle.path(documents.leaves_of(frame), inside), *merkle.path(document.roots, group),
        *merkle.path([bytes.fromhex(one.root) for one in found.parts], part),
    ]  # fmt: skip
    text = next(documents.texts_of(frame.slice(inside, 1))).decode()
    entry = msgspec.json.decode(bytes(line), type=Entry)
    return Proof(FORMAT, entry, number + 1, text, [one.hash.hex() for one in steps])


def read(path: Path) -> Proof:
    """A proof from a file.

    Raises:
        DataError: it is none.
    """
    try:
        found = msgspec.json.decode(path.read_bytes(), type=Proof)
    except (OSError, msgspec.MsgspecError) as problem:
        raise DataError("bulk.proof", f"{path} is no proof of a row: {problem}") from None
    if found.format != FORMAT:
        raise DataError("bulk.proof", f"{path} is no proof of a row: its format is {found.format!r}.")
    return found


def check(proof: Proof, anchors: dict[int, str] | None = None) -> list[Diagnostic]:
    """What is wrong with a proof; empty where it holds.

    Args:
        proof: the proof.
        anchors: hashes of ledger entries known from elsewhere, by sequence.
    """
    place = Location(None, f"entry {proof.entry.sequence}")
    entry = proof.entry
    if entry.type != bulk.DECIDED or ledger.entry_hash(entry) != entry.hash:
        return [_wrong("bulk.entry", "The entry of the batch is not as its hash says: it was changed.", place)]
    known = (anchors or {}).get(entry.sequence)
    if known is not None and known != entry.hash:
        return [_wrong("bulk.anchor", f"Entry {entry.sequence} is known with the hash {known}: it is another.", place)]
    sides = list(_sides(proof.row - 1, entry.data["rows"]))
    if not 1 <= proof.row <= entry.data["rows"] or len(sides) != len(proof.beside):
        return [_wrong("bulk.place", f"There is no row {proof.row} at that place in the batch.", place)]
    steps = [Step(left, bytes.fromhex(one)) for left, one in zip(sides, proof.beside, strict=True)]
    if merkle.climbed(merkle.leaf(proof.text.encode()), steps).hex() != entry.data["root"]:
        return [_wrong("bulk.row", f"Row {proof.row} is not what was decided: it was changed.", place)]
    return []


def _sides(at: int, rows: int) -> Iterator[bool]:
    """Whether what stands beside the way from a leaf stands left of it, from below."""
    while rows > 1:
        if at ^ 1 < rows:
            yield at % 2 == 1
        at, rows = at // 2, (rows + 1) // 2


def recomputed(entries: Iterable[Entry], paths: Iterable[Path]) -> list[Diagnostic]:
    """Batches of a ledger computed anew from their documents: what differs from what was entered.

    Args:
        entries: of the ledger.
        paths: the documents; those of other batches are said to be.
    """
    told = {part["digest"]: (entry, part) for entry in entries if entry.type == bulk.DECIDED
            for part in entry.data["parts"]}  # fmt: skip
    found: list[Diagnostic] = []
    counted: dict[int, Counter[int | None]] = {}
    parts: Counter[int] = Counter()
    for path in paths:
        content = path.read_bytes()
        entry, part = told.get(documents.digest(content), (None, None))
        if entry is None or part is None:
            message = f"{path.name} is no document of a batch of this ledger, or was changed."
            found.append(_wrong("bulk.document", message, Location(str(path))))
            continue
        document = documents.Document(content, path.name)
        found += _compared(document, part, path)
        parts[entry.sequence] += 1
        counted.setdefault(entry.sequence, Counter()).update(_classes(document))
    batches = {entry.sequence: entry for entry, _ in told.values()}
    for sequence, classes in counted.items():
        data = batches[sequence].data
        if parts[sequence] == len(data["parts"]):
            found += _counts(sequence, data, classes)
    return found


def _compared(document: documents.Document, part: dict[str, Any], path: Path) -> Iterator[Diagnostic]:
    """Whether the rows of a document come to the root that was entered."""
    roots = [merkle.root(documents.leaves_of(document.group(number))) for number in range(document.groups)]
    if merkle.root(roots).hex() != part["root"] or document.rows != part["rows"]:
        yield _wrong("bulk.root", f"The rows of {path.name} do not come to the root entered.", Location(str(path)))


def _classes(document: documents.Document) -> Counter[int | None]:
    found: Counter[int | None] = Counter()
    for number in range(document.groups):
        found.update(document.group(number, [CLASS])[CLASS].to_list())
    return found


def _counts(sequence: int, data: dict[str, Any], counted: Counter[int | None]) -> Iterator[Diagnostic]:
    place = Location(None, f"entry {sequence}")
    wanted: dict[int | None, int] = {one["class"]: one["rows"] for one in data["classes"]}
    wanted |= {None: data["alone"]} if data["alone"] else {}
    for which in [*wanted, *(one for one in counted if one not in wanted)]:
        if wanted.get(which, 0) != counted[which]:
            name = "rows of their own" if which is None else f"rows of class {which}"
            message = (
                f"Entry {sequence} tells of {wanted.get(which, 0):,} {name}, the documents hold {counted[which]:,}."
            )
            yield _wrong("bulk.count", message, place)
    root = merkle.root([bytes.fromhex(one["root"]) for one in data["parts"]]).hex()
    if root != data["root"]:
        yield _wrong("bulk.root", f"The parts of entry {sequence} do not come to its root.", place)


def _wrong(code: str, message: str, place: Location) -> Diagnostic:
    return Diagnostic(code, message, place, "Ask for it again, and compare with the other side's copy.")
