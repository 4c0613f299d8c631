"""Five methods of ranking, against figures worked by hand and published, and against what must hold of any."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from tests.draws import examples

from anyshore.base.errors import DataError
from anyshore.sourcing.shores import methods

UP = np.array([1.0, 1.0])
MIXED = np.array([1.0, -1.0])
MATRIX = np.array([[4.0, 10.0], [2.0, 5.0], [4.0, 20.0]])
HALF = np.array([0.5, 0.5])
tables = arrays(np.float64, (4, 3), elements=st.floats(1, 100))


def test_scalings_by_hand() -> None:
    assert methods.minmax(MATRIX, MIXED) == pytest.approx(np.array([[1, 2 / 3], [0, 1], [1, 0]]))
    assert methods.ratio(MATRIX, MIXED) == pytest.approx(np.array([[1, 0.5], [0.5, 1], [1, 0.25]]))
    assert methods.share(MATRIX, MIXED)[:, 0] == pytest.approx([0.4, 0.2, 0.4])
    assert methods.share(MATRIX, MIXED)[:, 1] == pytest.approx(np.array([2, 4, 1]) / 7)
    assert methods.vector(MATRIX)[:, 0] == pytest.approx(MATRIX[:, 0] / 6)


def test_a_criterion_in_which_all_are_equal_is_best_for_all_and_decides_nothing() -> None:
    flat = np.array([[1.0, 7.0], [2.0, 7.0]])
    assert methods.minmax(flat, UP)[:, 1].tolist() == [1, 1]
    assert methods.vikor(flat, HALF, UP).compromise.tolist() == [1, 0]
    assert methods.topsis(np.zeros((2, 2)), HALF, UP).tolist() == [0.5, 0.5]


def test_a_vikor_compromise_that_is_published() -> None:
    # Opricovic & Tzeng 2004, mountain climber: Q of the three is 1, 0, 1.
    climber = np.array([[1.0, 3000.0], [2.0, 3750.0], [5.0, 4500.0]])
    found = methods.vikor(climber, HALF, np.array([-1.0, 1.0]))
    assert found.compromise == pytest.approx([1, 0, 1])
    assert found.accepted() == [1]


def test_a_vikor_best_without_an_advantage_shares_its_place() -> None:
    near = np.array([[10.0, 1.0], [9.9, 1.1], [0.0, 5.0], [1.0, 4.0]])
    assert set(methods.vikor(near, HALF, MIXED).accepted()) == {0, 1}
    assert methods.vikor(near[:1], HALF, MIXED).accepted() == [0]


@pytest.mark.parametrize(
    ("preference", "difference", "expected"),
    [
        ("usual", 0.1, 1.0), ("ushape", 1.0, 0.0), ("ushape", 1.1, 1.0), ("vshape", 1.5, 0.5), ("vshape", 4.0, 1.0),
        ("level", 2.0, 0.5), ("level", 3.5, 1.0), ("level", 0.5, 0.0), ("linear", 2.0, 0.5), ("linear", 1.0, 0.0),
    ],
)  # fmt: skip
def test_preference_functions_by_the_table_of_their_paper(preference: str, difference: float, expected: float) -> None:
    pair = np.array([[difference], [0.0]])
    flows = methods.promethee_ii(pair, np.ones(1), np.ones(1), preference, indifference=1.0, threshold=3.0)
    assert flows == pytest.approx([expected, -expected])


def test_equal_scores_share_a_rank_and_the_next_follows_without_a_gap() -> None:
    assert methods.ranks(np.array([0.3, 0.1 + 0.2, 0.5, 0.1])) == [2, 2, 1, 3]
    assert methods.ranks(np.array([1.0, 2.0]), less_is_better=True) == [1, 2]


@given(tables, arrays(np.float64, 3, elements=st.floats(0.1, 1)), st.permutations(range(4)))
@settings(max_examples=examples(30), deadline=None)
def test_the_order_of_alternatives_makes_no_difference(table: object, weights: object, order: list[int]) -> None:
    matrix, importance = np.asarray(table), np.asarray(weights)
    up = np.ones(3)
    for method in (
        lambda m: methods.weighted_sum(methods.minmax(m, up), importance), lambda m: methods.vikor(m, importance,
        up).regret, lambda m: methods.topsis(methods.vector(m), importance, up), lambda m: methods.promethee_ii(m,
        importance, up),
    ):  # fmt: skip
        assert method(matrix[order]) == pytest.approx(method(matrix)[order], abs=1e-9)


@given(tables, arrays(np.float64, 3, elements=st.floats(0.1, 1)))
@settings(max_examples=examples(30), deadline=None)
def test_whoever_is_no_worse_in_anything_is_ranked_no_worse(table: object, weights: object) -> None:
    matrix, importance = np.asarray(table), np.asarray(weights)
    matrix[0] = matrix.max(axis=0)
    up = np.ones(3)
    assert methods.ranks(methods.weighted_sum(matrix, importance))[0] == 1
    assert methods.ranks(methods.topsis(methods.vector(matrix), importance, up))[0] == 1
    assert methods.ranks(methods.promethee_ii(matrix, importance, up))[0] == 1
    assert methods.ranks(methods.vikor(matrix, importance, up).compromise, less_is_better=True)[0] == 1


@given(tables)
@settings(max_examples=examples(20), deadline=None)
def test_net_flows_sum_to_nothing(table: object) -> None:
    flows = methods.promethee_ii(np.asarray(table), np.ones(3) / 3, np.ones(3), "vshape", threshold=10.0)
    assert flows.sum() == pytest.approx(0, abs=1e-9)
    assert (np.abs(flows) <= 1 + 1e-9).all()


@pytest.mark.parametrize(
    ("matrix", "weights", "senses", "code"),
    [
        ([1, 2], [1], [1], "mcda.shape"), ([[1, 2]], [1], [1, 1], "mcda.shape"), ([[]], [], [], "mcda.shape"),
        ([[1, float("nan")]], [1, 1], [1, 1], "mcda.number"), ([[1, 2]], [1, -1], [1, 1], "mcda.number"),
        ([[1, 2]], [1, 1], [1, 0], "mcda.sense"),
    ],
)  # fmt: skip
def test_a_problem_that_is_none_is_refused(matrix: object, weights: object, senses: object, code: str) -> None:
    with pytest.raises(DataError) as error:
        methods.checked(matrix, weights, senses)
    assert error.value.code == code


def test_what_a_method_cannot_take_is_refused() -> None:
    for broken in (
        lambda: methods.share(np.array([[1.0, 0.0], [2.0, 1.0]]), MIXED),
        lambda: methods.weighted_product(np.array([[-1.0]]), np.ones(1)),
        lambda: methods.promethee_ii(MATRIX, HALF, UP, "gaussian"),
    ):
        with pytest.raises(DataError):
            broken()
