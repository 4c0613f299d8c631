"""Sums of open items, against trying everything."""

from decimal import Decimal
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.draws import examples

from anyshore.activities.bank.sums import adding_up

AMOUNTS = st.lists(st.integers(-40, 60).filter(bool).map(lambda cents: Decimal(cents) / 10), max_size=9)


@settings(max_examples=examples(150))
@given(AMOUNTS, st.integers(-50, 150).map(lambda cents: Decimal(cents) / 10))
def test_every_sum_is_found(amounts: list[Decimal], target: Decimal) -> None:
    places = range(len(amounts))
    right = {
        chosen for size in range(2, len(amounts) + 1) for chosen in combinations(places, size)
        if sum(amounts[place] for place in chosen) == target
    }  # fmt: skip
    answer = adding_up(amounts, target)
    assert answer.whole
    assert set(answer.found) <= right
    assert len(answer.found) == min(2, len(right))


def test_a_search_that_was_cut_short_says_so() -> None:
    answer = adding_up([Decimal(n) for n in range(1001, 1301, 2)], Decimal(90_001), budget=100)
    assert not answer.whole


def test_a_sum_has_no_more_parts_than_allowed() -> None:
    assert adding_up([Decimal(1)] * 5, Decimal(5), most=4).found == ()
