"""A context keeps its keys through every file that FEEL is written to.

Mappings of BPMN that are translated from other modellers: tests/bpmn/vendors.
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.draws import examples
from tests.feel.test_writing import KEYS

from anyshore import dmn, feel
from anyshore.columnar import decide_table
from anyshore.dmn import spreadsheets
from anyshore.dmn.elements import Decision
from anyshore.dmn.grids import Column, Table, to_xml

few = given(st.dictionaries(KEYS, st.sampled_from([None, True, Decimal(1), Decimal("0.5"), "x"]), max_size=3))


def model(value: object) -> dmn.Model:
    """A decision table with the value as its only output."""
    table = Table("Outcome", "U", [Column("input", "x", "number"), Column("output", "Outcome")])
    table.rows.append(["-", feel.format(value)])
    return dmn.read(to_xml([table], "keys", "urn:keys"))


def decided(found: dmn.Model) -> object:
    return found.decide("Outcome", {"x": 1}).value


@few
@example({"? ?": None})
@example({"\x00\x0b\x85": "\u2028", "a\rb": True})
@example({"1,5": Decimal("1.5"), "≤ 5": None})
def test_a_decision_table(context: dict[str, object]) -> None:
    first = model(context)
    assert decided(first) == context
    assert decided(dmn.read(dmn.write(first))) == context


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
@settings(max_examples=examples(25))
@few
@example({"? ?": None})
@example({"a\x85b": "\u2028", "≤ 5": None})
def test_a_spreadsheet(ending: str, context: dict[str, object]) -> None:
    decision = model(context).find("Outcome")
    assert isinstance(decision, Decision)
    with TemporaryDirectory() as folder:
        file = Path(folder, f"table{ending}")
        if ending == ".csv":
            file.write_text(spreadsheets.write_csv(decision), encoding="utf-8")
        else:
            spreadsheets.write_excel([decision], file)
        assert decided(dmn.read(spreadsheets.to_dmn(file))) == context


@few
@example({"? ?": None})
def test_a_column(context: dict[str, object]) -> None:
    found = decide_table(model([context]), "Outcome", pl.DataFrame({"x": [1, 2]})).data["Outcome"][0]
    assert feel.compile(found).evaluate({}) == [context]
