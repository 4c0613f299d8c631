"""Data contracts: what breaks them is told with its row, and what is not checked is refused."""

from __future__ import annotations

import pytest

from anyshore.analysis import contracts, dataset
from anyshore.base.errors import DataError

HEAD = "apiVersion: v3.1.0\nkind: DataContract\nid: t\nversion: 1.0.0\nstatus: active\nschema:\n  - name: t\n"
TABLE = "id,team,hours,on\nA1,north,1.5,2026-01-31\nA1,south,,2026-02-30\n,east,-2,2026-02-01\nA4,north,x,\n"


def broken(columns: str, table: str = TABLE, quality: str = "") -> list[tuple[int, str, str, str]]:
    contract = contracts.read(f"{HEAD}{quality}    properties:\n{columns}", "contract.yaml")
    found = contracts.broken(contract, dataset.read(table, "t.csv"))
    return [(one.row, one.column, one.value, one.rule) for one in found]


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        (
            "{name: id, primaryKey: true}",
            [(3, "id", "", "required"), (1, "id", "A1", "unique"), (2, "id", "A1", "unique")],
        ),
        ("{name: id, unique: true}", [(1, "id", "A1", "unique"), (2, "id", "A1", "unique")]),
        ("{name: hours, logicalType: number}", [(4, "hours", "x", "logicalType number")]),
        (
            "{name: hours, logicalType: integer, logicalTypeOptions: {minimum: 0}}",
            [(1, "hours", "1.5", "logicalType integer"), (3, "hours", "-2", "minimum 0"),
             (4, "hours", "x", "logicalType integer")],
        ),
        ("{name: 'on', logicalType: date}", [(2, "on", "2026-02-30", "logicalType date")]),
        ("{name: id, logicalTypeOptions: {pattern: 'A[1-3]'}}", [(4, "id", "A4", "pattern A[1-3]")]),
        (
            "{name: team, quality: [{metric: invalidValues, arguments: {validValues: [north, south]}}]}",
            [(3, "team", "east", "invalidValues mustBe 0")],
        ),
        ("{name: hours, quality: [{metric: nullValues, unit: percent, mustBeLessOrEqualTo: 25}]}", []),
        (
            "{name: hours, quality: [{metric: nullValues, unit: percent, mustBeLessThan: 25}]}",
            [(2, "hours", "", "nullValues mustBeLessThan 25 percent")],
        ),
        ("{name: away}", [(0, "away", "", "column is missing")]),
    ],
)  # fmt: skip
def test_every_row_that_breaks_a_rule_is_told(column: str, expected: list[tuple[int, str, str, str]]) -> None:
    assert broken(f"      - {column}\n") == expected


def test_limits_are_compared_as_decimals_and_strict_ones_exclude_themselves() -> None:
    table = "x\n0.1\n0.10\n0.3\n"
    column = "      - {name: x, logicalType: number, logicalTypeOptions: {exclusiveMinimum: 0.1, maximum: 0.3}}\n"
    assert [row for row, *_ in broken(column, table)] == [1, 2]


def test_rows_of_the_whole_table_are_counted() -> None:
    quality = "    quality: [{metric: rowCount, mustBeGreaterThan: 4}]\n"
    assert broken("      - {name: id}\n", quality=quality) == [(0, "", "4", "rowCount mustBeGreaterThan 4")]


@pytest.mark.parametrize(
    ("column", "said"),
    [
        ("{name: x, classification: secret}", "classification"),
        ("{name: x, logicalTypeOptions: {pattern: '('}}", "no pattern"),
        ("{name: x, quality: [{metric: rowCount}]}", "counts no column"),
        ("{name: x, logicalType: timestamp}", "timestamp"),
    ],
)
def test_what_is_not_checked_is_refused_by_name(column: str, said: str) -> None:
    with pytest.raises(DataError, match=said) as refused:
        broken(f"      - {column}\n")
    assert refused.value.diagnostics[0].location.line == 9
