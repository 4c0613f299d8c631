"""How large a value is once it is written out: counted as it would be written, in time linear in what is there."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.draws import examples
from tests.harness import lines_executed

from anyshore.base import sizes
from anyshore.base.errors import TooLargeError
from anyshore.base.sizes import Limit, Size, check, measure

LARGE = Limit(nodes=10**6, bytes=10**7, depth=100)


def doubled(times: int, first: object = "x") -> list[object]:
    """A value that holds the one before it twice, so many times over."""
    value = [first]
    for _ in range(times):
        value = [value, value]
    return value


def plainly(value: Any) -> Size:
    """The size, counted part by part as a writer would come by them."""
    if not isinstance(value, (list, dict)):
        return measure(value)
    parts = [plainly(part) for part in (value if isinstance(value, list) else value.values())]
    keys = sum(measure(key).bytes + 2 for key in value) if isinstance(value, dict) else 0
    return Size(
        1 + sum(part.nodes for part in parts),
        2 + keys + sum(part.bytes + 2 for part in parts),
        1 + max((part.depth for part in parts), default=0),
    )


@st.composite
def graphs(draw: st.DrawFn) -> Any:
    """A small value whose parts stand in many places."""
    made: list[Any] = [draw(st.sampled_from([None, True, 7, Decimal("1.5"), "ü", "", []]))]
    for _ in range(draw(st.integers(1, 7))):
        parts = draw(st.lists(st.sampled_from(made), min_size=1, max_size=3))
        made.append(parts if draw(st.booleans()) else {f"k{at}": part for at, part in enumerate(parts)})
    return made[-1]


@given(graphs())
@settings(max_examples=examples(60))
def test_a_value_counts_as_often_as_it_would_be_written(value: Any) -> None:
    assert measure(value) == plainly(value)


@pytest.mark.parametrize(
    ("value", "bytes_"),
    [(None, 4), (True, 5), ("abc", 5), ("ü", 4), (Decimal(7), 16), (Decimal("1E+6000"), 6036), (12, 3), (1.5, 24)],
)
def test_what_has_no_parts_counts_about_as_it_is_written(value: object, bytes_: int) -> None:
    assert measure(value) == Size(1, bytes_, 0)


def test_a_value_that_shares_its_parts_is_refused_by_what_it_would_become() -> None:
    with pytest.raises(TooLargeError, match=r"more than 1,000,000 parts") as caught:
        check(doubled(40), LARGE)
    assert caught.value.code == "value.too-large"
    assert caught.value.hint


def test_the_count_is_linear_in_what_is_there() -> None:
    unlimited = Limit(10**40, 10**40, 1000)
    small, large = (lines_executed(lambda n=n: check(doubled(n), unlimited)) for n in (8, 80))  # type: ignore[misc]
    assert large <= 10 * small + 200


def test_a_long_text_that_stands_in_many_places_counts_in_each() -> None:
    text = "a" * 1_000_000
    check([text] * 9, LARGE)
    with pytest.raises(TooLargeError, match=r"longer than 10,000,000 bytes"):
        check([text] * 11, LARGE)


def test_a_value_nested_past_the_limit_is_refused_without_going_deep() -> None:
    value: list[Any] = []
    for _ in range(100_000):
        value = [value]
    with pytest.raises(TooLargeError) as caught:
        check(value, LARGE)
    assert caught.value.code == "value.too-deep"
    while value:  # taken apart from the outside: Python ends what is nested so deep by recursion
        value = value[0]


def test_depth_counts_through_shared_parts() -> None:
    inner = doubled(50, None)
    with pytest.raises(TooLargeError) as caught:
        check({"a": inner[0], "b": [[inner]]}, Limit(10**20, 10**20, 52))
    assert caught.value.code == "value.too-deep"


def test_a_value_that_holds_itself_is_refused() -> None:
    value: list[Any] = []
    value.append({"again": value})
    with pytest.raises(TooLargeError, match="holds itself"):
        check(value)


def test_keys_of_a_context_count() -> None:
    with pytest.raises(TooLargeError):
        check({"k" * 3_000_000: 1})


def test_the_limits_grow_from_what_is_kept_to_what_is_passed_through() -> None:
    assert sizes.PAYLOAD.bytes == 2_000_000
    assert sizes.PAYLOAD.bytes < sizes.RECORD.bytes < sizes.EVALUATED.bytes < sizes.WRITTEN.bytes


@given(graphs())
@settings(max_examples=examples(60))
def test_small_values_are_counted_at_once_as_they_are_part_by_part(value: Any) -> None:
    if not isinstance(value, (list, dict)):
        return
    counted = sizes._counted(value, LARGE)
    assert counted is not None
    assert Size(*counted) == sizes._Walk(LARGE, "It").through(value)


def test_a_list_that_surely_is_small_is_within_the_limits_in_use() -> None:
    widest = [Decimal("1E+6144")] * 100
    assert sizes.is_small(widest)
    assert measure([*widest, "\U0001f600" * 99_999]).bytes < sizes.PAYLOAD.bytes
    assert not sizes.is_small(["a" * 100_000])
    assert not sizes.is_small([[]])
    with pytest.raises(TooLargeError):
        check(["a" * 1000], Limit(nodes=10, bytes=100, depth=2))


@pytest.mark.parametrize("value", [{1: "a"}, {"a": {1, 2}}, [frozenset()], {("a",): 1}, [[[1] * 5000]]])
def test_what_is_not_counted_at_once_is_counted_part_by_part(value: Any) -> None:
    assert sizes._counted(value, LARGE) is None
    assert measure(value, LARGE) == sizes._Walk(LARGE, "It").through(value)
