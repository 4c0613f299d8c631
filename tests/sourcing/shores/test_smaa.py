"""SMAA against closed forms, brute force, and what must hold of any draws."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from tests.draws import examples

from anyshore.base.errors import DataError
from anyshore.sourcing.shores.smaa import mean_weights, simplex, smaa

DRAWS = 100_000


def first_of_two(difference: np.ndarray) -> float:
    """How much of the simplex has weights @ difference > 0, where all parts of the difference are distinct.

    The volume above a hyperplane through a simplex: the sum over positive parts d of d^(n-1) / prod(d - others).
    """
    total = 0.0
    for at, part in enumerate(difference):
        if part > 0:
            total += part ** (len(difference) - 1) / np.prod(part - np.delete(difference, at))
    return float(total)


@pytest.mark.parametrize("criteria", [2, 3, 5, 8])
def test_two_alternatives_have_a_closed_form(criteria: int) -> None:
    for seed in range(3):
        scores = np.random.default_rng([criteria, seed]).random((2, criteria))
        exact = first_of_two(scores[0] - scores[1])
        found = smaa(scores, scores, draws=DRAWS, seed=seed)
        assert found.ranks[0] == pytest.approx([exact, 1 - exact], abs=0.005)
        assert found.ranks[1] == pytest.approx([1 - exact, exact], abs=0.005)


def test_two_criteria_have_a_closed_form() -> None:
    # Utility is linear in one weight: who is first changes where lines cross, at 1/4 and at 2/3.
    scores = np.array([[1.0, 0.0], [0.75, 0.5], [0.6, 0.55], [0.0, 0.8]])
    found = smaa(scores, scores, draws=DRAWS, seed=1)
    grid = (np.arange(200_000) + 0.5) / 200_000
    first = (np.stack([grid, 1 - grid], axis=1) @ scores.T).argmax(axis=1)
    assert found.ranks[:, 0] == pytest.approx(np.bincount(first, minlength=4) / len(grid), abs=0.005)


def test_uncertain_scores_of_one_criterion_are_two_uniforms_compared() -> None:
    # U(0, 1) against U(0.5, 1): P = 1/4.
    found = smaa([[0.0], [0.5]], [[1.0], [1.0]], draws=DRAWS, seed=2)
    assert found.ranks[0, 0] == pytest.approx(0.25, abs=0.005)
    assert found.confidence == pytest.approx([0.25, 0.75], abs=0.005)


def test_central_weights_are_the_mean_of_those_that_favour_one() -> None:
    # The first of two is best where its weight is above a half: the mean of U(0.5, 1) is 0.75.
    found = smaa([[1.0, 0.0], [0.0, 1.0]], [[1.0, 0.0], [0.0, 1.0]], draws=DRAWS, seed=3)
    assert found.central == pytest.approx(np.array([[0.75, 0.25], [0.25, 0.75]]), abs=0.005)
    assert found.confidence.tolist() == [1, 1]


def test_whoever_is_never_first_has_no_central_weight_and_no_confidence() -> None:
    found = smaa([[1.0, 1.0], [0.5, 0.5]], [[1.0, 1.0], [0.5, 0.5]], draws=100, seed=0)
    assert found.ranks.tolist() == [[1, 0], [0, 1]]
    assert np.isnan(found.central[1]).all()
    assert np.isnan(found.confidence[1])


def test_twins_share_the_better_rank_wherever_they_stand() -> None:
    scores = np.array([[0.9, 0.2], [0.1, 0.3], [0.9, 0.2]])
    found = smaa(scores, scores, draws=2_000, seed=4).ranks
    assert found[0].tolist() == found[2].tolist()
    assert found[0, 0] + found[1, 0] == pytest.approx(1)


def test_an_order_is_kept_and_its_mean_is_the_rank_order_centroid() -> None:
    weights = simplex(np.random.default_rng(5), 50_000, 4, [2, 0])
    assert (weights[:, 2] >= weights[:, 0]).all()
    assert (weights[:, 0] >= weights[:, 1]).all()
    assert (weights[:, 0] >= weights[:, 3]).all()
    assert weights.mean(axis=0) == pytest.approx(mean_weights(4, [2, 0]), abs=0.005)
    assert mean_weights(4, [0, 1, 2, 3]) == pytest.approx([25 / 48, 13 / 48, 7 / 48, 3 / 48])


def test_weights_are_even_over_the_simplex() -> None:
    weights = simplex(np.random.default_rng(6), 100_000, 3)
    assert weights.sum(axis=1) == pytest.approx(1)
    # The marginal of a flat Dirichlet over three is Beta(1, 2): P(w > t) = (1 - t)².
    for limit in (0.2, 0.5, 0.8):
        assert (weights[:, 1] > limit).mean() == pytest.approx((1 - limit) ** 2, abs=0.006)


@given(arrays(np.float64, (4, 3), elements=st.floats(0, 1)), arrays(np.float64, (4, 3), elements=st.floats(0, 0.3)))
@settings(max_examples=examples(20), deadline=None)
def test_shares_are_shares_and_a_seed_gives_the_same(low: object, more: object) -> None:
    lowest = np.asarray(low)
    highest = lowest + np.asarray(more)
    found, again = (smaa(lowest, highest, draws=300, seed=9) for _time in range(2))
    assert found.ranks.sum(axis=1) == pytest.approx(1)
    assert found.ranks.tolist() == again.ranks.tolist()
    assert np.array_equal(found.central, again.central, equal_nan=True)
    assert np.nanmax(found.confidence) <= 1
    known = ~np.isnan(found.central[:, 0])
    assert found.central[known].sum(axis=1) == pytest.approx(1)
    assert found.error.max() <= 0.5 / np.sqrt(300) * (1 + 1e-12)


@pytest.mark.parametrize(
    ("low", "high", "more", "code"),
    [
        ([[0.5]], [[0.4]], {}, "mcda.number"), ([[0.5]], [[0.5, 1]], {}, "mcda.shape"), ([], [], {}, "mcda.shape"),
        ([[float("inf")]], [[float("inf")]], {}, "mcda.number"), ([[1]], [[1]], {"draws": 0}, "mcda.draws"),
        ([[1, 2]], [[1, 2]], {"order": [0, 0]}, "mcda.order"), ([[1, 2]], [[1, 2]], {"order": [2]}, "mcda.order"),
    ],
)  # fmt: skip
def test_what_cannot_be_drawn_is_refused(low: object, high: object, more: dict[str, object], code: str) -> None:
    with pytest.raises(DataError) as error:
        smaa(low, high, **({"draws": 10, "seed": 0} | more))  # type: ignore[arg-type]
    assert error.value.code == code
