"""What rests on itself is found once, however it is reached."""

from __future__ import annotations

import pytest

from anyshore.knowledge.rings import rings


@pytest.mark.parametrize(
    ("below", "found"),
    [
        ({}, []),
        ({"a": ["b"], "b": ["c"], "c": []}, []),
        ({"a": ["a"]}, [["a"]]),
        ({"a": ["b"], "b": ["a"]}, [["a", "b"]]),
        ({"x": ["a"], "a": ["b"], "b": ["c"], "c": ["a"]}, [["a", "b", "c"]]),
        ({"a": ["absent"]}, []),
    ],
)
def test_rings_are_found_once(below: dict[str, list[str]], found: list[list[str]]) -> None:
    assert rings(below) == found


def test_a_long_chain_needs_no_stack() -> None:
    assert rings({str(n): [str(n + 1)] for n in range(50_000)}) == []
