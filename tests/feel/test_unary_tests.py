"""The cells of decision tables."""

from __future__ import annotations

import pytest
from tests.feel.helpers import cell

from anyshore import feel
from anyshore.base.errors import FeelError

CASES = [
    ("-", None, True), ("", 5, True), ("5", 5, True), ("5", 6, False), ("5, 6", 6, True), ("< 5", 4, True),
    ("<5", 5, False), (">= 5, 1", 1, True),
    ("[1..5]", 5, True), ("[5..1]", None, None), ("[5..1]", 3, False),
    ("not([5..1])", 3, True), ("[1..\"a\"]", 3, None), ("[1..5)", 5, False),
    ("]1..5[", 1, False), ('"a", "b"', "b", True), ("not(5, 6)", 6, False),
    ("not(5, 6)", 7, True), ("not(< 5)", 7, True),
    ("? > 3 and ? < 6", 5, True), ("? > 3 and ? < 6", 7, False), ("list contains([1, 2], ?)", 2, True),
    ("not(list contains([1, 2], ?))", 2, False), ("even(?)", 4, True),
    ("null", None, True), ("null", 1, False), ("not(null)", 1, True), ("not(null)", None, False), ("true", True, True),
    ("false", True, False), ("< 5", None, None), ('5', "5", None),
    ("limit", 5, True), ("> limit", 6, True), ("[1, 5]", 5, True), ("[1, 5]", [1, 5], True), ("limit - 1", 4, True),
    ("!= 5", 4, True), ("= 5", 5, True), ('"-"', "-", True), ("-5", -5, True),
    ("count(?) > 1", [1, 2], True), ("?.a = 1", {"a": 1}, True), ("abs(?) = limit", -5, True), ("(1..5)", 3, True),
    ("not(not(?))", True, True),
]  # fmt: skip


@pytest.mark.parametrize(("tests", "one", "expected"), CASES)
def test_cell(tests: str, one: object, expected: bool | None) -> None:
    assert cell(tests, one, limit=5) is expected


def test_a_cell_reads_its_input() -> None:
    expression = feel.compile_unary_tests("> limit")
    assert expression.free_names == {"?", "limit"}
    assert expression.evaluate({}) is None


@pytest.mark.parametrize("tests", ["5,", "<", "not(", "1 2", ", 1", "not(5) 6"])
def test_refused(tests: str) -> None:
    with pytest.raises(FeelError):
        feel.compile_unary_tests(tests)
