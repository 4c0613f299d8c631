import pytest
from hypothesis import given
from hypothesis import strategies as st

from anyshore.activities.payables.identity import (
    edit_distance_at_most_one,
    grows,
    number_key,
    same_number,
)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("RE-2026/0042", "re 2026-42"),
        ("RE-2026/0042", "RE20260042"),
        ("0042", "42"),
        ("INV 7", "inv-007"),
        ("ＲＥ１", "re1"),
        ("A.1", "A 1"),
    ],
)
def test_notations_of_the_same_number(left: str, right: str) -> None:
    assert same_number(left, right)
    assert number_key(left) == number_key(right)


@pytest.mark.parametrize(
    ("left", "right"),
    [("2026-1-11", "2026-11-1"), ("RE-1", "RE-2"), ("RE-1", "GS-1"), ("100", "10"), ("A1B", "AB1")],
)
def test_different_numbers(left: str, right: str) -> None:
    assert not same_number(left, right)


@given(st.text(max_size=12), st.text(max_size=12))
def test_same_numbers_always_meet_under_one_key(left: str, right: str) -> None:
    assert same_number(left, right) == same_number(right, left)
    if same_number(left, right):
        assert number_key(left) == number_key(right)


@given(st.text(max_size=12))
def test_a_number_is_itself(number: str) -> None:
    assert same_number(number, number)


def _distance(a: str, b: str) -> int:
    """Optimal string alignment, the whole table: the definition."""
    rows = [[max(i, j) if not (i and j) else 0 for j in range(len(b) + 1)] for i in range(len(a) + 1)]
    for i in range(1, len(a) + 1):
        for j in range(1, len(b) + 1):
            change = rows[i - 1][j - 1] + (a[i - 1] != b[j - 1])
            rows[i][j] = min(rows[i - 1][j] + 1, rows[i][j - 1] + 1, change)
            if i > 1 and j > 1 and a[i - 1] == b[j - 2] and a[i - 2] == b[j - 1]:
                rows[i][j] = min(rows[i][j], rows[i - 2][j - 2] + 1)
    return rows[-1][-1]


@given(st.text("ab1", max_size=6), st.text("ab1", max_size=6))
def test_one_slip_is_edit_distance_at_most_one(left: str, right: str) -> None:
    assert edit_distance_at_most_one(left, right) == (_distance(left, right) <= 1)


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ("R-101", "R-102", True),
        ("R-102", "R-101", False),
        ("2026/0009-A", "2026/0010-A", True),
        ("2026-12", "2027-01", False),
        ("R-101", "S-102", False),
        ("R", "R", False),
        ("R-1", "R-x", False),
        ("R-1", "R1x", False),
        ("R-²", "R-³", False),
    ],
)
def test_numbers_that_grow(left: str, right: str, expected: bool) -> None:
    assert grows(left, right) is expected
