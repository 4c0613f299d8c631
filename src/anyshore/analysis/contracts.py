"""A data contract, and the rows of a table that break it.

Read is a part of the Open Data Contract Standard 3.1.0 (Bitol, "Schema" and "Data quality"): one object, its columns
with logical types and their options, and the library metrics. Keys beyond it are refused by name, as a rule that is
not checked would be believed to hold.
"""

from __future__ import annotations

import operator
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

from anyshore.analysis.dataset import Dataset, number
from anyshore.base.errors import DataError, Diagnostic
from anyshore.base.telling import Sheet
from anyshore.params import marked, shapes

_TRUTHS = ("true", "false")
_OPERATORS: Mapping[str, Callable[[Any, Any], bool]] = {
    "mustBe": operator.eq, "mustNotBe": operator.ne, "mustBeGreaterThan": operator.gt,
    "mustBeGreaterOrEqualTo": operator.ge, "mustBeLessThan": operator.lt, "mustBeLessOrEqualTo": operator.le,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Broken:
    """A place where a table breaks its contract.

    Attributes:
        row: of the data, from 1; 0 where the table as a whole does.
        column: its name; empty where the table as a whole does.
        value: as written.
        rule: as the contract calls it.
    """

    row: int
    column: str
    value: str
    rule: str


@cache
def _schema() -> shapes.Schema:
    return shapes.load_schema(files(__package__).joinpath("contract.json").read_text(encoding="utf-8"))


def read(text: str, file: str) -> Mapping[str, Any]:
    """A contract as plain data.

    Raises:
        DataError: with every problem, located: no YAML, a key that is not read, a pattern that is none.
    """
    document, problems = marked.load(text, file)
    if document.data is not None or not problems:
        problems += shapes.check(document, _schema())
    if problems:
        raise DataError.of(problems)
    data: Any = document.data
    if len(data["schema"]) > 1:
        hint = "Write a contract for each."
        problems.append(Diagnostic("contract.objects", "One object is read.", document.at(("schema", 1)), hint))
    for place, column in enumerate(data["schema"][0]["properties"]):
        path = ("schema", 0, "properties", place)
        rules = [column.get("logicalTypeOptions", {}), *(one.get("arguments", {}) for one in column.get("quality", ()))]
        for pattern in (one["pattern"] for one in rules if "pattern" in one):
            try:
                re.compile(pattern)
            except re.error as odd:
                said = f"{pattern!r} is no pattern: {odd}."
                problems.append(Diagnostic("contract.pattern", said, document.at(path), "Correct the expression."))
        if any(one["metric"] == "rowCount" for one in column.get("quality", ())):
            hint = "Write it under quality of the object."
            problems.append(Diagnostic("contract.metric", "rowCount counts no column.", document.at(path), hint))
    if any(one["metric"] != "rowCount" for one in data["schema"][0].get("quality", ())):
        hint = "Write the metric under quality of a column."
        where = document.at(("schema", 0, "quality"))
        problems.append(Diagnostic("contract.metric", "Of an object only rowCount is checked.", where, hint))
    if problems:
        raise DataError.of(problems)
    checked: Mapping[str, Any] = data
    return checked


def broken(contract: Mapping[str, Any], data: Dataset) -> list[Broken]:
    """Every place where a table breaks its contract, by column and row; first what concerns the whole table."""
    (whole,) = contract["schema"]
    found = [
        Broken(0, "", str(data.rows), _told(one)) for one in whole.get("quality", ()) if not _holds(one, data.rows, 100)
    ]
    for column in whole["properties"]:
        name = column["name"]
        if name not in data.columns:
            found.append(Broken(0, name, "", "column is missing"))
            continue
        found += [Broken(row, name, value, rule) for row, value, rule in _column(column, data.columns[name])]
    return found


def plain(found: Sequence[Broken], rows: int) -> dict[str, Any]:
    """Whether a table of so many rows holds, and where it does not."""
    return {"rows": rows, "holds": not found, "broken": [asdict(one) for one in found]}


def sheet(found: Sequence[Broken], rows: int, name: str) -> Sheet:
    """The same for people."""
    title = f"{name}: {rows:,} rows, {len(found):,} places break the contract"
    lines = [(one.row or "", one.column, one.value, one.rule) for one in found]
    return Sheet(title, ("Row", "Column", "Value", "Rule"), lines, right=(0,))


def _column(column: Mapping[str, Any], values: Sequence[str]) -> Iterator[tuple[int, str, str]]:
    key = column.get("primaryKey", False)
    if column.get("required", False) or key:
        yield from ((row, value, "required") for row, value in enumerate(values, 1) if not value)
    if column.get("unique", False) or key:
        yield from ((row, value, "unique") for row, value in _twice(values))
    kind = column.get("logicalType", "string")
    options = column.get("logicalTypeOptions", {})
    for row, value in enumerate(values, 1):
        if not value:
            continue
        if not _of_kind(value, kind):
            yield row, value, f"logicalType {kind}"
            continue
        outside = (name for name, limit in options.items() if not _within(value, name, limit))
        yield from ((row, value, f"{name} {options[name]}") for name in outside)
    for one in column.get("quality", ()):
        rows = list(_metric(one, values))
        if not _holds(one, len(rows), len(values)):
            yield from ((row, value, _told(one)) for row, value in rows)
            if not rows:
                yield 0, "0", _told(one)


def _metric(one: Mapping[str, Any], values: Sequence[str]) -> Iterator[tuple[int, str]]:
    """The rows a library metric counts."""
    said = one.get("arguments", {})
    if one["metric"] == "duplicateValues":
        return _twice(values)
    if one["metric"] == "invalidValues":
        valid = None if "validValues" not in said else {_word(word) for word in said["validValues"]}
        return (
            (row, value) for row, value in enumerate(values, 1)
            if value and ((valid is not None and value not in valid)
                          or ("pattern" in said and not re.fullmatch(said["pattern"], value)))
        )  # fmt: skip
    missing = {"", *(_word(word) for word in said.get("missingValues", ()))}
    return ((row, value) for row, value in enumerate(values, 1) if value in missing)


def _holds(one: Mapping[str, Any], count: int, rows: int) -> bool:
    measured = Decimal(count) if one.get("unit", "rows") == "rows" else Decimal(count * 100) / max(rows, 1)
    limits = [(name, one[name]) for name in _OPERATORS if name in one] or [("mustBe", 0)]
    return all(_OPERATORS[name](measured, limit) for name, limit in limits)


def _told(one: Mapping[str, Any]) -> str:
    limits = [f"{name} {one[name]}" for name in _OPERATORS if name in one] or ["mustBe 0"]
    return " ".join([one["metric"], *limits, *(["percent"] if one.get("unit") == "percent" else [])])


def _twice(values: Sequence[str]) -> Iterator[tuple[int, str]]:
    counts = Counter(values)
    return ((row, value) for row, value in enumerate(values, 1) if value and counts[value] > 1)


def _of_kind(value: str, kind: str) -> bool:
    if kind == "string":
        return True
    if kind == "boolean":
        return value.lower() in _TRUTHS
    if kind == "date":
        try:
            return bool(re.fullmatch(r"\d{4}-\d\d-\d\d", value)) and bool(date.fromisoformat(value))
        except ValueError:
            return False
    found = number(value)
    return found is not None and (kind == "number" or found == found.to_integral_value())


def _within(value: str, name: str, limit: Any) -> bool:
    if name == "pattern":
        return re.fullmatch(limit, value) is not None
    if name in ("minLength", "maxLength"):
        return bool(len(value) >= limit if name == "minLength" else len(value) <= limit)
    found = number(value)
    if found is None:
        return False
    least, strict = name.lower().endswith("minimum"), name.startswith("exclusive")
    if found == limit:
        return not strict
    return bool(found > limit) if least else bool(found < limit)


def _word(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
