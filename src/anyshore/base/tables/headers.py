"""Columns, and finding them in the first row of a sheet."""

from __future__ import annotations

import difflib
import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from importlib.resources import files
from typing import Any, Literal

from anyshore.base.errors import DataError, Diagnostic, InternalError
from anyshore.base.locations import Location
from anyshore.base.tables.cells import letters

Kind = Literal["text", "number", "money", "date", "datetime", "yes-no", "code"]
_UNIT = re.compile(r"(.+?)\s*(?:[(\[]\s*([^()\[\]]+?)\s*[)\]]|\bin\s+(\S+))\s*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Column:
    """What a column holds.

    Attributes:
        name: what its values are called in a row, and the header it is usually found by.
        kind: of its values.
        aliases: other headers it is found by. Case, blanks, underscores and the spelling of umlauts make no difference.
        required: whether every row has a value in it.
        header: whether the sheet must have it, though cells may be empty; true of a required one anyway.
        unit: of a number (``h``, ``%``), or the currency of money (ISO 4217); may stand beside the number or in the
            header: ``Net (EUR)``.
        codes: of a code list: value → other ways to write it.
        order: of days and months written with slashes or hyphens, where it is known.
        decimal: the decimal sign, where it is known.
        minimum: the smallest number there may be.
    """

    name: str
    kind: Kind = "text"
    aliases: tuple[str, ...] = ()
    required: bool = False
    header: bool = False
    unit: str = ""
    codes: Mapping[str, Sequence[str]] = field(default_factory=dict)
    order: Literal["", "dmy", "mdy"] = ""
    decimal: Literal["", ",", "."] = ""
    minimum: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """A column in a sheet: where it stands (from 0), what it is called there, and the unit given there."""

    column: Column
    at: int
    header: str
    unit: str = ""


@lru_cache(1 << 12)
def keys(text: str) -> tuple[str, ...]:
    """What a header or a word of a code list is compared by: letters and digits, umlauts in both usual spellings."""
    folded = unicodedata.normalize("NFC", text).casefold()
    spelled = folded
    for umlaut, written in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ø", "oe"), ("å", "aa"), ("æ", "ae")):
        spelled = spelled.replace(umlaut, written)
    found = dict.fromkeys("".join(filter(str.isalnum, unicodedata.normalize("NFKD", one))) for one in (spelled, folded))
    return tuple(key for key in found if key) or (text.strip(),)


def expected(columns: Sequence[Column]) -> dict[str, Column]:
    """The columns by every key they are found by.

    Raises:
        InternalError: two of them share one.
    """
    by_key, alike = _by_key(columns)
    if alike:
        raise InternalError("tables.alike-columns", alike)
    return by_key


def columns(data: Sequence[Mapping[str, Any]], place: Location | None = None) -> tuple[Column, ...]:
    """The columns somebody has declared as plain data, in the form of ``columns.schema.json``.

    Args:
        data: a mapping per column, which fits the schema.
        place: where it stands, for messages.

    Raises:
        DataError: two columns are found by the same header, or a code list has no codes.
    """
    made = tuple(_column(one) for one in data)
    problems = [
        Diagnostic("tables.no-codes", f"Column {one.name!r} has no codes.", place or Location(), "List them: codes:")
        for one in made
        if (one.kind == "code") != bool(one.codes)
    ]
    alike = _by_key(made)[1]
    if alike:
        problems.append(Diagnostic("tables.alike-columns", alike, place or Location(), "Take one of the names away."))
    if problems:
        raise DataError.of(problems)
    return made


def schema() -> Any:
    """The JSON Schema (draft 2020-12) of a list of columns as plain data."""
    return json.loads(files(__package__).joinpath("columns.schema.json").read_text(encoding="utf-8"))


def _column(one: Mapping[str, Any]) -> Column:
    codes = one.get("codes", {})
    if not isinstance(codes, Mapping):
        codes = dict.fromkeys(map(str, codes), ())
    least = one.get("minimum")
    return Column(
        one["name"], one.get("kind", "text"), tuple(one.get("aliases", ())), one.get("required", False),
        one.get("header", False), one.get("unit", ""),
        {str(code): tuple(map(str, others or ())) for code, others in codes.items()},
        one.get("order", ""), one.get("decimal", ""), None if least is None else Decimal(str(least)),
    )  # fmt: skip


def _by_key(columns: Sequence[Column]) -> tuple[dict[str, Column], str]:
    """The columns by every key they are found by, and which of them share one."""
    by_key: dict[str, Column] = {}
    alike = ""
    for column in columns:
        for name in (column.name, *column.aliases):
            for key in keys(name):
                if by_key.setdefault(key, column) is not column:
                    alike = f"The columns {by_key[key].name!r} and {column.name!r} are both found by {name!r}."
    return by_key, alike


def match(
    cells: Sequence[str], columns: Sequence[Column], place: Location, *, unknown: Literal["refuse", "ignore"]
) -> tuple[list[Found], list[Diagnostic]]:
    """Finds columns by the cells of a header.

    Args:
        cells: texts of the first row.
        columns: those that may be there.
        place: of the row.
        unknown: what to do with a header nobody expects: a misspelt one would be lost silently.

    Returns:
        The columns found, from left to right, and all problems of the header.
    """
    by_key = expected(columns)
    found: dict[str, Found] = {}
    problems = []
    for at, cell in enumerate(cells):
        if not cell.strip():
            continue
        where = _at(place, at, cell)
        column, unit = _find(cell, by_key)
        if column is None:
            if unknown == "refuse":
                message = f"Unknown column {cell.strip()[:60]!r}."
                problems.append(Diagnostic("tables.unknown-column", message, where, _near(cell, columns)))
        elif column.name in found:
            message = f"Column {column.name!r} stands twice, also in column {letters(found[column.name].at)}."
            problems.append(Diagnostic("tables.column-twice", message, where, "Remove one, or rename it."))
        else:
            found[column.name] = Found(column, at, cell.strip(), unit)
    for column in columns:
        if column.name not in found and (column.required or column.header):
            names = ", ".join(one.name for one in columns if one.required or one.header)
            hint = f"The first row must name at least {names}."
            message = f"Column {column.name!r} is missing."
            problems.append(Diagnostic("tables.missing-column", message, place, hint))
    return sorted(found.values(), key=lambda one: one.at), problems


def _at(place: Location, at: int, header: str) -> Location:
    return Location(place.file, header.strip()[:60], place.line, at + 1, f"{letters(at)}{place.cell or ''}")


def _find(cell: str, by_key: Mapping[str, Column]) -> tuple[Column | None, str]:
    """The column of a header and the unit it gives."""
    direct = next((by_key[key] for key in keys(cell) if key in by_key), None)
    united = _UNIT.fullmatch(cell.strip())
    if united:
        column, _ = _find(united[1], by_key)
        # A sign such as (%) is no letter, so that the header as a whole finds the same column.
        if column is not None and column.kind in ("number", "money") and direct in (None, column):
            return column, united[2] or united[3]
    return direct, ""


def _near(cell: str, columns: Sequence[Column]) -> str:
    names = {key: name for column in columns for name in (column.name, *column.aliases) for key in keys(name)}
    near = difflib.get_close_matches(keys(cell)[0], names, 1)
    return f"Did you mean {names[near[0]]!r}?" if near else f"Known columns: {', '.join(c.name for c in columns)}."
