"""Cells that can never match are found, each once, with what to write."""

from __future__ import annotations

import pytest

from anyshore import dmn
from anyshore.base.errors import Diagnostic
from anyshore.dmn.grids import Column, Table, to_xml


def found(kind: str, cell: str, values: str = "") -> list[Diagnostic]:
    """What the check says of a column with one cell, but for gaps."""
    columns = [Column("input", "a", kind, values), Column("output", "o", "number")]
    table = Table("T", "F", columns, [[cell, "1"], ["-", "2"]])
    problems = dmn.check(dmn.read(to_xml([table], "t", "urn:t"), file="t.dmn"))
    return [one for one in problems if one.code not in ("dmn.gap", "dmn.unused-input")]


DATE, TIME, MOMENT = "date", "time", "date and time"
DAYS, MONTHS = "days and time duration", "years and months duration"


@pytest.mark.parametrize(
    ("kind", "cell", "hint"),
    [
        (DATE, '< "2026-06-01"', "date("), (DATE, '"2026-06-01"', "date("),
        (DATE, '["2026-01-01".."2026-02-01"]', "date("),
        (DATE, "< 2026-06-01", 'date("2026-06-01")'), (DATE, "2026-06-01", 'date("2026-06-01")'),
        (DATE, "[2026-01-01..2026-02-01]", 'date("2026-01-01")'), (DATE, '> @"2026-06-01T10:00:00"', "date("),
        (DATE, '"2026-06-01", date("2026-06-01")', "date("), (DATE, 'not("2026-06-01")', "date("),
        (MOMENT, '< date("2026-06-01")', "date and time("), (MOMENT, "2026-06-01", "2026-06-01"),
        (TIME, '> "09:00:00"', "time("), ("number", '> "5"', "without quotes"), ("number", '"5"', "without quotes"),
        ("number", '= "5"', "without quotes"), ("number", "true", "without quotes"), ("number", "<> 5", "!= 5"),
        ("number", "<>5", "not(5)"), ("number", "> (< 5)", "one value"), ("string", "5", "double quotes"),
        ("string", "> 5", "double quotes"), ("boolean", '"true"', "without quotes"),
        ("boolean", "> true", "true or false"),
        (DAYS, '< "P1D"', "duration("), (DAYS, 'duration("P1Y")', "duration("),
        (MONTHS, 'duration("P1D")', "duration("),
        ("string", "count", '"count"'), ("number", "< count", "parentheses"), ("", "date", '"date"'),
        ("string", "[]", "-"), ("", "[]", "") , ("number", "{a: 1}", "12.50"), ("number", "a > 5", "?"),
        ("number", 'upper case("x")', "12.50"), ("number", "function(x) x", "12.50"),
        (DATE, 'date("2026-13-01")', "10.3.4"), (DATE, '< date("31.12.2026")', "10.3.4"),
        (DATE, '[date("2026-02-30")..date("2026-03-01")]', "10.3.4"), (TIME, 'time("25:00:00")', "10.3.4"),
        ("string", 'contains("a")', "as ?"), ("string", 'matches("a+")', "as ?"), ("number", "> null", "a value"),
        (DATE, '? = "2026-06-01"', "date("), ("number", '? > "5"', "without quotes"), ("number", "=> 5", ">= 5"),
        ("number", "=< 5", "without “=”"),
    ],
)  # fmt: skip
def test_a_cell_that_can_never_match(kind: str, cell: str, hint: str) -> None:
    problems = found(kind, cell)
    if not kind and cell == "[]":
        assert problems == []  # the input may be a list
        return
    assert [one.code for one in problems] == ["dmn.cell-type"]
    assert problems[0].location.cell == 'rule 1, input "a"'
    assert hint in problems[0].hint


@pytest.mark.parametrize(
    ("kind", "cell"),
    [
        (DATE, '< date("2026-06-01")'), (DATE, '@"2026-06-01"'), (DATE, 'date("2026-06-01") + duration("P1D")'),
        (DATE, "null"), (DATE, "not(null)"), (DATE, "?.year = 2026"), (MOMENT, '>= @"2026-06-01T10:00:00"'),
        ("number", "1, 2, 3"), ("number", "[1..5]"), ("number", "!= 5"), ("number", "not(5)"), ("number", "? * 2 > 5"),
        ("number", "[1, 2, 3]"), ("number", "if 1 > 2 then 3 else null"), ("number", "count([1])"), ("number", "-5"),
        ("string", '"a", "b"'), ("string", 'starts with(?, "a")'), ("string", '> "m"'), ("boolean", "true"),
        ("boolean", "1 < 2"), ("", "5"), ("", '"x"'), (TIME, 'time("09:00:00")'), (DAYS, '>= duration("PT5H")'),
        ("number", "(< 5)"), ("number", "in_range"), (DATE, "today()"), (DATE, ">= date(now())"), (DATE, "? = today()"),
        ("number", "? > 3"), ("number", "abs(-3)"), ("string", 'upper case("a")'), ("string", '? = "a"'),
    ],
)  # fmt: skip
def test_a_cell_that_may_match(kind: str, cell: str) -> None:
    assert [one for one in found(kind, cell) if one.code == "dmn.cell-type"] == []


def test_allowed_values_of_another_kind_are_found() -> None:
    problems = found(DATE, "-", '"2026-01-01"')
    assert "dmn.cell-type" in [one.code for one in problems]
