"""Columns declared as plain data, as a service pack declares them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from anyshore.base import tables
from anyshore.base.errors import DataError
from anyshore.base.locations import Location
from anyshore.base.tables import Column
from anyshore.params import marked, shapes

WRITTEN = """
- name: net
  kind: money
  aliases: [Betrag]
  required: true
  unit: EUR
  decimal: ","
  minimum: 0
- {name: state, kind: code, codes: {met: [erfüllt], not met: []}}
- {name: shore, kind: code, codes: [onshore, nearshore]}
- {name: due, kind: date, order: mdy, header: true}
- name: note
"""
COLUMNS = (
    Column("net", "money", ("Betrag",), True, unit="EUR", decimal=",", minimum=Decimal(0)),
    Column("state", "code", codes={"met": ("erfüllt",), "not met": ()}),
    Column("shore", "code", codes={"onshore": (), "nearshore": ()}),
    Column("due", "date", header=True, order="mdy"),
    Column("note"),
)


def test_columns_are_made_of_plain_data_that_fits_the_schema() -> None:
    document, problems = marked.load(WRITTEN, "pack.yaml")
    assert problems + shapes.check(document, tables.schema()) == []
    assert isinstance(document.data, list)
    assert tables.columns(document.data) == COLUMNS


@pytest.mark.parametrize("wrong", [
    "- {kind: text}", "- {name: a, kind: words}", "- {name: a, colour: red}", "[]", "- {name: a, order: ymd}",
    "- {name: a, decimal: ';'}", "- {name: a, codes: []}", "- {name: ''}", "- {name: a, minimum: low}",
])  # fmt: skip
def test_the_schema_refuses_what_no_column_has(wrong: str) -> None:
    document, problems = marked.load(wrong, "pack.yaml")
    assert problems + shapes.check(document, tables.schema())


def test_what_the_schema_cannot_see_comes_back_at_once() -> None:
    data = [{"name": "a", "kind": "code"}, {"name": "b", "aliases": ["A"]}, {"name": "c", "codes": ["x"]}]
    with pytest.raises(DataError) as caught:
        tables.columns(data, Location("pack.yaml", line=3))
    assert [problem.code for problem in caught.value.diagnostics] == [
        "tables.no-codes", "tables.no-codes", "tables.alike-columns",
    ]  # fmt: skip
    assert caught.value.location.line == 3
