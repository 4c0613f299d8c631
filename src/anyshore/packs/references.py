"""``references:`` of a pack: reference data that people keep in files; each version replaces the one before."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from anyshore import feel
from anyshore.activities import families
from anyshore.activities.activity import Values
from anyshore.base.errors import DefinitionError, Diagnostic
from anyshore.base.locations import Location
from anyshore.base.tables import Row, open_table
from anyshore.packs import rows
from anyshore.packs.expressions import Reader
from anyshore.params.marked import Path
from anyshore.params.shapes import nearest

SECTION = "references"
LINES = "lines"
"""The field that holds the rows of one key."""


@dataclass(frozen=True, slots=True)
class ReferenceKind:
    """A kind of reference data.

    Attributes:
        name: the kind of its records, by which activities know it.
        title: by language.
        file: the name of its file in a folder.
        read: from content and file name to records (key, data).
        columns: what the file holds; empty where a family has a reader of its own.
    """

    name: str
    title: Mapping[str, str]
    file: str
    read: Callable[[bytes, str], list[tuple[str, Values]]]
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Keyed:
    """Reads records by columns: a row each, or the rows of one key together.

    Attributes:
        table: the columns.
        key: the columns that tell one record from another.
        group: the columns that differ within a key: each row gives a context of them in ``lines``. Empty: a row each.
    """

    table: rows.RowTable
    key: tuple[str, ...]
    group: tuple[str, ...] = field(default_factory=tuple)

    def __call__(self, content: bytes, name: str) -> list[tuple[str, Values]]:
        """The records of a file.

        Raises:
            DataError: with every problem at its cell.
        """
        table = open_table(content, self.table.columns, name)
        found: dict[str, tuple[Row, dict[str, Any]]] = {}
        for row in table:
            if row.broken:
                continue
            key = self._key(row)
            data = {column: feel.from_python(value) for column, value in row.values.items()}
            if key and key in found:
                self._again(row, data, found[key])
            elif key:
                head = {column: value for column, value in data.items() if column not in self.group}
                found[key] = (row, head | ({LINES: [self._line(data)]} if self.group else {}))
        table.refuse_if_broken()
        return [(key, data) for key, (_, data) in found.items()]

    def _key(self, row: Row) -> str:
        parts = [row.values[column] for column in self.key]
        for column, value in zip(self.key, parts, strict=True):
            if value is None:
                row.problem(column, "references.no-key", f"{column} is empty.", "It tells one record from another.")
        return "|".join(feel.to_string(feel.from_python(part)) for part in parts) if None not in parts else ""

    def _line(self, data: Mapping[str, Any]) -> dict[str, Any]:
        return {column: data[column] for column in self.group}

    def _again(self, row: Row, data: Mapping[str, Any], known: tuple[Row, dict[str, Any]]) -> None:
        first, record = known
        key = ", ".join(str(row.values[column]) for column in self.key)
        if not self.group:
            message = f"{key} stands on line {first.line} already."
            row.problem(self.key[0], "references.twice", message, "Keep one of the two.")
            return
        for column, value in record.items():
            if column != LINES and value != data[column]:
                message = f"{key} has {feel.to_string(value)!r} on line {first.line}, and another value on this one."
                row.problem(column, "references.contradiction", message, "All rows of a key agree in it.")
        record[LINES].append(self._line(data))


def read(reader: Reader) -> dict[str, ReferenceKind]:
    """The kinds of reference data of a pack; problems are noted in the reader."""
    said: Mapping[str, Mapping[str, Any]] = reader.value((SECTION,)) or {}
    return {name: _kind(reader, name, one) for name, one in said.items()}


def _kind(reader: Reader, name: str, said: Mapping[str, Any]) -> ReferenceKind:
    path: Path = (SECTION, name)
    if ("reader" in said) == ("columns" in said):
        message = f"Reference data {name!r} has either columns or a reader."
        place = reader.document.at(path, key=True)
        reader.problems.append(Diagnostic("pack.reference", message, place, "Keep one of the two."))
    if "columns" not in said:
        return ReferenceKind(name, said["title"], said["file"], _OwnReader(said.get("reader", "")))
    table = rows.read(reader, path)
    key, group = tuple(said.get("key", ())), tuple(said.get("group", ()))
    for section, names in (("key", key), ("group", group)):
        for number, column in enumerate(names):
            if column not in table.names:
                message = f"There is no column {column!r}."
                place = reader.document.at((*path, section, number))
                hint = nearest(column, table.names)
                reader.problems.append(Diagnostic("pack.unknown-column", message, place, hint))
    if not key:
        message = f"Nothing tells the records of {name!r} apart."
        place = reader.document.at(path, key=True)
        reader.problems.append(Diagnostic("pack.reference-key", message, place, "Name the columns: key."))
    return ReferenceKind(name, said["title"], said["file"], Keyed(table, key, group), table.names)


@dataclass(frozen=True, slots=True)
class _OwnReader:
    """A reader of an activity family, looked up when it is used: reading a pack imports no family."""

    name: str

    def __call__(self, content: bytes, file: str) -> list[tuple[str, Values]]:
        return families.reader(self.name)(content, file)


def check(kinds: Mapping[str, ReferenceKind], file: str) -> Iterator[Diagnostic]:
    """What only the families of activities know: whether a reader is there, and no activity writes the kind itself."""
    for kind in kinds.values():
        place = Location(file, f"{SECTION}.{kind.name}")
        if isinstance(kind.read, _OwnReader):
            try:
                families.reader(kind.read.name)
            except DefinitionError as problem:
                hint = nearest(kind.read.name, families.readers())
                yield Diagnostic("pack.unknown-reader", problem.message, place, hint)
        if kind.name in families.written_kinds():
            message = f"Activities write records of the kind {kind.name!r}: a file would replace what was booked."
            yield Diagnostic("pack.reference-written", message, place, "Give the reference data a name of its own.")
    names: dict[str, str] = {}
    for kind in kinds.values():
        lower = kind.file.lower()
        if lower in names:
            message = f"{kind.file!r} is the file of {names[lower]!r} and of {kind.name!r}."
            yield Diagnostic("pack.reference-file", message, Location(file, f"{SECTION}.{kind.name}.file"))
        names.setdefault(lower, kind.name)


def of_file(kinds: Mapping[str, ReferenceKind], name: str) -> ReferenceKind | None:
    """The kind whose file has that name, however it is capitalised."""
    lower = name.lower()
    return next((kind for kind in kinds.values() if kind.file.lower() == lower), None)
