"""Networks in the Bayesian Interchange Format: read as they are meant, refused with the line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anyshore.base.errors import DataError
from anyshore.diagnosis import bif

LAMP = """network "A lamp" { property author me; }
// what may be broken
variable bulb { type discrete [ 2 ] { fine, burnt }; property position = (10, 20); }
variable plug { type discrete [ 2 ] { in, out }; }
variable light { type discrete [ 3 ] { bright, dim, none }; }
probability ( bulb ) { table 0.9, 0.1; }
probability ( plug ) { table 0.95 0.05; }
probability ( light | bulb, plug ) {
  (fine, in) 0.9, 0.1, 0.0;
  (burnt, in) 0, 0, 1;
  default 0, 0, 1;
}
"""


def test_a_network_is_read_as_it_is_meant() -> None:
    found = bif.read(LAMP.encode())
    light = found.variables["light"]
    assert (light.states, light.parents) == (("bright", "dim", "none"), ("bulb", "plug"))
    assert light.table[0, 0].tolist() == [0.9, 0.1, 0.0]
    assert light.table[1, 1].tolist() == [0.0, 0.0, 1.0]
    assert found.variables["plug"].table.tolist() == [0.95, 0.05]


def test_a_table_runs_through_the_last_variable_first() -> None:
    text = LAMP.replace("(fine, in) 0.9, 0.1, 0.0;\n  (burnt, in) 0, 0, 1;\n  default 0, 0, 1;",
                        "table 0.9 0.1 0  0 0 1  0 0 1  0 0.5 0.5;")  # fmt: skip
    assert bif.read(text.encode()).variables["light"].table[1, 1].tolist() == [0.0, 0.5, 0.5]


@pytest.mark.parametrize(
    ("old", "new", "told", "line"),
    [
        ("network", "netwrk", "is no block", 1),
        ("[ 2 ] { fine, burnt }", "[ 3 ] { fine, burnt }", "3 states are said", 3),
        ("variable plug", "variable bulb", "twice", 4),
        ("type discrete [ 2 ] { in, out };", "", "has no states", 4),
        ("(burnt, in) 0, 0, 1;", "(fine, in) 0, 0, 1;", "twice", 10),
        ("default 0, 0, 1;", "", "no row of 3 for", 8),
        ("(burnt, in) 0, 0, 1;", "(broken, in) 0, 0, 1;", "cannot be", 8),
        ("table 0.9, 0.1;", "table 0.9;", "1 cells instead of 2", 6),
        ("table 0.9, 0.1;", "table 0.9, much;", "'much' is no probability", 6),
        ("( light | bulb, plug )", "( light | bulb, wire )", "'wire' is no variable", 8),
        ("probability ( plug ) { table 0.95 0.05; }", "", "depends on", None),
        ("default 0, 0, 1;\n}", "default 0, 0, 1;", "The file ends", 11),
        ("table 0.9, 0.1;", 'table "0.9, 0.1;', "begins nothing", 6),
        ("(fine, in) 0.9", "(fine, in { 0.9", "stands where", 9),
    ],
)
def test_what_is_wrong_is_told_with_its_line(old: str, new: str, told: str, line: int | None) -> None:
    assert old in LAMP
    with pytest.raises(DataError) as error:
        bif.read(LAMP.replace(old, new, 1).encode(), "lamp.bif")
    first = error.value.diagnostics[0]
    assert told in first.message
    assert first.location.file == "lamp.bif"
    assert first.location.line == line
    assert first.hint


@given(st.data())
def test_whatever_is_cut_or_mixed_is_read_or_refused(data: st.DataObject) -> None:
    parts = data.draw(st.lists(st.sampled_from(LAMP.split()), max_size=40))
    for content in (" ".join(parts).encode(), LAMP.encode()[: data.draw(st.integers(0, len(LAMP)))]):
        try:
            bif.read(content)
        except DataError as error:
            assert error.diagnostics  # noqa: PT017 - either is right


def test_what_is_no_text_is_refused() -> None:
    with pytest.raises(DataError, match="UTF-8"):
        bif.read(b"\xff\xfe")
